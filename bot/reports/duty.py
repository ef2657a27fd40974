"""Who is on duty and where the rota has holes, in a terminal: in words, and in everybody's time."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.domain.desk import Desk
from bot.domain.duty import Burden, Gap, Lack, OnDuty, Overload, Quality, Shift, Spell, Turn, Unfit
from bot.domain.practitioner import Fitness, Practitioner
from bot.policy.duty import FARTHEST, next_on_duty, on_duty
from bot.policy.practitioner import expire_soon
from bot.policy.rota import hours, quality, stretches
from bot.reports.inert import inert

MOST_ROWS = 40
_WHO = "Who"
_AN_INSTANT = timedelta(microseconds=1)
_MENDS = {
    Fitness.FIT: "",
    Fitness.UNVERIFIED: "is not verified. Check the credential at its link, then write verified_by"
    " and verified_on.",
    Fitness.EXPIRED: "has an expired credential. Renew it, and write the new date.",
}


def who(desk: Desk, at: datetime, console: Console) -> None:
    """Print who is on duty at `at`, or that nobody is and what happens then."""
    now = on_duty(desk.rota, at)
    _line(console, f"{desk.name}: on duty at {_utc(at)}", style="bold")
    if now.everyone:
        console.print(_people(desk, now))
    else:
        _line(console, f"NOBODY. Alerts go to the last resort: {_last_resort(desk)}.")
        _line(console, _next(next_on_duty(desk.rota, at)))
    if desk.shifts is None and now.everyone:
        _line(console, "This desk has no rota: everybody fit for it is always on duty.")
    _lines(console, "Named, but not on duty:", map(_unfit, now.unfit))


def gaps(desk: Desk, start: datetime, days: int, console: Console) -> None:
    """Print when nobody, or only one person, will be on duty, and who has too much of it."""
    found = quality(desk.rota, start, start + timedelta(days=days))
    _line(console, _headline(desk, found), style="bold")
    _table_of_gaps(console, "Nobody is on duty", found, Lack.NOBODY)
    if any(gap.lack is Lack.NOBODY for gap in found.gaps):
        _line(console, f"Alerts then go to the last resort: {_last_resort(desk)}.")
    _table_of_gaps(console, "One person alone, without a backup", found, Lack.BACKUP)
    people = {person.key: person for person in desk.practitioners}
    _lines(console, "Too much:", map(_overload, found.overloads))
    _lines(console, "In the rota, but not fit for all of it:", map(_unfit, found.unfit))
    outside = (_outside(turn, people[turn.who]) for turn in found.outside[:MOST_ROWS])
    _lines(console, "Outside the hours that their profile names:", outside)
    soon = (_soon(person) for person in expire_soon(desk.practitioners, start))
    _lines(console, "To be renewed within a month:", soon)


def imported(shifts: Sequence[Shift], problems: Iterable[str], console: Console) -> None:
    """Print what was understood of a calendar, and each event that was not."""
    if shifts:
        table = _table(_WHO, "Rank", "First time", "Zone", "Repeats")
        for shift in shifts[:MOST_ROWS]:
            when = f"{shift.starts:%a %d %b %Y %H:%M} to {shift.ends:%H:%M}"
            row = (shift.who, shift.rank.value, when, shift.zone, shift.repeats or "once")
            table.add_row(*map(_cell, row))
        console.print(table)
        _more(console, len(shifts))
    _lines(console, "Not used:", problems)


def _people(desk: Desk, now: OnDuty) -> Table:
    table = _table("Order", "Name", "On duty until (their time)", "UTC")
    orders = ["primary", "backup", *(["also"] * len(now.everyone))]
    for order, person in zip(orders, now.everyone, strict=False):
        if desk.shifts is None:
            table.add_row(*map(_cell, (order, person.name, "always", "always")))
            continue
        ends = [s.end for s in stretches(desk.rota, person.key, now.at, now.at + _AN_INSTANT)]
        until = max(ends, default=now.at)
        table.add_row(*map(_cell, (order, person.name, _theirs(until, person), _utc(until))))
    return table


def _table_of_gaps(console: Console, title: str, found: Quality, lack: Lack) -> None:
    missing = [gap for gap in found.gaps if gap.lack is lack]
    if not missing:
        return
    _line(console, "")
    length = sum((gap.end - gap.start for gap in missing), timedelta())
    times = "once" if len(missing) == 1 else f"{len(missing)} times"
    _line(console, f"{title}: {times}, {hours(length):,.1f} hours", style="bold")
    columns = ["From (UTC)", "To (UTC)", "Hours"]
    table = _table(*columns, *(["Then (their time)"] if lack is Lack.NOBODY else []))
    for gap in missing[:MOST_ROWS]:
        row = [_utc(gap.start), _utc(gap.end), f"{hours(gap.end - gap.start):.1f}"]
        table.add_row(*map(_cell, [*row, *([_then(gap)] if lack is Lack.NOBODY else [])]))
    console.print(table)
    _more(console, len(missing))


def _headline(desk: Desk, found: Quality) -> str:
    if not found.gaps and found.covered == 1:
        share = "two people or more are on duty all the time"
    else:
        share = (
            f"somebody is on duty {_percent(found.covered)} of the time,"
            f" two people or more {_percent(found.backed)}"
        )
    return f"{desk.name}, {_utc(found.start)} to {_utc(found.end)}: {share}."


def _percent(share: float) -> str:
    """Give a share that is only called none or all when it is."""
    if 0 < share < 1:
        return f"{min(max(share, 0.001), 0.999):.1%}"
    return f"{share:.0%}"


def _then(gap: Gap) -> str:
    if gap.next is None or gap.next_at is None:
        return f"nobody in the next {FARTHEST.days} days"
    return f"{gap.next.name}, {_theirs(gap.next_at, gap.next)}"


def _next(spell: Spell | None) -> str:
    if spell is None:
        return f"Nobody is on duty in the next {FARTHEST.days} days. Add shifts to the rota."
    person = spell.everyone[0]
    return f"Next: {person.name}, {_theirs(spell.start, person)}, which is {_utc(spell.start)}."


def _overload(overload: Overload) -> str:
    name, length = overload.who.name, f"{overload.hours:.1f}"
    match overload.burden:
        case Burden.STRETCH:
            return (
                f"{name} is on duty {length} hours without a break from"
                f" {_theirs(overload.start, overload.who)}. 12 are the most: let somebody take"
                " the part between."
            )
        case Burden.SHARE:
            return (
                f"{name} is on duty {length} hours of these days, more than a quarter of the time."
                " Share some of it."
            )


def _unfit(unfit: Unfit) -> str:
    return f"{unfit.who.name} {_MENDS[unfit.why]}"


def _outside(turn: Turn, person: Practitioner) -> str:
    times = f"{_theirs(turn.start, person)} to {_theirs(turn.end, person)}"
    return f"{person.name}, {times}. Move the shift, or change the hours."


def _soon(person: Practitioner) -> str:
    expires = person.profile.expires if person.profile is not None else ""
    return f"{person.name}: the credential holds to {expires}."


def _last_resort(desk: Desk) -> str:
    return f"{desk.last_resort.platform}:{desk.last_resort.id}"


def _theirs(at: datetime, person: Practitioner) -> str:
    return f"{at.astimezone(ZoneInfo(person.zone)):%a %d %b %Y %H:%M} {person.zone}"


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%a %d %b %Y %H:%M} UTC"


def _table(*columns: str) -> Table:
    """Make a table in which all folds but what people are called in a rota: that is copied."""
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold", no_wrap=column == _WHO)
    return table


def _cell(text: str) -> Text:
    return Text(inert(text))


def _more(console: Console, count: int) -> None:
    if count > MOST_ROWS:
        _line(console, f"and {count - MOST_ROWS} more.")


def _lines(console: Console, title: str, lines: Iterable[str]) -> None:
    """Print a title and its lines, or nothing when there are none."""
    waiting: Iterator[str] = iter(lines)
    first = next(waiting, None)
    if first is None:
        return
    _line(console, "")
    _line(console, title, style="bold")
    for line in (first, *waiting):
        _line(console, f"  {inert(line)}")


def _line(console: Console, text: str, *, style: str = "") -> None:
    console.print(Text(text, style=style), soft_wrap=True)
