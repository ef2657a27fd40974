"""The way in: read, decide, record. It waits only for the store and the encoder.

Ordinary messages cost no row: they are counted, and the counts go to the store with the cursor,
many at a time. A decision goes in the same transaction as the cursor that has come past it, so a
crash loses neither or both (I1, I2). What cannot wait is read and recorded at once; all else waits
for the encoder in a backlog, and the cursor waits with it.
"""

import asyncio
import traceback
from collections import Counter, OrderedDict, deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import assert_never

import structlog

from bot.domain.decision import Batch, Recorded
from bot.domain.desk import Desk
from bot.domain.event import Event, Opened, Posted, Pressed
from bot.domain.ledger import Count, Stretch, Tally
from bot.domain.message import Message, Place
from bot.domain.reading import Priority
from bot.policy.cursor import Cursor, merged
from bot.policy.decide import Shelf
from bot.policy.routing import OnDutyAt
from bot.policy.watch import skip_reason
from bot.ports import Clock
from bot.store.engine import Store
from bot.triage.encoder import Encoded
from bot.triage.likeness import Likeness
from bot.triage.read import Triage
from bot.workers.backlog import Backlog, Entry
from bot.workers.conversation import Conversations
from bot.workers.decider import MOST_REMEMBERED, Decider

log = structlog.get_logger(__name__)

# How much may wait for one write, how many writes may be under way, and how long a count may wait.
MOST_MESSAGES = 512
MOST_DECISIONS = 128
MOST_UNWRITTEN = 4
EVERY = timedelta(milliseconds=200)
# How many the encoder reads in one go: enough to fill its batches, few enough that a message which
# comes in meanwhile waits a tenth of a second and no more.
MOST_READ = 64
# How many may wait for the encoder. A calm chat never has any; of a flood this is a minute's work.
# Above it whoever brings more has to wait, so that memory stays bounded and nothing is dropped.
MOST_WAITING = 20_000
# In a replay nobody is waiting, so a short backlog will do, and nothing is read out of turn: the
# same export gives the same alerts.
MOST_WAITING_OF_THE_PAST = 256

OnDecided = Callable[[Message, Recorded], None]
# Gives the key of the alert that the press has closed, if it has.
OnPressed = Callable[[Pressed], Awaitable[str | None]]


@dataclass(slots=True)
class _Unwritten:
    """What has been decided and counted since the last write."""

    written: asyncio.Future[None]
    held: list[asyncio.Future[None]] = field(default_factory=list)
    recorded: list[Recorded] = field(default_factory=list)
    counts: dict[Place, Counter[tuple[date, Count]]] = field(default_factory=dict)
    stretches: dict[Place, Stretch | None] = field(default_factory=dict)

    def batch(self, desk: str) -> Batch:
        tallies = (Tally(p, self.stretches.get(p), counts) for p, counts in self.counts.items())
        return Batch(desk, tuple(self.recorded), tuple(tallies))


