"""What a message from Discord costs the whole bot, beside a bare discord.py client.

    python -m tests.bench.discord [MESSAGES [PYTHON]]

The gateway is the tests' own, in another process; all clients get frames of the same kind, which
are made before. Measured is how long a flood takes by the clock, and the CPU time: of the event
loop's thread, of threads beside it, and of the processes in which SQLite works and a flood is
sorted. The encoder's full reading drains in a process beside them and is left out.
One message in a hundred is acted on; the others are ordinary ones of the sample community.
PYTHON is an interpreter that has Red, to stand beside the rest: see `redbot.py`.
Ratios of one run hold better than figures; waits in milliseconds mean something on an idle machine
alone.
"""

import asyncio
import json
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

import discord
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from adapters.discord.gateway import intents
from adapters.discord.platform import DiscordPlatform
from bot.app import App, build
from bot.cli.run import settle_in
from bot.domain.command import Choice
from bot.domain.event import Event, Posted, Typing
from bot.domain.message import PlatformName
from bot.domain.reading import Priority
from bot.knowledge import Knowledge, load_knowledge
from bot.policy.plan import plan_of
from bot.settings import Settings
from bot.store.apart import in_process
from bot.store.columns import PLAN
from bot.store.engine import open_store
from bot.workers.apart import apart
from bot.workers.sorter import Sorter
from tests.bench.cost import Cost, Mark
from tests.bench.discordload import FIRST_CHANNEL
from tests.bench.discordtable import BARE, LEAST_OF_RED, costs_of, waits_of
from tests.bench.red import WORDS, Red, words
from tests.support.databases import connected
from tests.support.discord_desk import desk
from tests.support.fake_discord.server import TOKEN, addressed
from tests.support.waymark import ROOT, environment

MESSAGES = 6_000
ACTED_ON = 100  # one message in so many makes an alert
RUNS = 5
WARM = 1_500  # first messages, not counted: the bot learns the words of a chat
CHANNELS, ALERTS = 10_000, 100_000  # of a community as large as one may be
PAGES = 100  # waited for at each load: the 99th percentile of fewer is whatever was longest
A_SECOND, BURST = 500, 1_000
READY = 240.0  # seconds that a start may take on a busy machine
LARGE = f"the whole bot, {CHANNELS:,} channels, {ALERTS:,} open alerts"


@dataclass(slots=True)
class Load:
    """The other process, and where it is."""

    process: asyncio.subprocess.Process
    address: str
    _lines: asyncio.Lock = field(default_factory=asyncio.Lock)

    def write(self, messages: int, rate: float, grave: int) -> None:
        self._wish(f"{messages} {rate} {grave}")

    async def told(self, pages: int) -> list[float]:
        found: list[float] = await self._asked(f"told {pages}")
        return found

    async def sent(self) -> float:
        """Give the moment at which the last flood went out, as `perf_counter` has it."""
        found: float = await self._asked("sent")
        return found

    async def _asked(self, line: str) -> Any:  # noqa: ANN401 - whatever it answers
        self._wish(line)
        assert self.process.stdout is not None
        return json.loads(await self.process.stdout.readline())

    def _wish(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{line}\n".encode())


@asynccontextmanager
async def loaded(channels: int = 1) -> AsyncIterator[Load]:
    """Start the other process, and point discord.py at it."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.discordload", str(channels),
        cwd=ROOT, env={**environment(), "PYTHONWARNINGS": "ignore"},
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    address = (await process.stdout.readline()).decode().strip()
    try:
        with addressed(address.replace("ws://", "http://") + "api/v10", address):
            yield Load(process, address)
    finally:
        process.kill()
        await process.wait()


async def bare(count: int) -> Cost:
    """Measure discord.py with an `on_message` that only counts."""

    class Bare(discord.AutoShardedClient):
        got = 0

        async def on_message(self, _: discord.Message) -> None:
            self.got += 1

    return await _client(Bare(intents=intents()), count)


async def red(count: int) -> Cost:
    """Measure a bot with a filter of 500 words, as Red's is made."""
    return await _client(Red(intents=intents()), count)


async def red_itself(count: int, python: str, cogs: str) -> Cost:
    """Measure Red, with `cogs` and the same words. Its own process counts its time."""
    with tempfile.TemporaryDirectory(prefix="waymark-bench-red-") as folder:
        home = {**environment(), "HOME": folder, "XDG_CONFIG_HOME": folder, "XDG_DATA_HOME": folder}
        (Path(folder) / "words.json").write_text(json.dumps(words(WORDS)))
        made = ("--no-prompt", "--instance-name", "bench", "--data-path", f"{folder}/red")
        setup = await asyncio.create_subprocess_exec(
            python, "-m", "redbot.setup", *made, env=home, stdout=asyncio.subprocess.DEVNULL
        )
        await setup.wait()
        async with loaded() as load:
            rest = load.address.replace("ws://", "http://") + "api/v10"
            process = await asyncio.create_subprocess_exec(
                python, "-P", f"{ROOT}/tests/bench/redbot.py",
                rest, load.address, TOKEN, folder, cogs,
                env=home, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
            )  # fmt: skip
            assert process.stdout is not None
            assert process.stdin is not None
            await _said(process.stdout, "ready")
            took = ""
            for messages in (WARM, count):
                process.stdin.write(f"{messages}\n".encode())
                await _said(process.stdout, "go")
                load.write(messages, 0, 0)
                took = await _said(process.stdout, "took")
            sent = await load.sent()
            process.kill()
            await process.wait()
    *marks, (end, spent) = json.loads(took)
    return Cost(spent - max(cpu for at, cpu in marks if at <= sent), 0.0, wall=end - sent)


async def _said(output: asyncio.StreamReader, word: str) -> str:
    """Wait for a line that begins with `word`, and give the rest of it."""
    while line := (await output.readline()).decode():
        first, _, rest = line.strip().partition(" ")
        if first == word:
            return rest
    raise RuntimeError("Red has ended: see above")


async def _client(client: "discord.Client", count: int) -> Cost:
    ready = asyncio.Event()

    async def on_guild_available(_: discord.Guild) -> None:
        ready.set()

    client.event(on_guild_available)
    async with loaded() as load, client, asyncio.TaskGroup() as tasks:
        running = tasks.create_task(client.start(TOKEN))
        await ready.wait()
        settle_in()
        cost = await _measured(load, lambda: client.got, count)  # type: ignore[attr-defined] # both have it
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
        loaded() as load,
        DiscordPlatform(TOKEN, _now) as platform,
        asyncio.TaskGroup() as tasks,
    ):
        running = tasks.create_task(platform.run(inbox))
        await _until(lambda: "20" in platform.places.opened)
        settle_in()
        cost = await _measured(load, lambda: inbox.messages, count)
        running.cancel()
    return cost


