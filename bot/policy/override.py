"""Changes to the rota that people ask for: each is granted, or refused with what to do instead."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import assert_never

from bot.domain.duty import Change, Override, Refused, Rota, Spell, Swap, Turn
from bot.domain.practitioner import Fitness, Practitioner
from bot.policy.duty import turns
from bot.policy.practitioner import fitness
from bot.policy.rota import LONGEST_STRETCH, stretches

_AN_INSTANT = timedelta(microseconds=1)
# A role lets somebody take cases. The rota knows people by what stands of them in the file.
_UNKNOWN = Refused(
    "The desk's file does not list this person, so they have no place in the rota.",
    "Whoever runs Waymark adds them under `practitioners`, and starts it again.",
)


def go_on(
    rota: Rota, who: str, at: datetime, *, until: datetime | None = None
) -> Override | Refused:
    """Put a person on duty at once, until a time or for the longest stretch allowed."""
    person = _person(rota, who)
    if person is None:
        return _UNKNOWN
    end = _rest_due(rota, who, at) if until is None else until
    if until is not None and until <= at:
        return Refused("That time has passed.", "Name a time that is still to come.")
    if end <= at:
        return Refused("Twelve hours on duty are over.", "Rest first; somebody else goes on.")
    wanted = Override(who, Change.ON, at, end, at)
    return _unfit(person, at, end) or _too_long(rota, wanted) or wanted


def go_off(
    rota: Rota, who: str, at: datetime, *, until: datetime | None = None
) -> Override | Refused:
    """Take a person off duty at once: until a time, or to the end of what they are on now.

    Never refused for the gap that it leaves; `bot.policy.rota.gaps` shows it.
    """
    if _person(rota, who) is None:
        return _UNKNOWN
    if until is not None and until <= at:
        return Refused("That time has passed.", "Name a time that is still to come.")
    now = next((s for s in stretches(rota, who, at, at + _AN_INSTANT)), None)
    if until is None and now is None:
        return Refused("You are not on duty now.", "To be off later, name the time until then.")
    if until is None and now is not None:
        until = _back_at(rota, now, at)
    return Override(who, Change.OFF, at, until or at, at)


def go_off_at(rota: Rota, who: str, at: datetime, until: datetime) -> Override | None:
    """End at a time to come what a person is on now; None when it does not last that long."""
    found = stretches(rota, who, at, max(until, at + _AN_INSTANT))
    now = next((s for s in found if s.start <= at), None)
    if now is None or not at < until < now.end:
        return None
    return Override(who, Change.OFF, until, _back_at(rota, now, until), at)


def cover(
    rota: Rota, who: str, instead_of: str, at: datetime, *, start: datetime, end: datetime
) -> Override | Refused:
    """Put a person in another's place for a time."""
    person, other = _person(rota, who), _person(rota, instead_of)
    if person is None or other is None:
        return _UNKNOWN
    if who == instead_of:
        return Refused("Nobody covers for themselves.", "Name two people.")
    if not at <= start < end:
        return Refused("That time has passed, or ends before it starts.", "Name a time to come.")
    wanted = Override(who, Change.COVER, start, end, at, instead_of=instead_of)
    if not any(s.start < end and s.end > start for s in stretches(rota, instead_of, start, end)):
        return Refused(f"{other.name} is not on duty then.", "Look at the rota and name a time.")
    return _unfit(person, start, end) or _too_long(rota, wanted) or wanted


def swap(rota: Rota, one: Turn, other: Turn, at: datetime) -> Swap | Refused:
    """Let two people take each other's turn, if both are still to come and neither is too long."""
    known = turns(rota, min(one.start, other.start), max(one.end, other.end))
    if one not in known or other not in known:
        return Refused("One of these turns is not in the rota.", "Look at the rota again.")
    if one.who == other.who:
        return Refused("Both turns are the same person's.", "Name turns of two people.")
    if min(one.start, other.start) <= at:
        return Refused("One of these turns has begun.", "Ask for cover instead.")
    wanted = Swap(one.shift, one.start, other.shift, other.start)
    after = replace(rota, swaps=(*rota.swaps, wanted))
    for who, turn in ((one.who, other), (other.who, one)):
        person = _person(rota, who)
        if person is None:
            return _UNKNOWN
        refused = _unfit(person, turn.start, turn.end) or _stretched(after, who, turn)
        if refused is not None:
            return refused
    return wanted


def _back_at(rota: Rota, now: Spell, start: datetime) -> datetime:
    """Say when somebody is back who goes off: without a rota what they are on never ends."""
    return min(now.end, start + LONGEST_STRETCH) if rota.shifts is None else now.end


def _rest_due(rota: Rota, who: str, at: datetime) -> datetime:
    """Say when the longest stretch ends that includes what the person serves already."""
    if rota.shifts is None:
        return at + LONGEST_STRETCH
    served = stretches(rota, who, at - _AN_INSTANT, at)
    return (served[0].start if served else at) + LONGEST_STRETCH


def _person(rota: Rota, who: str) -> Practitioner | None:
    return next((person for person in rota.people if person.key == who), None)


def _unfit(person: Practitioner, start: datetime, end: datetime) -> Refused | None:
    first, last = fitness(person, start), fitness(person, end - _AN_INSTANT)
    match last if first is Fitness.FIT else first:
        case Fitness.FIT:
            return None
        case Fitness.UNVERIFIED:
            return Refused(
                f"The profile of {person.name} is not verified.",
                "The desk's owner checks the credential at its link and confirms it.",
            )
        case Fitness.EXPIRED:
            return Refused(
                f"The credential of {person.name} has expired by then.",
                "Renew it, and have the new date confirmed.",
            )
        case other:
            assert_never(other)


def _too_long(rota: Rota, wanted: Override) -> Refused | None:
    if rota.shifts is None:  # always on duty by the desk's own choice
        return None
    after = replace(rota, overrides=(*rota.overrides, wanted))
    return _stretched(after, wanted.who, wanted)


def _stretched(after: Rota, who: str, around: Override | Turn) -> Refused | None:
    for stretch in stretches(after, who, around.start, around.end):
        if stretch.length > LONGEST_STRETCH:
            hours = stretch.length / timedelta(hours=1)
            return Refused(
                f"That would be {hours:.3g} hours on duty without a break; 12 are the most.",
                "End earlier, or let somebody take the part between.",
            )
    return None
