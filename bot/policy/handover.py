"""When one person's duty passes to another, and what the other should know."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.alert import Dossier
from bot.domain.duty import Rota
from bot.domain.practitioner import Practitioner
from bot.domain.remark import FollowUp
from bot.policy.duty import spells

SOON = timedelta(hours=12)  # follow-ups that come due in the shift that begins


@dataclass(frozen=True, slots=True)
class Passing:
    """At `at` the first place on duty passes to `to`, after a gap from nobody."""

    at: datetime
    to: Practitioner


@dataclass(frozen=True, slots=True)
class Summary:
    """What is open, the most urgent first, and the follow-ups that come due soon."""

    open: tuple[Dossier, ...]
    promised: tuple[FollowUp, ...]


def passings(rota: Rota, since: datetime, now: datetime) -> tuple[Passing, ...]:
    """Give the times after `since`, up to `now`, at which somebody else became the primary.

    Without a rota nobody ever does: everybody always is on duty.
    """
    if rota.shifts is None:
        return ()
    found = []
    before: Practitioner | None = None
    for number, spell in enumerate(spells(rota, since, now + timedelta(microseconds=1))):
        primary = spell.everyone[0] if spell.everyone else None
        if number and primary is not None and primary != before:
            found.append(Passing(spell.start, primary))
        before = primary
    return tuple(found)


def due_soon(promised: list[FollowUp], now: datetime) -> tuple[FollowUp, ...]:
    return tuple(one for one in promised if one.due_at <= now + SOON)
