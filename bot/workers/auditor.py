"""The second pair of eyes: looks, apart from all that works, whether something fell through (I1).

It trusts nothing that the others hold in memory: it reads the store and the platforms' histories
afresh. It mends nothing. What it finds is kept, and told to the person who oversees the desk.
"""

import asyncio
import traceback
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TypeAlias

import structlog

from bot.cards.finding import finding_card
from bot.domain.action import Delivery, DirectMessage, platform_of
from bot.domain.audit import Changes, Failing, Finding
from bot.domain.desk import Desk
from bot.domain.message import Message, Place, PlatformName
from bot.policy.audit import (
    BURIED,
    PATIENCE,
    behind,
    changes,
    is_behind,
    ledger_findings,
    own_notice,
    stopped_workers,
    stuck_deliveries,
)
from bot.policy.cursor import Cursor, merged
from bot.policy.presence import told
from bot.ports import Clock, Permanent, Platform, Temporary
from bot.store.engine import Store
from bot.workers.heartbeat import Heartbeats

log = structlog.get_logger(__name__)

Check: TypeAlias = Callable[[datetime], Awaitable[Sequence[Finding]]]

EVERY = timedelta(hours=1)
# The first audit waits until what was missed meanwhile has been read back.
AT_FIRST = timedelta(minutes=5)
LOOK = timedelta(seconds=10)
# How far back the ledger is added up each time, and how many gaps of one place are asked about.
DAYS = timedelta(days=40)
MOST_GAPS = 5
# The auditor does not hang where the courier does.
HAND = timedelta(seconds=20)
COURIER = "courier"


