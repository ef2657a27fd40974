"""What a rota is worth: where somebody is missing, and who has too much of it."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.duty import Burden, Gap, Lack, Overload, Quality, Rota, Spell, Turn, Unfit
from bot.policy.duty import next_on_duty, spells, turns
from bot.policy.practitioner import expires_at, fitness, is_within_hours, may_serve

LONGEST_STRETCH = timedelta(hours=12)
MOST_SHARE = 0.25  # of all the time (Google SRE)
_LEAST_TO_SHARE = timedelta(days=7)  # a share of less says nothing
_MARGIN = timedelta(days=2)  # a stretch may begin before the time looked at, or end after it
_AN_HOUR = timedelta(hours=1)


def quality(rota: Rota, start: datetime, stop: datetime) -> Quality:
    """Look at a rota from `start` to `stop`: gaps, overloaded people, and who may not serve."""
    found = spells(rota, start, stop)
    whole = stop - start
    return Quality(
        start,
        stop,
        covered=sum((s.length for s in found if s.everyone), timedelta()) / whole,
        backed=sum((s.length for s in found if len(s.everyone) > 1), timedelta()) / whole,
        gaps=_gaps(rota, found),
        overloads=tuple(_overloads(rota, start, stop)),
        unfit=tuple(_unfit(rota, start, stop)),
        outside=tuple(_outside(rota, start, stop)),
    )


def gaps(rota: Rota, start: datetime, stop: datetime) -> tuple[Gap, ...]:
    """Name each time without anybody, or with nobody beside the primary, the earliest first."""
    return _gaps(rota, spells(rota, start, stop))


def stretches(rota: Rota, who: str, start: datetime, stop: datetime) -> tuple[Spell, ...]:
    """Give the times that a person is on duty without a break and that touch `start` to `stop`."""
    merged: list[Spell] = []
    for spell in spells(rota, start - _MARGIN, stop + _MARGIN):
        if all(person.key != who for person in spell.everyone):
            continue
        if merged and merged[-1].end == spell.start:
            merged[-1] = replace(merged[-1], end=spell.end)
        else:
            merged.append(spell)
    return tuple(each for each in merged if each.start < stop and each.end > start)


def hours(length: timedelta) -> float:
    return length / _AN_HOUR


def _gaps(rota: Rota, found: tuple[Spell, ...]) -> tuple[Gap, ...]:
    missing = [gap for gap in map(_gap, found) if gap is not None]
    joined: list[Gap] = []
    for gap in missing:
        if joined and joined[-1].end == gap.start and joined[-1].lack is gap.lack:
            joined[-1] = replace(joined[-1], end=gap.end)
        else:
            joined.append(gap)
    return tuple(
        _followed(gap, _next(rota, found, gap.end)) if gap.lack is Lack.NOBODY else gap
        for gap in joined
    )


def _gap(spell: Spell) -> Gap | None:
    if len(spell.everyone) > 1:
        return None
    return Gap(spell.start, spell.end, Lack.BACKUP if spell.everyone else Lack.NOBODY)


def _followed(gap: Gap, spell: Spell | None) -> Gap:
    if spell is None or not spell.everyone:
        return gap
    return replace(gap, next=spell.everyone[0], next_at=spell.start)


def _next(rota: Rota, found: tuple[Spell, ...], after: datetime) -> Spell | None:
    return next((s for s in found if s.start == after), None) or next_on_duty(rota, after)


def _overloads(rota: Rota, start: datetime, stop: datetime) -> Iterator[Overload]:
    """Name them in the desk's order: people are not ranked."""
    if rota.shifts is None:  # always on duty by the desk's own choice
        return
    for person in rota.people:
        theirs = stretches(rota, person.key, start, stop)
        for each in theirs:
            if each.length > LONGEST_STRETCH:
                yield Overload(
                    person, Burden.STRETCH, each.start, each.end, hours(each.length)
                )  # fmt: skip
        served = _within(theirs, start, stop)
        if stop - start >= _LEAST_TO_SHARE and served > MOST_SHARE * (stop - start):
            yield Overload(person, Burden.SHARE, start, stop, hours(served))


def _within(found: Iterable[Spell], start: datetime, stop: datetime) -> timedelta:
    return sum((min(s.end, stop) - max(s.start, start) for s in found), timedelta())


def _unfit(rota: Rota, start: datetime, stop: datetime) -> Iterator[Unfit]:
    """Name those who are in the rota but not fit for all of it, with what stops them."""
    all_turns = turns(rota, start, stop)
    for person in rota.people:
        ends = [min(t.end, stop) for t in all_turns if t.who == person.key]
        last = stop if rota.shifts is None else max(ends, default=None)
        if last is not None and not may_serve(person, last - timedelta(microseconds=1)):
            yield Unfit(person, fitness(person, min(last, max(start, expires_at(person)))))


def _outside(rota: Rota, start: datetime, stop: datetime) -> Iterator[Turn]:
    people = {person.key: person for person in rota.people}
    for turn in sorted(turns(rota, start, stop), key=lambda each: each.start):
        person = people.get(turn.who)
        if person is not None and not is_within_hours(person, turn.start, turn.end):
            yield turn
