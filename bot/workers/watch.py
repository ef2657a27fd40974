"""The watch list at work: a notice's receipt begins the watching, and what goes wrong is told."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

import structlog

from bot.cards import watch as cards
from bot.domain.action import Delivery, DirectMessage
from bot.domain.alert import Deed, What
from bot.domain.card import Card
from bot.domain.desk import Desk
from bot.domain.kept import Watching as Put
from bot.domain.message import Place, PlatformName
from bot.domain.watch import Mode, Sent, Stage, Watch
from bot.policy import watch as policy
from bot.ports import Platform
from bot.store.alert import Repeated, Turn
from bot.store.engine import BadDatabase, Store
from bot.store.output import Overtaken
from bot.workers.heartbeat import Pulse
from bot.workers.roster import Roster

log = structlog.get_logger(__name__)

EVERY: Final = timedelta(milliseconds=250)
# How long after its end a channel's last word may be refused, and whoever ended it is told.
LEAVING: Final = timedelta(minutes=10)
TRIES: Final = 5


@dataclass(slots=True)
class Watching:
    """`known` gives the places that a platform has opened, as they are called there now."""

    roster: Roster
    store: Store
    platforms: Mapping[PlatformName, Platform]
    pulse: Pulse
    known: Callable[[PlatformName], Sequence[Place]]
    _true_of: Desk | None = None

    async def run(self) -> None:
        """Look what became of the notices that are on their way, until cancelled."""
        while True:
            await self.look()
            self.pulse.beat()
            await asyncio.sleep(EVERY.total_seconds())

    @property
    def watches(self) -> Mapping[str, Watch]:
        return self.roster.desk.watches

    async def look(self) -> None:
        """Follow what became of notices and pins. Costs nothing while all is known."""
        since = self.roster.clock() - LEAVING
        ended = (one for one in self.watches.values() if one.stage is Stage.OFF)
        if any(one.set_at >= since for one in ended):
            await self._tell_unsaid()
        if not all(one.is_settled for one in self.watches.values()):
            await self.catch_up()
        await self._keep_true()

    async def _keep_true(self) -> None:
        """Let each channel know what holds now: whatever changed it, a dialog or the file."""
        desk, now = self.roster.desk, self.roster.clock()
        if desk is self._true_of:  # nothing changes in a desk: it is another one then
            return
        notices, is_true = {mode: cards.notice_of(desk, mode) for mode in Mode}, True
        drawn = {mode: policy.mark(card) for mode, card in notices.items()}
        for before in tuple(desk.watches.values()):
            watch = policy.kept_true(before, desk.consent, drawn[before.mode])
            if watch is None:
                continue
            is_true = False
            line = cards.consent_card(desk.consent)
            sent = policy.lets_know(watch, before, notices[before.mode], line, now)
            await self._safely(self._write(watch, before, What.WATCH_SET, sent))
        if is_true:
            self._true_of = desk

    async def _tell_unsaid(self) -> None:
        """Tell whoever took a channel off the list that it could not be said there; once."""
        desk, now = self.roster.file.id, self.roster.clock()
        for watch, why in await self.store.watches.unsaid(desk, now - LEAVING):
            card = cards.unsaid_card(self.place(watch.place), why)
            told = Delivery(f"{watch.key}/unsaid", desk, DirectMessage(watch.set_by, card), 0, now)
            await self.store.deliveries.schedule(told)

    async def catch_up(self) -> None:
        """Follow what became of notices and pins, whatever is thought to be known."""
        for sent in await self.store.watches.sent(self.roster.file.id):
            await self._safely(self._follow(sent))

    async def _safely(self, doing: Awaitable[object]) -> None:
        try:
            await doing
        except BadDatabase:
            raise
        except Exception as bug:  # noqa: BLE001 - the item boundary: one must not stop the others
            log.error("a notice is broken", bug=type(bug).__name__)  # noqa: TRY400 - as above

    async def gone(self, place: Place) -> None:
        """End the watching of a channel that is gone, and tell whoever set it."""
        for _ in range(TRIES):
            watch = self.watches.get(place.key)
            if watch is None or watch.stage not in (Stage.ON, Stage.WISHED):
                return
            ended = policy.ended(watch, by=watch.set_by, now=self.roster.clock())
            told = self._tell(ended, cards.gone_card(place))
            if await self._write(ended, watch, What.WATCH_ENDED, told):
                return

    async def renamed(self, place: Place, before: Place | None) -> None:
        """Keep reading a channel that has a new name, also where the file knows the old one."""
        desk, now = self.roster.desk, self.roster.clock()
        for _ in range(TRIES):
            watch = self.watches.get(place.key)
            if watch is None:
                break
            named = replace(watch, place=place, version=watch.version + 1)
            if await self._write(named, watch, What.WATCH_SET, ()):
                return
        was = before is not None and policy.is_watched(before, desk)
        if place.thread is not None or not was or policy.is_watched(place, desk):
            return
        why = f"renamed/{now.isoformat()}"
        kept = policy.taken_over(place, desk=desk.id, by=desk.overseer, now=now, asking=why)
        told = self._tell(kept, cards.renamed_card(place))
        await self._write(kept, None, What.WATCH_SET, told)

    async def _follow(self, sent: Sent) -> None:
        before, now = sent.watch, self.roster.clock()
        platform = self.platforms.get(before.place.platform)
        can_pin = platform is not None and platform.capabilities.pins
        if sent.told is not None:
            watch = policy.told(sent)
            card = cards.untold_card(self.place(watch.place), sent.why)
            said = () if sent.told else self._tell(watch, card)
            await self._write(watch, before, What.WATCH_SET, said)
            return
        watch = policy.heard(sent, can_pin=can_pin)
        match watch.stage:
            case Stage.FAILED:
                card = cards.failed_card(self.place(watch.place), sent.why)
                await self._write(watch, before, What.NOT_WATCHED, self._tell(watch, card))
            case Stage.ON if before.stage is Stage.WISHED:
                await self._write(watch, before, What.WATCHED, policy.asks_for_pin(watch, now))
            case Stage.ON:
                card = cards.unpinned_card(self.place(watch.place), sent.why)
                told = () if watch.pinned else self._tell(watch, card)
                await self._write(watch, before, What.PINNED, told)
            case _:
                taken = policy.takes_back(watch, now) if before.notice is None else ()
                await self._write(watch, before, What.WATCH_ENDED, taken)

    def place(self, place: Place) -> Place:
        """Give a channel by the name that it has now."""
        found = (one for one in self.known(place.platform) if one == place)
        return next(found, place)

    def _tell(self, watch: Watch, card: Card) -> tuple[Delivery, ...]:
        """Tell whoever set it, privately: it is the answer to what they asked for."""
        key = f"{watch.key}/told/{watch.version}"
        notice = DirectMessage(watch.set_by, card)
        return (Delivery(key, watch.desk, notice, attempts=0, due_at=self.roster.clock()),)

    async def _write(
        self, watch: Watch, before: Watch | None, what: What, deliveries: Sequence[Delivery]
    ) -> bool:
        """Write a change; False when somebody else was faster, and it has to be decided anew."""
        # It may not name the place: should the space be left, this stays. So it is made of the key,
        # which never comes round again.
        name = hashlib.sha256(watch.key.encode()).hexdigest()[:20]
        kept = (Put(watch, 0 if before is None else before.version),)
        turn = Turn(
            desk=watch.desk,
            id=f"watch/{name}/{watch.version}/{what}",
            alert=None,
            now=self.roster.clock(),
            deed=Deed(what, self.roster.clock()),
            deliveries=tuple(deliveries),
            kept=kept,
        )
        try:
            await self.store.alerts.write(turn)
        except (Repeated, Overtaken):
            await self.roster.refresh()
            return False
        self.roster.follow(kept)
        await self.roster.refresh()
        return True