def _now() -> datetime:
    return datetime.now(UTC)


async def _until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(READY):
        while not is_so():  # noqa: ASYNC110 - what is waited for tells nobody
            await asyncio.sleep(0.005)


@asynccontextmanager
async def on_duty(knowledge: Knowledge, *, large: bool = False) -> AsyncIterator[tuple[App, Load]]:
    """Run the whole bot, ready for messages."""
    channels = CHANNELS if large else 1
    last = str(FIRST_CHANNEL + CHANNELS - 1) if large else "20"
    with tempfile.TemporaryDirectory(prefix="waymark-bench-") as folder:
        url = f"sqlite:///{Path(folder) / 'bench.db'}"
        ahead = [timedelta()]
        if large:
            await _fill(url)
        async with (
            loaded(channels) as load,
            open_store(url, in_process) as store,
            DiscordPlatform(TOKEN, lambda: _now() + ahead[0]) as platform,
            Sorter(Settings.from_env({}), knowledge.versions) as sorter,
            asyncio.TaskGroup() as tasks,
        ):
            await sorter.ready()
            watched = [str(FIRST_CHANNEL + n) for n in range(CHANNELS)] if large else []
            app = await build(
                desk=replace(desk(), pages_per_person=1_000_000, watched=frozenset(watched)),
                knowledge=knowledge,
                store=store,
                platforms={PlatformName("discord"): platform},
                clock=_now,
                chance=lambda: 0.5,
                author_key=b"k" * 40,
                on_decided=lambda _message, _recorded: None,
                sorter=sorter,
            )
            tasks.create_task(app.run())
            await _until(lambda: last in platform.places.opened)
            await asyncio.sleep(1.5)  # the places' histories are asked for
            # Soon after a start each page is looked for before it is sent: that time is over.
            ahead[0] = timedelta(hours=1)
            settle_in()
            yield app, load
            app.stop()


async def _fill(url: str) -> None:
    """Add open alerts of which nothing is due for years."""
    now = datetime.now(UTC)
    plan = PLAN.dump(plan_of(desk(), Priority.P2, now)).replace("'", "''")
    async with open_store(url) as store:
        await store.desks.ensure(desk())
    statement = (
        "INSERT INTO alert (desk, key, place, author, priority, state, opened_at, last_at,"
        " messages, plan, due_at) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
        f" WHERE i < {ALERTS}) SELECT 'north', 'k' || i, 'discord:10:' || (i % 10000), 'a' || i, 2,"
        f" 'open', '{now:%Y-%m-%d %H:%M:%S.%f}', '{now:%Y-%m-%d %H:%M:%S.%f}', 1, '{plan}',"
        " '2099-01-01 00:00:00.000000' FROM n"
    )
    async with connected(url) as database, database.writing() as connection:
        await connection.exec_driver_sql(statement)


