"""What a platform tells beside messages: changed, gone, closed, left. What follows is done here."""

import asyncio
import traceback
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import assert_never

import structlog

from bot.cards.space import closed_card, left_card
from bot.domain.action import Delivery, DirectMessage
from bot.domain.alert import Case, Gone, Input, Unwatched, Wanted, Worse
from bot.domain.decision import Batch, Decision, Recorded
from bot.domain.event import (
    Deleted,
    Edited,
    HomeOpened,
    News,
    PlaceGone,
    PlaceRenamed,
    RolesChanged,
    SpaceJoined,
    SpaceLeft,
    SpacesNamed,
    SpaceTroubled,
)
from bot.domain.message import AccountRef, Message, MessageRef, Place, PlatformName
from bot.domain.space import SpaceRef
from bot.policy.news import asked_for, is_worse, noted
from bot.policy.plan import plan_of
from bot.policy.retry import next_delay
from bot.ports import Permanent, Platform, Temporary
from bot.store.engine import BadDatabase, Store
from bot.store.space import Leaving
from bot.workers.casebook import Casebook
from bot.workers.heartbeat import Pulse
from bot.workers.intake import Intake
from bot.workers.output import Publishing
from bot.workers.role import Leavers
from bot.workers.watch import Watching

log = structlog.get_logger(__name__)


EVERY = timedelta(seconds=10)
MOST_UNREAD = 1_000


@dataclass(slots=True)
class _Unread:
    """A changed message that the platform has not given yet."""

    ref: MessageRef
    attempts: int
    due_at: datetime


