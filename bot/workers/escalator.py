"""Nobody answered in time, a snooze is over, a card is out of date: what is due is done.

Due times are in the store, so an escalation goes on after a restart where it was (I2).
"""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

import structlog

from bot.cards.caseload import did_it_help_card
from bot.domain.action import Delivery, DirectMessage
from bot.domain.alert import Due, Input, Redraw
from bot.domain.remark import FollowUp
from bot.policy.remark import asked
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
        promised = await self.store.remarks.due(desk, self.clock(), AT_A_TIME)
        for one in promised:
            await self._ask_safely(one)
        return len(due) + len(stale) + len(promised)

    async def _ask_safely(self, promised: FollowUp) -> None:
        try:
            await self._ask(promised)
        except BadDatabase:
            raise
        except Exception:  # the item boundary: one follow-up must not hold up the others
            log.exception("a follow-up cannot be asked", follow_up=promised.id)
            later = self.clock() + AFTER_A_BUG
            await self.store.remarks.put_off(self.casebook.desk.id, promised.id, later)

    async def _ask(self, promised: FollowUp) -> None:
        """Ask whoever has the case now whether it helped, once."""
        book, now = self.casebook, self.clock()
        dossier = await self.store.alerts.find(book.desk.id, promised.alert)
        if dossier is None:
            await self.store.remarks.ask(book.desk.id, promised.id, now, None)  # its case is gone
            return
        to = asked(promised, dossier.case, book.staff)
        question = Delivery(
            key=f"{book.desk.id}/follow_up/{promised.id}",
            desk=book.desk.id,
            action=DirectMessage(to, did_it_help_card(dossier, book.desk.time_zone)),
            attempts=0,
            due_at=now,
            alert=promised.alert,
        )
        await self.store.remarks.ask(book.desk.id, promised.id, now, question)

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
