"""The whole of it on a socket, and what a test lets people do.

async with fake_discord(clock) as discord:
    await discord.say("20", "7", "hello")
    await discord.press("Take it", "101")
"""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any

import yarl
from aiohttp import web
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.ports import Clock
from tests.support.fake_discord.gateway import Gateway
from tests.support.fake_discord.interactions import (
    AUTOCOMPLETE,
    COMMAND,
    COMPONENT,
    SUBMIT,
    Interaction,
    Interactions,
)
from tests.support.fake_discord.limits import Limits
from tests.support.fake_discord.rest import Rest
from tests.support.fake_discord.state import (
    PUBLIC_THREAD,
    TEXT,
    VIEW_CHANNEL,
    Channel,
    Json,
    State,
)

CHANNEL = 7  # an option of a command that holds a channel
TOKEN = "MTIz.fake.token"  # noqa: S105 - it opens this file's server alone


@dataclass(slots=True, eq=False)
class FakeDiscord:
    """Discord, and the people who use it."""

    state: State
    gateway: Gateway
    rest: Rest
    interactions: Interactions
    limits: Limits

    async def say(self, channel: str, who: str, text: str, **more: Any) -> Json:  # noqa: ANN401 - any field that Discord has
        """Write a message as somebody does, and tell whoever listens."""
        where = self.state.channels[channel]
        if where.is_thread and where.raw["thread_metadata"]["archived"]:
            await self.archive(channel, archived=False)
        made = self.state.message(where, who, text, **more)
        await self._tell("MESSAGE_CREATE", self._as_event(where, made), where)
        return made

    async def edit(self, channel: str, message: str, text: str) -> None:
        where = self.state.channels[channel]
        held = where.messages[int(message)]
        held |= {"content": text, "edited_timestamp": self.state.clock().isoformat()}
        await self._tell("MESSAGE_UPDATE", self._as_event(where, held), where)

    async def resolve_embeds(self, channel: str, message: str) -> None:
        """Tell that links were unfurled: an update without content (platform.md, "Edits")."""
        where = self.state.channels[channel]
        event: Json = {"id": message, "channel_id": channel, "guild_id": where.guild}
        event["embeds"] = []
        await self._tell("MESSAGE_UPDATE", event, where)

    async def delete(self, channel: str, *messages: str) -> None:
        where = self.state.channels[channel]
        for message in messages:
            where.messages.pop(int(message), None)
        common = {"channel_id": channel, "guild_id": where.guild}
        if len(messages) == 1:
            await self._tell("MESSAGE_DELETE", {"id": messages[0], **common}, where)
        else:
            await self._tell("MESSAGE_DELETE_BULK", {"ids": list(messages), **common}, where)

    async def start_thread(self, id_: str, name: str, parent: str) -> Channel:
        guild = self.state.channels[parent].guild or ""
        thread = self.state.add_channel(id_, name, guild=guild, kind=PUBLIC_THREAD, parent=parent)
        await self._tell("THREAD_CREATE", {**thread.raw, "newly_created": True}, thread)
        return thread

    async def archive(self, thread: str, *, archived: bool = True) -> None:
        where = self.state.channels[thread]
        now = self.state.clock().isoformat()
        where.raw["thread_metadata"] |= {"archived": archived, "archive_timestamp": now}
        await self._tell("THREAD_UPDATE", where.raw, where)

    async def add_channel(self, id_: str, name: str, guild: str = "10") -> Channel:
        made = self.state.add_channel(id_, name, guild=guild)
        await self._tell("CHANNEL_CREATE", made.raw, made)
        return made

    async def rename(self, channel: str, name: str) -> None:
        where = self.state.channels[channel]
        where.raw["name"] = name
        await self._tell("THREAD_UPDATE" if where.is_thread else "CHANNEL_UPDATE", where.raw, where)

    async def delete_channel(self, channel: str) -> None:
        where = self.state.channels.pop(channel)
        for thread in [
            one for one in self.state.channels.values() if one.raw.get("parent_id") == channel
        ]:
            self.state.channels.pop(thread.id)
        event = "THREAD_DELETE" if where.is_thread else "CHANNEL_DELETE"
        await self._tell(event, where.raw, where)

    async def hide(self, channel: str, *, deny: int = VIEW_CHANNEL) -> None:
        """Take a permission from the bot in a channel, by an overwrite of its own."""
        where = self.state.channels[channel]
        row = {"id": self.state.bot, "type": 1, "allow": "0", "deny": str(deny)}
        where.raw["permission_overwrites"] = [row]
        await self._tell("CHANNEL_UPDATE", where.raw, where)

    async def close_to_all(self, channel: str) -> None:
        """Let only those see a channel who have a role for it, as the bot has."""
        where = self.state.channels[channel]
        deny = {"id": str(where.guild), "type": 0, "allow": "0", "deny": str(VIEW_CHANNEL)}
        allow = {"id": self.state.bot, "type": 1, "allow": str(VIEW_CHANNEL), "deny": "0"}
        where.raw["permission_overwrites"] = [deny, allow]
        await self._tell("CHANNEL_UPDATE", where.raw, where)

    async def kick(self, guild: str = "10") -> None:
        """Remove the bot from a guild."""
        self.state.guilds[guild].members.pop(self.state.bot, None)
        await self.gateway.dispatch("GUILD_DELETE", {"id": guild}, guild=guild)

    async def invite(self, guild: str) -> None:
        """Add the bot to a guild that there is."""
        self.state.add_member(guild, self.state.bot)
        made = self.state.guild_create(self.state.guilds[guild])
        await self.gateway.dispatch("GUILD_CREATE", made, guild=guild)

    async def set_roles(self, who: str, *roles: str, guild: str = "10") -> None:
        member = self.state.guilds[guild].members[who]
        member["roles"] = list(roles)
        event = {**member, "guild_id": guild}
        await self.gateway.dispatch("GUILD_MEMBER_UPDATE", event, guild=guild)

    async def leave(self, who: str, guild: str = "10") -> None:
        self.state.guilds[guild].members.pop(who)
        event = {"guild_id": guild, "user": self.state.users[who]}
        await self.gateway.dispatch("GUILD_MEMBER_REMOVE", event, guild=guild)

    async def press(self, label: str, who: str, *, on: Json | None = None) -> Interaction:
        """Press the newest button of that name that somebody can see, or the one `on` a message."""
        message = on or self._newest(label, who)
        button = next(b for b in buttons(message) if b["label"] == label)
        where = self.state.channels[message["channel_id"]]
        data = {"custom_id": button["custom_id"], "component_type": 2, "id": 2}
        return await self._interact(COMPONENT, who, where, data, message=message)

    async def command(self, name: str, who: str, channel: str, /, **options: Any) -> Interaction:  # noqa: ANN401 - as Discord sends them
        where = self.state.channels[channel]
        return await self._interact(COMMAND, who, where, self._commanded(name, options))

    async def typing(
        self, name: str, who: str, channel: str, *, option: str, typed: str
    ) -> Interaction:
        where = self.state.channels[channel]
        data = self._commanded(name, {option: typed}, focused=option)
        return await self._interact(AUTOCOMPLETE, who, where, data)

    async def choose(self, menu: str, who: str, channel: str, message: str) -> Interaction:
        """Choose an entry in the menu of a message. Its content is there without any intent."""
        where = self.state.channels[channel]
        held = where.messages[int(message)]
        data = {
            "id": self._command_id(menu),
            "name": menu,
            "type": 3,
            "target_id": message,
            "resolved": {"messages": {message: held}},
        }
        return await self._interact(COMMAND, who, where, data)

    async def submit(self, opened: Interaction, who: str, **values: str) -> Interaction:
        """Send a form that was opened, with `values` by the lines' ids."""
        form = opened.modal
        sent = [_filled(line, values) for line in form["components"]]
        data = {"custom_id": form["custom_id"], "components": sent}
        more = {"message": opened.message} if opened.message else {}
        return await self._interact(SUBMIT, who, opened.channel, data, **more)

    def dms(self, who: str) -> list[Json]:
        """What stands in somebody's DM with the bot."""
        return list(self.state.dm(who).messages.values())

    def said(self, channel: str) -> list[Json]:
        return list(self.state.channels[channel].messages.values())

    async def until_answered(self, one: Interaction) -> None:
        while one.answer is None:  # noqa: ASYNC110 - what is waited for tells nobody
            await asyncio.sleep(0.001)

    async def until_shown(self, one: Interaction, count: int = 1) -> Json:
        while len(one.shown) < count:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.001)
        return one.shown[count - 1]

    async def _interact(
        self,
        kind: int,
        who: str,
        where: Channel,
        data: Json,
        **more: Any,  # noqa: ANN401 - as above
    ) -> Interaction:
        one, event = self.interactions.begin(kind, who, where, data, **more)
        await self.gateway.dispatch("INTERACTION_CREATE", event, guild=where.guild)
        return one

    def _commanded(self, name: str, options: Json, focused: str = "") -> Json:
        noun, *verb = name.split(" ")
        row = next(one for one in self.state.commands if one["name"] == noun)
        rows = row.get("options") or []
        if verb:
            rows = next(one for one in rows if one["name"] == verb[0]).get("options") or []
        kinds = {one["name"]: one["type"] for one in rows}
        given: list[Json] = [
            {"name": key, "type": kinds[key], "value": value}
            | ({"focused": True} if key == focused else {})
            for key, value in options.items()
        ]
        # https://docs.discord.com/developers/interactions/receiving-and-responding, "Resolved Data"
        chosen = [one["value"] for one in given if one["type"] == CHANNEL]
        found = {id_: self.state.channels[id_].raw for id_ in chosen if id_ in self.state.channels}
        resolved = {"resolved": {"channels": found}} if found else {}
        if verb:
            given = [{"name": verb[0], "type": 1, "options": given}]
        return {"id": row["id"], "name": noun, "type": 1, "options": given, **resolved}

    def _command_id(self, name: str) -> str:
        id_: str = next(one["id"] for one in self.state.commands if one["name"] == name)
        return id_

    def _newest(self, label: str, who: str) -> Json:
        private = [m for i in self.interactions.made.values() if i.by == who for m in i.shown]
        seen = [*self.dms(who), *private]
        return max(
            (m for m in seen if any(b["label"] == label for b in buttons(m))),
            key=lambda message: int(message["id"]),
        )

    def _as_event(self, where: Channel, message: Json) -> Json:
        """https://docs.discord.com/developers/events/gateway-events#message-create."""
        if where.guild is None:
            return message
        member = self.state.guilds[where.guild].members.get(message["author"]["id"])
        own = {k: v for k, v in member.items() if k != "user"} if member else None
        more = {"member": own} if own and "webhook_id" not in message else {}
        return {**message, "guild_id": where.guild, **more}

    async def _tell(self, event: str, data: Json, where: Channel) -> None:
        sees = self.state.permissions(self.state.bot, where) & VIEW_CHANNEL
        if sees or event.startswith(("CHANNEL_UPDATE", "CHANNEL_DELETE", "THREAD_DELETE")):
            await self.gateway.dispatch(event, data, guild=where.guild)


