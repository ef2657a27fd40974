"""What follows when a message was changed, or when somebody wants a person to look at it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.alert import Case
from bot.domain.code import Code
from bot.domain.decision import Alert, Decision
from bot.domain.desk import Desk
from bot.domain.ladder import RUNG
from bot.domain.reading import Priority, Versions
from bot.policy.decide import VERSION
from bot.policy.plan import plan_of


def is_worse(new: Decision, old: Decision | None) -> bool:
    """Tell whether it reads as more urgent now. What reads as less keeps what was decided."""
    if new.priority is None:
        return False
    return old is None or old.priority is None or new.priority < old.priority


def asked_for(old: Decision | None, versions: Versions) -> Decision:
    """Decide on a message that somebody wants a person to look at: P2, whatever was read in it."""
    alert = Alert(Priority.P2)
    if old is None:
        versions = replace(versions, policy=VERSION)
        return Decision(Priority.P2, (Code.PERSON_ASKED,), (alert,), (), versions)
    outcomes = (alert, *old.outcomes)
    return replace(noted(old), priority=Priority.P2, outcomes=outcomes)


def noted(old: Decision) -> Decision:
    """Keep of a message that was decided on that somebody wants a person to look at it."""
    return replace(old, because=with_request(old.because))


def with_request(because: Sequence[Code]) -> tuple[Code, ...]:
    """Put it before all that is no more urgent."""
    codes = dict.fromkeys((Code.PERSON_ASKED, *because))
    return tuple(sorted(codes, key=lambda code: RUNG.get(code, Priority.P3 + 1)))


def is_told(case: Case) -> bool:
    """Tell whether somebody has the case, or was reached since it was opened the last time."""
    return case.holder is not None or (case.step > 0 and bool({*case.told} - {*case.unreached}))


def told_by(desk: Desk, at: datetime) -> datetime:
    """Say when somebody is told at the latest of what is asked for now.

    What is P2 pages nobody, even while somebody is on duty: it has an owner by the end of the
    working day.
    """
    return at + plan_of(desk, Priority.P2, at).steps[0].wait
