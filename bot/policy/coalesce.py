"""One alert an author and place in ten minutes (`shared/domain.md` requirements 7)."""

from datetime import datetime, timedelta

from bot.domain.decision import OpenAlert
from bot.domain.reading import Priority

WINDOW = timedelta(minutes=10)


def joins(alert: OpenAlert | None, *, priority: Priority, sent_at: datetime) -> bool:
    """Tell whether a message adds to `alert` instead of raising its own.

    What is more urgent than the alert never hides in it: the page would be missed.
    """
    if alert is None or priority < alert.priority:
        return False
    return abs(sent_at - alert.last_at) <= WINDOW
