"""What a member in need is told of when a person is there, and where to go until then.

Numbers of emergency services only: they are the state's own and do not expire. Helplines stand in a
file with the day on which each was checked (`bot.policy.helpline`).
"""

from dataclasses import dataclass
from typing import Final

from bot.domain.desk import Desk
from bot.domain.message import Place
from bot.domain.region import EU_MEMBERS
from bot.domain.value import value
from bot.domain.watch import Seen
from bot.policy.watch import shadowed


@dataclass(frozen=True, slots=True)
class Route:
    """`number` None: it is not known here, and a directory has to do."""

    number: str | None
    directory: str = "https://findahelpline.com"


@value
class Way:
    """How the desk hears of what somebody writes.

    `is_read`: they let themselves be read. `is_here`: where they ask is read in earnest; `instead`
    names another channel that is, if they can be told of one.
    """

    is_read: bool
    is_here: bool
    instead: str = ""

    @property
    def is_open(self) -> bool:
        """True where whoever asks has only to write."""
        return self.is_read and self.is_here


def way(known: Seen, where: Place | None, desk: Desk, *, is_read: bool) -> Way:
    """Choose the way from the channels that somebody may know of, but none in shadow mode."""
    heard = [one for one in known.channels if shadowed(one, desk) is None]
    here = None if where is None else where.channel_key
    if any(one.key == here for one in heard):
        return Way(is_read, is_here=True)
    return Way(is_read, is_here=False, instead=next((one.name for one in heard if one.name), ""))


# 112 is the emergency number of every EU member (Directive (EU) 2018/1972, article 109). GB: 999
# (Ofcom, General Condition A3). US: 911 (47 U.S.C. 251(e)(3)). SG: 995 for an ambulance (SCDF).
# AU: 000 (Telecommunications Numbering Plan, https://www.triplezero.gov.au/triple-zero/about).
# CA: 911 (Public Health Agency, https://www.canada.ca/en/public-health/services/suicide-prevention/).
# CH: 112 (the Confederation, https://ch.ch/en/road-accident-what-should-i-do).
# IN: 112, the one number of the state's Emergency Response Support System
# (https://en.vikaspedia.in/social-welfare/women-and-child-development/emergency-response-support-system).
# NO: 113 also for a danger of suicide (https://www.helsenorge.no/nn/forstehjelp/ring-113/), 112 is
# the police (https://www.hamar.kommune.no/article28044-4248.html).
# NZ: 111 (https://www.govt.nz/browse/crime-and-justice/crimes-and-emergencies/111-emergency-service/).
# ZA: 112 (Electronic Communications Act 36 of 2005, section 76; General Notice 862 of 2008). The
# City of Cape Town gives it as toll-free
# (https://www.capetown.gov.za/City-Connect/Report/Report-a-crime/Emergency-contact-numbers).
_NUMBERS: Final = {
    "AU": "000",
    "CA": "911",
    "CH": "112",
    "GB": "999",
    "IN": "112",
    "NO": "113 (ambulance) or 112 (police)",
    "NZ": "111",
    "SG": "995",
    "US": "911",
    "ZA": "112",
    **dict.fromkeys(EU_MEMBERS, "112"),
}


def route(region: str) -> Route:
    return Route(_NUMBERS.get(region.partition("-")[0]))
