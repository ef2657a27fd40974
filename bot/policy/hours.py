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
_NUMBERS: Final = {"GB": "999", "US": "911", "SG": "995", **dict.fromkeys(EU_MEMBERS, "112")}


def route(region: str) -> Route:
    return Route(_NUMBERS.get(region.partition("-")[0]))
