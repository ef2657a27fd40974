"""`waymark calibrate`: how many alerts a day a setting would give."""

import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.job import exit_code, run
from bot.cli.option import CHANNEL, DESK, EXPORTS, FILE, NOTHING_READ, SINCE, UNTIL, utc

if TYPE_CHECKING:
    from bot.settings import Settings


@click.command()
@EXPORTS
@click.option("--into-file", type=FILE, help="Keep the counts in this file, for `thresholds:`.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, no table.")
@SINCE
@UNTIL
@CHANNEL
@DESK
def calibrate(  # noqa: PLR0913 - one argument for each option
    *,
    paths: tuple[Path, ...],
    into_file: Path | None,
    as_json: bool,
    since: datetime | None,
    until: datetime | None,
    channels: tuple[str, ...],
    desk_config: Path,
) -> None:
    """Measure a community, and say how many alerts a day a setting would give.

    PATHS are exports, as for `waymark replay`. They are read fully, which takes some milliseconds
    a message, and only counts are kept: no text and no author.
    """

    def job(settings: "Settings") -> int:
        from adapters.transcript.window import Window
        from bot.calibrate import measure, shown
        from bot.cli.progress import reading_out
        from bot.cli.screen import Screen
        from bot.data.calibration import expect_folder
        from bot.data.desk import load_desk
        from bot.knowledge import load_knowledge

        if into_file is not None:
            expect_folder(into_file)
        desk, knowledge = load_desk(desk_config), load_knowledge(settings)
        window = Window(utc(since), utc(until), frozenset(channels))
        with reading_out(paths, window) as transcript:
            key, today = secrets.token_bytes(32), datetime.now(UTC).date()
            found = measure(transcript, desk, knowledge, author_key=key, today=today)
        if not found.messages and not found.problems:
            click.echo(NOTHING_READ, err=True)
        for line in shown(found, into_file, as_json=as_json, console=Screen()):
            click.echo(line, err=True)
        return exit_code(found)

    run(job)
