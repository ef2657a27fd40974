"""One message as an export holds it to a Message. Pure but for remembering the accounts seen.

A Slack reply's place has its thread, a top-level message's has none: alerts are coalesced by
author and thread. A cursor is another matter: it belongs to the place that was opened. Slack's
files go through a whole channel in time, its threads among the rest, so there the channel is
opened. Discord's threads have files of their own, and such a thread is opened for itself.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

from adapters.transcript.jsonlist import Raw
from adapters.wording import discord, slack
from adapters.wording.text import tidy
from bot.domain.message import AccountRef, Message, MessageRef, Origin, Place, PlatformName

DISCORD = PlatformName("discord")
SLACK = PlatformName("slack")

Author: TypeAlias = tuple[AccountRef, Origin]

UNREADABLE = (KeyError, TypeError, ValueError, AttributeError, OverflowError, OSError)

# DiscordChatExporter writes the names of the types that it knows and the number of the others
# (Discord's message types): 21 is the message that a thread began with, in the words of its
# author; 20 and 23 are an application's answers to a command.
_SPOKEN = frozenset({"Default", "Reply", "ThreadStarterMessage", "0", "19", "21"})
_COMMANDS = frozenset({"ChatInputCommand", "ContextMenuCommand", "20", "23"})
_DELETED_ID = "456226577798135808"  # the one account to which Discord moves what deleted ones said
_DELETED_NAME = re.compile(r"deleted[ _]user([ _#][0-9a-f]+)?", re.IGNORECASE)

_SLACK_SPOKEN = frozenset({"me_message", "thread_broadcast", "file_share", "file_comment"})
_SLACK_BOTS = frozenset({"bot_message", "slackbot_response"})
_SLACKBOT = "USLACKBOT"

_SNOWFLAKE = 20  # digits of the largest 64-bit number
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TS = 17  # characters of "1452837318.000002"


@dataclass(frozen=True, slots=True)
class Lacking:
    """A message that cannot be read: what was expected in it."""

    expected: str


@dataclass(frozen=True, slots=True)
class DiscordFile:
    """What all messages of one export share. `link` is the channel's, or empty."""

    place: Place
    link: str
    authors: dict[str, Author] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SlackMember:
    name: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class SlackChannel:
    """What all messages of one channel share. `members` and `channels` are by id."""

    place: Place
    members: Mapping[str, SlackMember]
    names: Mapping[str, str]
    channels: Mapping[str, str]
    authors: dict[str, Author] = field(default_factory=dict)


def discord_message(raw: Raw, file: DiscordFile) -> Message | Lacking:
    try:
        return _discord(raw, file)
    except UNREADABLE:
        return Lacking("a message with id, timestamp and author as DiscordChatExporter writes them")


def is_deleted_user(name: str) -> bool:
    return _DELETED_NAME.fullmatch(name) is not None


def _discord(raw: Raw, file: DiscordFile) -> Message:
    id_ = snowflake(raw["id"])
    author = raw["author"]
    account, origin = file.authors.get(author["id"]) or _discord_author(author, file)
    kind = raw.get("type", "Default")
    if kind not in _SPOKEN:
        origin = Origin.BOT if kind in _COMMANDS else Origin.SYSTEM
    elif raw.get("interaction"):
        origin = Origin.BOT
    mentions = raw.get("mentions")
    names = {user["id"]: _nickname(user) for user in mentions} if mentions else {}
    edited, reference = raw.get("timestampEdited"), raw.get("reference")
    return Message(
        ref=MessageRef(file.place, id_),
        author=account,
        origin=origin,
        text=discord.plain(raw.get("content") or "", names),
        sent_at=moment(raw["timestamp"]),
        position=id_.rjust(_SNOWFLAKE, "0"),
        reply_to=_replied_to(reference) if reference else None,
        edited_at=moment(edited) if edited else None,
        attachments=len(raw.get("attachments") or ()),
        mentions=tuple(names.values()),
        link=f"{file.link}/{id_}" if file.link else "",
    )


def _discord_author(author: Raw, file: DiscordFile) -> Author:
    """Asked once for each author; what comes after is looked up."""
    id_ = snowflake(author["id"])
    origin = Origin.BOT if author.get("isBot") else Origin.MEMBER
    if id_ == _DELETED_ID or is_deleted_user(author.get("name") or ""):
        origin = Origin.DELETED_MEMBER
    return file.authors.setdefault(author["id"], (AccountRef(DISCORD, id_), origin))


