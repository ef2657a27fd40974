"""The command line: the only reader of argv and the environment, the only maker of exit codes.

Exit codes follow sysexits.h: 0 all was read; 2 the command was wrong; 65 some input could not be
read (the rest was); 66 there was nothing to read; 70 a mistake in Waymark; 74 the database or a
file could not be written; 78 the settings or a file that people edit has mistakes; 130 stopped by
SIGINT or SIGTERM, with all that was read kept.
"""

import asyncio
import logging
import os
import secrets
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from random import SystemRandom

import click
import structlog
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from adapters.transcript.platform import TranscriptPlatform
from adapters.transcript.window import Window
from bot import duty
from bot.app import Knowledge, load_knowledge
from bot.data.desk import SHIPPED, load_desk
from bot.data.keyfile import BadKey, read_or_make_key
from bot.data.yamlfile import BadFile
from bot.policy.decide import decide
from bot.replay import Asked, Replay, Replayed
from bot.reports import page, table, why
from bot.settings import BadSettings, Settings
from bot.store.engine import BadDatabase, open_store

OK, DATA, NO_INPUT, BUG, IO, CONFIG, STOPPED = 0, 65, 66, 70, 74, 78, 130

_FILE = click.Path(path_type=Path, dir_okay=False)
_TIME = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"])
_DESK = click.option(
    "--desk-config", type=_FILE, default=SHIPPED, help="A desk's own settings (a YAML file)."
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="waymark")
def cli() -> None:
    """Waymark shows the career practitioners on duty which messages cannot wait."""


