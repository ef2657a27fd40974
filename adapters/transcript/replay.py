"""One replay: what was asked for, what is read, and what was met on the way."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from adapters.transcript.problem import FileProblems, Problem
from adapters.transcript.window import Window
from bot.domain.message import Message, Place

Step = Callable[[int], None]  # hears how many bytes more were read

DIRECT = "direct messages are never read"
PRIVATE = "a private channel or thread is read only when it is named"
NOT_ASKED = "not among the channels asked for"
UNLISTED = "a folder that the export does not list as a channel"
NO_EXPORT = "a file that is not an export"


@dataclass(slots=True)
class Replay:
    """`rows` are the rows of CSV read so far, by channel: their numbers stand in for ids."""

    window: Window
    problems: list[Problem] = field(default_factory=list)
    left_out: dict[str, int] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)

    def of(self, path: Path) -> FileProblems:
        return FileProblems(str(path), self.problems)

    def leave_out(self, reason: str) -> None:
        self.left_out[reason] = self.left_out.get(reason, 0) + 1


@dataclass(frozen=True, slots=True)
class Feed:
    """The messages of one channel, or of one file of it, oldest first."""

    place: Place
    problems: FileProblems
    messages: Iterator[Message]


class Source(Protocol):
    """A file or an archive that holds messages."""

    @property
    def size(self) -> int:
        """Bytes, as its reader will count them."""
        ...

    @property
    def order(self) -> tuple[str, str, str]:
        """The channel, the thread in it, and the first position: it is read in that order."""
        ...

    def feeds(self, replay: Replay, step: Step) -> Iterator[Feed]: ...


@dataclass(slots=True)
class Meter:
    """Adds up to a source's size: bytes read twice count once, bytes left out count at the end."""

    left: int
    on_bytes: Step

    def step(self, read: int) -> None:
        counted = min(read, self.left)
        if counted > 0:
            self.left -= counted
            self.on_bytes(counted)

    def close(self) -> None:
        self.step(self.left)


def in_order(sources: Sequence[Source]) -> list[Source]:
    """Put the files of one channel together, the oldest first; channels stay in their order.

    A channel comes before its threads: they begin with what was said there, and answer it.
    """
    rank: dict[str, int] = {}
    for source in sources:
        rank.setdefault(source.order[0], len(rank))
    return sorted(sources, key=lambda source: (rank[source.order[0]], *source.order[1:]))
