"""Nobody answered in time, a snooze is over, a card is out of date: what is due is done.

Due times are in the store, so an escalation goes on after a restart where it was (I2).
"""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

import structlog

from bot.domain.alert import Due, Input, Redraw
from bot.ports import Clock
from bot.store.engine import BadDatabase, Store
from bot.workers.casebook import Casebook
from bot.workers.heartbeat import Pulse

log = structlog.get_logger(__name__)

EVERY = timedelta(seconds=1)
AT_A_TIME = 200
# A case that a bug keeps from moving is tried again after this; it must not hold up the others.
AFTER_A_BUG = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Escalator:
    store: Store
    casebook: Casebook
    clock: Clock
    pulse: Pulse

    async def run(self) -> None:
        """Do what is due, every so often, until cancelled."""
        while True:
            await self.escalate()
            self.pulse.beat()
            await asyncio.sleep(EVERY.total_seconds())

    async def escalate(self) -> int:
        """Do everything that is due now; give how many cases were looked at."""
        desk = self.casebook.desk.id
        due = await self.store.alerts.due(desk, self.clock(), AT_A_TIME)
        for key in due:
            await self._happen(key, Due())
        stale = await self.store.alerts.stale(desk, AT_A_TIME)
        for key in stale:
            await self._happen(key, Redraw())
        return len(due) + len(stale)

    async def _happen(self, key: str, happened: Input) -> None:
        try:
            await self.casebook.happen(key, happened)
        except BadDatabase:
            raise
        except Exception:  # the item boundary: one case must not hold up the others
            log.exception("a case cannot be moved", alert=key)
            if isinstance(happened, Due):
                await self.store.alerts.postpone(
                    self.casebook.desk.id, key, self.clock() + AFTER_A_BUG
                )
