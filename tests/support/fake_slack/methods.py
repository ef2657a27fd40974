"""The Web API methods that Waymark uses, and what each asks for.

Scopes and tiers stand on each method's page: https://docs.slack.dev/reference/methods.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from tests.support.fake_slack.blocks import MOST_TEXT, check, check_view
from tests.support.fake_slack.workspace import Channel, Raw, Refused, Workspace, shown

Args: TypeAlias = Mapping[str, Any]


class Holder(Protocol):
    """What the methods need of the server."""

    def stamp(self) -> str: ...
    def redeem(self, trigger: str) -> None: ...
    def open_view(self, space: Workspace, view: Raw) -> Raw: ...
    def page(self, method: str, asked: int) -> int: ...


@dataclass(frozen=True, slots=True)
class Asked:
    """One request of a token that may `act` in a workspace."""

    method: str
    args: Args
    space: Workspace
    holder: Holder
    scopes: frozenset[str]

    def needs(self, *scopes: str) -> None:
        """One of them is enough. https://docs.slack.dev/reference/methods/auth.test#errors."""
        if not self.scopes.intersection(scopes):
            raise Refused("missing_scope", needed=scopes[0], provided=",".join(self.scopes))

    def channel(self) -> Channel:
        return self.space.channel(str(self.args.get("channel", "")))


@dataclass(frozen=True, slots=True)
class Method:
    """`tier` 0: not counted here."""

    answer: Callable[[Asked], Raw]
    tier: int


def _auth_test(asked: Asked) -> Raw:
    space = asked.space
    return {
        "url": space.url,
        "team": space.id,
        "team_id": space.id,
        "user": "waymark",
        "user_id": space.bot_user,
        "bot_id": space.bot_id,
        "enterprise_id": space.enterprise,
        "is_enterprise_install": False,
    }


def _users_conversations(asked: Asked) -> Raw:
    """https://docs.slack.dev/reference/methods/users.conversations."""
    kinds = str(asked.args.get("types") or "public_channel").split(",")
    for kind in kinds:
        asked.needs("channels:read" if kind == "public_channel" else "groups:read")
    mine = [
        channel.raw
        for channel in asked.space.channels.values()
        if ("private_channel" if channel.is_private else "public_channel") in kinds
        and asked.space.bot_user in channel.members
        and not channel.is_im
        and not (channel.is_archived and asked.args.get("exclude_archived"))
    ]
    return _paged(asked, "channels", mine, 100)


def _conversations_info(asked: Asked) -> Raw:
    """https://docs.slack.dev/reference/methods/conversations.info."""
    asked.needs("channels:read", "groups:read")
    channel = asked.channel()
    return {"channel": {**channel.raw, "is_member": asked.space.bot_user in channel.members}}


def _users_list(asked: Asked) -> Raw:
    asked.needs("users:read")
    return _paged(asked, "members", [user.raw for user in asked.space.users.values()], 200)


def _users_info(asked: Asked) -> Raw:
    asked.needs("users:read")
    return {"user": asked.space.user(str(asked.args["user"])).raw}


def _open(asked: Asked) -> Raw:
    """https://docs.slack.dev/reference/methods/conversations.open."""
    asked.needs("im:write")
    user = asked.space.users.get(str(asked.args["users"]))
    if user is None:
        raise Refused("user_not_found")
    return {"channel": {"id": asked.space.dm(user).id}}


def _may_read(asked: Asked, channel: Channel) -> None:
    """https://docs.slack.dev/reference/methods/conversations.history#errors."""
    kind = "im" if channel.is_im else "groups" if channel.is_private else "channels"
    asked.needs(f"{kind}:history")
    if asked.space.bot_user not in channel.members:
        raise Refused("not_in_channel")


def _history(asked: Asked) -> Raw:
    """Give the newest first: https://docs.slack.dev/reference/methods/conversations.history."""
    channel = asked.channel()
    _may_read(asked, channel)
    found = [one for one in reversed(channel.top()) if _is_between(one["ts"], asked.args)]
    return _messages(asked, found)


