"""The way back: what was written while nobody listened is read from history, in order (I1).

It goes through the same intake as all else. Which gaps there are is decided by `policy.cursor`;
here is only the reading, a page at a time and one place after another, so that a long outage of one
channel neither floods the platform nor keeps the others waiting.
"""

import asyncio
import traceback
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from bot.domain.event import (
    Event,
    Opened,
    PlaceGone,
    Posted,
    ReadBack,
    Reconnected,
    SpaceLeft,
)
from bot.domain.message import Place, PlatformName
from bot.policy.cursor import Gap
from bot.policy.retry import ATTEMPTS, next_delay
from bot.ports import Clock, Permanent, Platform, Temporary
from bot.workers.heartbeat import Pulse
from bot.workers.intake import Intake

log = structlog.get_logger(__name__)

EVERY = timedelta(seconds=1)
# After so many messages all are put on disk, and the platform gets a rest; after so many the next
# place gets its turn.
PAGE = 100
TURN = 500
REST = timedelta(milliseconds=200)
# A message this much older than the opening of a place that was never read was there before us.
SKEW = timedelta(minutes=5)
# A history that is refused for good (no permission) may be allowed later: nobody restarts for it.
REFUSED = timedelta(minutes=30)


@dataclass(slots=True)
class _Visit:
    """A place whose gaps are to be read back, no earlier than `due_at`."""

    place: Place
    opened_at: datetime
    due_at: datetime
    began: str = ""
    attempts: int = 0


@dataclass(slots=True)
class Backfill:
    """Stands before the intake: it hears which places were opened, and fills their gaps."""

    intake: Intake
    platforms: Mapping[PlatformName, Platform]
    clock: Clock
    pulse: Pulse
    _visits: dict[str, _Visit] = field(default_factory=dict)
    _filling: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def take(self, event: Event) -> Awaitable[None]:
        """Hand it on, and remember whose gaps it makes. See `bot.ports.Inbox`."""
        written = await self.intake.take(event)
        match event:
            case Posted(is_late=False):
                pass
            case Posted(message=message):
                # No cursor has moved by it: history tells what else was written around it.
                self._visit(self.intake.opened(message.ref.place), is_new=False)
            case Opened(place=place, began=began):
                self._visit(place, began)
            case Reconnected(platform=platform, space=space):
                for place in self.intake.places(platform, space):
                    self._visit(place)
            case PlaceGone(place=place):
                self._drop(lambda one: place.key in (one.key, one.channel_key))
            case SpaceLeft(space=left):
                here = (left.platform, left.id)
                self._drop(lambda one: (one.platform, one.space) == here)
            case _:
                pass
        return written

    async def run(self) -> None:
        """Fill what there is to fill, until cancelled."""
        while True:
            await asyncio.sleep(EVERY.total_seconds())
            await self.fill_due()
            self.pulse.beat()

    async def fill_due(self) -> None:
        """Visit each place whose time has come until its gaps are filled, or it has to wait."""
        async with self._filling:
            while due := [key for key, v in self._visits.items() if v.due_at <= self.clock()]:
                for key in due:
                    visit = self._visits.pop(key)
                    if not await self._filled(visit):
                        self._visits.setdefault(key, visit)

    @property
    def waiting(self) -> int:
        """How many places have gaps that are not read back yet."""
        return len(self._visits)

    def _drop(self, is_gone: Callable[[Place], bool]) -> None:
        """Visit these no more: nobody may read them."""
        for key in [key for key, visit in self._visits.items() if is_gone(visit.place)]:
            del self._visits[key]

    def _visit(self, place: Place, began: str = "", *, is_new: bool = True) -> None:
        platform = self.platforms.get(place.platform)
        has_history = platform is not None and platform.capabilities.history
        if has_history and (is_new or place.key not in self._visits):
            self._visits[place.key] = _Visit(place, self.clock(), self.clock(), began)

    def _platform(self, place: Place) -> Platform:
        return self.platforms[place.platform]

    async def _filled(self, visit: _Visit) -> bool:
        """Read on at one place; False when it has to be visited again."""
        try:
            return await self._read(visit)
        except Temporary as failure:
            self._put_off(visit, failure.retry_after, str(failure))
        except Permanent as failure:
            self._put_off(visit, REFUSED, str(failure))
        except Exception as bug:  # noqa: BLE001 - the item boundary: one place must not stop the others
            # Without the text, which an exception may quote (I4).
            where = traceback.format_tb(bug.__traceback__)[-1].strip()
            log.error("history is broken", bug=type(bug).__name__, where=where)  # noqa: TRY400 - as above
            self._put_off(visit, REFUSED, type(bug).__name__)
        return False

    def _put_off(self, visit: _Visit, retry_after: timedelta | None, why: str) -> None:
        """Wait longer each time but never give up: a gap that stays is what the auditor sees."""
        visit.attempts = min(visit.attempts + 1, ATTEMPTS - 1)
        delay = next_delay(visit.attempts, retry_after=retry_after, chance=1)
        visit.due_at = self.clock() + (delay or REFUSED)
        log.warning("history is put off", place=visit.place.key, why=why)

    async def _read(self, visit: _Visit) -> bool:
        place, left = visit.place, TURN
        if not self.intake.cursor(place).is_begun:
            await self._begin(visit)
        for gap in self.intake.cursor(place).gaps:
            left = await self._fill(place, gap, left)
            if left <= 0:
                return False
        if place.key not in self._visits:  # it was not opened once more meanwhile
            self.intake.looked_back(place)
        return True

    async def _begin(self, visit: _Visit) -> None:
        """Find where the reading of a new place begins, so that its first gap will be seen.

        What was there before us is not read. The newest message is, when it may have been written
        since: the connection may never bring it.
        """
        place, position = visit.place, ""
        if visit.began and self._was_read_at(place, visit.began):
            self.intake.begin(place, "")
            return
        async for newest in self._platform(place).history(place, after=None):
            position = newest.position
            if newest.sent_at >= visit.opened_at - SKEW:
                await self.intake.take(ReadBack(newest, position))
        self.intake.begin(place, position)

    def _was_read_at(self, thread: Place, position: str) -> bool:
        """Tell whether a thread's channel was being read when the thread came to be."""
        channel = Place(thread.platform, thread.space, thread.channel)
        first = self.intake.cursor(channel).first
        return first is not None and first <= position

    async def _fill(self, place: Place, gap: Gap, left: int) -> int:
        """Read a gap back until it is closed or `left` messages were read; give what is left."""
        after, written = gap.after, None
        async for message in self._platform(place).history(place, after=after):
            written = await self.intake.take(ReadBack(message, after))
            after, left = message.position, left - 1
            if left <= 0 or self._is_closed(place, gap, after):
                break
            if left % PAGE == 0:
                await written
                await asyncio.sleep(REST.total_seconds())
        return left

    def _is_closed(self, place: Place, gap: Gap, reached: str) -> bool:
        met_live = self.intake.cursor(place).is_live(reached)
        return met_live or (gap.before is not None and reached >= gap.before)
