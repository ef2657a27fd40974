"""What a live desk costs: the way of an emergency under load, the outbox, and a look for work."""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles
from time import perf_counter
from typing import TypeVar

from rich.table import Table

from bot.app import App, build
from bot.cli.run import settle_in
from bot.domain.action import Action, Delivery, DirectMessage, Receipt
from bot.domain.card import Card
from bot.domain.decision import Batch
from bot.domain.event import Opened, Posted
from bot.domain.message import Message
from bot.domain.practitioner import Practitioner
from bot.knowledge import Knowledge, load_knowledge
from bot.ports import Inbox
from bot.settings import Settings
from bot.store.engine import Store, open_store
from bot.workers.courier import AT_A_TIME
from tests.bench.chat import texts
from tests.support.build import DISCORD, account, desk, message, place, recorded
from tests.support.databases import connected, made, running_postgres
from tests.support.scripted import ScriptedPlatform

GRAVE = "i want to kill myself"
A_SECOND = 200
EMERGENCY_EVERY = 50  # messages
CHECKS = 300
OLD = "2026-01-01 00:00:00"
SERIES = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT {} UNION ALL SELECT i + 1 FROM n WHERE i < {})",
    "postgres": "WITH n(i) AS (SELECT generate_series({}, {}))",
}
T = TypeVar("T")
PEOPLE = tuple(account(str(number)) for number in range(100, 140))


@dataclass(slots=True, eq=False)
class Timed(ScriptedPlatform):
    """Brings so many messages a second; notes when each was brought and when each was paged."""

    length: int = 0
    brought: dict[str, float] = field(default_factory=dict)
    paged: dict[str, float] = field(default_factory=dict)
    late: float = 0.0

    async def run(self, inbox: Inbox) -> None:
        await inbox.take(Opened(place()))
        began = perf_counter()
        for number, said in enumerate(texts(self.length), start=1):
            due = began + number / A_SECOND
            if (wait := due - perf_counter()) > 0:
                await asyncio.sleep(wait)
            self.late = max(self.late, perf_counter() - due)
            one = self._message(number, GRAVE if number % EMERGENCY_EVERY == 0 else said)
            if one.text == GRAVE:
                self.brought[one.ref.key] = perf_counter()
            await inbox.take(Posted(one))

    async def perform(self, action: Action, *, key: str) -> Receipt:
        alert = key.removeprefix("north/").partition("#")[0]
        self.paged.setdefault(alert, perf_counter())
        return await ScriptedPlatform.perform(self, action, key=key)

    def _message(self, number: int, said: str) -> Message:
        sent = datetime.now(UTC)
        return replace(message(number, said), author=account(f"m{number}"), sent_at=sent)


def way_of_an_emergency(seconds: int) -> Table:
    """Measure from the event to the call of `perform`, with models, on SQLite."""
    knowledge = load_knowledge(Settings.from_env({}))
    with tempfile.TemporaryDirectory(prefix="waymark-bench-") as folder:
        platform = Timed(length=seconds * A_SECOND)
        asyncio.run(_live(f"sqlite:///{Path(folder) / 'bench.db'}", knowledge, platform))
    taken = [platform.paged[key] - at for key, at in platform.brought.items()]
    table = Table("P0 alerts", "p50", "p99", "longest", "behind at most")
    table.title = f"From the event to the page, at {A_SECOND} messages a second for {seconds} s"
    p50, p99 = _percentiles(taken)
    table.add_row(
        f"{len(taken)} of {len(platform.brought)}", _ms(p50), _ms(p99), _ms(max(taken)),
        _ms(platform.late),
    )  # fmt: skip
    return table


async def _live(url: str, knowledge: Knowledge, platform: Timed) -> None:
    async with open_store(url) as store:
        app = await _app(store, knowledge, platform)
        settle_in()
        await app.run()


async def _app(store: Store, knowledge: Knowledge, platform: ScriptedPlatform) -> App:
    people = tuple(Practitioner(f"P{one.id}", one) for one in PEOPLE[:2])
    return await build(
        desk=replace(desk(), practitioners=people),
        knowledge=knowledge,
        store=store,
        platforms={DISCORD: platform},
        clock=lambda: datetime.now(UTC),
        chance=lambda: 0.5,
        author_key=b"k" * 40,
        on_decided=lambda _message, _recorded: None,
    )


