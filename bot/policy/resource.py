"""Which vetted resources fit a question. Nothing is made up: no fit gives an empty tuple."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TypeAlias

from bot.domain.reading import Asking
from bot.domain.region import Reach, is_part, reach
from bot.domain.resource import Recommendation, Resource

AT_MOST = 3
_ANYWHERE_NOTE = "It is not about one country."

_Rank: TypeAlias = tuple[bool, int, float, Reach, bool, str]


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
    desk's own, which adds its part of a country that is named. `likeness` maps a resource's id to
    the cosine (-1 to 1) of message and resource; one that is missing counts as 0. A resource for
    anywhere comes after every local one. The order is: needs met, likeness, the nearer region,
    free, id.
    """
    places = _places(asking.regions, region)
    wanted = frozenset(asking.needs)
    ranked: list[tuple[_Rank, Resource]] = []
    for resource in resources:
        overlap = len(wanted.intersection(resource.needs))
        if not overlap or not _usable(resource, language, today):
            continue
        found = _nearest(resource.regions, places)
        if found is not None:
            like = likeness.get(resource.id, 0.0)
            ranked.append((_rank(resource, found, overlap, like), resource))
    ranked.sort(key=lambda pair: pair[0])
    return tuple(
        Recommendation(resource.id, _reason(resource, rank[3]))
        for rank, resource in ranked[:AT_MOST]
    )


def is_vetted(resource: Resource, today: date) -> bool:
    """Tell whether it may be shown to members: a named person vetted it, and not too long ago.

    The starting list says "to be confirmed" until somebody of the desk has looked.
    """
    return today <= resource.review_by and "to be confirmed" not in resource.vetted_by.casefold()


def again(resource: Resource) -> Recommendation:
    """Recommend one that was chosen before, in the same words."""
    nearness = Reach.ANYWHERE if "*" in resource.regions else Reach.ITS_OWN
    return Recommendation(resource.id, _reason(resource, nearness))


def _usable(resource: Resource, language: str, today: date) -> bool:
    spoken = language.partition("-")[0].lower()
    return today <= resource.review_by and spoken in resource.languages


def _rank(resource: Resource, nearness: Reach, overlap: int, likeness: float) -> _Rank:
    worldwide = nearness is Reach.ANYWHERE
    return (worldwide, -overlap, -likeness, nearness, not _is_free(resource), resource.id)


def _is_free(resource: Resource) -> bool:
    return resource.cost.startswith("free")


def _places(named: Sequence[str], own: str) -> tuple[str, ...]:
    """Where what is offered has to hold: in what was named, or else in the desk's own region.

    A message that names the desk's country leaves open which part of it; then the desk's own part
    is as good as named.
    """
    if not named:
        return (own.upper(),)
    places = tuple(place.upper() for place in named)
    is_inside = any(is_part(own.upper(), place) for place in places)
    return (*places, own.upper()) if is_inside else places


def _nearest(regions: Sequence[str], places: Sequence[str]) -> Reach | None:
    found = (reach(regions, place) for place in places)
    return min((each for each in found if each is not None), default=None)


def _reason(resource: Resource, nearness: Reach) -> str:
    """Say why it fits, in the catalogue's words; nothing here speaks of the person who asked."""
    return f"{resource.why} {_ANYWHERE_NOTE}" if nearness is Reach.ANYWHERE else resource.why
