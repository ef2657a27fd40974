"""What the gateway tells, as events of the domain, in order."""

from collections.abc import AsyncIterator
from typing import Any, Protocol

from adapters.discord.payload import CREATED, MessageObject, Raw, message_object
from adapters.discord.places import Places
from adapters.discord.translate import (
    DISCORD,
    FORUMS,
    SPOKEN_IN,
    THREADS,
    message,
    position,
)
from bot.domain.event import (
    Deleted,
    Edited,
    Event,
    Opened,
    PlaceGone,
    PlaceRenamed,
    Posted,
    Reconnected,
    RolesChanged,
    SpaceJoined,
    SpaceLeft,
    SpacesNamed,
)
from bot.domain.message import AccountRef, MessageRef, Place
from bot.domain.space import SpaceRef


class Here(Protocol):
    """What must be known of the connection to read an event."""

    @property
    def places(self) -> Places: ...
    @property
    def me(self) -> str: ...
    @property
    def shards(self) -> set[int]: ...
    @property
    def shard_count(self) -> int: ...
    @property
    def named(self) -> dict[int, frozenset[str]]: ...
    def sees(self, place: Place) -> bool: ...
    async def place_of(self, channel: str) -> Place | None: ...


async def events(here: Here, event: str, raw: Any) -> AsyncIterator[Event]:  # noqa: ANN401 - what a frame holds
    """Read one event. Raises UNREADABLE, Temporary or Permanent."""
    if event == CREATED:
        said = raw if isinstance(raw, MessageObject) else message_object(raw)
        async for one in _written(here, said):
            yield one
        return
    if event.startswith("MESSAGE"):
        async for one in _of_message(here, event, raw):
            yield one
        return
    for one in _of_space(here, event, raw):
        yield one


def _of_space(here: Here, event: str, raw: Any) -> list[Event]:  # noqa: ANN401 - as above
    if event == "READY":
        return _begun(here, raw)
    if event.startswith(("GUILD_MEMBER", "GUILD_ROLE")):
        return _of_people(here, event, raw)
    if event.startswith("GUILD"):
        return _of_guild(here, event, raw)
    if not event.startswith(("CHANNEL", "THREAD")):
        return []
    is_forum = raw.get("type") in FORUMS
    return _of_forum(here, event, raw) if is_forum else _of_channel(here, event, raw)


async def _of_message(here: Here, event: str, raw: Raw) -> AsyncIterator[Event]:
    if raw.get("guild_id") is None:
        return
    where = await here.place_of(raw["channel_id"])
    if where is None:
        return
    if event == "MESSAGE_UPDATE":
        edited = _edited(raw, where)
        if edited is not None:
            yield edited
    else:
        ids = raw["ids"] if "ids" in raw else [raw["id"]]
        yield Deleted(tuple(MessageRef(where, id_) for id_ in ids))


async def _written(here: Here, said: MessageObject) -> AsyncIterator[Event]:
    if said.guild_id is None:
        return
    where = await here.place_of(said.channel_id)
    if where is None:
        return
    # A thread that was asleep, or a channel that came before its guild.
    for one in _open(here, said.channel_id, where):
        yield one
    yield Posted(message(said, where))


def _edited(raw: Raw, where: Place) -> Edited | None:
    """Read an update. Links that were unfurled are no edit; without content nobody can tell."""
    ref = MessageRef(where, raw["id"])
    if "content" not in raw or "author" not in raw:
        return Edited(ref)
    return Edited(ref, message(raw, where)) if raw.get("edited_timestamp") else None


def _begun(here: Here, raw: Raw) -> list[Event]:
    """Read the beginning of a session. One that is not the first comes after a gap."""
    shard = raw.get("shard", (0, 1))[0]
    here.named[shard] = frozenset(guild["id"] for guild in raw["guilds"])
    if shard not in here.shards:
        here.shards.add(shard)
        return _named(here)
    return [*_gaps(here, shard), *_named(here)]


def _gaps(here: Here, shard: int) -> list[Event]:
    if here.shard_count == 1:
        return [Reconnected(DISCORD)]
    spaces = {one.space for id_, one in here.places.known.items() if id_ in here.places.opened}
    mine = [space for space in spaces if (int(space) >> 22) % here.shard_count == shard]
    return [Reconnected(DISCORD, space) for space in sorted(mine)]


