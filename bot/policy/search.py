"""How long something is looked for that may have been sent although no receipt came."""

from datetime import datetime, timedelta
from typing import Final

from bot.domain.action import Search

# A look may come while it is still on its way. The next comes when that can no longer be so: it is
# longer than any call lasts.
AGAIN_AFTER: Final = timedelta(minutes=1)
LOOKS: Final = 2
# A platform that cannot be asked for longer than this is not waited for any more.
FOR: Final = timedelta(days=1)


def next_look(
    search: Search, now: datetime, *, failed: bool = False, retry_after: timedelta | None = None
) -> datetime | None:
    """Say when to look again after a look that found nothing, or failed; None: no more.

    `search.looks` counts that look too, unless it failed.
    """
    if failed and now - search.since >= FOR:
        return None
    if not failed and search.looks >= LOOKS:
        return None
    return now + max(AGAIN_AFTER, retry_after or timedelta())
