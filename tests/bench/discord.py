"""What a message from Discord costs the whole bot, beside a bare discord.py client.

    python -m tests.bench.discord [MESSAGES]

The gateway is the tests' own, in another process; all clients get the same frames. What is
measured is the CPU time of the event loop's thread, because that is what a flood waits for; the
encoder's full reading drains in a thread beside it. Ratios of one run hold better than figures.
"""

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter, thread_time

import discord
from rich.console import Console
from rich.table import Table

from adapters.discord.gateway import intents
from adapters.discord.platform import DiscordPlatform
from bot.app import build
from bot.domain.command import Choice
from bot.domain.event import Event, Posted, Typing
from bot.domain.message import PlatformName
from bot.knowledge import Knowledge, load_knowledge
from bot.settings import Settings
from bot.store.engine import open_store
from tests.bench.chat import texts
from tests.support.discord_desk import ADA, BO, LAST, desk
from tests.support.fake_discord.server import TOKEN, FakeDiscord, addressed, fake_discord
from tests.support.live import GRAVE
from tests.support.waymark import ROOT, environment

MESSAGES = 20_000

ACTED_ON = 100  # one message in so many makes an alert
RUNS = 3


@dataclass(frozen=True, slots=True)
class Cost:
    """`cpu` and `wall` are seconds for all messages, `lag` the longest that the loop kept away."""

    cpu: float
    wall: float
    lag: float


async def serve(count: int) -> None:
    """Be Discord in a process of its own: write `count` messages at each line of standard input."""
    async with fake_discord(lambda: datetime.now(UTC)) as server:
        for who in (ADA, BO, LAST):
            server.state.add_member("10", who)
        for number in range(count // ACTED_ON):
            server.state.add_member("10", str(10_000 + number))
        said = list(texts(count))
        print(server.gateway.address(), flush=True)  # noqa: T201 - told to the other process
        loop = asyncio.get_running_loop()
        while await loop.run_in_executor(None, sys.stdin.readline):
            await _flood(server, said)


async def _flood(server: FakeDiscord, said: Sequence[str]) -> None:
    for number, text in enumerate(said):
        is_grave = number % ACTED_ON == ACTED_ON // 2
        who = str(10_000 + number // ACTED_ON)
        await server.say("20", who, GRAVE if is_grave else text)


@asynccontextmanager
async def gateway(count: int) -> AsyncIterator[Callable[[], None]]:
    """Start the other process, and give what makes it flood."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.discord", "serve", str(count),
        cwd=ROOT, env={**environment(), "PYTHONWARNINGS": "ignore"},
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    flow = process.stdin
    address = (await process.stdout.readline()).decode().strip()
    try:
        with addressed(address.replace("ws://", "http://") + "api/v10", address):
            yield lambda: flow.write(b"go\n")
    finally:
        process.kill()
        await process.wait()


async def bare(count: int) -> Cost:
    """Measure discord.py with an `on_message` that only counts."""
    got, ready, done = 0, asyncio.Event(), asyncio.Event()

    class Bare(discord.AutoShardedClient):
        async def on_message(self, _: discord.Message) -> None:
            nonlocal got
            got += 1
            if got == count:
                done.set()

        async def on_guild_available(self, _: discord.Guild) -> None:
            ready.set()

    async with (
        gateway(count) as flood,
        Bare(intents=intents()) as client,
        asyncio.TaskGroup() as tasks,
    ):
        running = tasks.create_task(client.start(TOKEN))
        await ready.wait()
        cost = await _measured(flood, done.wait)
        running.cancel()
    return cost


class Counting:
    """An inbox that only counts: what is left is the adapter."""

    def __init__(self) -> None:
        self.messages = 0

    async def take(self, event: Event) -> Awaitable[None]:
        self.messages += isinstance(event, Posted)
        written: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        written.set_result(None)
        return written

    async def suggest(self, _: Typing) -> tuple[Choice, ...]:
        return ()


async def adapter(count: int) -> Cost:
    """Measure the adapter: from the frame to an event of the domain."""
    inbox = Counting()
    async with (
        gateway(count) as flood,
        DiscordPlatform(TOKEN, lambda: datetime.now(UTC)) as platform,
        asyncio.TaskGroup() as tasks,
    ):
        running = tasks.create_task(platform.run(inbox))
        await _until(lambda: "20" in platform.places.opened)
        cost = await _measured(flood, lambda: _until(lambda: inbox.messages == count))
        running.cancel()
    return cost


async def _until(is_so: Callable[[], bool]) -> None:
    while not is_so():  # noqa: ASYNC110 - what is waited for tells nobody
        await asyncio.sleep(0.005)


async def whole(count: int, knowledge: Knowledge) -> Cost:
    """Measure the whole bot until every message has its immediate decision."""
    with tempfile.TemporaryDirectory(prefix="waymark-bench-") as folder:
        url, now = f"sqlite:///{Path(folder) / 'bench.db'}", lambda: datetime.now(UTC)
        async with (
            gateway(count) as flood,
            open_store(url) as store,
            DiscordPlatform(TOKEN, now) as platform,
            asyncio.TaskGroup() as tasks,
        ):
            app = await build(
                desk=replace(desk(), pages_per_person=1_000_000),
                knowledge=knowledge,
                store=store,
                platforms={PlatformName("discord"): platform},
                clock=now,
                chance=lambda: 0.5,
                author_key=b"k" * 40,
                on_decided=lambda _message, _recorded: None,
            )
            tasks.create_task(app.run())
            await _until(lambda: "20" in platform.places.opened)
            cost = await _measured(flood, partial(_until, lambda: app.intake.taken == count))
            app.stop()
    return cost


async def _measured(flood: Callable[[], None], done: Callable[[], Awaitable[object]]) -> Cost:
    lags = [0.0]

    async def watch() -> None:
        while True:
            before = perf_counter()
            await asyncio.sleep(0.001)
            lags.append(perf_counter() - before - 0.001)

    async with asyncio.TaskGroup() as tasks:
        watching = tasks.create_task(watch())
        cpu, wall = thread_time(), perf_counter()
        flood()
        await done()
        cost = Cost(thread_time() - cpu, perf_counter() - wall, max(lags))
        watching.cancel()
    return cost


def report(count: int) -> Table:
    knowledge = load_knowledge(Settings.from_env({}))
    bares = [asyncio.run(bare(count)) for _ in range(RUNS)]
    adapters = [asyncio.run(adapter(count)) for _ in range(RUNS)]
    wholes = [asyncio.run(whole(count, knowledge)) for _ in range(RUNS)]
    least = median(one.cpu for one in bares)
    table = Table("", "microseconds a message", "messages a second of CPU", "of the bare client",
                  "longest lag of the loop")  # fmt: skip
    table.title = f"From Discord's gateway, {count:,} messages, 1 % of them pages"
    rows = {"a bare discord.py client": bares, "the adapter": adapters, "the whole bot": wholes}
    for name, costs in rows.items():
        cpu, lag = median(one.cpu for one in costs), median(one.lag for one in costs)
        table.add_row(
            name, f"{cpu / count * 1e6:.0f}", f"{count / cpu:,.0f}", f"{least / cpu:.2f}",
            f"{lag * 1e3:.0f} ms",
        )  # fmt: skip
    return table


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        asyncio.run(serve(int(sys.argv[2])))
    else:
        Console().print(report(int(sys.argv[1]) if sys.argv[1:] else MESSAGES))
