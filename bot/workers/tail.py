"""What was counted last in a place, so that what it overtook is found and nothing counts twice.

Neighbours overtake each other: Slack gives them to either of two sockets, Discord promises no
order. A cursor that has come to the later one says nothing of the earlier, which may have been
under way when the connection, or the bot, came to its end. So the end of what was counted is read
once more whenever a place is opened, and here is what tells the known from the missing: positions,
a few minutes of them.
"""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.ledger import Run
from bot.domain.message import Message
from bot.policy.cursor import Cursor
from bot.workers.recent import Recent

# Slack sends an event again for the last time after five minutes:
# https://docs.slack.dev/apis/events-api#retries
KEPT = timedelta(minutes=10)
# Of a place. Slack gives a workspace 30,000 events an hour: no more than 5,000 in ten minutes.
MOST = 5_000


@dataclass(slots=True)
class Tail:
    """After the position `since` a message that is not among those noted here is missing.

    It begins where the cursor stood when the first was noted.
    """

    since: str | None = None
    _noted: deque[tuple[str, datetime]] = field(default_factory=deque)
    _known: set[str] = field(default_factory=set)

    def __contains__(self, position: str) -> bool:
        return position in self._known

    def is_open(self, position: str) -> bool:
        """Tell whether a cursor that covers `position` proves nothing."""
        return self.since is not None and position > self.since

    def note(self, position: str, now: datetime, *, keep: bool) -> None:
        """Remember what is counted now; let go what is old, unless all is to be kept for now."""
        self._noted.append((position, max(now, self._noted[-1][1]) if self._noted else now))
        self._known.add(position)
        while len(self._noted) > MOST or (not keep and self._noted[0][1] < now - KEPT):
            self._let_go()

    def is_quiet(self, before: datetime) -> bool:
        """Tell whether something is noted, and nothing since `before`."""
        return bool(self._noted) and self._noted[-1][1] < before

    def clear(self) -> None:
        """Let all go: nothing can still be under way."""
        while self._noted:
            self._let_go()

    def _let_go(self) -> None:
        gone, _ = self._noted.popleft()
        self._known.discard(gone)
        # It is not known any more: from here on the cursor alone speaks for it.
        self.since = gone if self.since is None else max(self.since, gone)

    def run(self, positions: Sequence[str]) -> Run | None:
        """Give what goes to disk with the counts of these."""
        if self.since is None or not self._noted:
            return None
        newest, oldest = self._noted[-1][1], self._noted[0][1]
        return Run(self.since, tuple(positions), newest, oldest)


@dataclass(slots=True)
class Tails:
    """The tails of all places, by their keys, and whatever came lately anywhere."""

    by_place: dict[str, Tail] = field(default_factory=dict)
    _recent: Recent = field(default_factory=Recent)

    def of(self, place: str) -> Tail:
        if place not in self.by_place:
            self.by_place[place] = Tail()
        return self.by_place[place]

    def know(self, message: Message, place: str, seen: Cursor, *, is_history: bool) -> bool:
        """Tell whether it was taken before, or is for the live connection to bring."""
        position, tail = message.position, self.of(place)
        if position in tail or message.ref.key in self._recent:
            return True
        if seen.covers(position):
            return not tail.is_open(position)
        return is_history and seen.is_live(position)

    def note(self, message: Message, place: str, seen: Cursor, now: datetime) -> None:
        """Note that it was taken, so that it is not counted when it comes once more."""
        tail = self.of(place)
        self._recent.add(message.ref.key)
        if tail.since is None:
            tail.since = seen.last or message.position
        tail.note(message.position, now, keep=seen.again is not None)

    def let_go(self, before: datetime, seen: Mapping[str, Cursor]) -> list[str]:
        """Let go what was counted last in places where that is long ago; give their keys."""
        quiet = [
            key
            for key, tail in self.by_place.items()
            if tail.is_quiet(before) and seen.get(key, Cursor()).again is None
        ]
        for key in quiet:
            self.by_place[key].clear()
        return quiet


def tail_of(runs: Iterable[Run]) -> Tail:
    """Give what an earlier process had noted; `runs` are in the order in which it wrote them."""
    tail = Tail()
    for run in runs:
        tail.since = run.after if tail.since is None else max(tail.since, run.after)
        for position in run.positions:
            tail._noted.append((position, run.at))  # noqa: SLF001 - its own
            tail._known.add(position)  # noqa: SLF001 - its own
    return tail
