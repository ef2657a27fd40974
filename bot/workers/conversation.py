"""The last few messages of each place, in memory alone: what a message is read in the light of.

Nothing of it is stored (I4), and only what may be read at all is remembered: a member who opted out
is no context either.
"""

from collections import OrderedDict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.domain.message import AccountRef, Message, MessageRef, Origin

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


@dataclass(frozen=True, slots=True)
class _Line:
    """`author` is None where several people share an account (Discord's deleted members)."""

    id: str
    author: AccountRef | None
    text: str
    sent_at: datetime

    def said_to(self, message: Message, most: int = MOST_CHARACTERS) -> str:
        return f"{'me' if self.author == message.author else 'x'}: {self.text[:most]}"


@dataclass(slots=True)
class Conversations:
    """Remembers lines by place, the places spoken in last. Give it messages in their order."""

    _lines: OrderedDict[str, deque[_Line]] = field(default_factory=OrderedDict)
    _by_id: OrderedDict[str, _Line] = field(default_factory=OrderedDict)

    def before(self, message: Message) -> tuple[str, ...]:
        """Give what was said before `message` in its place, oldest first.

        What it replies to, or else what its thread began with, stands first where it is still
        remembered. A line begins with "me: " when the same person wrote it, else with "x: ":
        nobody is named.
        """
        first = self._first(message)
        lines = [line for line in self._recent(message) if line != first]
        if first is None:
            return tuple(line.said_to(message) for line in lines)
        said = first.said_to(message, MOST_OF_FIRST)
        near = [line.said_to(message) for line in lines]
        return said, *_fitting(near, MOST_WITH_FIRST - len(said))

    def add(self, message: Message) -> None:
        """Remember `message`, once."""
        place = message.ref.place
        lines = self._lines.setdefault(place.key, deque(maxlen=MOST_LINES))
        self._lines.move_to_end(place.key)
        if len(self._lines) > MOST_PLACES:
            self._lines.popitem(last=False)
        if any(line.id == message.ref.id for line in lines):
            return
        author = None if message.origin is Origin.DELETED_MEMBER else message.author
        line = _Line(message.ref.id, author, message.text[:MOST_CHARACTERS], message.sent_at)
        lines.append(line)
        self._by_id[f"{place.channel_key}:{line.id}"] = line
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
        for id_ in (message.reply_to, place.thread):
            line = self._by_id.get(f"{place.channel_key}:{id_}")
            if line is not None and line.id != message.ref.id and line.sent_at <= message.sent_at:
                return line
        return None

    def _recent(self, message: Message) -> Iterator[_Line]:
        place = message.ref.place
        reach = RECENT if place.thread is None else RECENT_IN_THREAD
        for line in self._lines.get(place.key, ()):
            if line.id != message.ref.id and timedelta() <= message.sent_at - line.sent_at <= reach:
                yield line


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
