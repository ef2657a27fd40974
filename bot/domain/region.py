"""Which region a fact, a resource or a claim holds in."""

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


def covers(regions: tuple[str, ...], region: str) -> bool:
    """Whether what holds in `regions` holds in `region`.

    "*" covers every region, "EU" each member state, and a country its parts ("GB" covers "GB-SCT").
    Nothing covers upwards: what holds in Finland is not said to hold in the EU, and where the
    region is unknown ("") only "*" will do.
    """
    if EVERYWHERE in regions or region in regions:
        return True
    country = region.partition("-")[0]
    return country in regions or (EU in regions and country in EU_MEMBERS)