@cli.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--html", type=_FILE, help="Write a page with charts to this file.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line, no table.")
@click.option("--quote", is_flag=True, help="Show what was written. Off by default.")
@click.option("--since", type=_TIME, help="Read from this day or time on (UTC).")
@click.option("--until", type=_TIME, help="Read only what came before this day or time (UTC).")
@click.option("--channel", "channels", multiple=True, help="Read only this channel; repeatable.")
@click.option("--into", help="Keep the results in this database (a file or an address).")
@_DESK
def replay(  # noqa: PLR0913 - one argument for each option
    *,
    paths: tuple[Path, ...],
    html: Path | None,
    as_json: bool,
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

    def job(settings: Settings) -> int:
        knowledge = load_knowledge(settings)
        asked = Asked(
            paths=paths,
            window=Window(_utc(since), _utc(until), frozenset(channels)),
            desk=load_desk(desk_config),
            quote=quote,
            on_line=click.echo if as_json else None,
        )
        replayed = _replayed(settings, knowledge, asked, into)
        _show(replayed, html=html, as_table=not as_json)
        return _exit_code(replayed)

    _run(job)


@cli.command()
@click.argument("text")
@_DESK
def read(text: str, desk_config: Path) -> None:
    """Show how Waymark reads one message, and why. For people who edit the cue files."""

    def job(settings: Settings) -> int:
        knowledge, desk, now = load_knowledge(settings), load_desk(desk_config), datetime.now(UTC)
        reading = knowledge.triage.read(text, sent_at=now)
        shelf, likeness = knowledge.shelf(now.date()), knowledge.likeness.of(text)
        decision = decide(reading, desk=desk, shelf=shelf, likeness=likeness)
        why.render(text, reading, decision, Console())
        return OK

    _run(job)


@cli.command()
@_DESK
def check(desk_config: Path) -> None:
    """Check the files that people edit: cues, resources, claims and the desk."""

    def job(settings: Settings) -> int:
        knowledge, desk = load_knowledge(settings), load_desk(desk_config)
        click.echo(
            f"All good: rules {knowledge.versions.ruleset}, model {knowledge.versions.model},"
            f" {len(knowledge.catalogue.resources)} resources,"
            f" {len(knowledge.registry.claims)} claims, desk {desk.name}."
        )
        for gap in knowledge.gaps:
            click.echo(gap, err=True)
        return CONFIG if knowledge.gaps else OK

    _run(job)


def _run(job: Callable[[Settings], int]) -> None:
    """Run a command and end with its exit code; say in a line what went wrong, if it did."""
    try:
        settings = Settings.from_env(os.environ)  # noqa: TID251 - the one place
        _log_by(settings)
        code = job(settings)
    except (BadSettings, BadFile, BadKey, BadDatabase, OSError, ExceptionGroup) as error:
        code = _explained(_first(error))
    sys.exit(code)


def _explained(error: Exception) -> int:
    match error:
        case BadSettings() | BadFile() | BadKey():
            click.echo(str(error), err=True)
            return CONFIG
        case BadDatabase():
            click.echo(str(error), err=True)
            return IO
        case OSError():
            click.echo(f"{error}. Check the path, the disk and the permissions.", err=True)
            return IO
        case _:
            structlog.get_logger(__name__).error("this is a mistake in Waymark", exc_info=error)
            return BUG


def _first(error: Exception) -> Exception:
    """Unwrap what a task group wrapped."""
    while isinstance(error, ExceptionGroup):
        error = error.exceptions[0]
    return error


def _replayed(settings: Settings, knowledge: Knowledge, asked: Asked, into: str | None) -> Replayed:
    with _progress() as progress, _place(settings, into) as (url, key):
        transcript = TranscriptPlatform(
            asked.paths, window=asked.window, on_bytes=lambda count: progress.advance(bar, count)
        )
        bar = progress.add_task("Reading", total=transcript.total_bytes)

        async def job() -> Replayed:
            async with open_store(url) as store:
                return await Replay(asked, transcript).run(
                    store,
                    knowledge,
                    clock=lambda: datetime.now(UTC),
                    chance=SystemRandom().random,
                    author_key=key,
                )

        return asyncio.run(job())


@contextmanager
def _place(settings: Settings, into: str | None) -> Iterator[tuple[str, bytes]]:
    """Give the store's address and the key: of a passing database, unless `into` names one."""
    given = settings.key.get_secret_value().encode() if settings.key is not None else None
    if into is None:
        with tempfile.TemporaryDirectory(prefix="waymark-") as folder:
            yield f"sqlite:///{folder}/replay.db", given or secrets.token_bytes(32)
    elif "://" not in into:
        path = Path(into).absolute()
        yield f"sqlite:///{path}", given or read_or_make_key(path.with_name(f"{path.name}.key"))
    elif given is not None:
        yield into, given
    else:
        raise BadSettings("WAYMARK_KEY: set it to keep results in a database with an address.")


@contextmanager
def _progress() -> Iterator[Progress]:
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    with Progress(
        *columns, TimeRemainingColumn(), console=console, transient=True,
        disable=not console.is_terminal,
    ) as progress:  # fmt: skip
        yield progress


def _show(replayed: Replayed, *, html: Path | None, as_table: bool) -> None:
    """Show the report, or only what was wrong when there was nothing to report on."""
    if not replayed.messages and not replayed.problems:
        click.echo(
            "No message was read. Check --channel, --since and --until, and that the export has"
            " messages.",
            err=True,
        )
    is_empty = replayed.problems and not replayed.messages
    if as_table and not is_empty:
        table.render(replayed.summary, Console())
    else:
        for problem in replayed.problems:
            click.echo(problem, err=True)
    if html is not None and not is_empty:
        html.write_text(page.render(replayed.summary), encoding="utf-8")
        click.echo(f"The page is in {html}", err=True)


def _exit_code(replayed: Replayed) -> int:
    if replayed.stopped:
        return STOPPED
    if not replayed.messages:
        return NO_INPUT
    return DATA if replayed.problems else OK


def _utc(at: datetime | None) -> datetime | None:
    return None if at is None else at.replace(tzinfo=UTC)


def _log_by(settings: Settings) -> None:
    """Log to standard error: times, levels, keys, and never a message's text (I4)."""
    last: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if settings.log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping()[settings.log_level.upper()]
        ),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


cli.add_command(duty.group(_run, duty.Codes(all=OK, some=DATA, nothing=NO_INPUT)))


def main() -> None:
    """Run the `waymark` command."""
    cli()


if __name__ == "__main__":
    main()
