"""Who is on duty: at a moment, through a stretch of time, and next."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import assert_never

from bot.domain.duty import Change, OnDuty, Override, Rank, Rota, Spell, Turn, Unfit
from bot.domain.practitioner import Fitness
from bot.policy import recurrence
from bot.policy.practitioner import expires_at, fitness

FARTHEST = timedelta(days=60)  # how far ahead somebody is looked for
_AHEAD = timedelta(days=7)
_AN_INSTANT = timedelta(microseconds=1)
_RANKS = (Rank.PRIMARY, Rank.BACKUP)
_ALWAYS = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Seat:
    """A place in the order of those on duty: by rank, then who was there first, then the desk's."""

    rank: Rank
    since: datetime
    number: int
    who: str

    @property
    def order(self) -> tuple[int, datetime, int]:
        return (_RANKS.index(self.rank), self.since, self.number)


def on_duty(rota: Rota, at: datetime) -> OnDuty:
    """Say who is on duty at `at`, the primary first, after every swap and override."""
    return _at(rota, turns(rota, at, at + _AN_INSTANT), at)


def spells(rota: Rota, start: datetime, stop: datetime) -> tuple[Spell, ...]:
    """Divide the time from `start` to `stop` by who is on duty. Nothing is left out."""
    all_turns = turns(rota, start, stop)
    edges = sorted({start, stop, *_edges(rota, all_turns, start, stop)})
    pieces = (
        Spell(since, until, _at(rota, all_turns, since).everyone)
        for since, until in pairwise(edges)
    )
    return tuple(_joined(pieces))


def next_on_duty(rota: Rota, after: datetime) -> Spell | None:
    """Give the first time from `after` on that somebody is on duty; None: not in two months."""
    start, last = after, after + FARTHEST
    while start < last:
        stop = min(start + _AHEAD, last)
        found = next((spell for spell in spells(rota, start, stop) if spell.everyone), None)
        if found is not None:
            return found
        start = stop
    return None


def turns(rota: Rota, start: datetime, stop: datetime) -> tuple[Turn, ...]:
    """Give the turns that touch the time from `start` to `stop`: after swaps, before overrides."""
    holders = _holders(rota)
    return tuple(
        replace(turn, who=holders.get((turn.shift, turn.start), turn.who))
        for shift in rota.shifts or ()
        for turn in recurrence.turns(shift, start, stop)
    )


def _holders(rota: Rota) -> dict[tuple[str, datetime], str]:
    """Name who has each swapped turn. A swap of a shift that is gone counts no more."""
    of_shift = {shift.id: shift.who for shift in rota.shifts or ()}
    holders: dict[tuple[str, datetime], str] = {}
    for swap in rota.swaps:
        one, other = (swap.shift, swap.start), (swap.other_shift, swap.other_start)
        if swap.shift in of_shift and swap.other_shift in of_shift:
            before = holders.get(one, of_shift[swap.shift])
            holders[one] = holders.get(other, of_shift[swap.other_shift])
            holders[other] = before
    return holders


def _at(rota: Rota, all_turns: Iterable[Turn], at: datetime) -> OnDuty:
    numbers = {person.key: number for number, person in enumerate(rota.people)}
    scheduled = _scheduled(rota, all_turns, numbers, at)
    seats = list(scheduled)
    for override in sorted(rota.overrides, key=lambda each: each.made_at):
        if override.start <= at < override.end and override.who in numbers:
            seats = _changed(seats, override, scheduled, numbers[override.who])
    order = dict.fromkeys(seat.who for seat in sorted(seats, key=lambda seat: seat.order))
    people = [(rota.people[numbers[who]], fitness(rota.people[numbers[who]], at)) for who in order]
    return OnDuty(
        at,
        tuple(person for person, why in people if why is Fitness.FIT),
        tuple(Unfit(person, why) for person, why in people if why is not Fitness.FIT),
    )


def _scheduled(
    rota: Rota, all_turns: Iterable[Turn], numbers: dict[str, int], at: datetime
) -> list[_Seat]:
    if rota.shifts is None:
        return [_Seat(Rank.PRIMARY, _ALWAYS, number, who) for who, number in numbers.items()]
    return [
        _Seat(turn.rank, turn.start, numbers[turn.who], turn.who)
        for turn in all_turns
        if turn.start <= at < turn.end and turn.who in numbers
    ]


def _changed(
    seats: list[_Seat], override: Override, scheduled: list[_Seat], number: int
) -> list[_Seat]:
    others = [seat for seat in seats if seat.who != override.who]
    match override.change:
        case Change.OFF:
            return others
        case Change.ON if len(others) < len(seats):
            return seats
        case Change.ON:
            own = [seat for seat in scheduled if seat.who == override.who]
            joins = _Seat(Rank.BACKUP, override.start, number, override.who)
            return [*others, *(own or [joins])]
        case Change.COVER:
            return [
                replace(seat, who=override.who) if seat.who == override.instead_of else seat
                for seat in seats
            ]
        case _:
            assert_never(override.change)


def _edges(
    rota: Rota, all_turns: Iterable[Turn], start: datetime, stop: datetime
) -> Iterator[datetime]:
    """Give the moments at which who is on duty may change."""
    edges = [edge for turn in all_turns for edge in (turn.start, turn.end)]
    edges += [edge for each in rota.overrides for edge in (each.start, each.end)]
    edges += [expires_at(person) for person in rota.people]
    return (edge for edge in edges if start < edge < stop)


def _joined(pieces: Iterable[Spell]) -> Iterator[Spell]:
    before: Spell | None = None
    for piece in pieces:
        if before is not None and before.everyone == piece.everyone:
            before = replace(before, end=piece.end)
            continue
        if before is not None:
            yield before
        before = piece
    if before is not None:
        yield before
