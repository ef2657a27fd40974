"""The last few messages of each place, in memory alone: what a message is read in the light of.

Nothing of it is stored (I4), and only what may be read at all is remembered: a member who opted out
is no context either.
"""

from collections import OrderedDict, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import overload

from bot.domain.message import AccountRef, Message, MessageRef, Origin
from bot.domain.value import value

MOST_PLACES = 2_000
MOST_LINES = 4
# Of all places, for replies and threads: a few megabytes.
MOST_REMEMBERED = 10_000
MOST_CHARACTERS = 200
# The encoder hears the end of what was said before. The line that is replied to stands first, so
# with it there are only as many others as leave it within hearing.
MOST_OF_FIRST, MOST_WITH_FIRST = 100, 180
# What is older was said in another conversation. A thread is one, and goes slowly.
RECENT = timedelta(minutes=30)
RECENT_IN_THREAD = timedelta(days=1)


@value
class _Line:
    """`author` is None where several people share an account (Discord's deleted members)."""

    id: str
    author: AccountRef | None
    text: str
    sent_at: datetime

    def said_to(self, message: Message, most: int = MOST_CHARACTERS) -> str:
        return f"{'me' if self.author == message.author else 'x'}: {self.text[:most]}"


@dataclass(slots=True, eq=False)
class _Before(Sequence[str]):
    """What was said before a message: what it answers to, and the lines that stood there then."""

    message: Message
    first: _Line | None
    lines: tuple[_Line, ...]
    _said: tuple[str, ...] | None = None

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[str, ...]: ...
    def __getitem__(self, at: int | slice) -> str | tuple[str, ...]:
        return self._words()[at]

    def __len__(self) -> int:
        return len(self._words())

    def _words(self) -> tuple[str, ...]:
        if self._said is None:
            self._said = self._put()
        return self._said

    def _put(self) -> tuple[str, ...]:
        near = [line.said_to(self.message) for line in self._recent() if line != self.first]
        if self.first is None:
            return tuple(near)
        said = self.first.said_to(self.message, MOST_OF_FIRST)
        return said, *_fitting(near, MOST_WITH_FIRST - len(said))

    def _recent(self) -> Iterator[_Line]:
        ref, sent_at = self.message.ref, self.message.sent_at
        reach = RECENT if ref.place.thread is None else RECENT_IN_THREAD
        for line in self.lines:
            if line.id != ref.id and timedelta() <= sent_at - line.sent_at <= reach:
                yield line


@dataclass(slots=True)
class Conversations:
    """Remembers lines by place, the places spoken in last. Give it messages in their order."""

    _lines: OrderedDict[str, deque[_Line]] = field(default_factory=OrderedDict)
    _by_id: OrderedDict[str, _Line] = field(default_factory=OrderedDict)

    def before(self, message: Message) -> Sequence[str]:
        """Give what was said before `message` in its place, oldest first, as it is known now.

        What it replies to, or else what its thread began with, stands first where it is still
        remembered. A line begins with "me: " when the same person wrote it, else with "x: ":
        nobody is named. Only short messages are read with it, so it is put into words when asked.
        """
        return _Before(
            message, self._first(message), tuple(self._lines.get(message.ref.place.key, ()))
        )

    def add(self, message: Message) -> None:
        """Remember `message`, once."""
        place = message.ref.place
        lines = self._lines.get(place.key)
        if lines is None:
            lines = self._lines[place.key] = deque(maxlen=MOST_LINES)
            if len(self._lines) > MOST_PLACES:
                self._lines.popitem(last=False)
        self._lines.move_to_end(place.key)
        key = f"{place.channel_key}:{message.ref.id}"
        if key in self._by_id:
            return
        author = None if message.origin is Origin.DELETED_MEMBER else message.author
        line = _Line(message.ref.id, author, message.text[:MOST_CHARACTERS], message.sent_at)
        lines.append(line)
        self._by_id[key] = line
        if len(self._by_id) > MOST_REMEMBERED:
            self._by_id.popitem(last=False)

    def replace(self, message: Message) -> None:
        """Remember what a message reads now, where what it read before is remembered."""
        self._change(message.ref, message.text[:MOST_CHARACTERS])

    def drop(self, ref: MessageRef) -> None:
        """Forget what a message said: it is gone."""
        self._change(ref, None)

    def forget(self, author: AccountRef) -> None:
        """Forget what somebody said: they want to be left out."""
        for place, lines in self._lines.items():
            kept = [line for line in lines if line.author != author]
            self._lines[place] = deque(kept, maxlen=MOST_LINES)
        for key in [key for key, line in self._by_id.items() if line.author == author]:
            del self._by_id[key]

    def leave(self, prefix: str) -> None:
        """Forget the places whose keys begin so: the bot may be there no more."""
        for remembered in (self._lines, self._by_id):
            for key in [key for key in remembered if key.startswith(prefix)]:
                del remembered[key]

    def _change(self, ref: MessageRef, text: str | None) -> None:
        lines = self._lines.get(ref.place.key, deque[_Line](maxlen=MOST_LINES))
        changed = [_with(line, text) if line.id == ref.id else line for line in lines]
        lines.clear()
        lines.extend(line for line in changed if line is not None)
        key = f"{ref.place.channel_key}:{ref.id}"
        if (line := self._by_id.pop(key, None)) is not None and text is not None:
            self._by_id[key] = replace(line, text=text)

    def _first(self, message: Message) -> _Line | None:
        """Find what is replied to, or what the thread began with; not the message itself."""
        place = message.ref.place
        if message.reply_to is None and place.thread is None:
            return None
        for id_ in (message.reply_to, place.thread):
            line = self._by_id.get(f"{place.channel_key}:{id_}")
            if line is not None and line.id != message.ref.id and line.sent_at <= message.sent_at:
                return line
        return None


def _with(line: _Line, text: str | None) -> _Line | None:
    return None if text is None else replace(line, text=text)


def _fitting(lines: Iterable[str], room: int) -> tuple[str, ...]:
    """Give the last of `lines`, as many as fit into so many characters."""
    kept: list[str] = []
    for line in reversed(list(lines)):
        room -= len(line)
        if room < 0:
            break
        kept.append(line)
    return tuple(reversed(kept))
