"""What came in and is not accounted for yet, in the order in which it came.

Messages may be read out of turn (an emergency is), but they are accounted for in turn: a channel's
cursor never moves past a message that still waits, so that a crash leaves it to be read again (I1).
"""

import asyncio
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import structlog

from bot.domain.decision import Recorded
from bot.domain.ledger import Count
from bot.domain.message import Message
from bot.policy.cursor import Move
from bot.triage.read import First

log = structlog.get_logger(__name__)

# A backlog longer than this is told of: half a minute's work.
LONG = 1_000


@dataclass(slots=True, eq=False)
class Entry:
    """One message on its way, or, without a `message`, a step of its stream's cursor alone.

    `moves` gives the cursor as it is once the entry is accounted for, and `reached` the position
    that it has then come to. `written` is done when all that follows from it is on disk, or, if it
    `may_be_lost`, when it is not urgent.
    """

    stream: str
    message: Message | None
    written: asyncio.Future[None]
    moves: Move
    reached: str | None = None
    skipped: Count | None = None
    before: Sequence[str] = ()
    first: First | None = None
    recorded: Recorded | None = None
    is_read: bool = False
    is_assessed: bool = True
    may_be_lost: bool = False


@dataclass(slots=True)
class Backlog:
    """Entries in their order, and apart from it those of them that wait for the encoder.

    Of these the ones in doubt come first: an emergency may be among them.
    """

    _order: deque[Entry] = field(default_factory=deque)
    _doubtful: deque[Entry] = field(default_factory=deque)
    _unread: deque[Entry] = field(default_factory=deque)
    _waiting: int = 0
    _is_long: bool = False

    def add(self, entry: Entry) -> None:
        self._order.append(entry)
        self._waiting += entry.message is not None

    def queue(self, entry: Entry) -> None:
        """Let an entry that was added wait for `take_unread`."""
        self._unread.append(entry)

    def doubt(self, entry: Entry) -> None:
        """Let an entry that was added wait for `take_doubtful`."""
        self._doubtful.append(entry)

    def take_unread(self, most: int) -> list[Entry]:
        """Take the oldest of those that wait to be read. Mark them as read when they are."""
        if self._doubtful:
            return self.take_doubtful(most)
        return [self._unread.popleft() for _ in range(min(most, len(self._unread)))]

    def take_doubtful(self, most: int) -> list[Entry]:
        """Take the oldest of those in doubt alone."""
        return [self._doubtful.popleft() for _ in range(min(most, len(self._doubtful)))]

    def put_back(self, entries: Sequence[Entry]) -> None:
        """Let entries wait again, before all others."""
        self._unread.extendleft(reversed(entries))

    def take_finished(self) -> Iterator[Entry]:
        """Take what is read and has nothing unread before it."""
        while self._order and self._order[0].is_read:
            entry = self._order.popleft()
            self._waiting -= entry.message is not None
            yield entry

    def holds(self, key: str) -> bool:
        """Tell whether the message with this key waits to be taken."""
        waiting = (entry.message for entry in (*self._doubtful, *self._unread))
        return any(one is not None and one.ref.key == key for one in waiting)

    @property
    def unread(self) -> int:
        """How many wait to be taken."""
        return len(self._unread) + len(self._doubtful)

    @property
    def doubtful(self) -> int:
        """How many of them are in doubt."""
        return len(self._doubtful)

    @property
    def waiting(self) -> int:
        """How many messages are not accounted for. May be asked from any thread."""
        return self._waiting

    def tell(self) -> None:
        """Log once that it has become long, and once that it is empty again."""
        if not self._is_long and self._waiting > LONG:
            self._is_long = True
            log.warning("backlog is long", waiting=self._waiting)
        elif self._is_long and not self._waiting:
            self._is_long = False
            log.warning("backlog is empty again")
