"""Forums and media channels, in which nothing can be said but in a post of its own.

https://docs.discord.com/developers/topics/threads#forums. A post is a thread whose first message
has its id. Discord takes no nonce for it, so what was posted is looked for before it is tried.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

import discord

from adapters.discord import markup
from adapters.discord.calls import Refused, call, call_once
from adapters.discord.payload import Raw
from adapters.discord.sent import is_delivery
from adapters.discord.translate import FORUMS
from bot.domain.card import Card
from bot.ports import Permanent

# What Discord answers to a message for such a channel, or for one that holds none at all.
NO_MESSAGES: Final = frozenset({40058, 50008, 50024})
# https://docs.discord.com/developers/resources/channel#channel-object-channel-flags
PINNED, _REQUIRE_TAG = 1 << 1, 1 << 4
_TITLE: Final = 100
_PARTS: Final = ("content", "embeds", "components", "allowed_mentions")
_A_WEEK: Final = 10_080  # minutes after which Discord puts a quiet post away
_CHANNEL: Final = "/channels/{channel_id}"
_THREADS: Final = "/channels/{channel_id}/threads"
_MESSAGE: Final = "/channels/{channel_id}/messages/{message_id}"
_ACTIVE: Final = "/guilds/{guild_id}/threads/active"
_NOT_THERE: Final = "no message can stand in a channel of that kind: choose a text channel"
_NO_TAG: Final = (
    "the forum asks for a tag and has none that everybody may use: add one in its settings"
)


async def posted(
    client: discord.Client,
    channel: str,
    card: Card,
    body: markup.Payload,
    key: str,
    before: datetime | None,
) -> Raw:
    """Make a post of a message, once, and give it as it stands. Raises Temporary or Permanent."""
    forum: Raw = await call(client, "GET", _CHANNEL, channel_id=channel)
    if forum["type"] not in FORUMS:
        raise Permanent(_NOT_THERE)
    there = await _found(client, forum, card, key, before)
    if there is not None:
        return there
    post = {
        "name": markup.unmarked(card.title, _TITLE),
        "auto_archive_duration": _A_WEEK,
        "message": {part: body[part] for part in _PARTS},
        "applied_tags": list(_tags(forum)),
    }
    made: Raw = await call_once(client, "POST", _THREADS, channel_id=channel, json=post)
    message: Raw = made["message"]
    return message


def is_post(channel: str, message: str) -> bool:
    """Tell whether a message begins a post, so that the post is pinned and not the message."""
    return channel == message


async def pin(client: discord.Client, post: str, *, on: bool) -> None:
    """https://docs.discord.com/developers/resources/channel#modify-channel: a post's flags."""
    body = {"flags": PINNED if on else 0}
    await call(client, "PATCH", _CHANNEL, channel_id=post, json=body)


def _tags(forum: Raw) -> Iterator[str]:
    """Give the first tag that everybody may use, where the forum asks for one."""
    if not int(forum.get("flags") or 0) & _REQUIRE_TAG:
        return
    free = (tag["id"] for tag in forum.get("available_tags") or () if not tag.get("moderated"))
    first = next(free, None)
    if first is None:
        raise Permanent(_NO_TAG)
    yield first


async def _found(
    client: discord.Client, forum: Raw, card: Card, key: str, before: datetime | None
) -> Raw | None:
    """Look for what an earlier attempt has posted."""
    active = await call(client, "GET", _ACTIVE, guild_id=forum["guild_id"])
    me = str(client.user.id) if client.user is not None else ""
    for thread in active["threads"]:
        if thread.get("parent_id") != forum["id"] or thread.get("owner_id") != me:
            continue
        ids: dict[str, Any] = {"channel_id": thread["id"], "message_id": thread["id"]}
        try:
            first: Raw = await call(client, "GET", _MESSAGE, **ids)
        except Refused:
            continue
        if is_delivery(first, card, key, before):
            return first
    return None
