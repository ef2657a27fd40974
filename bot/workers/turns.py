"""What came in is read, each message in its turn.

An emergency is read and decided at once, what is in doubt next, and all else when there is time.
Of a live chat the messages that came within a moment are read together, which takes half as long.
"""

import asyncio
import traceback
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from functools import partial

import structlog

from bot.domain.decision import Recorded
from bot.domain.message import Message
from bot.domain.reading import Priority
from bot.triage.encoder import Encoded
from bot.triage.read import First, Said, Triage, Urgency
from bot.workers.backlog import Backlog, Entry
from bot.workers.decider import Decider
from bot.workers.heartbeat import Pulse
from bot.workers.sorter import Sorter
from bot.workers.unwritten import Writing

log = structlog.get_logger(__name__)

# How long the reading rests at most when nothing comes, so that it is seen to be alive.
IDLE = timedelta(seconds=5)
# How many messages are begun together: what they save is saved by then, and so many take no longer
# than the loop may be kept.
MOST_FRESH = 64
# So many that came together are given to the sorter. Handing fewer over costs what it saves.
MANY_FRESH = 8
# Seconds that more are waited for when so many came: each handing over makes the loop give way.
GATHERS = 0.003
# How many the encoder reads in one go: enough that handing them over costs little beside it, few
# enough that those in doubt, which it may have to read after them, wait 20 ms at most.
MOST_READ = 8
# The same of those in doubt, which somebody in danger may be waiting for.
MOST_DOUBTS = 4
# How long decisions are made before others get their turn.
SLICE = 0.002
# So many messages within so long are a flood: what is not in doubt is read when it is over, or a
# little at a time.
FLOOD = 50
LOOK = timedelta(milliseconds=50)
LONGEST_HOLD = timedelta(seconds=1)

OnDecided = Callable[[Message, Recorded], None]


class Pace(Enum):
    """What is read when."""

    LIVE = "live"  # people wait: what is urgent goes first, all else is read when there is time
    THOROUGH = "thorough"  # the past: everything in its turn, all of it by the encoder
    QUICK = "quick"  # the past, in its turn: the encoder sees only what the linear model doubts


