"""The whole bot on the fake Discord: two practitioners on duty, cues alone, a clock to turn."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from adapters.discord.platform import DiscordPlatform
from bot.app import App, build
from bot.domain.command import Table
from bot.domain.desk import Desk
from bot.domain.ledger import Count
from bot.domain.practitioner import Practitioner
from bot.knowledge import Knowledge
from bot.store.engine import Store
from tests.support.build import DISCORD, NOON, account
from tests.support.build import desk as plain_desk
from tests.support.discording import discord_platform
from tests.support.fake_discord.interactions import Interaction
from tests.support.fake_discord.server import FakeDiscord, fake_discord
from tests.support.fake_discord.state import Json
from tests.support.live import cues_alone
from tests.support.scripted import Hands
from tests.support.storefile import open_file

ADA, BO, LAST = "101", "102", "199"


def desk() -> Desk:
    people = (Practitioner("Ada", account(ADA)), Practitioner("Bo", account(BO)))
    return replace(plain_desk(), practitioners=people, last_resort=account(LAST))


@dataclass(slots=True)
class Duty:
    """Everything that is running, and what a test looks at."""

    app: App
    store: Store
    discord: FakeDiscord
    platform: DiscordPlatform
    clock: Hands

    async def until(self, is_so: Callable[[], object]) -> None:
        """Let the others work until it is so; pytest's time-out is the limit."""
        while not is_so():  # noqa: ASYNC110 - what is waited for tells nobody
            await asyncio.sleep(0.005)

    async def until_counted(self, seen: int) -> dict[Count, int]:
        """Give the ledger once it has counted so many messages."""
        while (counts := await self.store.ledger.totals("north")).get(Count.SEEN, 0) < seen:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.01)
        return {count: n for count, n in counts.items() if n}

    async def press(self, label: str, who: str, *, on: Json) -> Interaction:
        """Press a button as somebody does who has read: its receipt is on disk by then."""
        id_ = f"{on['channel_id']}:{on['id']}"
        while await self.store.alerts.shown_on("north", id_, DISCORD) is None:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.005)
        return await self.discord.press(label, who, on=on)

    async def pages(self, who: str, count: int) -> list[Json]:
        """Give the pages in somebody's DM once there are so many."""
        await self.until(lambda: len(self.discord.dms(who)) >= count)
        return self.discord.dms(who)


@asynccontextmanager
async def discord_server() -> AsyncIterator[tuple[FakeDiscord, Hands]]:
    """A Discord with the desk's people, two hours after noon."""
    clock = Hands(NOON)
    clock.turn(hours=2)
    async with fake_discord(clock) as discord:
        for who, name in ((ADA, "Ada"), (BO, "Bo"), (LAST, "Lee")):
            discord.state.add_member("10", who, name=name)
        yield discord, clock


@asynccontextmanager
async def on_duty(  # noqa: PLR0913 - each is left out by most
    folder: Path,
    discord: FakeDiscord,
    clock: Hands,
    *,
    table: Table | None = None,
    knows: Knowledge | None = None,
    of: Desk | None = None,
    members: bool = False,
) -> AsyncIterator[Duty]:
    """Start the desk, or start it again on what is left in `folder`; it is stopped in the end."""
    async with (
        open_file(folder / "desk.db") as store,
        discord_platform(clock, table, members=members) as platform,
    ):
        app = await build(
            desk=of or desk(),
            knowledge=knows or cues_alone(),
            store=store,
            platforms={DISCORD: platform},
            clock=clock,
            chance=lambda: 0.5,
            author_key=b"k" * 40,
            on_decided=lambda _message, _recorded: None,
        )
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(app.run())
            here = Duty(app, store, discord, platform, clock)
            await here.until(lambda: "20" in platform.places.opened)
            yield here
            app.stop()


@asynccontextmanager
async def duty(folder: Path) -> AsyncIterator[Duty]:
    async with discord_server() as (discord, clock), on_duty(folder, discord, clock) as here:
        yield here
