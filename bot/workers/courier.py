"""The way out: what is due is performed, and what came of it is written down (I2).

Each destination has a lane of its own: in a lane one thing is done after the other, in the order
in which it was asked for, and lanes do not wait for each other.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from bot.domain.action import Delivery, DirectMessage, Receipt, is_lasting, platform_of
from bot.domain.alert import Undelivered
from bot.domain.message import PlatformName
from bot.domain.space import SpaceRef
from bot.policy.lane import in_turn
from bot.policy.retry import next_delay
from bot.policy.routing import instead_of
from bot.ports import Clock, Permanent, Platform, Shut, Temporary, Unreachable
from bot.store.engine import Store
from bot.workers.casebook import Casebook
from bot.workers.heartbeat import Pulse
from bot.workers.reach import Reaching

log = structlog.get_logger(__name__)

EVERY = timedelta(milliseconds=250)
AT_A_TIME = 200
# A platform that says nothing for so long may or may not have done it: it is asked again.
LONGEST_CALL = timedelta(seconds=30)
LONGEST_LOOK = timedelta(seconds=5)
# How often a door that is the only one is tried.
MENDING = timedelta(minutes=1)
# Lanes that are served at once, so that a flood does not open a thousand connections.
MOST_LANES = 32


@dataclass(frozen=True, slots=True)
class Courier:
    """Delivers for all platforms. `chance` gives a figure from 0 to 1, for jitter.

    What was to be done before this process began, at `began_at`, an earlier one may have done.
    `reaches_others` tells whether anybody can be told outside of a space that is shut, or of a
    platform that is.
    """

    store: Store
    platforms: Mapping[PlatformName, Platform]
    casebook: Casebook
    clock: Clock
    chance: Callable[[], float]
    pulse: Pulse
    reach: Reaching
    began_at: datetime
    reaches_others: Callable[[PlatformName, SpaceRef | None], bool] = lambda _name, _space: True
    _busy: set[str] = field(default_factory=set)
    _serving: set[asyncio.Task[None]] = field(default_factory=set)
    _ended: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Deliver what is due, as soon as it is written, until `end`."""
        async with asyncio.TaskGroup() as lanes:
            while not self._ended.is_set():
                await self._start_due(lanes)
                if not self._busy:  # one that hangs must not look alive for its neighbours' sake
                    self.pulse.beat()
                await self.store.deliveries.more(EVERY)

    def end(self) -> None:
        """Begin nothing more. `run` ends when what is under way has been answered.

        Cut short it might be done, and nobody would know: it would be done again.
        """
        self._ended.set()
        self.store.deliveries.look_again()

    async def settle(self, within: timedelta) -> None:
        """Return when what is under way now is done and on disk, or in time."""
        if self._serving:
            await asyncio.wait(self._serving, timeout=within.total_seconds())

    async def deliver_due(self) -> int:
        """Deliver everything that is due now; give how many deliveries were tried."""
        tried = 0
        while True:
            async with asyncio.TaskGroup() as lanes:
                started = await self._start_due(lanes)
            if not started:
                return tried
            tried += started

    async def _start_due(self, lanes: asyncio.TaskGroup) -> int:
        """Start the lanes that have something due and are not busy; give how much they have."""
        due = await self.store.deliveries.due(
            self.clock(), AT_A_TIME, without=frozenset(self._busy)
        )
        by_lane: dict[str, list[Delivery]] = {}
        for one in due:
            by_lane.setdefault(one.lane, []).append(one)
        started = 0
        for lane, queue in by_lane.items():
            if lane not in self._busy and len(self._busy) < MOST_LANES:
                self._busy.add(lane)
                task = lanes.create_task(self._serve(lane, in_turn(queue)), name=f"lane {lane}")
                self._serving.add(task)
                task.add_done_callback(self._serving.discard)
                started += len(queue)
        return started

    async def _serve(self, lane: str, queue: Sequence[Delivery]) -> None:
        """Do one after the other; when one has to wait, what comes after it waits too."""
        written = []
        try:
            for one in queue:
                receipt = await self._deliver(one)
                if receipt is None:
                    break
                # Not after the last one: whoever reads a page presses its buttons, and what
                # they are about is known by the receipt.
                pair = (one, receipt)
                written.append(await self.store.deliveries.submit([pair], self.clock()))
            for one_written in written:
                await one_written
        finally:
            self._busy.discard(lane)
            # What came for it meanwhile was left where it was, and is not to wait for a commit.
            self.store.deliveries.look_again()

    async def _deliver(self, delivery: Delivery) -> Receipt | None:
        try:
            return await self._done(delivery)
        except Shut as shut:
            await self._turned_away(delivery, shut)
        except Permanent as failure:
            await self._bury(delivery, str(failure))
            if isinstance(failure, Unreachable) and isinstance(delivery.action, DirectMessage):
                await self.reach.heard(delivery.action.to, reached=False)
        except Temporary as failure:
            await self._retry(delivery, failure)
        except TimeoutError:
            await self._retry(delivery, Temporary("no answer"))
        except Exception as bug:  # the item boundary: a bug costs an attempt, not the bot
            log.exception("delivery is broken", delivery=delivery.key)
            await self._retry(delivery, Temporary(f"bug: {type(bug).__name__}"))
        finally:
            self.pulse.beat()
        return None

    async def _done(self, delivery: Delivery) -> Receipt:
        platform = self.platforms[platform_of(delivery.action)]
        async with asyncio.timeout(LONGEST_CALL.total_seconds()):
            receipt = await self._found(platform, delivery)
            receipt = receipt or await platform.perform(delivery.action, key=delivery.key)
        if isinstance(delivery.action, DirectMessage):
            await self.reach.heard(delivery.action.to, reached=True)
        return receipt

    async def _found(self, platform: Platform, delivery: Delivery) -> Receipt | None:
        """Look whether an earlier process did it. It is done where that cannot be told.

        What comes twice is better than what comes late.
        """
        since = delivery.since
        if since is None or since >= self.began_at or not is_lasting(delivery.action):
            return None
        try:
            async with asyncio.timeout(LONGEST_LOOK.total_seconds()):
                return await platform.find(delivery.action, key=delivery.key, since=since)
        except (Temporary, Permanent, TimeoutError) as failure:
            log.warning("it is not looked for", delivery=delivery.key, why=str(failure))
            return None

    async def _turned_away(self, delivery: Delivery, shut: Shut) -> None:
        """Let the next person be told. Where there is nobody else, it waits until it is mended."""
        if self.reaches_others(platform_of(delivery.action), shut.space):
            await self._bury(delivery, str(shut))
        else:
            await self._retry(delivery, Temporary(str(shut), retry_after=MENDING))

    async def _retry(self, delivery: Delivery, failure: Temporary) -> None:
        delay = next_delay(
            delivery.attempts + 1, retry_after=failure.retry_after, chance=self.chance()
        )
        if delay is None:
            await self._bury(delivery, f"gave up: {failure}")
        else:
            due_at, is_asked = self.clock() + delay, failure.retry_after is not None
            await self.store.deliveries.retry(delivery, due_at, str(failure), is_asked=is_asked)

    async def _bury(self, delivery: Delivery, why: str) -> None:
        """Give up, and in the same transaction tell the next person and the last resort."""
        log.error("delivery is buried", delivery=delivery.key, why=why)
        action = delivery.action
        if delivery.alert is not None and isinstance(action, DirectMessage):
            undelivered = Undelivered(action.to)
            change = await self.casebook.happen(delivery.alert, undelivered, buried=(delivery, why))
            if change is not None:
                return
            await self.store.deliveries.bury(delivery, why, None)
            return
        last_resort = self.casebook.desk.last_resort
        instead = instead_of(delivery, last_resort, due_at=self.clock())
        await self.store.deliveries.bury(delivery, why, instead)
