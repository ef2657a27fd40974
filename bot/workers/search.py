"""Looks for what may have been sent although no receipt came, so that it is not left as it was.

A process that is killed between the sending and the receipt does not know of it. When the case
moves on before it is asked for again, it is asked for no more: it would stand in somebody's direct
messages with buttons that say what is no longer so. What is found is drawn again with the others.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

import structlog

from bot.domain.action import Receipt, Search, is_lasting, platform_of
from bot.domain.message import PlatformName
from bot.policy.search import next_look
from bot.ports import Clock, Permanent, Platform, Temporary
from bot.store.engine import BadDatabase, Store
from bot.workers.heartbeat import Pulse

log = structlog.get_logger(__name__)

EVERY = timedelta(seconds=1)
AT_A_TIME = 20
LONGEST_LOOK = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Searching:
    store: Store
    platforms: Mapping[PlatformName, Platform]
    clock: Clock
    pulse: Pulse

    async def run(self) -> None:
        """Look for what is open, every so often, until cancelled."""
        while True:
            await self.search_due()
            self.pulse.beat()
            await asyncio.sleep(EVERY.total_seconds())

    async def search_due(self) -> int:
        """Look once for each that is due now; give how many that were."""
        due = await self.store.searches.due(self.clock(), AT_A_TIME)
        for search in due:
            await self._safely(search)
            self.pulse.beat()
        return len(due)

    async def _safely(self, search: Search) -> None:
        try:
            await self._look(search)
        except BadDatabase:
            raise
        except Permanent as failure:
            log.warning("what was sent cannot be looked for", why=str(failure))
            await self.store.searches.end(search)
        except (Temporary, TimeoutError) as failure:
            await self._put_off(search, failure)
        except Exception as bug:  # the item boundary: one must not hold up the others
            log.exception("a search is broken", delivery=search.delivery.key)
            await self._put_off(search, bug)

    async def _look(self, search: Search) -> None:
        receipt, delivery = await self._find(search), search.delivery
        if receipt is not None:
            log.info("it had been sent", delivery=delivery.key)
            await self.store.searches.found(delivery, receipt, self.clock())
            return
        looked = replace(search, looks=search.looks + 1)
        again = next_look(looked, self.clock()) if is_lasting(delivery.action) else None
        if again is None:
            await self.store.searches.end(looked)
        else:
            await self.store.searches.put_off(looked, again)

    async def _find(self, search: Search) -> Receipt | None:
        action = search.delivery.action
        platform = self.platforms.get(platform_of(action))
        if platform is None or not is_lasting(action):
            return None
        async with asyncio.timeout(LONGEST_LOOK.total_seconds()):
            return await platform.find(action, key=search.delivery.key, since=search.since)

    async def _put_off(self, search: Search, failure: Exception) -> None:
        after = failure.retry_after if isinstance(failure, Temporary) else None
        again = next_look(search, self.clock(), failed=True, retry_after=after)
        if again is None:
            await self.store.searches.end(search)
        else:
            await self.store.searches.put_off(search, again)
