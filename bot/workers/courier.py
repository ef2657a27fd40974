"""The way out: what is due is performed, and what came of it is written down (I2)."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import assert_never

import structlog

from bot.domain.action import Action, Delivery, DirectMessage, Post, Receipt, Reply
from bot.domain.desk import Desk
from bot.domain.message import PlatformName
from bot.policy.retry import next_delay
from bot.policy.routing import instead_of
from bot.ports import Clock, Permanent, Platform, Temporary
from bot.store.engine import Store
from bot.workers.heartbeat import Pulse

log = structlog.get_logger(__name__)

EVERY = timedelta(milliseconds=250)
AT_A_TIME = 200


@dataclass(frozen=True, slots=True)
class Courier:
    """Delivers for all platforms. `chance` gives a figure from 0 to 1, for jitter."""

    store: Store
    platforms: Mapping[PlatformName, Platform]
    desk: Desk
    clock: Clock
    chance: Callable[[], float]
    pulse: Pulse

    async def run(self) -> None:
        """Deliver what is due, every so often, until cancelled."""
        while True:
            await self.deliver_due()
            self.pulse.beat()
            await asyncio.sleep(EVERY.total_seconds())

    async def deliver_due(self) -> int:
        """Deliver everything that is due now; give how many deliveries were tried."""
        tried = 0
        while due := await self.store.deliveries.due(self.clock(), AT_A_TIME):
            done = [(one, receipt) for one in due if (receipt := await self._deliver(one))]
            await self.store.deliveries.delivered(done, self.clock())
            tried += len(due)
        return tried

    async def _deliver(self, delivery: Delivery) -> Receipt | None:
        try:
            platform = self.platforms[platform_of(delivery.action)]
            return await platform.perform(delivery.action, key=delivery.key)
        except Permanent as failure:
            await self._bury(delivery, str(failure))
        except Temporary as failure:
            await self._retry(delivery, failure)
        except Exception as bug:  # the item boundary: a bug costs an attempt, not the bot
            log.exception("delivery is broken", delivery=delivery.key)
            await self._retry(delivery, Temporary(f"bug: {type(bug).__name__}"))
        finally:
            self.pulse.beat()
        return None

    async def _retry(self, delivery: Delivery, failure: Temporary) -> None:
        delay = next_delay(
            delivery.attempts + 1, retry_after=failure.retry_after, chance=self.chance()
        )
        if delay is None:
            await self._bury(delivery, f"gave up: {failure}")
        else:
            await self.store.deliveries.retry(delivery, self.clock() + delay, str(failure))

    async def _bury(self, delivery: Delivery, why: str) -> None:
        """Give up, and in the same transaction turn to the desk's last resort, once."""
        log.error("delivery is buried", delivery=delivery.key, why=why)
        await self.store.deliveries.bury(
            delivery, why, instead_of(delivery, self.desk, due_at=self.clock())
        )


def platform_of(action: Action) -> PlatformName:
    """Name the platform that can do it."""
    match action:
        case Post(place=place):
            return place.platform
        case Reply(to=ref):
            return ref.place.platform
        case DirectMessage(to=account):
            return account.platform
        case _:
            assert_never(action)
