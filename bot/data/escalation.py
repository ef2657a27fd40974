"""The rows of a desk file that say whom an alert calls, and in which order."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator, Field

from bot.data.practitioner import SOME
from bot.data.yamlfile import Row
from bot.domain.alert import Step, Who
from bot.domain.reading import Priority

# An emergency that waits longer than this for its next step is no emergency's plan.
LONGEST_P0 = 30
LONGEST_P1 = 240
MOST_REPEATS = 20


class StepRow(Row):
    """`minutes` after the step before; `repeats`: how often again, each after as long."""

    who: Annotated[tuple[Who, ...], SOME] = Field(examples=["[primary]"])
    minutes: int = Field(ge=0, examples=["15"])
    repeats: int = Field(default=0, ge=0, le=MOST_REPEATS)


def _sound(rows: tuple[StepRow, ...], longest: int) -> tuple[StepRow, ...]:
    if not rows:
        raise ValueError("Write one step or more, or leave the plan out.")
    if rows[0].minutes or rows[0].repeats:
        raise ValueError("The first step is done at once: `minutes: 0` and no repeats.")
    if any(row.minutes < 1 for row in rows[1:]) or len(rows) == 1:
        raise ValueError("Each step after the first waits 1 minute or more. Write two steps.")
    if any(row.minutes > longest for row in rows):
        raise ValueError(f"No step may wait longer than {longest} minutes.")
    if not any(Who.LAST_RESORT in row.who for row in rows):
        raise ValueError("One step must call the last_resort, or an alert could go unheard.")
    return rows


def _sound_p0(rows: tuple[StepRow, ...]) -> tuple[StepRow, ...]:
    return _sound(rows, LONGEST_P0)


def _sound_p1(rows: tuple[StepRow, ...]) -> tuple[StepRow, ...]:
    return _sound(rows, LONGEST_P1)


class EscalationRow(Row):
    p0: Annotated[tuple[StepRow, ...], AfterValidator(_sound_p0)] | None = None
    p1: Annotated[tuple[StepRow, ...], AfterValidator(_sound_p1)] | None = None


def escalation(row: EscalationRow) -> dict[Priority, tuple[Step, ...]]:
    """Give the plans that the desk has of its own."""
    written = {Priority.P0: row.p0, Priority.P1: row.p1}
    return {priority: _steps(rows) for priority, rows in written.items() if rows is not None}


def _steps(rows: Sequence[StepRow]) -> tuple[Step, ...]:
    return tuple(Step(row.who, timedelta(minutes=row.minutes), row.repeats) for row in rows)
