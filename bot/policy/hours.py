"""What a member in need is told of when a person is there, and where to go until then.

Numbers of emergency services only: they are the state's own and do not expire. Helplines stand in a
file with the day on which each was checked (`bot.policy.helpline`).
"""

from dataclasses import dataclass
from typing import Final

from bot.domain.region import EU_MEMBERS


@dataclass(frozen=True, slots=True)
class Route:
    """`number` None: it is not known here, and a directory has to do."""

    number: str | None
    directory: str = "https://findahelpline.com"


# 112 is the emergency number of every EU member (Directive (EU) 2018/1972, article 109). GB: 999
# (Ofcom, General Condition A3). US: 911 (47 U.S.C. 251(e)(3)). SG: 995 for an ambulance (SCDF).
_NUMBERS: Final = {"GB": "999", "US": "911", "SG": "995", **dict.fromkeys(EU_MEMBERS, "112")}


def route(region: str) -> Route:
    return Route(_NUMBERS.get(region.partition("-")[0]))