def _replies(asked: Asked) -> Raw:
    """Give a thread, oldest first, and always its first message too.

    https://docs.slack.dev/reference/methods/conversations.replies
    """
    channel, root = asked.channel(), str(asked.args["ts"])
    _may_read(asked, channel)
    if root not in channel.messages:
        raise Refused("thread_not_found")
    thread = channel.thread(root)
    found = [one for one in thread if one["ts"] == root or _is_between(one["ts"], asked.args)]
    return _messages(asked, found)


def _is_between(ts: str, args: Args) -> bool:
    oldest, latest = str(args.get("oldest") or "0"), str(args.get("latest") or "9999999999")
    if str(args.get("inclusive", "")).lower() in ("1", "true"):
        return oldest <= ts <= latest
    return oldest < ts < latest


def _messages(asked: Asked, found: Sequence[Raw]) -> Raw:
    if str(asked.args.get("include_all_metadata", "")).lower() not in ("1", "true"):
        found = [dict(shown(one)) for one in found]
    page = _paged(asked, "messages", found, 100)
    return {**page, "has_more": bool(page["response_metadata"]["next_cursor"])}


def _paged(asked: Asked, name: str, found: Sequence[Raw], default: int) -> Raw:
    """https://docs.slack.dev/apis/web-api/pagination."""
    most = asked.holder.page(asked.method, int(asked.args.get("limit") or default))
    start = int(asked.args.get("cursor") or 0)
    end = start + most
    cursor = str(end) if end < len(found) else ""
    return {name: list(found[start:end]), "response_metadata": {"next_cursor": cursor}}


