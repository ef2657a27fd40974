"""The statement of each day: taken from the store alone, delivered once."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.cards.statement import statement_card
from bot.domain.action import Delivery, DirectMessage
from bot.domain.desk import Desk
from bot.domain.statement import Drill, Statement
from bot.policy.audit import own_notice
from bot.policy.statement import day_bounds, day_to_state
from bot.ports import Clock
from bot.store.engine import Store
from bot.workers.heartbeat import Pulse

EVERY = timedelta(seconds=30)
# How far back the last drill is looked for.
DRILLS = timedelta(days=366)


@dataclass(slots=True)
class Stating:
    """States the last day of one desk when its time has come.

    `waiting` tells how many messages are not accounted for yet.
    """

    desk: Desk
    store: Store
    clock: Clock
    waiting: Callable[[], int]
    pulse: Pulse
    _stated: date | None = None

    async def run(self) -> None:
        """Look whether a statement is due, every so often, until cancelled."""
        while True:
            await asyncio.sleep(EVERY.total_seconds())
            await self.state_due()
            self.pulse.beat()

    async def state_due(self) -> None:
        """Put the statement that is due on its way, unless that was done before, by whom ever.

        A desk that counted nothing up to that day was not there yet, and states nothing.
        """
        day = day_to_state(self.desk, self.clock())
        if day is None or day == self._stated:
            return
        counted = await self.store.ledger.days(self.desk.id)
        if counted is None or day < counted[0]:
            return
        statement = await take_statement(
            self.store, self.desk.id, self.desk.name, day, waiting=self.waiting()
        )
        await self.store.deliveries.schedule(
            Delivery(
                key=f"{own_notice(self.desk.id)}statement/{day}",
                desk=self.desk.id,
                action=DirectMessage(self.desk.overseer, statement_card(statement)),
                attempts=0,
                due_at=self.clock(),
            )
        )
        self._stated = day


async def take_statement(
    store: Store, desk: str, name: str, day: date, *, waiting: int | None
) -> Statement:
    """Read from the store what it holds of one day."""
    start, end = day_bounds(day)
    unbalanced = await store.ledger.unbalanced(desk, since=day)
    return Statement(
        desk=name,
        day=day,
        counts=await store.ledger.on_day(desk, day),
        alerts=await store.decisions.alerts_raised(desk, start, end),
        shadows=await store.decisions.alerts_raised(desk, start, end, shadow=True),
        findings=tuple(await store.findings.since(desk, start)),
        unbalanced=sum(one.day == day for one in unbalanced),
        waiting=waiting,
        deliveries=await store.deliveries.counts(desk),
        slowest=await _slowest(store, desk, start, end),
        pages=await store.pages.counts(desk, start, end),
        drill=await _last_drill(store, desk, end),
    )


async def _slowest(store: Store, desk: str, start: datetime, end: datetime) -> timedelta | None:
    """Give the longest that a P0 or P1 of the day waited; None when one still waits, or none came.

    The slowest of those that were answered would flatter a day on which one was not.
    """
    taken = [after for _, after in await store.alerts.answered_after(desk, start, end, drill=False)]
    known = [after for after in taken if after is not None]
    return max(known) if known and len(known) == len(taken) else None


async def _last_drill(store: Store, desk: str, end: datetime) -> Drill | None:
    drills = await store.alerts.answered_after(desk, end - DRILLS, end, drill=True)
    return Drill(*drills[-1]) if drills else None
