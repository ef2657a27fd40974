"""DiscordChatExporter's JSON: one object with guild, channel and messages, of any length.

Partitions ("[part 2]") and overlapping exports of one channel are files of their own. With
`--reverse` the newest message stands first: such a file is read from its end.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ijson.backends.yajl2_c import parse  # type: ignore[import-untyped]  # ijson ships no types

from adapters.transcript.backward import backward
from adapters.transcript.discord_name import channel_in
from adapters.transcript.jsonlist import BROKEN, Raw, Shape, Tape, entries, without_mark
from adapters.transcript.problem import FileProblems
from adapters.transcript.replay import DIRECT, NOT_ASKED, PRIVATE, Feed, Replay, Step
from adapters.transcript.translate import DISCORD, DiscordFile, Lacking, discord_message, snowflake
from adapters.transcript.window import Window
from bot.domain.message import Message, Place

SHAPE = Shape(
    prefix="messages.item",
    opening=b'{"messages":[',
    # Users, emoji and files have an id too, but no type next; a channel has both, but no time.
    start=re.compile(rb'\{\s*"id"\s*:\s*"?\d{1,20}"?\s*,\s*"type"\s*:\s*"\w+"\s*,\s*"timestamp"'),
)
_DIRECT = frozenset({"DirectTextChat", "DirectGroupTextChat", "1", "3"})
_THREADS = frozenset({"GuildPublicThread", "GuildNewsThread", "10", "11"})
_PRIVATE_THREADS = frozenset({"GuildPrivateThread", "12"})
_NO_GUILD = "0"  # what DiscordChatExporter calls the guild of direct messages
_PEEK = 20_000  # events of JSON within which an export has told what it is
_NEEDED = ("guild.id", "channel.id", "channel.type")
_MEND = "Export this channel again with a current DiscordChatExporter."


@dataclass(frozen=True, slots=True)
class DiscordJson:
    """`found` holds the strings of guild and channel; `first` the positions of two messages."""

    path: Path
    size: int
    found: Mapping[str, str]
    first: tuple[str, ...]

    @property
    def order(self) -> tuple[str, str, str]:
        return self.place.channel_key, self.place.thread or "", min(self.first, default="")

    @property
    def is_reversed(self) -> bool:
        return sorted(self.first) != list(self.first)

    @property
    def is_thread(self) -> bool:
        kind = self.found.get("channel.type")
        return kind in _THREADS or kind in _PRIVATE_THREADS

    @property
    def place(self) -> Place:
        """The channel; a thread in its parent, which the export calls its category."""
        named = channel_in(self.path)
        space = self.found.get("guild.id", "")
        channel = self.found.get("channel.id") or named.id
        name = self.found.get("channel.name") or named.name
        parent = self.found.get("channel.categoryId")
        if self.is_thread and parent:
            title = f"#{self.found.get('channel.category', parent)} > {name}"
            return Place(DISCORD, space, parent, channel, title)
        return Place(DISCORD, space, channel, None, f"#{name}")

    def feeds(self, replay: Replay, step: Step) -> Iterator[Feed]:
        reason = _why_not(self, replay.window)
        if reason:
            replay.leave_out(reason)
            return
        problems = replay.of(self.path)
        for key in _NEEDED:
            if key not in self.found:
                problems.add("its beginning", f'"{key}"', _MEND)
        yield Feed(self.place, problems, self._messages(problems, step))
        problems.close()

    def _messages(self, problems: FileProblems, step: Step) -> Iterator[Message]:
        file = DiscordFile(self.place, _link(self.place))
        unit, base, raws = self._raws(problems, step)
        for number, raw in raws:
            message = discord_message(raw, file)
            if isinstance(message, Lacking):
                mend = "It is left out, the rest is read."
                problems.add(f"{unit} {number + base}", message.expected, mend)
            else:
                yield message

    def _raws(
        self, problems: FileProblems, step: Step
    ) -> tuple[str, int, Iterator[tuple[int, Raw]]]:
        """Open the file for reading; say what its numbers count, and what the first should be."""
        if self.is_reversed:
            return "the message at byte", 0, backward(self.path, SHAPE, problems, step)
        return "message", 1, entries(lambda: self.path.open("rb"), SHAPE, problems, step, "")


def look(path: Path, size: int) -> DiscordJson | None:
    """Read the beginning of a file; None when there is no array of messages in it."""
    found: dict[str, str] = {}
    first: list[str] = []
    for prefix, event, value in _beginning(path):
        if event == "string" and not prefix.startswith("messages"):
            found[prefix] = value
        elif (prefix, event) == ("messages", "start_array"):
            found[prefix] = ""
        elif prefix == "messages.item.id":
            first.append(_position(value))
    if "messages" not in found:
        return None
    return DiscordJson(path, size, found, tuple(position for position in first if position))


def _beginning(path: Path) -> Iterator[tuple[str, str, str]]:
    """Yield ijson's events up to the second message's id, or to where the file breaks."""
    ids = 0
    with path.open("rb") as file:
        tape = Tape(file, without_mark(file), lambda _: None)
        try:
            for number, (prefix, event, value) in enumerate(parse(tape, use_float=True)):
                yield prefix, event, value
                ids += prefix == "messages.item.id"
                if ids == 2 or number == _PEEK:  # noqa: PLR2004 - two tell the direction
                    return
        except BROKEN:
            return


def _position(value: object) -> str:
    try:
        return snowflake(value).rjust(20, "0")
    except ValueError:
        return ""


def _why_not(source: DiscordJson, window: Window) -> str | None:
    kind, place = source.found.get("channel.type"), source.place
    name = source.found.get("channel.name", "")
    is_named = window.names(name, place.name, place.thread or place.channel)
    parent = source.found.get("channel.category", "")
    is_inside = source.is_thread and window.names(parent, place.channel)
    if kind in _DIRECT or place.space == _NO_GUILD:
        return DIRECT
    if kind in _PRIVATE_THREADS and not is_named:
        return PRIVATE
    return NOT_ASKED if window.channels and not (is_named or is_inside) else None


def _link(place: Place) -> str:
    if not place.space:
        return ""
    return f"https://discord.com/channels/{place.space}/{place.thread or place.channel}"
