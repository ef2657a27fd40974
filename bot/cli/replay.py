"""`waymark replay`: run exports through Waymark and show what it would have done."""

import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from random import SystemRandom
from typing import TYPE_CHECKING

import click

from bot.cli.job import exit_code, run
from bot.cli.option import (
    CHANNEL,
    DESK,
    EXPORTS,
    FILE,
    NOTHING_READ,
    SINCE,
    UNTIL,
    expect_page,
    utc,
)

if TYPE_CHECKING:
    from bot.data.keyfile import Keys
    from bot.knowledge import Knowledge
    from bot.replay import Asked, Replayed
    from bot.settings import Settings


@click.command()
@EXPORTS
@click.option("--html", type=FILE, help="Write a page with charts to this file.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line, no table.")
@click.option("--all", "whole", is_flag=True, help="Print every row, not only the most urgent.")
@click.option("--quick", is_flag=True, help="Read most messages by the quick model alone.")
@click.option("--quote", is_flag=True, help="Show what was written. Off by default.")
@SINCE
@UNTIL
@CHANNEL
@click.option("--into", help="Keep the results in this database (a file or an address).")
@DESK
def replay(  # noqa: PLR0913 - one argument for each option
    *,
    paths: tuple[Path, ...],
    html: Path | None,
    as_json: bool,
    whole: bool,
    quick: bool,
    quote: bool,
    since: datetime | None,
    until: datetime | None,
    channels: tuple[str, ...],
    into: str | None,
    desk_config: Path,
) -> None:
    """Run chat exports through Waymark and show what it would have done.

    PATHS are DiscordChatExporter files (JSON or CSV), Slack exports (zip or folder), or folders
    of them. Nothing is kept unless --into names a database.
    """

    def job(settings: "Settings") -> int:
        from adapters.transcript.window import Window
        from bot.data.desk import load_desk
        from bot.knowledge import load_knowledge
        from bot.replay import Asked

        expect_page(html)
        desk = load_desk(desk_config)
        knowledge = load_knowledge(settings, desk.thresholds)
        asked = Asked(
            paths=paths,
            window=Window(utc(since), utc(until), frozenset(channels)),
            desk=desk,
            quick=quick,
            quote=quote,
            on_line=click.echo if as_json else None,
        )
        replayed = _replayed(settings, knowledge, asked, into)
        _show(replayed, html=html, as_table=not as_json, whole=whole)
        return exit_code(replayed)

    run(job)


def _replayed(
    settings: "Settings", knowledge: "Knowledge", asked: "Asked", into: str | None
) -> "Replayed":
    import asyncio

    from bot.cli.progress import reading_out
    from bot.replay import Replay
    from bot.store.engine import open_store

    reading: Replay | None = None

    def waiting() -> str:
        return f"{reading.waiting:,} waiting" if reading is not None else ""

    with (
        reading_out(asked.paths, asked.window, beside=waiting) as transcript,
        _place(settings, into) as (url, keys),
    ):
        reading = Replay(asked, transcript)

        async def job(replaying: Replay) -> "Replayed":
            async with open_store(url) as store:
                return await replaying.run(
                    store,
                    knowledge,
                    clock=lambda: datetime.now(UTC),
                    chance=SystemRandom().random,
                    author_key=keys.now,
                    old_keys=keys.old,
                )

        return asyncio.run(job(reading))


@contextmanager
def _place(settings: "Settings", into: str | None) -> Iterator[tuple[str, "Keys"]]:
    """Give the store's address and the keys: of a passing database, unless `into` names one."""
    if into is not None:
        from bot.cli.database import kept_in

        yield kept_in(settings, into)
        return
    from bot.cli.database import given_keys
    from bot.data.keyfile import Keys

    with tempfile.TemporaryDirectory(prefix="waymark-") as folder:
        passing = Keys(secrets.token_bytes(32))
        yield f"sqlite:///{folder}/replay.db", given_keys(settings) or passing


def _show(replayed: "Replayed", *, html: Path | None, as_table: bool, whole: bool) -> None:
    """Show the report, or only what was wrong when there was nothing to report on."""
    from bot.cli.screen import Screen
    from bot.reports import page, table, words

    if not replayed.messages and not replayed.problems:
        click.echo(NOTHING_READ, err=True)
    is_empty = replayed.problems and not replayed.messages
    if as_table and not is_empty:
        table.render(replayed.summary, Screen(), whole=whole)
    else:
        for line in (*replayed.problems, words.waiting_line(replayed.summary.run)):
            if line:
                click.echo(line, err=True)
    if html is not None and not is_empty:
        html.write_text(page.render(replayed.summary), encoding="utf-8")
        click.echo(f"The page is in {html}", err=True)
