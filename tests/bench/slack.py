"""What an envelope of Socket Mode costs the whole bot, beside a bare slack-bolt app in one run.

    python -m tests.bench.slack [ENVELOPES [RUNS]]

Slack is the tests' own, in another process; all apps get the same envelopes over two sockets, and
an envelope is done when it is acknowledged. The cost is CPU time: of the event loop's thread,
because that is what a flood waits for, and of threads beside it. What goes on in processes beside
them is left out: SQLite, the sorting of a flood, and the encoder, before which what history keeps
is acknowledged. Something follows from one message in a hundred. Ratios of one run hold better than
figures; waits in milliseconds mean something on an idle machine alone.
"""

import asyncio
import json
import sys
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from os import getloadavg
from pathlib import Path
from statistics import median
from time import thread_time
from typing import TypeAlias

from rich.console import Console
from rich.progress import Progress
from rich.table import Table as Shown
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.installed import SLACK
from adapters.slack.platform import Setup, slack
from bot.app import build
from bot.cli.run import settle_in
from bot.domain.command import Table
from bot.knowledge import Knowledge, load_knowledge
from bot.settings import Settings
from bot.store.apart import in_process
from bot.store.engine import open_store
from bot.workers.apart import apart
from bot.workers.sorter import Sorter
from tests.bench.cost import Cost, beside
from tests.support.build import NOON
from tests.support.fake_slack.server import APP_TOKEN, BOT_TOKEN
from tests.support.inbox import ListInbox
from tests.support.scripted import Hands
from tests.support.slackdesk import desk
from tests.support.waymark import ROOT, environment

MESSAGES = 6_000
RUNS = 3
BARE = "a bare slack-bolt app, empty listener"
WHOLE = "the whole bot"
RATIO_GOAL, HALF_GOAL, AUTH_GOAL = 0.7, 100, 1

App: TypeAlias = Callable[[str], AbstractAsyncContextManager[None]]


@dataclass(frozen=True, slots=True)
class Measured:
    """`rate` is envelopes a second; `p50` and `p99` are seconds from envelope to acknowledgement.

    `again` is how many had to be sent again.
    """

    cost: Cost
    rate: float
    p50: float
    p99: float
    again: int
    auth_tests: int


def report(count: int, runs: int = RUNS) -> Shown:
    """Measure all of it, and make the table."""
    settings = Settings.from_env({})
    with apart(load_knowledge(settings), settings.weights) as knowledge:
        return _measure(count, runs, knowledge)


