"""Whether a message that was changed asks for more than it did."""

from dataclasses import replace

from bot.domain.code import Code
from bot.domain.decision import Alert, Decision
from bot.domain.reading import Priority, Versions
from bot.policy.decide import VERSION


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
    because = (Code.PERSON_ASKED, *old.because)
    return replace(old, priority=Priority.P2, because=because, outcomes=(alert, *old.outcomes))