def outbox(alerts: int) -> Table:
    """Measure alerts that are recorded, delivered and receipted in a second."""
    knowledge = load_knowledge(Settings.from_env({}))
    table = Table("", "alerts a second", title=f"The outbox, {alerts:,} alerts to 40 people")

    async def measure(url: str) -> float:
        async with open_store(url) as store:
            app = await _app(store, knowledge, ScriptedPlatform())
            began = perf_counter()
            async with asyncio.TaskGroup() as tasks:
                running = tasks.create_task(app.courier.run())
                await _record(store, alerts)
                while (await store.deliveries.counts("north"))["delivered"] < alerts:  # noqa: ASYNC110 - it tells nobody
                    await asyncio.sleep(0.02)
                running.cancel()
            return alerts / (perf_counter() - began)

    for name, rate in _on_both(measure):
        table.add_row(name, f"{rate:,.0f}")
    return table


async def _record(store: Store, alerts: int) -> None:
    now, written = datetime.now(UTC), []
    for number in range(1, alerts + 1):
        one = recorded(number)
        page = DirectMessage(PEOPLE[number % len(PEOPLE)], Card("P0 emergency"))
        delivery = Delivery(f"north/{one.ref.key}#0", "north", page, attempts=0, due_at=now)
        batch = Batch("north", (replace(one, deliveries=(delivery,)),))
        written.append(await store.decisions.record(batch))
    for one_written in written:
        await one_written


def look_for_work(counts: tuple[int, ...]) -> Table:
    """Measure one look for what is due (deliveries, cases, stale cards) beside much history."""
    table = Table("", "rows of history", "p50", "p99", title="One look for what is due")

    async def measure(url: str) -> dict[int, tuple[float, float]]:
        found: dict[int, tuple[float, float]] = {}
        there = 0
        async with open_store(url) as store:
            await store.desks.ensure(desk())
            for count in counts:
                await _fill(url, there, count)
                there = count
                found[count] = await _looked(store)
        return found

    for name, found in _on_both(measure):
        for count, (p50, p99) in found.items():
            table.add_row(name, f"{count:,}", _ms(p50), _ms(p99))
    return table


async def _looked(store: Store) -> tuple[float, float]:
    taken = []
    for _ in range(CHECKS):
        now, began = datetime.now(UTC), perf_counter()
        await store.deliveries.due(now, AT_A_TIME)
        await store.alerts.due("north", now, AT_A_TIME)
        await store.alerts.stale("north", AT_A_TIME)
        taken.append(perf_counter() - began)
    return _percentiles(taken)


async def _fill(url: str, start: int, stop: int) -> None:
    """Add rows of what is over: delivered pages and closed cases."""
    is_sqlite = url.startswith("sqlite")
    series = SERIES["sqlite" if is_sqlite else "postgres"].format(start + 1, stop)
    old = f"'{OLD}.000000'" if is_sqlite else f"TIMESTAMPTZ '{OLD}+00'"
    delivery = (
        "INSERT INTO delivery (desk, key, action, attempts, due_at, first_due_at, state,"
        f" destination, alert) {series} SELECT 'north', CAST(i AS TEXT), '{{}}', 1, {old}, {old},"
        " 'delivered', 'lane ' || (i % 40), CAST(i AS TEXT) FROM n"
    )
    alert = (
        "INSERT INTO alert (desk, key, place, author, priority, state, opened_at, last_at,"
        f" messages, plan) {series} SELECT 'north', CAST(i AS TEXT), 'p', 'a', 1, 'closed', {old},"
        f" {old}, 1, '{{}}' FROM n"
    )
    async with connected(url) as database, database.writing() as connection:
        await connection.exec_driver_sql(delivery)
        await connection.exec_driver_sql(alert)


def _on_both(measure: Callable[[str], Awaitable[T]]) -> Iterator[tuple[str, T]]:
    """Measure on a fresh SQLite file, then on a fresh PostgreSQL database."""
    with tempfile.TemporaryDirectory(prefix="waymark-bench-") as folder:
        yield "SQLite", asyncio.run(_run(measure, f"sqlite:///{Path(folder) / 'bench.db'}"))
    with running_postgres() as server, made(server) as url:
        yield "PostgreSQL (no fsync)", asyncio.run(_run(measure, url))


async def _run(measure: Callable[[str], Awaitable[T]], url: str) -> T:
    return await measure(url)


def _percentiles(taken: Sequence[float]) -> tuple[float, float]:
    """Give the median and the 99th percentile."""
    cuts = quantiles(taken, n=100, method="inclusive")
    return cuts[49], cuts[98]


def _ms(seconds: float) -> str:
    return f"{seconds * 1e3:.1f} ms"