def _join(asked: Asked) -> Raw:
    """https://docs.slack.dev/reference/methods/conversations.join."""
    asked.needs("channels:join")
    channel = asked.channel()
    if channel.is_private:
        raise Refused("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise Refused("is_archived")
    channel.members.add(asked.space.bot_user)
    return {"channel": channel.raw}


def _may_write(asked: Asked, channel: Channel) -> None:
    """https://docs.slack.dev/reference/methods/chat.postMessage#errors."""
    if channel.is_archived:
        raise Refused("is_archived")
    if asked.space.bot_user not in channel.members:
        raise Refused("not_in_channel")


def _content(asked: Asked) -> Raw:
    text, blocks = str(asked.args.get("text") or ""), asked.args.get("blocks") or ()
    if not (text or blocks):
        raise Refused("no_text")
    check(blocks, "message")
    return {"text": text[:MOST_TEXT], "blocks": list(blocks)}


def _post(asked: Asked) -> Raw:
    """https://docs.slack.dev/reference/methods/chat.postMessage."""
    asked.needs("chat:write")
    channel = asked.channel()
    _may_write(asked, channel)
    ts, space, thread = asked.holder.stamp(), asked.space, asked.args.get("thread_ts")
    message: Raw = {
        "type": "message",
        "ts": ts,
        "user": space.bot_user,
        "bot_id": space.bot_id,
        "team": space.id,
        **_content(asked),
    }
    if thread:
        message["thread_ts"] = str(thread)
    if asked.args.get("metadata"):
        message["metadata"] = asked.args["metadata"]
    if channel.is_im and not all(space.users[m].takes_dms for m in _others(space, channel)):
        raise Refused("messages_tab_disabled")
    channel.messages[ts] = message
    return {"channel": channel.id, "ts": ts, "message": message}


def _others(space: Workspace, channel: Channel) -> Sequence[str]:
    return [member for member in channel.members if member != space.bot_user]


def _post_ephemeral(asked: Asked) -> Raw:
    """Seen by one who is there, and not kept.

    https://docs.slack.dev/reference/methods/chat.postEphemeral
    """
    asked.needs("chat:write")
    channel, user = asked.channel(), str(asked.args["user"])
    _may_write(asked, channel)
    if user not in channel.members:
        raise Refused("user_not_in_channel")
    ts = asked.holder.stamp()
    asked.space.ephemerals.append((user, {"ts": ts, "channel": channel.id, **_content(asked)}))
    return {"message_ts": ts}


def _own(asked: Asked, error: str) -> tuple[Channel, Raw]:
    asked.needs("chat:write")
    channel = asked.channel()
    message = channel.messages.get(str(asked.args["ts"]))
    if message is None:
        raise Refused("message_not_found")
    if message.get("bot_id") != asked.space.bot_id:
        raise Refused(error)
    return channel, message


def _update(asked: Asked) -> Raw:
    """https://docs.slack.dev/reference/methods/chat.update."""
    channel, message = _own(asked, "cant_update_message")
    message.update(_content(asked))
    return {"channel": channel.id, "ts": message["ts"]}


def _delete(asked: Asked) -> Raw:
    """https://docs.slack.dev/reference/methods/chat.delete."""
    channel, message = _own(asked, "cant_delete_message")
    del channel.messages[message["ts"]]
    return {"channel": channel.id, "ts": message["ts"]}


def _pinned(asked: Asked) -> tuple[Channel, str]:
    """https://docs.slack.dev/reference/methods/pins.add#errors."""
    asked.needs("pins:write")
    channel, ts = asked.channel(), str(asked.args["timestamp"])
    if asked.space.bot_user not in channel.members:
        raise Refused("not_in_channel")
    if ts not in channel.messages:
        raise Refused("message_not_found")
    return channel, ts


def _pin(asked: Asked) -> Raw:
    channel, ts = _pinned(asked)
    if ts in channel.pins:
        raise Refused("already_pinned")
    channel.pins.add(ts)
    return {}


def _unpin(asked: Asked) -> Raw:
    """https://docs.slack.dev/reference/methods/pins.remove."""
    channel, ts = _pinned(asked)
    if ts not in channel.pins:
        raise Refused("no_pin")
    channel.pins.discard(ts)
    return {}


def _views_open(asked: Asked) -> Raw:
    """Three seconds after the trigger it is too late: /reference/methods/views.open."""
    asked.holder.redeem(str(asked.args["trigger_id"]))
    view = asked.args["view"]
    check_view(view)
    return {"view": asked.holder.open_view(asked.space, view)}


def _views_publish(asked: Asked) -> Raw:
    """https://docs.slack.dev/reference/methods/views.publish."""
    view = asked.args["view"]
    check_view(view)
    asked.space.homes[asked.space.user(str(asked.args["user_id"])).id] = view
    return {"view": {**view, "id": "VHOME"}}


def _usergroups(asked: Asked) -> Raw:
    """https://docs.slack.dev/reference/methods/usergroups.list."""
    asked.needs("usergroups:read")
    has_users = str(asked.args.get("include_users", "")).lower() in ("1", "true")
    groups = [
        {"id": id_, "name": name, **({"users": sorted(users)} if has_users else {})}
        for id_, (name, users) in asked.space.groups.items()
    ]
    return {"usergroups": groups}


METHODS: Mapping[str, Method] = {
    "auth.test": Method(_auth_test, 0),
    "users.conversations": Method(_users_conversations, 3),
    "conversations.info": Method(_conversations_info, 3),
    "usergroups.list": Method(_usergroups, 2),
    "users.list": Method(_users_list, 2),
    "users.info": Method(_users_info, 4),
    "conversations.open": Method(_open, 3),
    "conversations.history": Method(_history, 3),
    "conversations.replies": Method(_replies, 3),
    "conversations.join": Method(_join, 3),
    "chat.postMessage": Method(_post, 0),
    "chat.postEphemeral": Method(_post_ephemeral, 4),
    "chat.update": Method(_update, 3),
    "chat.delete": Method(_delete, 3),
    "pins.add": Method(_pin, 2),
    "pins.remove": Method(_unpin, 2),
    "views.open": Method(_views_open, 4),
    "views.publish": Method(_views_publish, 4),
}
