"""The way in: read, decide, record. It waits only for the store and the encoder.

Ordinary messages cost no row: they are counted, and the counts go to the store with the cursor,
many at a time. A decision goes in the same transaction as the cursor that has come past it, so a
crash loses neither or both (I1, I2); the answers to questions go with them. What cannot wait is
read and recorded at once; all else waits for the encoder in a backlog, and the cursor waits with
it.
"""

import asyncio
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from bot.domain.command import Choice
from bot.domain.decision import Answer
from bot.domain.desk import Desk
from bot.domain.event import (
    Event,
    Opened,
    Posted,
    ReadBack,
    Reconnected,
    Typing,
)
from bot.domain.ledger import Count
from bot.domain.message import AccountRef, Message, MessageRef, Place, PlatformName
from bot.domain.space import SpaceRef
from bot.policy.cursor import Cursor, Move, way
from bot.policy.watch import is_watched, skip_reason
from bot.store.engine import Store
from bot.workers.backlog import Backlog, Entry
from bot.workers.conversation import Conversations
from bot.workers.decider import Decider
from bot.workers.heartbeat import Pulses
from bot.workers.reception import done
from bot.workers.sorter import Sorter
from bot.workers.tail import Tails
from bot.workers.turns import OnDecided, Pace, Turns, is_flood, tell
from bot.workers.unwritten import EVERY, Writing

# How many may wait for the encoder. A calm chat never has any; of a flood this is a minute's work.
# Above it whoever brings more has to wait, so that memory stays bounded and nothing is dropped.
MOST_WAITING = 20_000
# In a replay nobody is waiting, so a short backlog will do, and nothing is read out of turn: the
# same export gives the same alerts.
MOST_WAITING_OF_THE_PAST = 256
# In a flood what is urgent waits so many seconds from one write to the next, and more of it goes
# together: each write makes the loop give way.
BETWEEN_WRITES = 0.02