@dataclass(slots=True)
class Turns:
    """Reads what stands in the `backlog`; `account` is told when something has been read.

    `taken` counts what came in, which tells whether a flood comes.
    """

    decider: Decider
    on_decided: OnDecided
    pace: Pace
    pulse: Pulse
    backlog: Backlog
    writing: Writing
    account: Callable[[], None]
    sorter: Sorter | None = None
    taken: int = 0
    _fresh: list[Entry] = field(default_factory=list)
    _away: int = 0
    _returned: deque[tuple[Sequence[Entry], Sequence[Urgency | None]]] = field(
        default_factory=deque
    )
    _back: asyncio.Event = field(default_factory=asyncio.Event)
    _came: asyncio.Event = field(default_factory=asyncio.Event)
    _more: asyncio.Event = field(default_factory=asyncio.Event)
    _doubts: asyncio.Event = field(default_factory=asyncio.Event)
    _looked: tuple[int, float] = (0, 0.0)
    _clearing: asyncio.Lock = field(default_factory=asyncio.Lock)
    _reading: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def _triage(self) -> Triage:
        return self.decider.triage

    @property
    def fresh(self) -> int:
        """How many are not begun yet. It is a matter of moments."""
        return len(self._fresh) + self._away

    @property
    def has_new(self) -> bool:
        """Tell whether something came since what had come was begun."""
        return bool(self._fresh)

    async def take(self, entry: Entry, message: Message) -> None:
        """Read what was added to the backlog as far as it cannot wait."""
        if self.pace is Pace.LIVE:
            self._fresh.append(entry)
            if len(self._fresh) >= MOST_FRESH:
                self.begin()
            else:
                self._came.set()
        else:
            await self._read_in_turn(entry, message)

    def begin(self) -> None:
        """Read all that is fresh as far as it cannot wait, or let the sorter do it."""
        self._take_back()
        self._came.clear()
        if not self._fresh:
            return
        entries, self._fresh = self._fresh, []
        if self._may_leave(len(entries)):
            self._send(entries)
        else:
            self._begin_here(entries)

    async def landed(self) -> None:
        """Return when all that was begun has been read as far as it cannot wait."""
        while self._away:
            await self._back.wait()
            self._take_back()

    def _may_leave(self, count: int) -> bool:
        """Tell whether the sorter is to have them. Those that come behind others stay behind."""
        if self.sorter is None or not self._triage.has_encoder:
            return False
        return (count >= MANY_FRESH or self._away > 0) and self.sorter.has_room

    def _send(self, entries: Sequence[Entry]) -> None:
        if self.sorter is None:
            return
        self._away += len(entries)
        texts = [one.message.text for one in entries if one.message is not None]
        self.sorter.sort(texts, partial(self._come_back, entries))

    def _come_back(self, entries: Sequence[Entry], urgencies: Sequence[Urgency] | None) -> None:
        """Put down what was sorted elsewhere, or was not: whoever brings it must meet no bug."""
        self._returned.append((entries, urgencies or [None] * len(entries)))
        self._back.set()

    def _take_back(self) -> None:
        """Go on with what has come back."""
        self._back.clear()
        while self._returned:
            entries, urgencies = self._returned.popleft()
            self._away -= len(entries)
            self._sort_all(entries, urgencies)

    def _begin_here(self, entries: Sequence[Entry]) -> None:
        self._sort_all(entries, [None] * len(entries))

    def _looked_at(self, entries: Sequence[Entry]) -> list[Entry]:
        """Read by cues and linear model what was not, and give what they did not choke on.

        What they do choke on is counted.
        """
        new = [one for one in entries if one.first is None]
        for entry, first in zip(new, self._firsts(new), strict=True):
            entry.first = first
        return [one for one in entries if one.first is not None]

    def _firsts(self, entries: Sequence[Entry]) -> Sequence[First | None]:
        said = [
            Said(one.message.text, one.message.sent_at, one.before)
            for one in entries
            if one.message is not None
        ]
        try:
            return self._triage.firsts(said)
        except Exception as bug:  # noqa: BLE001 - the item boundary: one must not silence all
            if len(entries) > 1:  # its neighbours need not suffer
                return [first for entry in entries for first in self._firsts([entry])]
            tell(entries[0], bug)
            entries[0].is_read = True
            return [None]

    def _sort_all(self, entries: Sequence[Entry], urgencies: Sequence[Urgency | None]) -> None:
        """Let each wait, or decide at once; in the end what cannot wait is written.

        What nobody has sorted is read here.
        """
        urgent = False
        self._looked_at([e for e, known in zip(entries, urgencies, strict=True) if known is None])
        for entry, known in zip(entries, urgencies, strict=True):
            if known is not None or entry.first is not None:
                urgent |= self._sort_safely(entry, known)
        self.account()
        if urgent:
            self.writing.urge()

    def _sort_safely(self, entry: Entry, known: Urgency | None) -> bool:
        try:
            return self._sort(entry, known)
        except Exception as bug:  # noqa: BLE001 - as above; those begun with it need not suffer
            tell(entry, bug)
            entry.is_read = True
            return False

    def _sort(self, entry: Entry, known: Urgency | None) -> bool:
        """Decide at once, or let it wait for the encoder; tell whether it must be written now."""
        urgency = entry.first.urgency if known is None and entry.first is not None else known
        entry.is_assessed = self._triage.has_encoder
        if not self._triage.has_encoder or urgency is Urgency.URGENT:
            if entry.may_be_lost:  # it need not wait for those before it
                self.writing.gather().held.append(entry.written)
            return bool(self._looked_at([entry])) and self._decide_safely(entry, None)
        if entry.may_be_lost and not entry.written.done():
            entry.written.set_result(None)
        if urgency is Urgency.DOUBTFUL:
            self.backlog.doubt(entry)
            self._doubts.set()
        else:
            self.backlog.queue(entry)
            self._more.set()
        return False

    async def _read_in_turn(self, entry: Entry, message: Message) -> None:
        """Read a message of the past. Nobody waits for it, but those after it."""
        try:
            first = self._triage.first(message.text, sent_at=message.sent_at, before=entry.before)
        except Exception as bug:  # noqa: BLE001 - as above
            tell(entry, bug)
            entry.is_read = True
            self.account()
            return
        entry.first = first
        entry.is_assessed = self._triage.has_encoder
        if self._triage.has_encoder and self.pace is Pace.THOROUGH:
            self.backlog.queue(entry)
            self._more.set()
            return
        encoded = None
        if self._triage.has_encoder and first.is_doubtful:
            (encoded,) = await self._encoded([entry])
        elif self._triage.has_encoder:
            entry.is_assessed = False
        urgent = self._decide_safely(entry, encoded)
        self.account()
        if urgent:
            await self.writing.write(self.decider.desk.id)

    async def run(self) -> None:
        """Begin what comes and read what waits for the encoder, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._keep_beginning(), name="beginning")
            tasks.create_task(self._keep_taking_back(), name="sorted")
            tasks.create_task(self._keep_reading(), name="reading")
            tasks.create_task(self._keep_clearing(), name="doubts")

    async def settle(self, *, unread: bool) -> None:
        """Return when nothing is being read, and with `unread` nothing waits to be."""
        self.begin()
        await self.landed()
        while unread and self.backlog.unread:
            await self.read_some()
        async with self._reading, self._clearing:  # those that are being read this moment
            await self.writing.settle(self.decider.desk.id)

    async def _keep_beginning(self) -> None:
        while True:
            await self._came.wait()
            is_flood = len(self._fresh) >= MANY_FRESH
            self.begin()
            if is_flood:
                await asyncio.sleep(GATHERS)

    async def _keep_taking_back(self) -> None:
        while True:
            await self._back.wait()
            self._take_back()

    async def _keep_reading(self) -> None:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(IDLE.total_seconds()):
                    await self._more.wait()
            await self._let_flood_pass()
            await self.read_some()
            self.pulse.beat()

    async def _let_flood_pass(self) -> None:
        """Wait while messages come faster than they can be read: they are to be taken in first."""
        for _ in range(LONGEST_HOLD // LOOK):
            if not self._is_flooded():
                return
            await asyncio.sleep(LOOK.total_seconds())

    def _is_flooded(self) -> bool:
        """Tell whether a flood came since this was last asked."""
        now = asyncio.get_running_loop().time()
        came, seconds = self.taken - self._looked[0], now - self._looked[1]
        self._looked = (self.taken, now)
        return is_flood(came, seconds)

    async def _keep_clearing(self) -> None:
        while True:
            await self._doubts.wait()
            await self.clear()

    async def clear(self) -> None:
        """Read what is in doubt, whatever else is being read."""
        while self.backlog.doubtful:
            async with self._clearing:
                await self._read_all(self.backlog.take_doubtful(MOST_DOUBTS))
        self._doubts.clear()

    async def read_some(self) -> None:
        """Let the encoder read the oldest of those that wait; decide on them in their order."""
        async with self._reading:
            entries = self.backlog.take_unread(MOST_READ)
            if not self.backlog.unread:
                self._more.clear()
            await self._read_all(entries)

    async def _read_all(self, entries: Sequence[Entry]) -> None:
        entries = self._looked_at(entries)
        encoded = await self._encoded(entries) if entries else ()
        loop = asyncio.get_running_loop()
        urgent, since = False, loop.time()
        for entry, one in zip(entries, encoded, strict=True):
            urgent |= self._decide_safely(entry, one)
            if loop.time() - since > SLICE:
                await asyncio.sleep(0)
                since = loop.time()
        self.account()
        if urgent or self.writing.is_full:
            await self.writing.write(self.decider.desk.id)

    async def _encoded(self, entries: Sequence[Entry]) -> Sequence[Encoded | None]:
        """Ask the encoder, away from the loop; what it chokes on is read without it, counted."""
        firsts = [entry.first for entry in entries if entry.first is not None]
        try:
            return await asyncio.to_thread(self._triage.encode, firsts)
        except asyncio.CancelledError:
            # Whoever brought them has gone; without this nothing would ever read them.
            self.backlog.put_back(entries)
            self._more.set()
            raise
        except Exception as bug:  # noqa: BLE001 - as above
            if len(entries) > 1:
                return [one for entry in entries for one in await self._encoded([entry])]
            tell(entries[0], bug)
            return [None]

    def _decide_safely(self, entry: Entry, encoded: Encoded | None) -> bool:
        """Decide on what is read now; tell whether the decision must be written at once."""
        entry.is_read = True
        if entry.message is None or entry.first is None:
            return False
        try:
            recorded = self.decider.decide(entry.message, entry.first, encoded)
        except Exception as bug:  # noqa: BLE001 - as above
            tell(entry, bug)
            return False
        if recorded is None:
            return False
        entry.recorded = recorded
        self.writing.gather().recorded.append(recorded)
        self.on_decided(entry.message, recorded)
        return recorded.decision.priority is not None and recorded.decision.priority <= Priority.P1


def is_flood(came: int, seconds: float) -> bool:
    """Tell whether so many messages in so many seconds are a flood."""
    return came >= FLOOD and came * LOOK.total_seconds() >= FLOOD * seconds


def tell(entry: Entry, bug: Exception) -> None:
    """Log without the text, which an exception may quote (I4), and count it as unassessed."""
    entry.is_assessed = False
    where = traceback.format_tb(bug.__traceback__)[-1].strip()
    key = entry.message.ref.key if entry.message is not None else entry.stream
    log.error("triage is broken", message=key, bug=type(bug).__name__, where=where)