def _replied_to(reference: Raw) -> str | None:
    """Name the message that is answered; a forwarded one is not answered, it is elsewhere."""
    id_ = reference.get("messageId")
    return str(id_) if id_ and reference.get("type") != "Forward" else None


def _nickname(user: Raw) -> str:
    return tidy(user.get("nickname") or user.get("name") or "member")


def snowflake(value: Any) -> str:  # noqa: ANN401 - it is here to find out what a file holds
    """Read an id of Discord's: digits, at most 20 of them. Raises ValueError."""
    id_ = value if value.__class__ is str else str(value)
    if not (id_.isdecimal() and id_.isascii() and len(id_) <= _SNOWFLAKE):
        raise ValueError(id_)
    return id_


def moment(text: str) -> datetime:
    """Read ISO 8601 as a time in UTC; without a zone it is UTC already. Raises ValueError."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is UTC:
        return at
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def slack_message(raw: Raw, channel: SlackChannel) -> Message | Lacking:
    try:
        return _slack(raw, channel)
    except UNREADABLE:
        return Lacking("a message with ts and user or bot_id as Slack writes them")


def _slack(raw: Raw, channel: SlackChannel) -> Message:
    ts = raw["ts"]
    thread = raw.get("thread_ts")
    reply_to = thread if thread and thread != ts else None
    account, origin = _slack_author(raw, channel)
    text, edited = _slack_words(raw), raw.get("edited")
    place, position = channel.place, slack_position(ts)
    return Message(
        ref=MessageRef(_in_thread(place, reply_to) if reply_to else place, ts),
        author=account,
        origin=origin,
        text=slack.plain(text, channel.names, channel.channels, own_names=True),
        sent_at=_slack_moment(ts),
        position=position,
        reply_to=reply_to,
        edited_at=_slack_moment(edited["ts"]) if edited else None,
        attachments=len(raw.get("files") or ()) or int("file" in raw),
        mentions=slack.mentions(text, channel.names, own_names=True),
        link=_slack_link(place, ts),
    )


def slack_position(ts: str) -> str:
    """Pad seconds to 10 digits and microseconds to 6. Raises ValueError."""
    seconds, _, micro = ts.partition(".")
    if not (seconds.isdecimal() and (micro or "0").isdecimal() and ts.isascii()):
        raise ValueError(ts)
    return ts if len(ts) == _TS and ts[10] == "." else f"{seconds:0>10}.{micro:0<6}"


def _slack_moment(ts: str) -> datetime:
    """Count from the epoch in whole microseconds: a float would lose the last one."""
    seconds, _, micro = ts.partition(".")
    return _EPOCH + timedelta(0, int(seconds), int(f"{micro:0<6}"[:6]))


def _in_thread(place: Place, thread: str) -> Place:
    return Place(place.platform, place.space, place.channel, thread, place.name)


def _slack_link(place: Place, ts: str) -> str:
    if not place.space:
        return ""
    digits = ts.replace(".", "")
    return f"https://app.slack.com/client/{place.space}/{place.channel}/p{digits}"


def _slack_words(raw: Raw) -> str:
    """Take what the person typed: of a comment on a file not Slack's sentence about it."""
    comment = raw.get("comment")
    spoken = comment.get("comment") if comment else None
    return spoken or raw.get("text") or ""


def _slack_author(raw: Raw, channel: SlackChannel) -> Author:
    subtype, bot = raw.get("subtype"), raw.get("bot_id")
    user: Any = raw.get("user") or (raw.get("comment") or {}).get("user")
    is_spoken = subtype in _SLACK_SPOKEN or not subtype
    if is_spoken and not bot:
        return channel.authors.get(user) or _slack_member(user, channel)
    is_bot = subtype in _SLACK_BOTS or is_spoken
    origin = Origin.BOT if is_bot and raw.get("type", "message") == "message" else Origin.SYSTEM
    return AccountRef(SLACK, str(user or bot or _SLACKBOT)), origin


def _slack_member(user: Any, channel: SlackChannel) -> Author:  # noqa: ANN401 - as in snowflake
    if not (user and isinstance(user, str)):
        raise ValueError(user)
    member = channel.members.get(user)
    origin = member.origin if member else Origin.MEMBER
    if user == _SLACKBOT:
        origin = Origin.BOT
    return channel.authors.setdefault(user, (AccountRef(SLACK, user), origin))