def buttons(message: Json) -> list[Json]:
    """The buttons of a message that can be pressed."""
    rows = message.get("components") or []
    return [one for row in rows for one in row["components"] if "custom_id" in one]


def _filled(line: Json, values: dict[str, str]) -> Json:
    inside = line["component"]
    id_, kind = inside["custom_id"], inside["type"]
    chosen = [one["value"] for one in inside.get("options") or [] if one.get("default")]
    chosen += [one["id"] for one in inside.get("default_values") or []]
    value = values.get(id_, inside.get("value", next(iter(chosen), "")))
    filled: Json = {"type": kind, "custom_id": id_, "id": 3}
    filled |= {"value": value} if kind == 4 else {"values": [value] if value else []}
    return {"type": 18, "id": 2, "component": filled}


@contextmanager
def addressed(rest: str, gateway: str) -> Iterator[None]:
    """Point discord.py at other addresses: the only two things of it that are changed."""
    before = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = rest, yarl.URL(gateway)
    try:
        yield
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = before


@asynccontextmanager
async def fake_discord(clock: Clock) -> AsyncIterator[FakeDiscord]:
    """Start it with one guild, "North" (10), with #job-search (20), and the member Mia (7)."""
    state = State(clock)
    gateway = Gateway(state, TOKEN)
    interactions, limits = Interactions(state, clock), Limits(time.monotonic)
    rest = Rest(state, gateway, interactions, limits, clock)
    state.add_guild()
    state.add_channel("20", "job-search", kind=TEXT)
    state.add_member("10", "7", name="Mia")
    app = web.Application()
    app.add_routes([*rest.routes(), web.get("/", gateway.serve)])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    gateway.address = lambda: f"ws://127.0.0.1:{port}/"
    with addressed(f"http://127.0.0.1:{port}/api/v10", f"ws://127.0.0.1:{port}/"):
        try:
            yield FakeDiscord(state, gateway, rest, interactions, limits)
        finally:
            await gateway.cut()
            await runner.cleanup()
