"""The calendars that a desk is subscribed to, in a terminal: how each is, and what to mend."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType

from rich.console import Console
from rich.text import Text

from bot.cards.calendar import OBSTACLES
from bot.cards.count import figure
from bot.domain.calendar import Obstacle, Subscription
from bot.reports.inert import inert


@dataclass(frozen=True, slots=True)
class Kept:
    """A calendar with what it brought. `why` are its events that are no shifts, a line each.

    `is_locked`: the key at hand does not open its address, nor those lines.
    """

    one: Subscription
    shifts: int
    why: tuple[str, ...]
    is_locked: bool = False


def calendars(
    kept: Iterable[Kept], console: Console, *, before: Mapping[str, Kept] = MappingProxyType({})
) -> None:
    """Print each calendar, when it was last read, and what stands in the way.

    Of those that were read just now `before` is how they were.
    """
    for each in kept:
        one = each.one
        _line(console, f"{one.id}  {one.host}", style="bold")
        if one.id in before:
            _line(console, f"  {_news(before[one.id], each)}")
        shifts = figure(each.shifts, "shift")
        _line(console, f"  {shifts}, last read {_utc(one.read_at)}, next {_utc(one.due_at)}")
        if one.obstacle is not None:
            times = "once" if one.failures == 1 else f"{one.failures} times"
            _line(console, f"  NOT READ, tried {times} since. What it brought stays in force.")
            _line(console, f"  {in_words(one.obstacle)}")
        if each.is_locked:
            _line(console, "  LOCKED: the key at hand does not open its address.")
        if one.unused:
            which = "; which, the key at hand does not open." if each.is_locked else ":"
            _line(console, f"  {figure(one.unused, 'event')} cannot be used{which}")
        for line in each.why:
            _line(console, f"    {inert(line)}")


def _news(before: Kept, now: Kept) -> str:
    """Say what came of reading it just now."""
    if now.one.obstacle is not None:
        return "Asked just now, in vain."
    if now.one.edition == before.one.edition:
        return "Read just now. It brings the same shifts as before."
    return f"Read just now. Its shifts are others: {now.shifts} now, {before.shifts} before."


def in_words(obstacle: Obstacle) -> str:
    why, mend = OBSTACLES[obstacle]
    return f"{why}. {mend}"


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%a %d %b %Y %H:%M} UTC"


def _line(console: Console, text: str, *, style: str = "") -> None:
    console.print(Text(text, style=style), soft_wrap=True)