@dataclass(slots=True)
class Auditor:
    """Audits one desk every hour. `names` gives the names of places by key, `more` further checks.

    The checks of other parts come in as `more`. `shut` are platforms on which nobody can be told.
    """

    desk: Desk
    store: Store
    platforms: Mapping[PlatformName, Platform]
    clock: Clock
    heartbeats: Heartbeats
    names: Callable[[], Mapping[str, str]]
    more: Sequence[Check] = ()
    shut: Callable[[], Collection[PlatformName]] = frozenset
    _due_at: datetime = field(init=False)

    def __post_init__(self) -> None:
        self._due_at = self.clock() + AT_FIRST

    async def run(self) -> None:
        """Audit when an hour has passed, until cancelled."""
        pulse = self.heartbeats.expect("auditor", every=LOOK)
        while True:
            await asyncio.sleep(LOOK.total_seconds())
            await self.audit_when_due()
            pulse.beat()

    async def audit_when_due(self) -> None:
        if self.clock() >= self._due_at:
            await self.audit()

    async def audit(self) -> Changes:
        """Look once, keep what was found, and tell what is new."""
        now = self.clock()
        self._due_at = now + EVERY
        checks = (
            self._ledger,
            self._cursors,
            self._workers,
            self._deliveries,
            self._alerts,
            *self.more,
        )
        found = [finding for check in checks for finding in await self._checked(check, now)]
        changed = changes(found, await self.store.findings.open_keys(self.desk.id))
        return await self._keep(changed, now)

    async def audit_now(self, check: Check) -> Changes:
        """Keep and tell what one check finds, because it cannot wait for the next hour.

        What it no longer finds is struck off by the next audit.
        """
        now = self.clock()
        found = await self._checked(check, now)
        known = await self.store.findings.open_keys(self.desk.id)
        return await self._keep(replace(changes(found, known), gone=()), now)

    async def _keep(self, changed: Changes, now: datetime) -> Changes:
        notice = self._notice(changed.new, now) if changed.new else None
        await self.store.findings.record(self.desk.id, changed, now=now, notice=notice)
        for finding in changed.new:
            log.error("audit found", failing=finding.failing, subject=finding.subject)
        for key in changed.gone:
            log.info("audit no longer finds", finding=key)
        if notice is not None and _is_courier_in_doubt(changed.new):
            await self._hand_over(notice)
        return changed

    async def _checked(self, check: Check, now: datetime) -> Sequence[Finding]:
        try:
            return await check(now)
        except Exception as bug:  # noqa: BLE001 - the item boundary: one check must not blind the others
            name = getattr(check, "__name__", "check")
            # Without the text, which an exception may quote (I4).
            where = traceback.format_tb(bug.__traceback__)[-1].strip()
            log.error("check is broken", check=name, bug=type(bug).__name__, where=where)  # noqa: TRY400 - as above
            return [Finding(Failing.STOPPED, f"auditor {name}")]

    async def _ledger(self, now: datetime) -> Sequence[Finding]:
        since = (now - DAYS).date()
        return ledger_findings(await self.store.ledger.unbalanced(self.desk.id, since=since))

    async def _workers(self, now: datetime) -> Sequence[Finding]:
        return stopped_workers(self.heartbeats.all, now)

    async def _deliveries(self, now: datetime) -> Sequence[Finding]:
        stuck = await self.store.deliveries.stuck(
            self.desk.id, now, patience=PATIENCE, buried=BURIED
        )
        return stuck_deliveries(stuck, self.desk.id)

    async def _alerts(self, now: datetime) -> Sequence[Finding]:
        adrift = await self.store.alerts.adrift(self.desk.id, now - PATIENCE)
        return [Finding(Failing.NO_STEP, key, why) for key, why in adrift]

    async def _cursors(self, now: datetime) -> Sequence[Finding]:
        """Ask the history of each place for what the cursor on disk has not passed."""
        found: list[Finding] = []
        names = self.names()
        gone = await self.store.spaces.gone(self.desk.id)
        for key, stretches in (await self.store.ledger.stretches(self.desk.id)).items():
            place = Place.of_key(key, names.get(key, ""))
            platform = self.platforms.get(place.platform)
            if platform is None or not platform.capabilities.history:
                continue
            if key not in names and gone & {key, place.channel_key}:
                continue  # closed to the bot, and not opened again
            try:
                oldest = await _oldest_missed(platform, place, Cursor(merged(stretches)), now)
            except (Temporary, Permanent) as failure:
                log.warning("history cannot be asked", place=key, why=str(failure))
                found.append(Finding(Failing.UNREADABLE, key, place.name.partition(" > ")[0]))
            else:
                found += [] if oldest is None else [behind(place, oldest)]
        return found

    def _notice(self, new: Sequence[Finding], now: datetime) -> Delivery:
        return Delivery(
            key=f"{own_notice(self.desk.id)}finding/{now.isoformat()}",
            desk=self.desk.id,
            action=DirectMessage(told(self.desk, self.shut()), finding_card(new)),
            attempts=0,
            due_at=now,
        )

    async def _hand_over(self, notice: Delivery) -> None:
        """Deliver it ourselves: that the courier stands still must not wait for the courier.

        It is in the outbox too, under the same key: whoever comes second does nothing.
        """
        platform = self.platforms.get(platform_of(notice.action))
        if platform is None:
            return
        try:
            async with asyncio.timeout(HAND.total_seconds()):
                receipt = await platform.perform(notice.action, key=notice.key)
        except (Temporary, Permanent, TimeoutError) as failure:
            log.warning("notice is left to the courier", delivery=notice.key, why=str(failure))
        else:
            await self.store.deliveries.delivered([(notice, receipt)], self.clock())


def _is_courier_in_doubt(found: Sequence[Finding]) -> bool:
    stopped = Finding(Failing.STOPPED, COURIER).key
    return any(one.failing is Failing.OVERDUE or one.key == stopped for one in found)


async def _oldest_missed(
    platform: Platform, place: Place, cursor: Cursor, now: datetime
) -> Message | None:
    """Give the first message that was passed over, of the earliest of the latest gaps."""
    for gap in reversed(cursor.gaps[:MOST_GAPS]):
        oldest = await _first(platform, place, gap.after)
        if is_behind(gap, oldest, now):
            return oldest
    return None


async def _first(platform: Platform, place: Place, after: str) -> Message | None:
    async for message in platform.history(place, after=after):
        return message
    return None
