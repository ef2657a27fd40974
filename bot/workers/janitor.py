"""What has outlived its time is erased."""

import asyncio
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.policy.practitioner import CODE_LASTS
from bot.ports import Clock
from bot.store.engine import Store
from bot.workers.heartbeat import Pulse

EVERY = timedelta(hours=1)
# Of a place that has gone quiet nothing can still be under way.
TAIL_LASTS = timedelta(hours=1)
LOOK = timedelta(seconds=10)


@dataclass(slots=True)
class Janitor:
    """Erases for one desk every hour: free text about cases, and codes that work no longer.

    And what was noted of places in which nothing was written since a moment, which `quiet` names.
    """

    desk: str
    store: Store
    clock: Clock
    pulse: Pulse
    quiet: Callable[[datetime], Collection[str]]
    _due_at: datetime | None = field(default=None)

    async def run(self) -> None:
        """Erase when an hour has passed, and once at the start, until cancelled."""
        while True:
            await self.erase_when_due()
            self.pulse.beat()
            await asyncio.sleep(LOOK.total_seconds())

    async def erase_when_due(self) -> None:
        now = self.clock()
        if self._due_at is not None and now < self._due_at:
            return
        before = now - CODE_LASTS
        await self.store.remarks.erase_due(self.desk, now, codes_before=before)
        await self.store.ledger.erase_tails(self.desk, self.quiet(now - TAIL_LASTS))
        self._due_at = now + EVERY
