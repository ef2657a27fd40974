"""A Discord server with moderators who keep a watch list, and what they see of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from bot.commands.table import TABLE
from bot.domain.watch import Stage
from tests.support.discord_desk import Duty, desk, discord_server, on_duty
from tests.support.fake_discord.server import FakeDiscord
from tests.support.fake_discord.state import (
    MANAGE_CHANNELS,
    PIN_MESSAGES,
    Json,
)
from tests.support.scripted import Hands

OWNER = "1"
MO = "300"
NOTHING = replace(desk(), reads_unlisted=False)


@asynccontextmanager
async def server(*, pins: bool = True) -> AsyncIterator[tuple[FakeDiscord, Hands]]:
    async with discord_server() as (discord, clock):
        state = discord.state
        state.add_role("10", "77", "Moderators", MANAGE_CHANNELS)
        state.add_member("10", MO, "77", name="Mo")
        if pins:
            state.add_role("10", "78", "Pinning", PIN_MESSAGES)
            state.guilds["10"].members[state.bot]["roles"] = ["78"]
        yield discord, clock


@asynccontextmanager
async def watching(folder: Path, discord: FakeDiscord, clock: Hands) -> AsyncIterator[Duty]:
    async with on_duty(folder, discord, clock, table=TABLE, of=NOTHING) as here:
        yield here


async def command(here: Duty, name: str, who: str = MO, /, **options: str) -> str:
    """Type a command, and give what is shown."""
    asked = await here.discord.command(name, who, "20", **options)
    return str(await here.discord.until_shown(asked))


def notices(here: Duty) -> list[Json]:
    return [one for one in here.discord.said("20") if one["content"] == "A bot reads this channel"]


def stage(here: Duty, channel: str = "20") -> Stage | None:
    assert here.app.watch is not None
    watch = here.app.watch.watching.watches.get(f"discord:10:{channel}")
    return None if watch is None else watch.stage


async def added(here: Duty, **options: str) -> Json:
    """Add the channel, and give its notice once it is read."""
    await command(here, "watch add", channel="20", **options)
    await here.until(lambda: stage(here) is Stage.ON)
    (notice,) = notices(here)
    return notice


async def settled(here: Duty) -> None:
    """Return when nothing is on its way."""
    while (await here.store.deliveries.counts("north"))["pending"]:  # noqa: ASYNC110 - it tells nobody
        await asyncio.sleep(0)


async def add_to(here: Duty, channel: str) -> None:
    await command(here, "watch add", channel=channel)
    await here.until(lambda: stage(here, channel) in {Stage.ON, Stage.FAILED})


async def told(here: Duty, count: int = 1) -> str:
    return str((await here.pages(MO, count))[count - 1])
