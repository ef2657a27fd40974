"""A Discord platform that is connected to the fake Discord, for as long as a test lasts."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from adapters.discord.platform import DiscordPlatform
from bot.domain.action import Action, Receipt
from bot.domain.command import Choice, Table
from bot.domain.event import Event, Opened, SpaceJoined, SpacesNamed, Typing
from bot.domain.message import AccountRef, Message, MessageRef, Place, PlatformName
from bot.domain.setup import Found, Need
from bot.domain.space import SpaceRef, Standing
from bot.ports import Capabilities, Clock, Inbox
from tests.support.build import DISCORD, NOON
from tests.support.fake_discord.server import TOKEN, FakeDiscord, fake_discord
from tests.support.fake_discord.state import PUBLIC_THREAD
from tests.support.inbox import ListInbox
from tests.support.scripted import Hands


def discord_platform(clock: Clock, table: Table | None = None, **more: Any) -> DiscordPlatform:  # noqa: ANN401 - the platform's own
    """As in production, but without the waits between two sessions."""
    given: dict[str, Any] = {"token": TOKEN, "pause": timedelta(), **more}
    return DiscordPlatform(clock=clock, table=table or Table(), **given)


@dataclass(slots=True)
class Connected:
    """The two ends of a connection, and what came through it."""

    discord: FakeDiscord
    platform: DiscordPlatform
    inbox: ListInbox
    clock: Hands

    async def until(self, is_so: Callable[[], object]) -> None:
        """Let the others work until it is so; pytest's time-out is the limit."""
        while not is_so():  # noqa: ASYNC110 - what is waited for tells nobody
            await asyncio.sleep(0.001)

    async def heard(self, kind: type[Event], count: int = 1) -> list[Any]:
        """Give the events of a kind once there are so many."""
        await self.until(lambda: len(self.of(kind)) >= count)
        return self.of(kind)

    def of(self, kind: type[Event]) -> list[Any]:
        return [event for event in self.inbox.events if isinstance(event, kind)]


@asynccontextmanager
async def connected(
    *,
    table: Table | None = None,
    before: Callable[[FakeDiscord], None] = lambda _: None,
    **more: Any,  # noqa: ANN401 - the platform's own
) -> AsyncIterator[Connected]:
    """Connect, with whatever `before` has done to Discord, and wait until the guilds are there."""
    clock = Hands(NOON)
    async with fake_discord(clock) as discord:
        before(discord)
        async with discord_platform(clock, table, **more) as platform, asyncio.TaskGroup() as tasks:
            inbox = ListInbox()
            running = tasks.create_task(platform.run(inbox))
            here = Connected(discord, platform, inbox, clock)
            await here.until(
                lambda: running.done() or len(here.of(SpaceJoined)) == len(discord.state.there)
            )
            yield here
            running.cancel()


def seeded(server: FakeDiscord) -> None:
    """Let there be what the contract speaks of: other places, and message 1 to be answered."""
    server.state.add_channel("404", "silent")
    server.state.add_channel("21", "elsewhere")
    server.state.add_channel("33", "A thread", kind=PUBLIC_THREAD, parent="20")
    channel = server.state.channels["21"]
    server.state.message(channel, "7", "not to be seen in #20")
    server.state.channels["20"].messages[1] = server.state.message(channel, "7", "old", id="1")


@dataclass(slots=True)
class ReadOut:
    """Discord for the contract: `run` ends when three messages came."""

    inner: DiscordPlatform
    server: FakeDiscord
    is_said: bool = False

    @property
    def name(self) -> PlatformName:
        return self.inner.name

    @property
    def capabilities(self) -> Capabilities:
        return self.inner.capabilities

    async def run(self, inbox: Inbox) -> None:
        heard = ListInbox()
        async with asyncio.TaskGroup() as tasks:
            running = tasks.create_task(self.inner.run(_Both(heard, inbox)))
            while not heard.opened:  # noqa: ASYNC110 - as above
                await asyncio.sleep(0.001)
            self.server.state.channels["20"].messages.clear()
            for number in range(3):
                await self.server.say("20", "7", f"message {number}")
            while len(heard.messages) < 3:  # noqa: ASYNC110 - as above
                await asyncio.sleep(0.001)
            running.cancel()

    async def perform(self, action: Action, *, key: str) -> Receipt:
        return await self.inner.perform(action, key=key)

    async def find(self, action: Action, *, key: str, since: datetime) -> Receipt | None:
        return await self.inner.find(action, key=key, since=since)

    def history(self, place: Place, *, after: str | None) -> AsyncIterator[Message]:
        return self.inner.history(place, after=after)

    async def fetch(self, ref: MessageRef) -> Message | None:
        return await self.inner.fetch(ref)

    async def called(self, space: SpaceRef, ids: Collection[str]) -> Mapping[str, str]:
        return await self.inner.called(space, ids)

    async def inspect(self, space: SpaceRef, needs: Sequence[Need]) -> tuple[Found, ...]:
        return await self.inner.inspect(space, needs)

    async def standing(self, who: AccountRef, space: SpaceRef) -> Standing:
        return await self.inner.standing(who, space)

    def shows(self, place: Place, to: AccountRef) -> bool:
        return self.inner.shows(place, to)


@dataclass(slots=True)
class _Both:
    """Hands over what is about #20, and keeps it too."""

    kept: ListInbox
    inbox: Inbox

    async def take(self, event: Event) -> Awaitable[None]:
        is_other = isinstance(event, Opened) and event.place != Place(DISCORD, "10", "20")
        if isinstance(event, SpaceJoined | SpacesNamed) or is_other:
            return await ListInbox().take(event)
        await self.kept.take(event)
        return await self.inbox.take(event)

    async def suggest(self, typing: Typing) -> tuple[Choice, ...]:
        return await self.inbox.suggest(typing)
