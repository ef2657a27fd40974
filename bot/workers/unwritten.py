"""What has been decided and counted since the last write, and how it comes to the store."""

import asyncio
from collections import Counter, deque
from collections.abc import Awaitable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta

from bot.domain.decision import Answer, Batch, Recorded
from bot.domain.ledger import Count, Stretch, Tally
from bot.domain.message import Place
from bot.policy.cursor import Cursor
from bot.store.engine import Store
from bot.workers.backlog import Entry
from bot.workers.tail import Tail

# How much may wait for one write, how many writes may be under way, and how long a count may wait:
# some of what Slack sends is answered when it is written, and what is urgent is written at once.
MOST_MESSAGES = 512
MOST_DECISIONS = 128
MOST_UNWRITTEN = 4
EVERY = timedelta(milliseconds=100)


@dataclass(slots=True)
class _Counted:
    """What is to be written of one place.

    It may have come on in several stretches at once: live, and in a gap that is read back.
    """

    place: Place
    counts: Counter[tuple[date, Count]] = field(default_factory=Counter)
    stretches: dict[str, Stretch] = field(default_factory=dict)
    tail: Tail | None = None
    noted: list[str] = field(default_factory=list)

    def tallies(self) -> Iterator[Tally]:
        if self.counts:
            yield Tally(self.place, None, self.counts)
        for stretch in self.stretches.values():
            yield Tally(self.place, stretch)
        run = self.tail.run(self.noted) if self.tail is not None and self.noted else None
        if run is not None:
            yield Tally(self.place, None, run=run)


@dataclass(slots=True)
class Unwritten:
    """It travels in one transaction: a cursor never without the counts of what it has passed."""

    written: asyncio.Future[None]
    held: list[asyncio.Future[None]] = field(default_factory=list)
    recorded: list[Recorded] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    _counted: dict[str, _Counted] = field(default_factory=dict)

    def account(self, entry: Entry, place: Place, cursor: Cursor, tail: Tail | None) -> None:
        """Count an entry, and note how far it has brought the `cursor` of its `place`."""
        counted = self._counted.get(entry.stream)
        if counted is None:
            counted = self._counted[entry.stream] = _Counted(place, tail=tail)
        stretch = None if entry.reached is None else cursor.around(entry.reached)
        if stretch is not None:
            counted.stretches[stretch.first] = stretch
        message = entry.message
        if message is None:
            return
        self.held.append(entry.written)
        day = message.sent_at.date()
        counted.counts[day, Count.SEEN] += 1
        counted.counts[day, entry.skipped or Count.READ] += 1
        if not entry.is_assessed:
            counted.counts[day, Count.UNASSESSED] += 1
        if tail is not None:
            counted.noted.append(message.position)

    @property
    def streams(self) -> Iterable[str]:
        """The keys of the places whose cursors it moves."""
        return (stream for stream, counted in self._counted.items() if counted.stretches)

    def batch(self, desk: str) -> Batch:
        tallies = (tally for counted in self._counted.values() for tally in counted.tallies())
        return Batch(desk, tuple(self.recorded), tuple(tallies), tuple(self.answers))


@dataclass(slots=True)
class Writing:
    """Gathers what is to be written of one desk, and hands it to the store many at a time.

    `on_disk` are the places of which a cursor is there: what comes after it is read back.
    """

    store: Store
    on_disk: set[str] = field(default_factory=set)
    _unwritten: Unwritten | None = None
    _under_way: deque[asyncio.Future[None]] = field(default_factory=deque)
    _urged: asyncio.Event = field(default_factory=asyncio.Event)

    def urge(self) -> None:
        """Let whoever waits in `urged` go on: something cannot wait."""
        self._urged.set()

    @property
    def is_urged(self) -> bool:
        return self._urged.is_set()

    async def urged(self, within: timedelta) -> None:
        """Return when something cannot wait, or when time is up."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within.total_seconds()):
                await self._urged.wait()

    def gather(self) -> Unwritten:
        """Give what goes with the next write."""
        if self._unwritten is None:
            self._unwritten = Unwritten(asyncio.get_running_loop().create_future())
        return self._unwritten

    @property
    def is_full(self) -> bool:
        waiting = self._unwritten
        return waiting is not None and (
            len(waiting.held) >= MOST_MESSAGES or len(waiting.recorded) >= MOST_DECISIONS
        )

    async def write(self, desk: str) -> None:
        """Hand over what was gathered; wait only while too many writes are under way."""
        self._urged.clear()
        if (waiting := self._unwritten) is None:
            return
        self._unwritten = None
        self._under_way.append(waiting.written)
        written = await self.store.decisions.record(waiting.batch(desk))
        self._pass_on(written, waiting)
        while len(self._under_way) > MOST_UNWRITTEN or _is_done(self._under_way):
            await self._under_way.popleft()

    async def settle(self, desk: str) -> None:
        """Return when all that was gathered is on disk."""
        await self.write(desk)
        while self._under_way:
            await self._under_way.popleft()

    def _pass_on(self, written: Awaitable[None], waiting: Unwritten) -> None:
        """Settle all that waits for a write as the write is settled."""

        def settle(done: asyncio.Future[None]) -> None:
            error = done.exception()
            if error is None:
                self.on_disk.update(waiting.streams)
            for future in (waiting.written, *waiting.held):
                if future.done():
                    continue
                if error is None:
                    future.set_result(None)
                else:
                    future.set_exception(error)
                    # Nobody need await it: the first of them, which `write` awaits, tells of it.
                    future.exception()

        asyncio.ensure_future(written).add_done_callback(settle)


def _is_done(under_way: deque[asyncio.Future[None]]) -> bool:
    return bool(under_way) and under_way[0].done()
