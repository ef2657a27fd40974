"""Which vetted resources fit a question. Nothing is made up: no fit gives an empty tuple."""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import IntEnum
from typing import TypeAlias

from bot.domain.reading import Asking
from bot.domain.region import EU, EU_MEMBERS, EVERYWHERE
from bot.domain.resource import Recommendation, Resource

AT_MOST = 3
_ANYWHERE_NOTE = "It is not about one country."

_Rank: TypeAlias = tuple[bool, int, float, "Reach", bool, str]


class Reach(IntEnum):
    """How a resource's region lies to the place asked about; smaller fits better."""

    ITS_OWN = 0
    SHARED = 1  # with the rest of the EU
    A_PART = 2
    ANYWHERE = 3


def recommend(
    asking: Asking,
    resources: Sequence[Resource],
    *,
    likeness: Mapping[str, float],
    region: str,
    language: str,
    today: date,
) -> tuple[Recommendation, ...]:
    """Give at most three, best first; an empty tuple when no vetted resource fits.

    Region and language are filters, applied before relevance, so that a likeness of 1 cannot bring
    one country's wages to another's question. Regions named in the message win over `region`, the
    desk's own. `likeness` maps a resource's id to the cosine (-1 to 1) of message and resource; one
    that is missing counts as 0. A resource for anywhere comes after every local one. The order is:
    needs met, likeness, the nearer region, free, id.
    """
    places = asking.regions or (region,)
    wanted = frozenset(asking.needs)
    ranked: list[tuple[_Rank, Resource]] = []
    for resource in resources:
        overlap = len(wanted.intersection(resource.needs))
        if not overlap or not _usable(resource, language, today):
            continue
        reach = _reach(resource.regions, places)
        if reach is not None:
            like = likeness.get(resource.id, 0.0)
            ranked.append((_rank(resource, reach, overlap, like), resource))
    ranked.sort(key=lambda pair: pair[0])
    return tuple(
        Recommendation(resource.id, _reason(resource, rank[3]))
        for rank, resource in ranked[:AT_MOST]
    )


def _usable(resource: Resource, language: str, today: date) -> bool:
    spoken = language.partition("-")[0].lower()
    return today <= resource.review_by and spoken in resource.languages


def _rank(resource: Resource, reach: Reach, overlap: int, likeness: float) -> _Rank:
    worldwide = reach is Reach.ANYWHERE
    return (worldwide, -overlap, -likeness, reach, not _is_free(resource), resource.id)


def _is_free(resource: Resource) -> bool:
    return resource.cost.startswith("free")


def _reach(regions: Sequence[str], places: Sequence[str]) -> Reach | None:
    found = (_reach_of_one(region, place.upper()) for region in regions for place in places)
    best = min((reach for reach in found if reach is not None), default=None)
    return Reach.SHARED if best is Reach.ITS_OWN and EU in regions else best


def _reach_of_one(region: str, place: str) -> Reach | None:
    """Place one region against one place: GB covers GB-SCT, which is only a part of GB.

    A part of a country is offered, for a question may not say which; a member state is not offered
    for a question about the EU, since what holds in one need not hold in the next.
    """
    if region == EVERYWHERE:
        return Reach.ANYWHERE
    if place == region or place.startswith(f"{region}-"):
        return Reach.ITS_OWN
    if region == EU and place[:2] in EU_MEMBERS:
        return Reach.ITS_OWN
    return Reach.A_PART if region.startswith(f"{place}-") else None


def _reason(resource: Resource, reach: Reach) -> str:
    """Say why it fits, in the catalogue's words; nothing here speaks of the person who asked."""
    return f"{resource.why} {_ANYWHERE_NOTE}" if reach is Reach.ANYWHERE else resource.why