@dataclass(slots=True)
class Intake:
    """An Inbox for every platform of one desk. Build it with `open_intake`.

    `is_live` tells a platform on which people wait from one whose past is read out. `taken` counts
    the messages that came in, `known` those of them that were read before.
    """

    desk: Desk
    triage: Triage
    decider: Decider
    store: Store
    on_decided: OnDecided
    on_pressed: OnPressed
    is_live: bool
    cursors: dict[str, Cursor]
    taken: int = 0
    known: int = 0
    _seen: dict[str, Cursor] = field(default_factory=dict)
    _streams: dict[str, Place] = field(default_factory=dict)
    _routes: dict[Place, str] = field(default_factory=dict)
    _conversations: Conversations = field(default_factory=Conversations)
    _backlog: Backlog = field(default_factory=Backlog)
    _more: asyncio.Event = field(default_factory=asyncio.Event)
    _reading: asyncio.Lock = field(default_factory=asyncio.Lock)
    _unwritten: _Unwritten | None = None
    _under_way: deque[asyncio.Future[None]] = field(default_factory=deque)

    def __post_init__(self) -> None:
        self._seen = dict(self.cursors)

    async def take(self, event: Event) -> Awaitable[None]:
        """Read and decide on `event`. See `bot.ports.Inbox`."""
        match event:
            case Opened():
                self._open(event.place)
                return _done()
            case Posted():
                return await self._post(event.message)
            case Pressed():
                if (closed := await self.on_pressed(event)) is not None:
                    self.decider.forget(closed)
                return _done()
            case _:
                assert_never(event)

    async def run(self) -> None:
        """Read what waits for the encoder, and write what waits for the store, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._keep_reading(), name="reading")
            tasks.create_task(self._keep_writing(), name="writing")

    @property
    def channels(self) -> frozenset[str]:
        """The keys of the channels that messages came from."""
        return frozenset(place.channel_key for place in self._streams.values())

    @property
    def waiting(self) -> int:
        """How many messages came in and are not accounted for yet."""
        return self._backlog.waiting

    async def settle(self, *, unread: bool = True) -> None:
        """Return when everything taken so far is on disk.

        With `unread` false, what still waits for the encoder is left: no cursor has moved past
        it, so it is read again from the platform's history.
        """
        while unread and self._backlog.unread:
            await self._read_some()
        async with self._reading:  # those that are being read this moment
            await self._write()
        while self._under_way:
            await self._under_way.popleft()

    async def _keep_reading(self) -> None:
        while True:
            await self._more.wait()
            await self._read_some()

    async def _keep_writing(self) -> None:
        while True:
            await asyncio.sleep(EVERY.total_seconds())
            await self._write()

    def _open(self, place: Place) -> None:
        self._streams[place.key] = place
        self._routes.clear()
        self._seen[place.key] = self._seen.get(place.key, Cursor()).reopened()
        self._backlog.add(Entry(place.key, None, _done(), is_read=True))
        self._account()

    def _stream(self, place: Place) -> str:
        """Give the key of the place that counts a message: its own, or else its channel's."""
        key = self._routes.get(place)
        if key is None:
            key = place.key if place.key in self._streams else place.channel_key
            if key not in self._streams:
                self._open(Place(place.platform, place.space, place.channel, name=place.name))
            self._routes[place] = key
        return key

    async def _post(self, message: Message) -> Awaitable[None]:
        self.taken += 1
        stream = self._stream(message.ref.place)
        seen = self._seen[stream]
        skipped = skip_reason(message, self.desk, author=self.decider.author(message.author))
        if seen.covers(message.position):
            self.known += 1
            if skipped is None:
                self._conversations.add(message)
            return _done()
        self._seen[stream] = seen.moved(message.position)
        entry = Entry(stream, message, asyncio.get_running_loop().create_future(), skipped)
        self._backlog.add(entry)
        urgent = skipped is None and await self._begin(entry, message)
        entry.is_read |= skipped is not None
        self._account()
        if urgent or self._is_full():
            await self._write()
        await self._make_room()
        return entry.written

    async def _begin(self, entry: Entry, message: Message) -> bool:
        """Read it as far as it cannot wait; tell whether what follows must be written at once."""
        before = self._conversations.before(message)
        self._conversations.add(message)
        try:
            first = self.triage.first(message.text, sent_at=message.sent_at, before=before)
        except Exception as bug:  # noqa: BLE001 - the item boundary: one must not silence all
            self._tell(entry, bug)
            entry.is_read = True
            return False
        entry.first = first
        entry.is_assessed = self.triage.is_complete
        if not self.triage.has_encoder or (self.is_live and first.is_urgent):
            return self._decide_safely(entry, None)
        if self.is_live and first.is_doubtful:
            (encoded,) = await self._encoded([entry])
            return self._decide_safely(entry, encoded)
        self._backlog.queue(entry)
        self._more.set()
        return False

    async def _make_room(self) -> None:
        most = MOST_WAITING if self.is_live else MOST_WAITING_OF_THE_PAST
        while self._backlog.unread >= most:
            await self._read_some()

    async def _read_some(self) -> None:
        """Let the encoder read the oldest of those that wait; decide on them in their order."""
        async with self._reading:
            entries = self._backlog.take_unread(MOST_READ)
            if not self._backlog.unread:
                self._more.clear()
            if not entries:
                return
            encoded = await self._encoded(entries)
            urgent = False
            for entry, one in zip(entries, encoded, strict=True):
                urgent |= self._decide_safely(entry, one)
            self._account()
            if urgent or self._is_full():
                await self._write()

    async def _encoded(self, entries: Sequence[Entry]) -> Sequence[Encoded | None]:
        """Ask the encoder, away from the loop; what it chokes on is read without it, counted."""
        firsts = [entry.first for entry in entries if entry.first is not None]
        try:
            return await asyncio.to_thread(self.triage.encode, firsts)
        except Exception as bug:  # noqa: BLE001 - as above
            for entry in entries:
                self._tell(entry, bug)
            return [None] * len(entries)

    def _account(self) -> None:
        """Count what is read and has nothing unread before it, and move the cursors past it."""
        for entry in self._backlog.take_finished():
            cursor = self.cursors.get(entry.stream, Cursor())
            if entry.message is None:
                self.cursors[entry.stream] = cursor.reopened()
                continue
            cursor = self.cursors[entry.stream] = cursor.moved(entry.message.position)
            unwritten = self._gather()
            unwritten.held.append(entry.written)
            place = self._streams[entry.stream]
            unwritten.stretches[place] = cursor.now
            counts = unwritten.counts.setdefault(place, Counter())
            day = entry.message.sent_at.date()
            counts[day, Count.SEEN] += 1
            counts[day, entry.skipped or Count.READ] += 1
            if not entry.is_assessed:
                counts[day, Count.UNASSESSED] += 1

    def _tell(self, entry: Entry, bug: Exception) -> None:
        """Log without the text, which an exception may quote (I4), and count it as unassessed."""
        entry.is_assessed = False
        where = traceback.format_tb(bug.__traceback__)[-1].strip()
        key = entry.message.ref.key if entry.message is not None else entry.stream
        log.error("triage is broken", message=key, bug=type(bug).__name__, where=where)

    def _decide_safely(self, entry: Entry, encoded: Encoded | None) -> bool:
        """Decide on what is read now; tell whether the decision must be written at once."""
        entry.is_read = True
        if entry.message is None or entry.first is None:
            return False
        try:
            recorded = self.decider.decide(entry.message, entry.first, encoded)
        except Exception as bug:  # noqa: BLE001 - as above
            self._tell(entry, bug)
            return False
        if recorded is None:
            return False
        self._gather().recorded.append(recorded)
        self.on_decided(entry.message, recorded)
        return recorded.decision.priority is not None and recorded.decision.priority <= Priority.P1

    def _gather(self) -> _Unwritten:
        if self._unwritten is None:
            self._unwritten = _Unwritten(asyncio.get_running_loop().create_future())
        return self._unwritten

    def _is_full(self) -> bool:
        waiting = self._unwritten
        return waiting is not None and (
            len(waiting.held) >= MOST_MESSAGES or len(waiting.recorded) >= MOST_DECISIONS
        )

    async def _write(self) -> None:
        if (waiting := self._unwritten) is None:
            return
        self._unwritten = None
        self._under_way.append(waiting.written)
        written = await self.store.decisions.record(waiting.batch(self.desk.id))
        _pass_on(written, [waiting.written, *waiting.held])
        while len(self._under_way) > MOST_UNWRITTEN or _is_done(self._under_way):
            await self._under_way.popleft()


