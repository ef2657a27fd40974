"""Which channels and threads there are, by Discord's ids, and which are being read."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import discord

from adapters.discord.payload import Raw
from adapters.discord.translate import SPOKEN_IN, THREADS, place
from bot.domain.message import Place


@dataclass(slots=True)
class Places:
    """`opened` are the ids of those that a reader was told of on this connection.

    `spaces` are the guilds that Discord has shown; `lost` are those of them that it cannot serve at
    the moment.
    """

    known: dict[str, Place] = field(default_factory=dict)
    opened: set[str] = field(default_factory=set)
    spaces: set[str] = field(default_factory=set)
    lost: set[str] = field(default_factory=set)
    _names: dict[str, str] = field(default_factory=dict)

    def learn(self, channel: Raw, space: str = "") -> Place:
        """Take in a channel object."""
        is_thread = channel["type"] in THREADS
        if not is_thread:
            self._names[channel["id"]] = channel.get("name") or ""
        parent = self._names.get(channel.get("parent_id") or "", "") if is_thread else ""
        found = place(channel, parent, space)
        if channel["type"] in SPOKEN_IN:
            self.known[channel["id"]] = found
        return found

    def of_guild(self, raw: Raw) -> Iterator[tuple[str, Place]]:
        """Learn all channels and active threads of a guild; give those in which people write."""
        for channel in (*raw.get("channels", ()), *raw.get("threads", ())):
            found = self.learn(channel, raw["id"])
            if channel["type"] in SPOKEN_IN:
                yield channel["id"], found

    def forget(self, id_: str) -> Place | None:
        self.opened.discard(id_)
        return self.known.pop(id_, None)

    def threads_of(self, channel: str) -> list[str]:
        return [id_ for id_, one in self.known.items() if one.thread and one.channel == channel]

    def forget_space(self, space: str) -> None:
        self.spaces.discard(space)
        for id_ in [id_ for id_, one in self.known.items() if one.space == space]:
            self.forget(id_)


def is_open(client: discord.Client, place: Place) -> bool:
    """Tell whether everybody in the server sees a channel, as far as the cache knows."""
    guild = client.get_guild(int(place.space)) if place.space.isdecimal() else None
    channel = guild.get_channel(int(place.channel)) if guild and place.channel.isdecimal() else None
    if guild is None or channel is None or guild.default_role is None:
        return False
    return channel.permissions_for(guild.default_role).view_channel


def can(client: discord.Client, space: str, id_: str, *permissions: str) -> bool | None:
    """Tell whether the bot has permissions in a channel; None when the cache does not know."""
    guild = client.get_guild(int(space)) if space.isdecimal() else None
    channel: Any = guild.get_channel_or_thread(int(id_)) if guild and id_.isdecimal() else None
    if guild is None or channel is None or guild.me is None:
        return None
    try:
        held = channel.permissions_for(guild.me)
    except discord.ClientException:  # a thread whose channel is not cached
        return None
    return all(getattr(held, name) for name in permissions)