async def whole(count: int, knowledge: Knowledge, *, large: bool = False) -> Cost:
    """Measure the whole bot until every message has its immediate decision."""
    async with on_duty(knowledge, large=large) as (app, load):
        load.write(WARM, 0, ACTED_ON)
        await _until(lambda: app.intake.taken >= WARM)
        return await _measured(load, lambda: app.intake.taken - app.intake.fresh - WARM, count)


async def waits(
    knowledge: Knowledge, pages: int = PAGES, *, large: bool = False
) -> tuple[list[float], list[float]]:
    """Measure from the frame to the request for a page: at a steady rate, and in bursts."""
    async with on_duty(knowledge, large=large) as (_, load):
        load.write(200, A_SECOND, ACTED_ON)  # connections and statements are made once
        await load.told(200 // ACTED_ON)
        load.write(pages * ACTED_ON, A_SECOND, ACTED_ON)
        steady = await load.told(pages)
        sudden: list[float] = []
        for _ in range(pages * ACTED_ON // BURST):
            # The other process answers nobody while it makes a burst: nothing is to be under way.
            await asyncio.sleep(0.5)
            load.write(BURST, 0, ACTED_ON)
            sudden += await load.told(BURST // ACTED_ON)
    return steady, sudden


async def _measured(load: Load, taken: Callable[[], int], count: int) -> Cost:
    """Measure from the moment at which the flood goes out until its last message was taken.

    A bare client reads most of a flood before anything else of its loop has a turn, the counting
    too: so the marks are set while the flood is still being made, and the last before it counts.
    """
    lags, marks = [0.0], [Mark()]

    async def watch() -> None:
        while True:
            before = perf_counter()
            await asyncio.sleep(0.002)
            if taken() > 0:
                lags.append(perf_counter() - before - 0.002)
            else:
                marks.append(Mark())

    async with asyncio.TaskGroup() as tasks:
        watching = tasks.create_task(watch())
        load.write(count, 0, ACTED_ON)
        await _until(lambda: taken() >= count)
        end = Mark()
        watching.cancel()
    sent = await load.sent()
    start = max((one for one in marks if one.at <= sent), key=lambda one: one.at)
    return Cost(
        end.loop - start.loop,
        end.threads - start.threads,
        lags,
        end.at - sent,
        end.apart - start.apart,
    )


def report(
    count: int, runs: int = RUNS, red_python: str = "", pages: int = PAGES
) -> Sequence[Table]:
    settings = Settings.from_env({})
    with apart(load_knowledge(settings), settings.weights) as knowledge:
        return _measure(count, runs, knowledge, red_python, pages)


def _measure(
    count: int, runs: int, knowledge: Knowledge, red_python: str, pages: int
) -> Sequence[Table]:
    measures: dict[str, Callable[[], Awaitable[Cost]]] = {
        BARE: partial(bare, count),
        LEAST_OF_RED: partial(red, count),
        "the adapter": partial(adapter, count),
        "the whole bot": partial(whole, count, knowledge),
        LARGE: partial(whole, count, knowledge, large=True),
    }
    if red_python:
        for cogs in ("filter", "filter,mod"):
            measures[f"Red itself, {cogs}"] = partial(red_itself, count, red_python, cogs)
    found: dict[str, list[Cost]] = {name: [] for name in measures}
    waited: dict[str, tuple[list[float], list[float]]] = {}
    with Progress(console=Console(stderr=True)) as progress:
        bar = progress.add_task("discord", total=len(measures) * runs + 2)
        # In turn, so that a busy minute of the machine is not one client's alone.
        for _ in range(runs):
            for name, measure in measures.items():
                found[name].append(asyncio.run(_run(measure)))
                progress.advance(bar)
        for name, large in (("the whole bot", False), (LARGE, True)):
            waited[name] = asyncio.run(waits(knowledge, pages, large=large))
            progress.advance(bar)
    return costs_of(found, count, ACTED_ON), waits_of(
        waited, f"{A_SECOND} messages a second", f"bursts of {BURST:,}"
    )


async def _run(measure: Callable[[], Awaitable[Cost]]) -> Cost:
    return await measure()


if __name__ == "__main__":
    asked = int(sys.argv[1]) if sys.argv[1:] else MESSAGES
    for shown in report(asked, red_python="".join(sys.argv[2:3])):
        Console(width=150).print(shown)