@dataclass(slots=True)
class Newsroom:
    """What is changed and cannot be fetched is tried again for a while, as long as the bot runs."""

    intake: Intake
    casebook: Casebook
    store: Store
    platforms: Mapping[PlatformName, Platform]
    pulse: Pulse
    publishing: Publishing
    watching: Watching
    show_home: Callable[[HomeOpened], Awaitable[None]]
    leavers: Leavers
    _unread: dict[str, _Unread] = field(default_factory=dict)

    async def run(self) -> None:
        """Fetch what could not be fetched when it was told of, until cancelled."""
        while True:
            await asyncio.sleep(EVERY.total_seconds())
            await self.fetch_due()
            await self.leavers.ask_due()
            self.pulse.beat()

    async def fetch_due(self) -> None:
        now = self.casebook.clock()
        for unread in [one for one in self._unread.values() if one.due_at <= now]:
            await self.hear(Edited(unread.ref))

    async def hear(self, news: News) -> None:
        """Do what follows from one piece of news. Told twice, it is one."""
        try:
            await self._hear(news)
        except BadDatabase:
            raise
        except Exception as bug:  # noqa: BLE001 - the item boundary: one must not stop the bot
            # Without the text, which an exception may quote (I4).
            where = traceback.format_tb(bug.__traceback__)[-1].strip()
            log.error("news is broken", news=type(news).__name__, bug=type(bug).__name__, at=where)  # noqa: TRY400 - as above

    async def _hear(self, news: News) -> None:  # noqa: C901 - one arm a piece of news
        match news:
            case Edited(ref=ref, message=message):
                await self._changed(ref, message)
            case Deleted(refs=refs):
                for ref in refs:
                    await self._gone(ref)
            case PlaceGone(place=place):
                await self._closed(place)
            case PlaceRenamed(place=place):
                await self.watching.renamed(place, self.intake.rename(place))
            case SpaceLeft(space=space):
                await self._left(space)
            case HomeOpened():
                await self.show_home(news)
            case SpaceJoined(space=space):
                self.leavers.spaces.add(space)
            case RolesChanged():
                await self.leavers.hear(news)
            case SpacesNamed() | SpaceTroubled():
                pass  # `bot.workers.presence` sees to them
            case _:
                assert_never(news)

    async def _changed(self, ref: MessageRef, message: Message | None) -> None:
        if message is None:
            try:
                message = await self.platforms[ref.place.platform].fetch(ref)
            except (Temporary, Permanent) as failure:
                self._put_off(ref, failure)
                return
        self._unread.pop(ref.key, None)
        if message is None:
            await self._gone(ref)
            return
        await self._read_again(message)

    def _put_off(self, ref: MessageRef, failure: Temporary | Permanent) -> None:
        before = self._unread.pop(ref.key, None)
        attempts = 1 if before is None else before.attempts + 1
        delay = None
        if isinstance(failure, Temporary) and len(self._unread) < MOST_UNREAD:
            delay = next_delay(attempts, retry_after=failure.retry_after, chance=1)
        if delay is not None:
            due_at = self.casebook.clock() + delay
            self._unread[ref.key] = _Unread(ref, attempts, due_at)
        log.warning("a changed message is not read", message=ref.key, again=delay is not None)

    async def _read_again(self, message: Message) -> None:
        """Read a changed message as one is read that comes; what reads worse is raised."""
        intake, desk = self.intake, self.intake.desk
        if intake.skip_reason(message) is not None:
            return
        await intake.settle_on(message.ref)  # what it read before has to be decided first
        intake.changed(message)
        old = await self.store.decisions.one(desk.id, message.ref.key)
        decision = await self._decided(message)
        before = None if old is None else old.decision
        await self.publishing.reread(message.ref, before, decision)
        if is_worse(decision, before):
            await self._raise(message, decision, old)

    async def asked_for(self, message: Message, by: AccountRef) -> Case | None:
        """Open a case that somebody asked for; None where the message may not be looked at.

        An author may always ask about their own. A case that it is in already keeps that somebody
        asked; one that ended is opened again.
        """
        intake, desk = self.intake, self.intake.desk
        reason = intake.skip_reason(message)
        if reason is not None and by != message.author:
            return None
        await intake.settle_on(message.ref)
        old = await self.store.decisions.one(desk.id, message.ref.key)
        case = await self._case_of(old)
        if old is not None and case is not None:
            await self.store.decisions.revise(replace(old, decision=noted(old.decision)))
            plan = plan_of(self.casebook.desk, case.priority, self.casebook.clock())
            await self.casebook.happen(case.key, Wanted(plan))
        else:
            before = None if old is None else old.decision
            decision = asked_for(before, intake.decider.triage.versions)
            await self._raise(message, decision, old, asked=True)
        return await self._case_of(await self.store.decisions.one(desk.id, message.ref.key))

    async def _case_of(self, recorded: Recorded | None) -> Case | None:
        """Give the case that a message is in; none has what was read in shadow mode."""
        if recorded is None or recorded.alert is None:
            return None
        dossier = await self.store.alerts.find(recorded.desk, recorded.alert)
        return None if dossier is None else dossier.case

    async def _decided(self, message: Message) -> Decision:
        triage = self.intake.decider.triage
        before = self.intake.before(message)
        first = triage.first(message.text, sent_at=message.sent_at, before=before)
        (encoded,) = await asyncio.to_thread(triage.encode, [first])
        return self.intake.decider.decide_again(message, first, encoded)

    async def _raise(
        self, message: Message, decision: Decision, old: Recorded | None, *, asked: bool = False
    ) -> None:
        key, desk = message.ref.key, self.intake.desk.id
        alert = None if old is None or asked else old.alert
        if old is not None and alert is not None and decision.priority is not None:
            again = Recorded(desk, old.ref, old.link, old.author, old.sent_at, decision, old.alert)
            await self.store.decisions.revise(again)
            now, rung = self.casebook.clock(), decision.priority
            worse = Worse(rung, plan_of(self.casebook.desk, rung, now))
            await self.casebook.happen(alert, worse)
            return
        recorded = self.intake.decider.recorded_again(message, decision, asked=asked)
        if recorded is None:
            return
        log.info("a message is raised", message=key)
        if old is None:
            await (await self.store.decisions.record(Batch(desk, (recorded,))))
        else:
            await self.store.decisions.revise(recorded)

    async def _gone(self, ref: MessageRef) -> None:
        """Tell whoever has the case; what was noted about it in words goes with the message."""
        await self.intake.settle_on(ref)
        self.intake.gone(ref)
        await self.publishing.gone(ref)
        desk = self.intake.desk.id
        old = await self.store.decisions.one(desk, ref.key)
        if old is None:
            return
        await self.store.decisions.unlink(desk, ref.key)
        if old.alert is not None:
            await self._tell(old.alert, Gone(), f"gone/{ref.key}")

    async def _closed(self, place: Place) -> None:
        """Read it no longer. Its cursor stays: should it open again, the gap is read back."""
        desk, now = self.intake.desk.id, self.casebook.clock()
        await self.intake.settle(unread=False)
        self.intake.close(place)
        await self.store.spaces.close(desk, place.key, now)
        await self.publishing.closed(place)
        await self.watching.gone(place)
        for key in await self.store.decisions.in_place(desk, place):
            await self._tell(key, Unwatched(), f"unwatched/{key}/{now:%Y-%m-%d}")

    async def _tell(self, key: str, news: Input, id_: str) -> None:
        await self.casebook.happen(key, news, news=id_)

    async def _left(self, space: SpaceRef) -> None:
        """Close what is open there, tell whoever has it, and forget the space."""
        desk, now = self.intake.desk, self.casebook.clock()
        self.leavers.spaces.discard(space)
        await self.intake.settle()
        self.intake.leave(space)
        cases, people = await self.store.spaces.concerned(desk.id, space)
        to = dict.fromkeys((*(one for one in people if self._is_staff(one)), desk.overseer))
        notices = tuple(
            Delivery(
                key=f"{desk.id}/desk/left/{now.isoformat()}/{number}",
                desk=desk.id,
                action=DirectMessage(one, left_card(cases)),
                attempts=0,
                due_at=now,
            )
            for number, one in enumerate(to)
        )
        await self.store.spaces.forget(Leaving(desk.id, space, closed_card(), notices, now))
        await self.watching.roster.refresh()

    def _is_staff(self, who: AccountRef) -> bool:
        return who in self.casebook.staff.people
