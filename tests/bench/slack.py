"""Envelopes of Socket Mode through the whole bot, beside a bare slack-bolt app in the same run.

The load comes from a process of its own; what is measured runs here, on one core.
"""

import asyncio
import json
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

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
from bot.store.engine import open_store
from tests.support.build import NOON
from tests.support.fake_slack.server import APP_TOKEN, BOT_TOKEN
from tests.support.live import cues_alone
from tests.support.scripted import Hands
from tests.support.slackdesk import desk
from tests.support.waymark import ROOT, environment


@dataclass(frozen=True, slots=True)
class Measured:
    """Envelopes a second, and seconds from envelope to acknowledgement."""

    rate: float
    p50: float
    p99: float
    auth_tests: int


def slack_speed(count: int, quick: int) -> Shown:
    """Measure all of it, and make the table."""
    table = Shown("", "envelopes a second", "of bare bolt", "at", "p50 ms", "p99 ms", "auth.test")
    table.title = f"Slack, {count:,} envelopes over two sockets"
    bare = asyncio.run(_measure(None, count, 0))
    _row(table, "a bare slack-bolt app, empty listener", bare, bare, "full load")
    full = load_knowledge(Settings.from_env({}))
    for name, knows, many in (
        ("the whole bot, cues alone", cues_alone(), count),
        ("the whole bot, cues and linear model", _without_encoder(full), count),
        ("the whole bot with the encoder", full, quick),
    ):
        fast = asyncio.run(_measure(knows, many, 0))
        _row(table, name, fast, bare, "full load")
        half = asyncio.run(_measure(knows, many // 2, fast.rate / 2))
        _row(table, "", half, bare, "half of it")
    return table


def _row(table: Shown, name: str, one: Measured, bare: Measured, load: str) -> None:
    table.add_row(
        name, f"{one.rate:,.0f}", f"{one.rate / bare.rate:.2f}", load,
        f"{one.p50 * 1e3:.0f}", f"{one.p99 * 1e3:.0f}", str(one.auth_tests),
    )  # fmt: skip


def _without_encoder(full: Knowledge) -> Knowledge:
    from bot.knowledge import know  # noqa: PLC0415 - for this alone

    assert full.models is not None
    models = replace(full.models, models=replace(full.models.models, encoder=None))
    return know(
        rules=full.rules, catalogue=full.catalogue, registry=full.registry, models=models,
        meaning=full.meaning,
    )  # fmt: skip


async def _measure(knows: Knowledge | None, count: int, rate: float) -> Measured:
    load = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.slackload", str(count), str(rate),
        cwd=ROOT, env=environment(), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert load.stdout is not None
    base = (await load.stdout.readline()).decode().strip()
    async with _bare(base) if knows is None else _whole(base, knows):
        found = json.loads(await load.stdout.readline())
    assert load.stdin is not None
    load.stdin.close()
    await load.wait()
    return Measured(found["a second"], found["p50"], found["p99"], found["auth.test"])


@asynccontextmanager
async def _bare(base: str) -> AsyncIterator[None]:
    """Run what one writes after the first page of bolt's documentation."""
    app = AsyncApp(client=AsyncWebClient(BOT_TOKEN, base_url=f"{base}/api/"))

    @app.event("message")
    async def nothing() -> None:
        """Listen, and do nothing."""

    client = AsyncWebClient(base_url=f"{base}/api/")
    handlers = [AsyncSocketModeHandler(app, APP_TOKEN, web_client=client) for _ in range(2)]
    for handler in handlers:
        await handler.connect_async()  # type: ignore[no-untyped-call]  # bolt's
    try:
        yield
    finally:
        for handler in handlers:
            await handler.close_async()  # type: ignore[no-untyped-call]  # bolt's


@asynccontextmanager
async def _whole(base: str, knows: Knowledge) -> AsyncIterator[None]:
    clock = Hands(NOON)
    setup = Setup((BOT_TOKEN,), APP_TOKEN, base=f"{base}/api")
    with tempfile.TemporaryDirectory(prefix="waymark-bench-") as folder:
        async with (
            open_store(f"sqlite:///{Path(folder) / 'bench.db'}") as store,
            slack(setup, table=Table(), clock=clock) as platform,
        ):
            app = await build(
                desk=desk(), knowledge=knows, store=store, platforms={SLACK: platform},
                clock=clock, chance=lambda: 0.5, author_key=b"k" * 40,
                on_decided=lambda _message, _recorded: None,
            )  # fmt: skip
            settle_in()
            running = asyncio.ensure_future(app.run())
            try:
                yield
            finally:
                app.stop()
                await running
