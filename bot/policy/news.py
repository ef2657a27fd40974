"""Whether a message that was changed asks for more than it did."""

from bot.domain.decision import Decision


def is_worse(new: Decision, old: Decision | None) -> bool:
    """Tell whether it reads as more urgent now. What reads as less keeps what was decided."""
    if new.priority is None:
        return False
    return old is None or old.priority is None or new.priority < old.priority
