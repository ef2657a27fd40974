"""A whole desk in a Slack workspace: the real bot, store and SDK, and the fake server.

    python -m tests.support.slackdesk BASE DATABASE

runs the same desk as a process of its own, for a test to kill.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic

import click

from adapters.slack.asked import external_id
from adapters.slack.platform import Setup, slack
from bot.app import App, build
from bot.cli.job import OK
from bot.cli.job import run as run_job
from bot.domain.command import Table
from bot.domain.desk import Desk
from bot.domain.ledger import Count
from bot.domain.message import AccountRef, PlatformName
from bot.domain.practitioner import Practitioner
from bot.knowledge import Knowledge
from bot.ports import Clock, Platform
from bot.store.engine import Store, open_store
from tests.support.build import NOON
from tests.support.build import desk as plain_desk
from tests.support.fake_slack.server import APP_TOKEN, BOT_TOKEN
from tests.support.fake_slack.workspace import Raw
from tests.support.live import cues_alone
from tests.support.slacktown import CUT, Slacktown
from tests.support.storefile import open_file

SLACK = PlatformName("slack")
ADA, BO, LAST = (AccountRef(SLACK, id_) for id_ in ("UADA", "UBO", "ULAST"))
GRAVE = "i want to kill myself"


def desk() -> Desk:
    people = (Practitioner("Ada", ADA), Practitioner("Bo", BO))
    return replace(plain_desk(), practitioners=people, last_resort=LAST)


@dataclass(slots=True)
class SlackDesk:
    """Everything of one desk that is running in a town, and what a test looks at."""

    here: Slacktown
    app: App
    store: Store

    async def until(self, is_so: Callable[[], bool]) -> None:
        """Let the others work until it is so; pytest's time-out is the limit."""
        while not is_so():  # noqa: ASYNC110 - what is waited for tells nobody
            await asyncio.sleep(0.01)

    def copies(self, user: str) -> list[Raw]:
        return copies(self.here, user)

    async def press(self, user: str, button: str, *, on: str | None = None) -> None:
        """Press a button on the first page that somebody has, or that `on` has.

        As somebody does who has read it: its receipt is on disk by then.
        """
        channel = next(
            channel
            for channel in self.here.town.space.channels.values()
            if channel.is_im and (on or user) in channel.members
        )
        ts = min(channel.messages)
        await self.has_receipt(external_id(self.here.town.space.id, channel.id, ts), SLACK)
        await self.here.town.interacts(self.here.town.press(channel, ts, user, button))

    async def has_receipt(self, page: str, platform: PlatformName) -> None:
        """Return when it is on disk which case a page is of: nobody presses its buttons sooner."""
        while await self.store.alerts.shown_on("north", page, platform) is None:  # noqa: ASYNC110 - what is waited for tells nobody
            await asyncio.sleep(0.01)

    async def counted(self) -> dict[Count, int]:
        await self.app.intake.settle()
        totals = await self.store.ledger.totals("north")
        return {count: n for count, n in totals.items() if n}


def copies(here: Slacktown, user: str) -> list[Raw]:
    """Give the direct messages that somebody has, the oldest first."""
    return [
        message
        for channel in here.town.space.channels.values()
        if channel.is_im and user in channel.members
        for _, message in sorted(channel.messages.items())
    ]


@asynccontextmanager
async def slackdesk(
    here: Slacktown,
    folder: Path,
    *,
    of: Desk | None = None,
    others: Mapping[PlatformName, Platform] | None = None,
    knows: Knowledge | None = None,
) -> AsyncIterator[SlackDesk]:
    """Run a desk until the test is over; with the same `folder`, on what an earlier one left."""
    async with open_file(folder / "slack.db") as store:
        platforms = {SLACK: here.platform, **(others or {})}
        app = await _app(store, platforms, here.clock, of or desk(), knows)
        async with here.platform, asyncio.TaskGroup() as tasks:
            opened = here.slack.sockets.opened
            running = tasks.create_task(app.run())
            await here.slack.sockets.connected(2, opened=opened + 2)
            yield SlackDesk(here, app, store)
            app.stop()
            await running


async def _app(
    store: Store,
    platforms: Mapping[PlatformName, Platform],
    clock: Clock,
    of: Desk,
    knows: Knowledge | None = None,
) -> App:
    return await build(
        desk=of,
        knowledge=knows or cues_alone(),
        store=store,
        platforms=platforms,
        clock=clock,
        chance=lambda: 0.5,
        author_key=b"k" * 40,
        on_decided=lambda _message, _recorded: None,
    )


async def main(base: str, database: str) -> None:
    since = monotonic()

    def clock() -> datetime:
        """Go on from two hours after noon: what has to wait for a second try waits for it."""
        return NOON + timedelta(hours=2, seconds=monotonic() - since)

    setup = Setup((BOT_TOKEN,), APP_TOKEN, base=f"{base}/api", **CUT)
    async with open_store(f"sqlite:///{database}") as store:
        platform = slack(setup, table=Table(), clock=clock)
        async with platform:
            await (await _app(store, {SLACK: platform}, clock, desk())).run()


@click.command()
@click.argument("base")
@click.argument("database")
@click.pass_context
def command(context: click.Context, base: str, database: str) -> None:
    """Run it, and end as `waymark run` ends."""
    context.obj = {}

    def job(_: object) -> int:
        asyncio.run(main(base, database))
        return OK

    run_job(job)


if __name__ == "__main__":
    command()
