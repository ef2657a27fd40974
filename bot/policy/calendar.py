"""A calendar that is read again by itself: when, what comes of it, and what people must be told."""

import hashlib
import hmac
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.domain.audit import Failing, Finding
from bot.domain.calendar import Mark, Obstacle, Subscription, Unread
from bot.domain.desk import Desk
from bot.domain.duty import Gap, Lack, Rota, Shift
from bot.domain.practitioner import Practitioner
from bot.policy.rota import gaps

EVERY: Final = timedelta(minutes=15)
FIRST: Final = timedelta(minutes=1)  # the wait after the first failure
LONGEST: Final = timedelta(hours=1)
MOST_ASKED: Final = timedelta(days=1)  # of what a server may ask for
LATE: Final = timedelta(hours=1)  # a calendar that was not read for so long is spoken of
PAST: Final = timedelta(days=3)  # what ended longer ago is not kept
AHEAD: Final = timedelta(days=14)
_PASSING = frozenset({Obstacle.BUSY, Obstacle.UNREACHABLE, Obstacle.SLOW})


def is_due(one: Subscription, people: str, now: datetime) -> bool:
    """Say whether to read it now: it is time, or the desk's people are others than they were."""
    return now >= one.due_at or (one.people != people and not one.failures)


def mark_for(one: Subscription, people: str) -> Mark:
    """Give what to ask with. For other people the same calendar has to be read again."""
    return one.mark if one.people == people else Mark()


def read_well(one: Subscription, now: datetime, chance: float) -> Subscription:
    """Note that it was read, whatever came of it."""
    return replace(
        one,
        read_at=now,
        due_at=now + EVERY * (0.9 + 0.2 * chance),
        failures=0,
        obstacle=None,
        version=one.version + 1,
    )


def not_read(one: Subscription, unread: Unread, now: datetime, chance: float) -> Subscription:
    """Note that it was not; the last rota stays as it is."""
    failures = one.failures + 1
    return replace(
        one,
        due_at=now + wait(failures, unread.retry_after, chance),
        failures=failures,
        obstacle=unread.obstacle,
        version=one.version + 1,
    )


def wait(failures: int, asked: timedelta | None, chance: float) -> timedelta:
    """Give the wait after so many failures: twice as long each time, spread over half of it.

    What the server asks for is never shortened, up to a day.
    """
    doublings: int = min(failures - 1, 10)
    longest = min(LONGEST, FIRST * (1 << doublings))
    return max(min(asked or timedelta(), MOST_ASKED), longest / 2 + longest / 2 * chance)


def digest_of(people: Iterable[Practitioner]) -> str:
    """Tell apart those whom a calendar is read against, by what calendars may call them."""
    said = "\n".join(f"{one.key}|{one.name}|{one.email}|{one.zone}" for one in people)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def id_of(address: str, key: bytes) -> str:
    """Name a calendar: the same address gets the same name, which does not give it away."""
    return hmac.digest(key, f"calendar {address}".encode(), "sha256")[:4].hex()


def own_shifts(calendar: str, shifts: Iterable[Shift]) -> tuple[Shift, ...]:
    """Name the shifts of a calendar so that no other has the same id.

    An id is short, and the same in each reading, in whatever order events come: swaps name it. It
    holds who it is for: when the calendar itself gives the turn to somebody else, that counts.
    """
    given = tuple(shifts)
    ids, named = {shift.id for shift in given}, dict[str, Shift]()
    for shift in given:
        when = "" if shift.repeats else shift.starts.isoformat()
        first, _, number_in_file = shift.id.rpartition("/")
        uid = first if number_in_file.isdecimal() and first in ids else shift.id
        said = hashlib.sha256(f"{uid}|{shift.who}|{shift.rank}|{when}".encode()).hexdigest()[:16]
        name, number = f"{calendar}/{said}", 1
        while name in named:
            number += 1
            name = f"{calendar}/{said}/{number}"
        named[name] = replace(shift, id=name)
    return tuple(named.values())


def with_calendars(desk: Desk, calendars: Sequence[Sequence[Shift]]) -> Desk:
    """Lay the shifts of calendars beside those of the file. With a calendar there is a rota."""
    if not calendars:
        return desk
    more = (shift for shifts in calendars for shift in shifts)
    return replace(desk, shifts=(*(desk.shifts or ()), *more))


def new_gaps(before: Rota, after: Rota, now: datetime) -> tuple[Gap, ...]:
    """Name the times of the next two weeks in which nobody is on duty any more."""
    stop = now + AHEAD
    known = [one for one in gaps(before, now, stop) if one.lack is Lack.NOBODY]
    return tuple(
        piece
        for gap in gaps(after, now, stop)
        if gap.lack is Lack.NOBODY
        for piece in _beyond(gap, known)
    )


def _beyond(gap: Gap, known: Sequence[Gap]) -> Iterator[Gap]:
    """Give what of a gap lies in none of the known ones, which come in order."""
    start = gap.start
    for one in known:
        if one.end <= start or one.start >= gap.end:
            continue
        if one.start > start:
            yield replace(gap, start=start, end=one.start, next=None)
        start = max(start, one.end)
    if start < gap.end:
        yield replace(gap, start=start)


def findings(calendars: Iterable[Subscription], now: datetime) -> list[Finding]:
    """Find the calendars that were not read for long, and those of which a part is not used."""
    found: list[Finding] = []
    for one in calendars:
        if is_late(one, now):
            why = f": {one.obstacle}" if one.obstacle else ""
            since = f"since {one.read_at:%Y-%m-%d %H:%M} UTC"
            found.append(Finding(Failing.CALENDAR, one.name, f"{since}{why}"))
        if one.unused:
            found.append(Finding(Failing.EVENTS, one.name, f"{one.unused} not used"))
    return found


def is_late(one: Subscription, now: datetime) -> bool:
    """Say whether people must be told: at once of what does not pass by itself."""
    is_stuck = one.obstacle is not None and one.obstacle not in _PASSING
    return is_stuck or now - one.read_at > LATE
