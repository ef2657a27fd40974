"""Drills: each month by itself if the desk wants it, and whenever somebody asks for one."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.decision import Batch
from bot.policy.drill import drill_due, drilled
from bot.ports import Clock
from bot.store.engine import Store
from bot.workers.casebook import Casebook
from bot.workers.heartbeat import Pulse

EVERY = timedelta(seconds=30)


@dataclass(slots=True)
class Drilling:
    """Begins the drills of one desk. Which there were stands in the store."""

    store: Store
    casebook: Casebook
    clock: Clock
    pulse: Pulse
    _done: str | None = None

    async def run(self) -> None:
        """Look whether a drill is due, every so often, until cancelled."""
        while True:
            await asyncio.sleep(EVERY.total_seconds())
            await self.drill_when_due()
            self.pulse.beat()

    async def drill_when_due(self) -> None:
        """Begin the drill of this month if its time has come; a restart begins no second one."""
        due = drill_due(self.casebook.desk, self.clock())
        if due is not None and due != self._done:
            await drill(self.store, self.casebook, due)
            self._done = due


async def drill(store: Store, casebook: Casebook, id_: str) -> str:
    """Begin the drill `id_` and return when it is on disk; give its alert's key.

    The same id is one drill, so a command may give its own. What follows is what follows from any
    alert: pages, escalation, buttons.
    """
    recorded = drilled(casebook.desk, id_, casebook.clock(), casebook.staff)
    await (await store.decisions.record(Batch(casebook.desk.id, (recorded,))))
    return recorded.ref.key