@dataclass(slots=True)
class Intake:
    """Takes the messages of every platform of one desk. Build it with `open_intake`.

    `pace` says what is read when, `most_waiting` how many may wait for the encoder. `known` counts
    the messages that came in and were read before.
    """

    desk: Desk
    decider: Decider
    store: Store
    on_decided: OnDecided
    pace: Pace
    cursors: dict[str, Cursor]
    most_waiting: int
    pulses: Pulses
    tails: Tails
    sorter: Sorter | None = None
    known: int = 0
    _seen: dict[str, Cursor] = field(default_factory=dict)
    _streams: dict[str, Place] = field(default_factory=dict)
    _closed: set[str] = field(default_factory=set)
    _routes: dict[str, str] = field(default_factory=dict)
    _conversations: Conversations = field(default_factory=Conversations)
    _backlog: Backlog = field(default_factory=Backlog)
    _came_at: datetime | None = None
    _writing: Writing = field(init=False)
    _turns: Turns = field(init=False)

    def __post_init__(self) -> None:
        self._seen = dict(self.cursors)
        on_disk = {stream for stream, cursor in self.cursors.items() if cursor.is_begun}
        self._writing = Writing(self.store, on_disk)
        self._turns = Turns(
            decider=self.decider,
            on_decided=self.on_decided,
            pace=self.pace,
            pulse=self.pulses.reading,
            backlog=self._backlog,
            writing=self._writing,
            account=self._account,
            sorter=self.sorter,
        )

    async def take(self, event: Event) -> Awaitable[None]:
        """Read and decide on `event`. See `bot.ports.Inbox`."""
        match event:
            case Posted():
                late, kept = event.is_late, event.is_kept
                return await self._post(event.message, is_late=late, is_kept=kept)
            case ReadBack():
                return await self._post(event.message, after=event.after)
            case Opened():
                self._open(event.place)
            case Reconnected():
                for place in self.places(event.platform, event.space):
                    self._open(place)
            case _:
                pass  # what is asked, and news: the reception sees to them
        return done()

    async def suggest(self, _: Typing) -> tuple[Choice, ...]:
        """Nobody types in the past: a desk that is live has a reception before this."""
        return ()

    async def run(self) -> None:
        """Read what waits for the encoder, and write what waits for the store, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._turns.run(), name="turns")
            tasks.create_task(self._keep_writing(), name="writing")

    def places(self, platform: PlatformName, space: str | None = None) -> tuple[Place, ...]:
        """Give the places of `platform` that are being read, or of one of its spaces."""
        return tuple(
            place
            for place in self._streams.values()
            if place.platform == platform
            and space in (None, place.space)
            and place.key not in self._closed
        )

    def wanted(self, space: SpaceRef | None = None) -> tuple[Place, ...]:
        """Give the channels (of one space) that should be read, those that were closed as well."""
        return tuple(
            place
            for place in self._streams.values()
            if space in (None, SpaceRef(place.platform, place.space))
            and place.thread is None
            and is_watched(place, self.desk)
        )

    def read_in(self, space: SpaceRef) -> tuple[Place, ...]:
        """Give the places of a space whose messages are read; of the others they are counted."""
        here = self.places(space.platform, space.id)
        return tuple(place for place in here if is_watched(place, self.desk))

    def spaces(self, platform: PlatformName) -> frozenset[SpaceRef]:
        """Give the spaces of `platform` in which something is open to the bot."""
        return frozenset(SpaceRef(platform, place.space) for place in self.places(platform))

    def rename(self, place: Place) -> Place | None:
        """Call an opened place by its new name; give it by its old one, None if it is not known."""
        before = self._streams.get(place.key)
        if before is not None:
            self._streams[place.key] = place
            self._routes.clear()
        return before

    def opened(self, place: Place) -> Place:
        """Give the place that was opened and counts what is said in `place`."""
        return self._streams[self._stream(place)]

    def cursor(self, place: Place) -> Cursor:
        """Tell how far an opened place was taken in; what waits in the backlog is behind that."""
        return self._seen.get(place.key, Cursor())

    def begin(self, place: Place, position: str) -> None:
        """Set where the reading of a place begins that was never read before."""
        self._step(place.key, partial(Cursor.begun, position=position), position)

    def looked_back(self, place: Place) -> None:
        """Hear that the history of a place was read to its end: nothing is missing before it."""
        self._step(place.key, Cursor.looked, None)

    async def settle_on(self, ref: MessageRef) -> None:
        """Return when what was taken of one message is on disk."""
        self._turns.begin()
        await self._turns.landed()
        await self.settle(unread=self._backlog.holds(ref.key))

    def before(self, message: Message) -> Sequence[str]:
        """Give what was said before a message, as far as it is remembered."""
        return self._conversations.before(message)

    def changed(self, message: Message) -> None:
        """Remember what a message reads now. It was counted when it came."""
        self._conversations.replace(message)

    def gone(self, ref: MessageRef) -> None:
        """Forget what a message said."""
        self._conversations.drop(ref)

    def follow(self, desk: Desk) -> None:
        """Follow what moderators and members chose about reading, from the next message on."""
        self.desk = self.decider.desk = desk

    def forget(self, author: AccountRef) -> None:
        """Let nothing be read in the light of what somebody said."""
        self._conversations.forget(author)

    def close(self, place: Place) -> None:
        """Read a place no longer, nor the threads of a channel, until it is opened again."""
        for key, one in self._streams.items():
            if place.key in (key, one.channel_key):
                self._closed.add(key)

    def quiet_since(self, moment: datetime) -> list[str]:
        """Let go what was counted last in places where that is long ago; give their keys."""
        return self.tails.let_go(moment, self._seen)

    def leave(self, space: SpaceRef) -> None:
        """Forget all places of a space. Settle first: nothing of it may wait any more."""
        for key, one in list(self._streams.items()):
            if (one.platform, one.space) == (space.platform, space.id):
                for known in (self._streams, self._seen, self.cursors, self.tails.by_place):
                    known.pop(key, None)
                self._writing.on_disk.discard(key)
        self._routes.clear()
        self._conversations.leave(f"{space.platform}:{space.id}:")
        self.decider.leave(space)

    @property
    def channels(self) -> frozenset[str]:
        """The keys of the channels that messages came from."""
        return frozenset(place.channel_key for place in self._streams.values())

    @property
    def taken(self) -> int:
        """How many messages came in."""
        return self._turns.taken

    @property
    def fresh(self) -> int:
        """How many of them are not read at all yet. It is a matter of moments."""
        return self._turns.fresh

    async def clear(self) -> None:
        """Read what cannot wait and write what cannot wait, whatever else is being read."""
        self._turns.begin()
        await self._turns.landed()
        if self._writing.is_urged:
            await self._writing.write(self.desk.id)
        await self._turns.clear()

    @property
    def waiting(self) -> int:
        """How many messages came in and are not accounted for yet."""
        return self._backlog.waiting

    async def settle(self, *, unread: bool = True) -> None:
        """Return when everything taken so far is on disk.

        With `unread` false, what still waits for the encoder is left: no cursor has moved past
        it, so it is read again from the platform's history.
        """
        await self._turns.settle(unread=unread)

    async def _keep_writing(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            taken, since = self.taken, loop.time()
            await self._writing.urged(EVERY)
            await self._writing.write(self.desk.id)
            self.pulses.writing.beat()
            if is_flood(self.taken - taken, loop.time() - since):
                await asyncio.sleep(BETWEEN_WRITES)

    def _open(self, place: Place) -> None:
        self._streams[place.key] = place
        self._closed.discard(place.key)
        self._routes.clear()
        since = self.tails.of(place.key).since
        self._step(place.key, partial(Cursor.reopened, since=since), None)

    def _step(self, stream: str, moves: Move, reached: str | None) -> None:
        """Move a cursor without a message, in its turn among the messages."""
        self._seen[stream] = moves(self._seen.get(stream, Cursor()))
        self._backlog.add(Entry(stream, None, done(), moves, reached, is_read=True))
        self._account()

    def _stream(self, place: Place) -> str:
        """Give the key of the place that counts a message: its own, or else its channel's."""
        key = self._routes.get(place.key)
        if key is None:
            key = place.key if place.key in self._streams else place.channel_key
            if key not in self._streams:
                self._open(Place(place.platform, place.space, place.channel, name=place.name))
            self._routes[place.key] = key
        return key

    async def _post(
        self,
        message: Message,
        after: str | None = None,
        *,
        is_late: bool = False,
        is_kept: bool = False,
    ) -> Awaitable[None]:
        """Take a message that came live, or that history has `after` a position."""
        self._turns.taken += 1
        stream = self._stream(message.ref.place)
        seen = self._seen[stream]
        is_live = self.pace is Pace.LIVE
        moves, reached = way(seen, message.position, after, is_late=is_late and is_live)
        skipped = self.skip_reason(message)
        if self.tails.know(message, stream, seen, is_history=after is not None):
            self.known += 1
            if after is not None:
                self._step(stream, moves, reached)
            elif skipped is None:
                self._conversations.add(message)
                self.decider.heard(message)
            return done()
        if is_live:
            if self._came_at is None or not self._turns.has_new:
                # What comes within one turn shares its time: asking costs as much as noting.
                self._came_at = self.decider.clock()
            self.tails.note(message, stream, seen, self._came_at)
        self._seen[stream] = moves(seen)
        future = asyncio.get_running_loop().create_future()
        entry = Entry(stream, message, future, moves, reached, skipped)
        entry.may_be_lost = is_kept and stream in self._writing.on_disk
        await self._queue(entry, message)
        return future

    async def _queue(self, entry: Entry, message: Message) -> None:
        """Let it be read in its turn, if it may be; wait while there is too much of anything."""
        self._backlog.add(entry)
        if entry.skipped is None:
            entry.before = self._conversations.before(message)
            self._conversations.add(message)
            await self._turns.take(entry, message)
        else:
            entry.is_read = True
            if entry.may_be_lost:
                entry.written.set_result(None)
            self._account()
        if self._writing.is_full:
            await self._writing.write(self.desk.id)
        if self._unread >= self.most_waiting:
            await self._make_room()

    def skip_reason(self, message: Message) -> Count | None:
        """Give the reason why a message is not read, or None."""
        author, decider = message.author, self.decider
        formerly = decider.formerly(author) if decider.old_keys else ()
        return skip_reason(message, self.desk, author=decider.author(author), formerly=formerly)

    async def _make_room(self) -> None:
        while self._unread >= self.most_waiting:
            self._turns.begin()
            await self._turns.landed()
            await self._turns.read_some()

    @property
    def _unread(self) -> int:
        return self._turns.fresh + self._backlog.unread

    def _account(self) -> None:
        """Count what is read and has nothing unread before it, and move the cursors past it."""
        for entry in self._backlog.take_finished():
            cursor = entry.moves(self.cursors.get(entry.stream, Cursor()))
            self.cursors[entry.stream] = cursor
            if entry.reached is not None:
                unwritten = self._writing.gather()
                tail = self.tails.of(entry.stream) if self.pace is Pace.LIVE else None
                unwritten.account(entry, self._streams[entry.stream], cursor, tail)
                if entry.message is not None and entry.skipped is None:
                    unwritten.answers += self._answers_safely(entry, entry.message)
        self._backlog.tell()

    def _answers_safely(self, entry: Entry, message: Message) -> Sequence[Answer]:
        """Give the questions that a message answers, now that all before it are known."""
        try:
            return self.decider.answers(message, entry.first, entry.recorded)
        except Exception as bug:  # noqa: BLE001 - the item boundary
            tell(entry, bug)
            return ()
