"""Slack's export: lists of channels and members, and a folder a channel with a file a day.

Only the lists are held. What is a direct message is never opened; a private channel only when
it was asked for by name. canvases.json and integration_logs.json hold no messages.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from adapters.transcript.archive import DAMAGED, Archive
from adapters.transcript.jsonlist import Raw, Shape, entries
from adapters.transcript.problem import FileProblems
from adapters.transcript.replay import (
    DIRECT,
    NOT_ASKED,
    PRIVATE,
    UNLISTED,
    Feed,
    Replay,
    Step,
)
from adapters.transcript.translate import (
    SLACK,
    Lacking,
    SlackChannel,
    SlackMember,
    slack_message,
)
from adapters.transcript.window import Window
from bot.domain.message import Message, Origin, Place

# Slack indents by four: a message's brace ends its line and its first key stands 8 deep.
SHAPE = Shape(prefix="item", opening=b"[", start=re.compile(rb'\{\r?\n {8}"'))

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\.json")
_DIRECT_FOLDER = re.compile(r"D[A-Z0-9]{8,}|mpdm-.+")
_AGAIN = "Download the export again."


@dataclass(frozen=True, slots=True)
class Conversation:
    """`why_not` says why it stays unread whatever was asked for, or unless it is named."""

    id: str
    name: str
    folder: str
    why_not: str = ""


@dataclass(slots=True)
class _Directory:
    """What the lists say about the whole workspace."""

    conversations: list[Conversation] = field(default_factory=list)
    members: dict[str, SlackMember] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    teams: Counter[str] = field(default_factory=Counter)

    @property
    def team(self) -> str:
        """The workspace: of several teams (shared channels) the one with the most members."""
        return next((team for team, _ in self.teams.most_common(1)), "")

    @property
    def channels(self) -> dict[str, str]:
        return {one.id: one.name for one in self.conversations if one.why_not != DIRECT}


@dataclass(frozen=True, slots=True)
class SlackExport:
    """`opener` may raise one of DAMAGED."""

    path: Path
    size: int
    opener: Callable[[], Archive]

    @property
    def order(self) -> tuple[str, str, str]:
        return str(self.path), "", ""

    def feeds(self, replay: Replay, step: Step) -> Iterator[Feed]:
        problems = replay.of(self.path)
        try:
            archive = self.opener()
        except DAMAGED as failure:
            problems.add("the whole file", f"a readable Slack export ({failure})", _AGAIN)
            return
        try:
            yield from _feeds(archive, replay, problems, step)
        finally:
            archive.close()
        problems.close()


def _feeds(archive: Archive, replay: Replay, problems: FileProblems, step: Step) -> Iterator[Feed]:
    directory = _directory(archive, problems, step)
    folders = archive.folders()
    for one in [*directory.conversations, *_unlisted(directory, folders)]:
        reason = _why_not(one, replay.window)
        if reason:
            replay.leave_out(reason)
        elif one.folder in folders:
            days = [day for day in folders[one.folder] if _DAY.fullmatch(day.partition("/")[2])]
            place = Place(SLACK, directory.team, one.id, None, f"#{one.name}")
            channel = SlackChannel(place, directory.members, directory.names, directory.channels)
            yield Feed(place, problems, _messages(archive, days, channel, problems, step))


def _messages(
    archive: Archive, days: list[str], channel: SlackChannel, problems: FileProblems, step: Step
) -> Iterator[Message]:
    for day in days:
        for index, raw in _entries(archive, day, problems, step):
            message = slack_message(raw, channel)
            if isinstance(message, Lacking):
                where = f"{day}, message {index + 1}"
                problems.add(where, message.expected, "It is left out, the rest is read.")
            else:
                yield message


def _entries(
    archive: Archive, name: str, problems: FileProblems, step: Step
) -> Iterator[tuple[int, Raw]]:
    """Read the objects of one file of the archive, up to where it is damaged."""
    try:
        yield from entries(partial(archive.open, name), SHAPE, problems, step, f"{name}, ")
    except DAMAGED as failure:
        problems.add(f"inside {name}", f"an undamaged file ({failure})", _AGAIN)


def _why_not(one: Conversation, window: Window) -> str:
    is_named = window.names(one.id, one.name)
    if one.why_not and (one.why_not == DIRECT or not is_named):
        return one.why_not
    return NOT_ASKED if window.channels and not is_named else ""


def _directory(archive: Archive, problems: FileProblems, step: Step) -> _Directory:
    directory = _Directory()
    if "channels.json" not in archive.sizes:
        problems.add("the whole export", "channels.json", f"Which are public is unknown. {_AGAIN}")
    if "users.json" not in archive.sizes and "org_users.json" not in archive.sizes:
        problems.add("the whole export", "users.json", f"Names are missing. {_AGAIN}")
    for name, why_not in (
        ("channels.json", ""),
        ("groups.json", PRIVATE),
        ("dms.json", DIRECT),
        ("mpims.json", DIRECT),
    ):
        for index, raw in _list(archive, name, problems, step):
            one = _conversation(raw, why_not)
            if one is None:
                problems.add(f"{name}, entry {index + 1}", "an id", "It is left out.")
            else:
                directory.conversations.append(one)
    for name in ("users.json", "org_users.json"):
        for _, raw in _list(archive, name, problems, step):
            _add_member(directory, raw)
    return directory


def _list(
    archive: Archive, name: str, problems: FileProblems, step: Step
) -> Iterator[tuple[int, Raw]]:
    if name in archive.sizes:
        yield from _entries(archive, name, problems, step)


def _conversation(raw: Raw, why_not: str) -> Conversation | None:
    """Trust its flags more than the list that an exporter put it in."""
    if not (isinstance(raw, dict) and isinstance(raw.get("id"), str)):
        return None
    name = str(raw.get("name") or raw["id"])
    if raw.get("is_im") or raw.get("is_mpim"):
        why_not = DIRECT
    elif raw.get("is_private"):
        why_not = why_not or PRIVATE
    return Conversation(raw["id"], name, name, why_not)


def _unlisted(directory: _Directory, folders: dict[str, list[str]]) -> list[Conversation]:
    listed = {one.folder for one in directory.conversations}
    return [
        Conversation(folder, folder, folder, DIRECT if _is_direct(folder) else UNLISTED)
        for folder, names in folders.items()
        if folder not in listed and any(_DAY.fullmatch(name.partition("/")[2]) for name in names)
    ]


def _is_direct(folder: str) -> bool:
    return _DIRECT_FOLDER.fullmatch(folder) is not None


def _add_member(directory: _Directory, raw: Raw) -> None:
    if not (isinstance(raw, dict) and isinstance(raw.get("id"), str)):
        return
    profile = raw.get("profile")
    shown = profile if isinstance(profile, dict) else {}
    name = shown.get("display_name") or shown.get("real_name") or raw.get("name") or "member"
    origin = Origin.DELETED_MEMBER if raw.get("deleted") else Origin.MEMBER
    if raw.get("is_bot"):
        origin = Origin.BOT
    directory.members[raw["id"]] = SlackMember(str(name), origin)
    directory.names[raw["id"]] = str(name)
    if isinstance(raw.get("team_id"), str):
        directory.teams[raw["team_id"]] += 1
