"""What the bot lacks in a server: an intent, a permission in a channel, a channel that is gone.

https://docs.discord.com/developers/topics/permissions
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final

import discord

from adapters.discord.calls import Refused, call
from adapters.discord.translate import channel_of
from bot.domain.message import Place
from bot.domain.setup import Found, Need, Trouble, Use
from bot.domain.space import SpaceRef

# As Discord calls them where they are switched on, by discord.py's names.
_NAMES: Final[Mapping[str, str]] = {
    "view_channel": "View Channel",
    "read_message_history": "Read Message History",
    "send_messages": "Send Messages",
    "embed_links": "Embed Links",
    "send_messages_in_threads": "Send Messages in Threads",
    "pin_messages": "Pin Messages",
}
_READING: Final = ("view_channel", "read_message_history")
_POSTING: Final = ("send_messages", "embed_links", "send_messages_in_threads")
_WANTED: Final[Mapping[Use, tuple[str, ...]]] = {
    Use.READ: _READING,
    Use.POST: _POSTING,
    Use.PIN: ("pin_messages",),
    Use.ROLES: (),
    Use.STAFF: (*_READING, "send_messages", "embed_links"),
}
# https://docs.discord.com/developers/resources/application#application-object-application-flags
_CONTENT: Final = 1 << 18 | 1 << 19  # message content, and the same for a bot in few servers
_CONTENT_INTENT: Final = "Message Content Intent"
_UNSEEN: Final = Found(Trouble.NOT_IN, "this server")
# https://docs.discord.com/developers/topics/opcodes-and-status-codes#json
_UNKNOWN_GUILD, _MISSING_ACCESS = 10004, 50001


async def inspected(
    client: discord.Client, space: SpaceRef, needs: Sequence[Need], *, is_here: bool, is_empty: bool
) -> tuple[Found, ...]:
    """Name what is missing. `is_empty`: no text has come, so the intent is off for sure.

    `is_here`: the gateway speaks of the server. What discord.py holds may be of an older session.
    """
    if not space.id.isdecimal():
        return (_UNSEEN,)
    guild = client.get_guild(int(space.id)) if is_here else None
    if guild is None:
        return (await _unseen(client, space),)
    found: dict[Found, None] = {}
    if is_empty or not await _gives_content(client):
        found[Found(Trouble.INTENT, detail=_CONTENT_INTENT)] = None
    for need in (one for one in needs if one.use is not Use.ROLES):
        found |= dict.fromkeys(await _of_place(client, guild, need))
    return tuple(found)


async def _unseen(client: discord.Client, space: SpaceRef) -> Found:
    """Ask Discord: what the cache does not know may have an outage. Raises Temporary or Refused."""
    try:
        await call(client, "GET", "/guilds/{guild_id}", guild_id=space.id)
    except Refused as refused:
        if refused.code not in (_UNKNOWN_GUILD, _MISSING_ACCESS):
            raise
        return _UNSEEN
    return Found(Trouble.UNKNOWN, "This server")


async def _gives_content(client: discord.Client) -> bool:
    application = await call(client, "GET", "/applications/@me")
    return bool(int(application.get("flags") or 0) & _CONTENT)


async def _of_place(client: discord.Client, guild: discord.Guild, need: Need) -> list[Found]:
    id_ = channel_of(need.place)
    name = need.place.name or f"The channel {id_}"
    channel: Any = guild.get_channel_or_thread(int(id_)) if id_.isdecimal() else None
    if channel is None:
        return [] if await _is_there(client, id_) else [Found(Trouble.GONE, name)]
    name = f"#{channel.name}"
    if getattr(channel, "archived", False):
        return [Found(Trouble.ARCHIVED, name)]
    return list(_lacking(guild, channel, need.use, name))


async def _is_there(client: discord.Client, id_: str) -> bool:
    """Ask Discord for what the cache does not know."""
    try:
        await call(client, "GET", "/channels/{channel_id}", channel_id=id_)
    except Refused:
        return False
    return True


def names(client: discord.Client, space: SpaceRef, ids: Collection[str]) -> dict[str, str]:
    """Name the roles and channels of a server that the cache knows."""
    guild = client.get_guild(int(space.id)) if space.id.isdecimal() else None
    found: dict[str, str] = {}
    if guild is None:
        return found
    for id_ in filter(str.isdecimal, ids):
        role, channel = guild.get_role(int(id_)), guild.get_channel(int(id_))
        if role is not None:
            found[id_] = role.name
        elif channel is not None:
            found[id_] = f"#{channel.name}"
    return found


def lacking(client: discord.Client, place: Place) -> tuple[str, ...]:
    """Name the permissions to write in a place that the bot lacks, as far as the cache knows."""
    guild = client.get_guild(int(place.space)) if place.space.isdecimal() else None
    id_ = channel_of(place)
    channel: Any = guild.get_channel_or_thread(int(id_)) if guild and id_.isdecimal() else None
    if guild is None or channel is None or guild.me is None:
        return ()
    held = channel.permissions_for(guild.me)
    written = "send_messages_in_threads" if place.thread else "send_messages"
    wanted = ("view_channel", written, "embed_links")
    return tuple(_NAMES[one] for one in wanted if not getattr(held, one))


def _lacking(guild: discord.Guild, channel: Any, use: Use, name: str) -> Iterator[Found]:  # noqa: ANN401 - one of several kinds
    held = channel.permissions_for(guild.me)
    if not held.view_channel:  # without it all others are missing too
        yield Found(Trouble.PERMISSION, name, _NAMES["view_channel"])
        return
    if use is Use.PIN and isinstance(channel, discord.ForumChannel):
        return  # its posts are pinned by another permission, which the link does not ask for
    trouble = Trouble.UNPINNED if use is Use.PIN else Trouble.PERMISSION
    for permission in _WANTED[use]:
        if not getattr(held, permission):
            yield Found(trouble, name, _NAMES[permission])
    if use is Use.STAFF and channel.permissions_for(guild.default_role).view_channel:
        yield Found(Trouble.PUBLIC, name)
