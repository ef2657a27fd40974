"""DiscordChatExporter's CSV: AuthorID, Author, Date, Content, Attachments, Reactions.

It has no ids, no types and no server's id. So a row's number in its channel stands in for the
id, whoever is not known to be deleted counts as a member (bots too), nothing links back, and
the notices that Discord writes itself are known by their fixed words.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from adapters.transcript.discord_name import DIRECT_SPACE, channel_in
from adapters.transcript.jsonlist import says
from adapters.transcript.problem import FileProblems
from adapters.transcript.replay import DIRECT, NOT_ASKED, Feed, Replay, Step
from adapters.transcript.translate import DISCORD, Lacking, is_deleted_user, moment
from adapters.wording.discord import plain
from bot.domain.message import AccountRef, Message, MessageRef, Origin, Place

_LONGEST_LINE = 1024 * 1024  # bytes; a line without end must not fill the memory
_OLD_DATE = "%d-%b-%y %I:%M %p"  # before DiscordChatExporter wrote ISO 8601
_NOTICES = frozenset(
    {
        "Pinned a message.",
        "Joined the server.",
        "Started a thread.",
        "Added a recipient.",
        "Removed a recipient.",
        "Changed the channel name.",
        "Changed the channel icon.",
    }
)
_LEFT = "It is left out, the rest is read."


@dataclass(frozen=True, slots=True)
class DiscordCsv:
    """`columns` are the names in the first line; `first` is the time in the first row."""

    path: Path
    size: int
    columns: tuple[str, ...]
    first: str

    @property
    def order(self) -> tuple[str, str, str]:
        return self.place.key, "", self.first

    @property
    def place(self) -> Place:
        named = channel_in(self.path)
        return Place(DISCORD, named.space, named.id, None, f"#{named.name}")

    def feeds(self, replay: Replay, step: Step) -> Iterator[Feed]:
        place, window = self.place, replay.window
        if place.space == DIRECT_SPACE:
            replay.leave_out(DIRECT)
        elif window.channels and not window.names(place.name, place.channel):
            replay.leave_out(NOT_ASKED)
        else:
            problems = replay.of(self.path)
            yield Feed(place, problems, self._messages(replay, problems, step))
            problems.close()

    def _messages(self, replay: Replay, problems: FileProblems, step: Step) -> Iterator[Message]:
        """Count the rows on from the channel's file before, so that no two ids are the same."""
        place = self.place
        before = replay.rows.get(place.key, 0)
        for number, row in _rows(self.path, problems, step):
            replay.rows[place.key] = before + number
            message = _message(dict(zip(self.columns, row, strict=False)), place, before + number)
            if len(row) != len(self.columns):
                problems.add(f"row {number}", f"{len(self.columns)} columns", _LEFT)
            elif isinstance(message, Lacking):
                problems.add(f"row {number}", message.expected, _LEFT)
            else:
                yield message


def look(path: Path, size: int) -> DiscordCsv | None:
    """Read the first two rows; None when the first does not name the columns."""
    unheard = FileProblems(str(path), [])
    with path.open("rb") as file:
        rows = csv.reader(_lines(file, unheard, lambda _: None))
        columns, first = _next(rows), _next(rows)
    if not {"Author", "Date", "Content"} <= set(columns):
        return None
    row = dict(zip(columns, first, strict=False))
    return DiscordCsv(path, size, tuple(columns), _sortable(row.get("Date", "")))


def _next(rows: Iterator[list[str]]) -> list[str]:
    try:
        return next(rows, [])
    except csv.Error:
        return []


def _rows(path: Path, problems: FileProblems, step: Step) -> Iterator[tuple[int, list[str]]]:
    """Yield each row with its number, 1 for the first one below the names of the columns."""
    number = -1
    try:
        with path.open("rb") as file:
            rows = csv.reader(_lines(file, problems, step))
            while True:
                number += 1
                try:
                    row = next(rows)
                except StopIteration:
                    return
                except csv.Error as failure:
                    problems.add(f"row {number}", f"CSV ({failure})", _LEFT)
                    continue
                if number:
                    yield number, row
    except OSError as failure:
        problems.add(f"after row {number}", "a readable file", says(failure))


def _lines(file: IO[bytes], problems: FileProblems, step: Step) -> Iterator[str]:
    is_told = False
    mark = b"\xef\xbb\xbf"
    while line := file.readline(_LONGEST_LINE):
        step(len(line))
        try:
            yield line.removeprefix(mark).decode()
        except UnicodeDecodeError:
            if not is_told:
                mend = "What is not is shown as a question mark. Save it as UTF-8."
                problems.add("its letters", "UTF-8", mend)
            is_told = True
            yield line.decode(errors="replace")
        mark = b""


def _message(row: dict[str, str], place: Place, number: int) -> Message | Lacking:
    """`row` may lack columns when the file is cut off."""
    at = _date(row.get("Date", ""))
    author = row.get("AuthorID") or row.get("Author", "")
    if at is None or not author:
        return Lacking("an author, and a date as in 2026-01-31T12:00:00+00:00")
    files = row.get("Attachments", "")
    content = row.get("Content", "")
    return Message(
        ref=MessageRef(place, f"row-{number}"),
        author=AccountRef(DISCORD, author),
        origin=_origin(row.get("Author", ""), content),
        text=plain(content, {}),
        sent_at=at,
        position=f"{number:020}",
        attachments=files.count(",") + 1 if files else 0,
    )


def _origin(author: str, content: str) -> Origin:
    if content in _NOTICES:
        return Origin.SYSTEM
    return Origin.DELETED_MEMBER if is_deleted_user(author) else Origin.MEMBER


def _date(text: str) -> datetime | None:
    try:
        return moment(text)
    except (ValueError, OverflowError):
        pass
    try:
        return datetime.strptime(text, _OLD_DATE).replace(tzinfo=UTC)
    except ValueError:
        return None


def _sortable(date: str) -> str:
    at = _date(date)
    return at.isoformat(timespec="microseconds") if at else ""