def _named(here: Here) -> list[Event]:
    """Name the guilds once each shard has named its own: also those that have an outage.

    https://docs.discord.com/developers/events/gateway-events#ready
    """
    if len(here.named) < here.shard_count:
        return []
    guilds = frozenset(guild for of_shard in here.named.values() for guild in of_shard)
    for space in here.places.spaces - guilds:
        here.places.forget_space(space)
    spaces = frozenset(SpaceRef(DISCORD, guild) for guild in guilds)
    return [SpacesNamed(DISCORD, {here.me: spaces})]


def _of_guild(here: Here, event: str, raw: Raw) -> list[Event]:
    if event == "GUILD_CREATE" and not raw.get("unavailable"):
        here.places.spaces.add(raw["id"])
        space = SpaceRef(DISCORD, raw["id"])
        found: list[Event] = [SpaceJoined(space, raw.get("name") or "", here.me)]
        if raw["id"] in here.places.lost:
            here.places.lost.discard(raw["id"])
            found.append(Reconnected(DISCORD, raw["id"]))
        for id_, place in here.places.of_guild(raw):
            found += _open(here, id_, place)
        return found
    if event == "GUILD_DELETE" and raw.get("unavailable"):
        here.places.lost.add(raw["id"])
    elif event == "GUILD_DELETE":
        here.places.forget_space(raw["id"])
        return [SpaceLeft(SpaceRef(DISCORD, raw["id"]))]
    return []


def _of_people(here: Here, event: str, raw: Raw) -> list[Event]:
    if event in ("GUILD_MEMBER_UPDATE", "GUILD_MEMBER_REMOVE"):
        space = raw["guild_id"]
        if raw["user"]["id"] == here.me:
            return _reviewed(here, space)
        who = AccountRef(DISCORD, raw["user"]["id"])
        return [RolesChanged(who, SpaceRef(DISCORD, space))]
    if event in ("GUILD_ROLE_UPDATE", "GUILD_ROLE_DELETE"):
        return _reviewed(here, raw["guild_id"])
    return []


def _of_channel(here: Here, event: str, raw: Raw) -> list[Event]:
    if event == "THREAD_LIST_SYNC":
        threads = [(t["id"], here.places.learn(t, raw["guild_id"])) for t in raw["threads"]]
        return [one for id_, place in threads for one in _open(here, id_, place)]
    if event.endswith("_DELETE"):
        return _gone(here, raw["id"])
    if event == "THREAD_SLEEPS":
        return _open(here, raw["id"], here.places.learn(raw))
    before = here.places.known.get(raw["id"])
    place = here.places.learn(raw)
    if raw["type"] not in SPOKEN_IN:
        return []
    if raw["type"] in THREADS and (raw.get("thread_metadata") or {}).get("archived"):
        return _gone(here, raw["id"])
    renamed = [PlaceRenamed(place)] if before and before.name != place.name else []
    return [*renamed, *_looked_at(here, raw["id"], place)]


def _of_forum(here: Here, event: str, raw: Raw) -> list[Event]:
    """Read what became of a forum. It is no place in which people write: its posts are."""
    forum = here.places.learn(raw)
    is_gone = event == "CHANNEL_DELETE" or not here.sees(forum)
    return [*_gone(here, raw["id"]), PlaceGone(forum)] if is_gone else []


def _reviewed(here: Here, space: str) -> list[Event]:
    """Look at every channel again: what the bot may see has changed."""
    mine = [(id_, one) for id_, one in here.places.known.items() if one.space == space]
    return [one for id_, place in mine for one in _looked_at(here, id_, place)]


def _looked_at(here: Here, id_: str, place: Place) -> list[Event]:
    if here.sees(place):
        return _open(here, id_, place)
    was_open = id_ in here.places.opened
    here.places.opened.discard(id_)
    return [PlaceGone(place)] if was_open else []


def _open(here: Here, id_: str, place: Place) -> list[Event]:
    if id_ in here.places.opened or not here.sees(place):
        return []
    here.places.opened.add(id_)
    return [Opened(place, position(id_) if place.thread else "")]


def _gone(here: Here, id_: str) -> list[Event]:
    """Forget a channel; it takes its threads with it."""
    gone = [here.places.forget(one) for one in (id_, *here.places.threads_of(id_))]
    return [PlaceGone(place) for place in gone if place is not None]
