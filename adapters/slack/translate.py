"""What Slack sends to what the bot knows: events of the Events API. Pure.

https://docs.slack.dev/reference/events. A reply's place has its thread, a message of the channel
itself has none; the cursor is the channel's, because Slack tells of both through the channel.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from adapters.slack.installed import SLACK, SLACKBOT, Installed, Raw
from adapters.wording.slack import mentions, plain
from bot.domain.event import (
    Deleted,
    Edited,
    Event,
    HomeOpened,
    PlaceGone,
    PlaceRenamed,
    Posted,
    SpaceLeft,
)
from bot.domain.message import AccountRef, Message, MessageRef, Origin, Place
from bot.domain.space import SpaceRef

# https://docs.slack.dev/reference/events/message#subtypes: these are what somebody said.
_SPOKEN = frozenset({"me_message", "thread_broadcast", "file_share", "file_comment"})
_BOTS = frozenset({"bot_message", "slackbot_response"})
# The same page: these tell of another message, and are none themselves.
_ABOUT_OTHERS = frozenset({"message_changed", "message_deleted", "message_replied"})
_GONE = frozenset(
    {
        "channel_archive",
        "channel_deleted",
        "channel_left",
        "group_archive",
        "group_deleted",
        "group_left",
    }
)
_DIRECT = frozenset({"im", "mpim", "app_home"})
_UNREADABLE = (KeyError, TypeError, ValueError, AttributeError, OverflowError)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TS = 17  # characters of "1452837318.000002"


def event_of(raw: Raw, where: Installed) -> Event | None:
    """Give what an event means; None when nothing follows from it or it cannot be read."""
    try:
        return _event(raw, where)
    except _UNREADABLE:
        return None


def message_of(raw: Raw, channel: str, where: Installed) -> Message | None:
    """Read one message as events and histories hold it; None when it is none or unreadable."""
    try:
        return None if raw.get("subtype") in _ABOUT_OTHERS else _message(raw, channel, where)
    except _UNREADABLE:
        return None


def position(ts: str) -> str:
    """Pad seconds to 10 digits and microseconds to 6. Raises ValueError."""
    seconds, _, micro = ts.partition(".")
    if not (seconds.isdecimal() and (micro or "0").isdecimal() and ts.isascii()):
        raise ValueError(ts)
    return ts if len(ts) == _TS and ts[10] == "." else f"{seconds:0>10}.{micro:0<6}"


def _event(raw: Raw, where: Installed) -> Event | None:
    kind = raw["type"]
    if kind == "message":
        return _of_message(raw, where)
    if kind == "app_home_opened":
        by = AccountRef(SLACK, raw["user"])
        return HomeOpened(by, _space(where)) if raw.get("tab") == "home" else None
    if kind in _GONE or (kind == "member_left_channel" and raw["user"] == where.bot_user):
        return PlaceGone(where.place(raw["channel"]))
    if kind in {"channel_rename", "group_rename"}:
        channel = raw["channel"]
        return PlaceRenamed(Place(SLACK, where.team, channel["id"], None, f"#{channel['name']}"))
    return SpaceLeft(_space(where)) if kind == "app_uninstalled" else None


def _space(where: Installed) -> SpaceRef:
    return SpaceRef(SLACK, where.team)


def _of_message(raw: Raw, where: Installed) -> Event | None:
    """Direct messages to the app are nobody's to read: they are let go."""
    if raw.get("channel_type") in _DIRECT:
        return None
    channel, subtype = raw["channel"], raw.get("subtype")
    if subtype not in _ABOUT_OTHERS:
        return Posted(_message(raw, channel, where))
    if subtype == "message_deleted":
        before = raw.get("previous_message") or {}
        return Deleted((_ref(raw["deleted_ts"], before.get("thread_ts"), channel, where),))
    return _changed(raw, channel, where) if subtype == "message_changed" else None


def _changed(raw: Raw, channel: str, where: Installed) -> Event | None:
    """Tell an edit from what also comes so: a new reply, a link unfurled, a deleted first message.

    https://docs.slack.dev/reference/events/message/message_changed
    """
    now, before = raw["message"], raw.get("previous_message") or {}
    ref = _ref(now["ts"], now.get("thread_ts"), channel, where)
    if now.get("subtype") == "tombstone":
        return Deleted((ref,))
    if now.get("text") == before.get("text"):
        return None
    return Edited(ref, _message(now, channel, where))


def _ref(ts: str, thread: str | None, channel: str, where: Installed) -> MessageRef:
    return MessageRef(where.place(channel, thread if thread != ts else None), ts)


def _message(raw: Raw, channel: str, where: Installed) -> Message:
    ts: str = raw["ts"]
    ref = _ref(ts, raw.get("thread_ts") or None, channel, where)
    thread = ref.place.thread
    account, origin = _author(raw, where)
    text, edited = _words(raw), raw.get("edited")
    return Message(
        ref=ref,
        author=account,
        origin=origin,
        text=plain(text, where.names, where.channels),
        sent_at=_moment(ts),
        position=position(ts),
        reply_to=thread,
        edited_at=_moment(edited["ts"]) if edited else None,
        attachments=len(raw.get("files") or ()) or int("file" in raw),
        mentions=mentions(text, where.names),
        link=where.link(channel, ts, thread),
    )


def _moment(ts: str) -> datetime:
    """Count from the epoch in whole microseconds: a float would lose the last one."""
    seconds, _, micro = ts.partition(".")
    return _EPOCH + timedelta(0, int(seconds), int(f"{micro:0<6}"[:6]))


def _words(raw: Raw) -> str:
    """Take what the person typed: of a comment on a file not Slack's sentence about it."""
    comment = raw.get("comment")
    spoken = comment.get("comment") if isinstance(comment, dict) else None
    return spoken or raw.get("text") or ""


def _author(raw: Raw, where: Installed) -> tuple[AccountRef, Origin]:
    subtype, bot = raw.get("subtype"), raw.get("bot_id")
    user: Any = raw.get("user") or (raw.get("comment") or {}).get("user")
    is_spoken = subtype in _SPOKEN or not subtype
    if is_spoken and not bot:
        if not (user and isinstance(user, str)):
            raise ValueError(user)
        return AccountRef(SLACK, user), where.origin(user)
    origin = Origin.BOT if subtype in _BOTS or is_spoken else Origin.SYSTEM
    return AccountRef(SLACK, str(user or bot or SLACKBOT)), origin
