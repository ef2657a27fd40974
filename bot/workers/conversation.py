"""The last few messages of each place, in memory alone: what a message is read in the light of.

Nothing of it is stored (I4), and only what may be read at all is remembered: a member who opted out
is no context either.
"""

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.message import AccountRef, Message

MOST_PLACES = 2_000
MOST_LINES = 4
MOST_CHARACTERS = 200
# What is older was said in another conversation.
RECENT = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class _Line:
    author: AccountRef
    text: str
    sent_at: datetime


@dataclass(slots=True)
class Conversations:
    """Remembers lines by place, the places spoken in last. Give it messages in their order."""

    _lines: OrderedDict[str, deque[_Line]] = field(default_factory=OrderedDict)

    def before(self, message: Message) -> tuple[str, ...]:
        """Give what was said before `message` in its place, oldest first.

        A line begins with "me: " when the same person wrote it, else with "x: ": nobody is named.
        """
        lines = self._lines.get(message.ref.place.key, ())
        return tuple(
            f"{'me' if line.author == message.author else 'x'}: {line.text}"
            for line in lines
            if timedelta(0) <= message.sent_at - line.sent_at <= RECENT
        )

    def add(self, message: Message) -> None:
        """Remember `message`."""
        key = message.ref.place.key
        lines = self._lines.setdefault(key, deque(maxlen=MOST_LINES))
        lines.append(_Line(message.author, message.text[:MOST_CHARACTERS], message.sent_at))
        self._lines.move_to_end(key)
        if len(self._lines) > MOST_PLACES:
            self._lines.popitem(last=False)
