"""The digest: once a day each person hears what was held back from them, and how it stands."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.cards.digest import Held, digest_card
from bot.domain.action import Delivery, DirectMessage
from bot.domain.message import AccountRef
from bot.domain.page import Page
from bot.policy.audit import own_notice
from bot.policy.digest import by_person, last_digest, told_at
from bot.ports import Clock
from bot.store.engine import Store
from bot.workers.casebook import Casebook
from bot.workers.heartbeat import Pulse

EVERY = timedelta(seconds=30)


@dataclass(slots=True)
class Digesting:
    """Tells what was held back in one desk. What was told is noted, so it comes once."""

    store: Store
    casebook: Casebook
    clock: Clock
    pulse: Pulse
    _told_for: datetime | None = None

    async def run(self) -> None:
        """Look whether a digest is due, every so often, until cancelled."""
        while True:
            await asyncio.sleep(EVERY.total_seconds())
            await self.tell_due()
            self.pulse.beat()

    async def tell_due(self) -> None:
        """Put the digest that is due on its way. Where nothing was held back there is none."""
        desk, now = self.casebook.desk, self.clock()
        due = last_digest(desk, now)
        if due == self._told_for:
            return
        pages = await self.store.pages.untold(desk.id, due)
        if pages:
            deliveries = [
                await self._notice(to, held, due, now)
                for to, held in by_person(pages, desk).items()
            ]
            await self.store.pages.digest(desk.id, pages, deliveries)
        self._told_for = due

    async def _notice(
        self, to: AccountRef, pages: Sequence[Page], due: datetime, now: datetime
    ) -> Delivery:
        desk, held = self.casebook.desk, []
        for page in pages:
            dossier = await self.store.alerts.find(desk.id, page.alert)
            if dossier is not None:
                held.append(Held(page, dossier))
        card = digest_card(held, self.casebook.names, desk.pages_per_person, desk.time_zone)
        return Delivery(
            key=f"{own_notice(desk.id)}digest/{due.date()}/{to.platform}:{to.id}",
            desk=desk.id,
            action=DirectMessage(to, card),
            attempts=0,
            due_at=told_at(desk, to, now),
        )
