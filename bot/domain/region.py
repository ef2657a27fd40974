"""Which region a fact, a resource or a claim holds in."""

from collections.abc import Sequence
from enum import IntEnum
from typing import Final

EVERYWHERE: Final = "*"
EU: Final = "EU"

EU_MEMBERS: Final[frozenset[str]] = frozenset(
    {
        "AT",
        "BE",
        "BG",
        "CY",
        "CZ",
        "DE",
        "DK",
        "EE",
        "ES",
        "FI",
        "FR",
        "GR",
        "HR",
        "HU",
        "IE",
        "IT",
        "LT",
        "LU",
        "LV",
        "MT",
        "NL",
        "PL",
        "PT",
        "RO",
        "SE",
        "SI",
        "SK",
    }
)
"""The 27 member states since 1 February 2020, as ISO 3166-1 codes (so GR, where the EU writes EL).

Source: European Union, "EU countries", https://european-union.europa.eu/principles-countries-history/eu-countries_en
"""

EEA: Final = EU_MEMBERS | {"IS", "LI", "NO"}
"""The European Economic Area, in which the GDPR holds: the EU, Iceland, Liechtenstein and Norway.

Source: EFTA, https://www.efta.int/EEA/news/General-Data-Protection-Regulation-incorporated-EEA-Agreement-509291
"""

_CODES: Final = """
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR
BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ
EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW
GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY
KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV
MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY
QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG
TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM
ZW
"""
COUNTRIES: Final[frozenset[str]] = frozenset(_CODES.split())
"""The 249 codes of ISO 3166-1, as the time zone database lists them (its file iso3166.tab)."""

_KOSOVO: Final = "XK"  # free for own use in ISO 3166, and used for Kosovo by the EU


class Reach(IntEnum):
    """How the regions that something holds in lie to one place; smaller fits better."""

    ITS_OWN = 0
    SHARED = 1  # with the rest of the EU
    A_PART = 2
    ANYWHERE = 3


def reach(regions: Sequence[str], place: str) -> Reach | None:
    """Say how what holds in `regions` lies to `place`; None when it does not hold there.

    This is the one rule. "*" holds everywhere, "EU" in each member state, and a country's facts in
    its parts: GB in GB-SCT. Nothing holds upwards: what is so in Finland need not be so in the EU,
    nor what is so in Wales in the rest of the United Kingdom. What names several parts of a country
    (England, Scotland and Wales) holds in A_PART of it, and that is for the caller to judge. Where
    the place is unknown ("") only "*" will do.
    """
    found = [each for region in regions if (each := _of_one(region, place)) is not None]
    if sum(is_part(region, place) for region in regions) > 1:
        found.append(Reach.A_PART)
    best = min(found, default=None)
    return Reach.SHARED if best is Reach.ITS_OWN and EU in regions else best


def covers(regions: Sequence[str], region: str) -> bool:
    """Whether what holds in `regions` holds in the whole of `region`."""
    found = reach(regions, region)
    return found is not None and found is not Reach.A_PART


def is_country(region: str) -> bool:
    """Whether a region is a country, or a part of one; whether it has that part is not known."""
    country = region.partition("-")[0]
    return country in COUNTRIES or country == _KOSOVO


def is_part(place: str, country: str) -> bool:
    """Whether `place` is a part of `country`: GB-SCT of GB."""
    return bool(country) and place.startswith(f"{country}-")


def _of_one(region: str, place: str) -> Reach | None:
    if region == EVERYWHERE:
        return Reach.ANYWHERE
    if region == place or is_part(place, region):
        return Reach.ITS_OWN
    return Reach.ITS_OWN if region == EU and place[:2] in EU_MEMBERS else None
