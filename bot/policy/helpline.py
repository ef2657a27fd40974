"""Which helplines are shown where: those of the region whose facts were read not too long ago."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Final

from bot.domain.code import Concern
from bot.domain.desk import Desk
from bot.domain.helpline import Helpline
from bot.domain.region import covers

AT_MOST: Final = 3
LASTS: Final = timedelta(days=90)
"""How long a check holds. Old lists keep dead numbers: `shared/domain.md` asks for 90 days."""

_A_DAY: Final = timedelta(days=1)  # the desk's day may have begun before that of UTC


def helplines(
    lines: Iterable[Helpline],
    *,
    region: str,
    language: str,
    today: date,
    is_young: bool = False,
    concern: Concern | None = None,
) -> tuple[Helpline, ...]:
    """Give at most three, best first; an empty tuple where none is known and current.

    Region and age of the check are filters. What somebody of the desk has confirmed stands in for
    the starter list: while there is any of it, nothing else is shown. The first is for the age
    that is meant, about `concern` (or else any distress), in the desk's language, of the nearest
    region, the first in the file. Each one after it adds most: another concern, or another way to
    reach somebody.
    """
    confirmed, starter = by_confirmation(lines, region, today)
    usable = confirmed or starter
    usable.sort(
        key=lambda one: (
            one.is_for_young is not is_young,
            (concern or Concern.DISTRESS) not in one.concerns,
            language not in one.languages,
            region not in one.regions,
        )
    )
    return tuple(_varied(usable, is_young=is_young))


def of_desk(lines: Iterable[Helpline], desk: Desk, today: date) -> tuple[Helpline, ...]:
    """Give what the members of a desk are shown who say nothing of themselves."""
    return helplines(
        lines,
        region=desk.region,
        language=desk.language,
        today=today,
        is_young=desk.for_young_people,
    )


def by_confirmation(
    lines: Iterable[Helpline], region: str, today: date
) -> tuple[list[Helpline], list[Helpline]]:
    """Give those that hold in a region today: confirmed ones, and those that nobody confirmed.

    While there is any of the former, none of the latter is shown.
    """
    usable = [one for one in lines if covers(one.regions, region) and doubt(one, today) is None]
    confirmed = [one for one in usable if is_confirmed(one)]
    return confirmed, [one for one in usable if not is_confirmed(one)]


def is_confirmed(line: Helpline) -> bool:
    """Tell whether a named person has looked. Until then it says "to be confirmed"."""
    return "to be confirmed" not in line.checked_by.casefold()


def doubt(line: Helpline, today: date) -> str | None:
    """Say why it is not shown today; None: nothing speaks against it."""
    if line.expires is not None and today > line.expires:
        return f"it ended on {line.expires}"
    if today > line.checked_on + LASTS:
        return f"it was last checked on {line.checked_on}, more than {LASTS.days} days ago"
    if line.checked_on > today + _A_DAY:
        return f"its check lies in the future ({line.checked_on})"
    return None


def _varied(ranked: Sequence[Helpline], *, is_young: bool) -> Iterator[Helpline]:
    """Take the first, then each time the one that adds most; those of another age come last."""
    left, there = list(ranked), frozenset[str]()
    for _ in range(min(AT_MOST, len(left))):
        best = max(
            left,
            key=lambda one: (one.is_for_young is is_young, len(_offers(one) - there) * bool(there)),
        )
        left.remove(best)
        there |= _offers(best)
        yield best


def _offers(line: Helpline) -> frozenset[str]:
    """Name what it is about, and whether one can speak or write: not everybody can speak."""
    spoken = {"spoken"} if line.call else set[str]()
    written = {"written"} if line.text or line.chat else set[str]()
    return frozenset(line.concerns | spoken | written)
