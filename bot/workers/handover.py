"""When a shift ends, whoever is next is told where things stand. Once, whatever is restarted."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.cards.handover import handover_card
from bot.domain.action import Delivery, DirectMessage
from bot.policy.handover import Passing, Summary, due_soon, passings
from bot.ports import Clock
from bot.workers.casebook import Casebook
from bot.workers.heartbeat import Pulse
from bot.workers.roster import Roster

EVERY = timedelta(seconds=30)
# How far back a shift's end is looked for at the start: an outage must not swallow the summary.
AT_FIRST = timedelta(minutes=30)
MOST = 100  # open cases that are looked at


@dataclass(slots=True)
class Handover:
    roster: Roster
    casebook: Casebook
    clock: Clock
    pulse: Pulse
    _since: datetime | None = None

    async def run(self) -> None:
        """Look whether a shift has ended, every so often, until cancelled."""
        while True:
            await self.hand_over_due()
            self.pulse.beat()
            await asyncio.sleep(EVERY.total_seconds())

    async def hand_over_due(self) -> None:
        """Put the summary of each shift that ended on its way, unless that was done before."""
        now = self.clock()
        since = self._since or now - AT_FIRST
        for passing in passings(self.roster.desk.rota, since, now):
            await self._hand_over(passing, now)
        self._since = now

    async def _hand_over(self, passing: Passing, now: datetime) -> None:
        desk, to, store = self.roster.desk, passing.to, self.casebook.store
        zone = desk.time_zone if to.profile is None else to.zone
        summary = Summary(
            tuple(await store.alerts.queue(desk.id, MOST)),
            due_soon(await store.remarks.promised(desk.id), now),
        )
        total = await store.alerts.waiting(desk.id)
        card = handover_card(summary, total, self.casebook.names, zone)
        await store.deliveries.schedule(
            Delivery(
                key=f"{desk.id}/handover/{passing.at.isoformat()}/{to.key}",
                desk=desk.id,
                action=DirectMessage(to.account, card),
                attempts=0,
                due_at=now,
            )
        )
