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
# What practitioners did is kept for a year (design section 6).
AUDIT_LASTS = timedelta(days=365)
A_DAY = timedelta(days=1)
# Of a place that has gone quiet nothing can still be under way.
TAIL_LASTS = timedelta(hours=1)
LOOK = timedelta(seconds=10)


@dataclass(slots=True)
class Janitor:
    """Erases for one desk every hour: free text about cases, and codes that work no longer.

    Once a day what is older than `lasts`: cases that ended, what was decided, said and sent.
    And what was noted of places in which nothing was written since a moment, which `quiet` names.
    """

    desk: str
    store: Store
    clock: Clock
    pulse: Pulse
    quiet: Callable[[datetime], Collection[str]]
    lasts: timedelta
    _due_at: datetime | None = field(default=None)
    _old_due_at: datetime | None = field(default=None)

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
        if self._old_due_at is None or now >= self._old_due_at:
            await self.store.retention.erase(
                self.desk, before=now - self.lasts, audit_before=now - AUDIT_LASTS
            )
            self._old_due_at = now + A_DAY
        self._due_at = now + EVERY