def _measure(count: int, runs: int, knowledge: Knowledge) -> Shown:
    apps: dict[str, App] = {
        BARE: bare,
        "the adapter": adapter,
        WHOLE: partial(whole, knowledge=knowledge),
    }
    halves: dict[str, tuple[float, Measured]] = {}
    found: dict[str, list[Measured]] = {name: [] for name in apps}
    with Progress(console=Console(stderr=True)) as progress:
        bar = progress.add_task("slack", total=len(apps) * runs + 1)
        # In turn, so that a busy minute of the machine is not one app's alone.
        for _ in range(runs):
            for name, app in apps.items():
                found[name].append(asyncio.run(measured(app, count, 0)))
                progress.advance(bar)
        rate = median(one.rate for one in found[WHOLE]) / 2
        halves[WHOLE] = rate, asyncio.run(measured(apps[WHOLE], count // 2, rate))
        progress.advance(bar)
    return _table(found, halves, count)


def _table(
    found: dict[str, list[Measured]], halves: dict[str, tuple[float, Measured]], count: int
) -> Shown:
    table = Shown("", "load", "us an envelope: loop", "+ store", "a second of CPU", "of bare bolt",
                  "p50", "p99", "sent again", "auth.test")  # fmt: skip
    table.title = f"From Slack's sockets, {count:,} envelopes; load {getloadavg()[0]:.1f}"
    least = median(one.cost.cpu for one in found[BARE])
    for name, ones in found.items():
        cpu = median(one.cost.cpu for one in ones)
        cost = Cost(median(one.cost.loop for one in ones), median(one.cost.store for one in ones))
        table.add_row(
            name, "full", *_micro(cost, count), f"{count / cpu:,.0f}", f"{least / cpu:.2f}",
            _ms(median(one.p50 for one in ones)), _ms(median(one.p99 for one in ones)),
            f"{median(one.again for one in ones):.0f}", str(max(one.auth_tests for one in ones)),
        )  # fmt: skip
    for name, (rate, half) in halves.items():
        table.add_row(
            name, f"half: {rate:,.0f} a second", *_micro(half.cost, count // 2), "", "",
            _ms(half.p50), _ms(half.p99), str(half.again), str(half.auth_tests),
        )  # fmt: skip
    table.add_section()
    table.add_row("goal, whole bot", "", "", "", "", f"{RATIO_GOAL}", "", f"{HALF_GOAL} ms at half",
                  "", f"{AUTH_GOAL} a workspace")  # fmt: skip
    return table


def _micro(cost: Cost, count: int) -> tuple[str, str]:
    return f"{cost.loop / count * 1e6:.0f}", f"{cost.store / count * 1e6:.0f}"


def _ms(seconds: float) -> str:
    return f"{seconds * 1e3:.0f} ms"


async def measured(app: App, count: int, rate: float) -> Measured:
    """Run an app until it has acknowledged them all. `rate` 0: as fast as it can."""
    load = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.slackload", str(count), str(rate),
        cwd=ROOT, env=environment(), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert load.stdout is not None
    assert load.stdin is not None
    base = (await load.stdout.readline()).decode().strip()
    async with app(base):
        await load.stdout.readline()  # it is warm
        loop, store = thread_time(), beside()
        load.stdin.write(b"go\n")
        found = json.loads(await load.stdout.readline())
        cost = Cost(thread_time() - loop, beside() - store)
    load.stdin.close()
    await load.wait()
    return Measured(
        cost, found["a second"], found["p50"], found["p99"], found["again"], found["auth.test"]
    )


@asynccontextmanager
async def bare(base: str) -> AsyncIterator[None]:
    """Run what one writes after the first page of bolt's documentation."""
    app = AsyncApp(client=AsyncWebClient(BOT_TOKEN, base_url=f"{base}/api/"))

    @app.event("message")
    async def nothing() -> None:
        """Listen, and do nothing."""

    client = AsyncWebClient(base_url=f"{base}/api/")
    handlers = [AsyncSocketModeHandler(app, APP_TOKEN, web_client=client) for _ in range(2)]
    settle_in()
    for handler in handlers:
        await handler.connect_async()  # type: ignore[no-untyped-call]  # bolt's
    try:
        yield
    finally:
        for handler in handlers:
            await handler.close_async()  # type: ignore[no-untyped-call]  # bolt's


@asynccontextmanager
async def adapter(base: str) -> AsyncIterator[None]:
    """Run the adapter alone: from the envelope to an event of the domain, and back."""
    async with slack(_setup(base), table=Table(), clock=Hands(NOON)) as platform:
        settle_in()
        running = asyncio.ensure_future(platform.run(ListInbox()))
        try:
            yield
        finally:
            running.cancel()
            await asyncio.wait([running])


@asynccontextmanager
async def whole(base: str, *, knowledge: Knowledge) -> AsyncIterator[None]:
    """Run everything, with a database on disk."""
    clock = Hands(NOON)
    with tempfile.TemporaryDirectory(prefix="waymark-bench-") as folder:
        async with (
            open_store(f"sqlite:///{Path(folder) / 'bench.db'}", in_process) as store,
            slack(_setup(base), table=Table(), clock=clock) as platform,
            Sorter(Settings.from_env({}), knowledge.versions) as sorter,
        ):
            await sorter.ready()
            app = await build(
                desk=replace(desk(), pages_per_person=1_000_000), knowledge=knowledge, store=store,
                platforms={SLACK: platform}, clock=clock, chance=lambda: 0.5, author_key=b"k" * 40,
                on_decided=lambda _message, _recorded: None, sorter=sorter,
            )  # fmt: skip
            settle_in()
            running = asyncio.ensure_future(app.run())
            try:
                yield
            finally:
                app.stop()
                await running


def _setup(base: str) -> Setup:
    return Setup((BOT_TOKEN,), APP_TOKEN, base=f"{base}/api")


if __name__ == "__main__":
    given = [int(one) for one in sys.argv[1:]]
    Console(width=160).print(report(*(given or [MESSAGES])))
