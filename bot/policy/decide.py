"""From a reading to a decision: the worst reading wins, and every reason is named.

Total and pure: any reading gets a decision, and the same reading always the same one. The rungs
stand in `bot.domain.ladder`; `priority_of` reproduces a decision's priority from its codes alone.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.domain.claim import Claim
from bot.domain.code import Code
from bot.domain.decision import Alert, Decision, Outcome, ProposeNote, Recommend
from bot.domain.desk import Desk
from bot.domain.ladder import RUNG
from bot.domain.reading import Level, Priority, Reading
from bot.domain.resource import Resource
from bot.policy.note import CORRECTABLE, may_note
from bot.policy.resource import recommend

VERSION = "2026-11-28"
# Below P1 the bot may speak in public; to the author of a P0 or P1 message only a person does.
_PUBLIC_FROM = Priority.P2
_NOTES_AT_MOST = 1  # `shared/domain.md` requirements 5: one note a message
_CLAIM_CODES = (Code.CLAIM_KNOWN, Code.CLAIM_LIKE_KNOWN)


@dataclass(frozen=True, slots=True)
class Shelf:
    """What may be offered: vetted resources and known claims, with today's date for expiry."""

    resources: Sequence[Resource]
    claims: Mapping[str, Claim]
    today: date


def decide(
    reading: Reading, *, desk: Desk, shelf: Shelf, likeness: Mapping[str, float]
) -> Decision:
    """Decide what follows from `reading`. `likeness` is a resource's similarity to the message."""
    notes = _notes(reading, desk, shelf)
    codes = _codes(reading, noted=bool(notes))
    priority = priority_of(codes)
    versions = replace(reading.versions, policy=VERSION)
    if priority is None:
        return Decision(None, (), (), (), versions)
    return Decision(
        priority=priority,
        because=codes,
        outcomes=_outcomes(priority, reading, notes, desk=desk, shelf=shelf, likeness=likeness),
        evidence=tuple(e for e in reading.evidence if e.code in codes),
        versions=versions,
        due_at=reading.deadline.at if reading.deadline is not None else None,
    )


def priority_of(codes: Iterable[Code]) -> Priority | None:
    """Give the most urgent rung among `codes`; None when none of them stands on one."""
    return min((RUNG[code] for code in codes if code in RUNG), default=None)


def _codes(reading: Reading, *, noted: bool) -> tuple[Code, ...]:
    """List the distinct reasons, the most urgent first, else in the order they were read."""
    codes = [evidence.code for evidence in reading.evidence]
    codes = [code for code in codes if _counts(code, reading, noted=noted)]
    if reading.asking is not None:
        codes.append(Code.ASKING)
    if reading.readiness.level is Level.LOW:
        codes.append(Code.LOW_READINESS)
    if codes and reading.cut:
        codes.append(Code.CUT)
    return tuple(sorted(dict.fromkeys(codes), key=lambda code: RUNG.get(code, Priority.P3 + 1)))


def _counts(code: Code, reading: Reading, *, noted: bool) -> bool:
    """Leave out what means nothing here: a date nobody is troubled by, a claim nobody may note."""
    if code is Code.DEADLINE_CLOSE:
        return _is_pressed(reading)
    if code in _CLAIM_CODES:
        return noted
    return code not in (Code.ASKING, Code.ASKING_MODEL) or reading.asking is not None


def _is_pressed(reading: Reading) -> bool:
    """Tell a person with a deadline from an announcement of one."""
    return bool(reading.asking or reading.safety.evidence or reading.readiness.evidence)


def _notes(reading: Reading, desk: Desk, shelf: Shelf) -> tuple[ProposeNote, ...]:
    said_as = reading.information.claim_type
    if said_as is not None and said_as not in CORRECTABLE:
        return ()
    jurisdiction = reading.regions[0] if reading.regions else desk.region
    found = []
    for match in reading.information.matches:
        claim = shelf.claims.get(match.claim_id)
        if claim is None:
            continue
        strength = may_note(
            claim,
            match,
            jurisdiction=jurisdiction,
            today=shelf.today,
            safety=reading.safety.priority,
        )
        if strength is not None:
            found.append(ProposeNote(match.claim_id, strength, match.similarity))
    return tuple(found[:_NOTES_AT_MOST])


def _outcomes(
    priority: Priority,
    reading: Reading,
    notes: tuple[ProposeNote, ...],
    *,
    desk: Desk,
    shelf: Shelf,
    likeness: Mapping[str, float],
) -> tuple[Outcome, ...]:
    alert: tuple[Outcome, ...] = (Alert(priority),) if priority <= Priority.P2 else ()
    if priority < _PUBLIC_FROM:
        return alert
    return (*alert, *_recommended(reading, desk, shelf, likeness), *notes)


def _recommended(
    reading: Reading, desk: Desk, shelf: Shelf, likeness: Mapping[str, float]
) -> tuple[Recommend, ...]:
    """Meet the need, and do not exceed it: low readiness is offered a person, not a list.

    So is whoever asks for one.
    """
    asking = reading.asking
    if asking is None or reading.readiness.level is Level.LOW:
        return ()
    if any(one.code is Code.PERSON_ASKED for one in asking.evidence):
        return ()
    found = recommend(
        asking,
        shelf.resources,
        likeness=likeness,
        region=desk.region,
        language=desk.language,
        today=shelf.today,
    )
    return (Recommend(found),) if found else ()