async def open_intake(  # noqa: PLR0913 - it is what the way of a message needs
    *,
    desk: Desk,
    triage: Triage,
    shelf: Shelf,
    likeness: Likeness,
    store: Store,
    clock: Clock,
    author_key: bytes,
    on_decided: OnDecided,
    on_pressed: OnPressed,
    on_duty: OnDutyAt,
    is_live: bool,
) -> Intake:
    """Build an intake that knows how far each channel was read and which alerts are open."""
    await store.desks.ensure(desk)
    stretches = await store.ledger.stretches(desk.id)
    latest = await store.decisions.open_alerts(desk.id, MOST_REMEMBERED, is_live=is_live)
    decider = Decider(
        desk=desk,
        triage=triage,
        shelf=shelf,
        likeness=likeness,
        clock=clock,
        author_key=author_key,
        on_duty=on_duty,
        is_live=is_live,
        alerts=OrderedDict(((alert.place, alert.author), alert) for alert in reversed(latest)),
    )
    return Intake(
        desk=desk,
        triage=triage,
        decider=decider,
        store=store,
        on_decided=on_decided,
        on_pressed=on_pressed,
        is_live=is_live,
        cursors={place: Cursor(merged(done)) for place, done in stretches.items()},
    )


def _pass_on(written: Awaitable[None], to: Sequence[asyncio.Future[None]]) -> None:
    """Settle each of `to` as the write is settled."""

    def settle(done: asyncio.Future[None]) -> None:
        error = done.exception()
        for future in to:
            if future.done():
                continue
            if error is None:
                future.set_result(None)
            else:
                future.set_exception(error)
                # Nobody need await it: the first of them, which `_write` awaits, tells of it.
                future.exception()

    asyncio.ensure_future(written).add_done_callback(settle)


def _is_done(under_way: deque[asyncio.Future[None]]) -> bool:
    return bool(under_way) and under_way[0].done()


def _done() -> asyncio.Future[None]:
    done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    done.set_result(None)
    return done
