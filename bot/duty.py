"""The `waymark duty` commands: who is on duty by a desk file, and its rota as a calendar."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console

from bot.data.calendarexport import write_calendar
from bot.data.calendarfile import BadCalendar, load_calendar
from bot.data.desk import SHIPPED, load_desk
from bot.data.rota import written
from bot.reports import duty as report
from bot.settings import Settings

_FILE = click.Path(path_type=Path, dir_okay=False)
_TIME = click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M%z", "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%d"])
_DESK = click.option(
    "--desk-config", type=_FILE, default=SHIPPED, help="A desk's own settings (a YAML file)."
)
_MOST_DAYS = 366

Run = Callable[[Callable[[Settings], int]], None]
"""Runs a command's body, says in a line what went wrong, and ends with its exit code."""


@dataclass(frozen=True, slots=True)
class Codes:
    """The exit codes of the command line: all, some, or nothing of a file could be used."""

    all: int
    some: int
    nothing: int


def group(run: Run, codes: Codes) -> click.Group:
    """Give the `duty` group; `bot.__main__` registers it."""
    duty = click.Group("duty", help="Who is on duty, by the desk file, and where nobody is.")
    for command in (_who(run, codes), _gaps(run, codes), _import(run, codes), _export(run, codes)):
        duty.add_command(command)
    return duty


def _who(run: Run, codes: Codes) -> click.Command:
    @click.command("who")
    @click.option("--at", type=_TIME, help="At this time: UTC, or with an offset (+02:00).")
    @_DESK
    def who(at: datetime | None, desk_config: Path) -> None:
        """Say who is on duty now, or at another time."""

        def job(_: Settings) -> int:
            report.who(load_desk(desk_config), _moment(at), Console())
            return codes.all

        run(job)

    return who


def _gaps(run: Run, codes: Codes) -> click.Command:
    @click.command("gaps")
    @click.option(
        "--days", type=click.IntRange(1, _MOST_DAYS), default=14, show_default=True,
        help="How far ahead to look.",
    )  # fmt: skip
    @click.option("--from", "since", type=_TIME, help="From this time on instead of from now.")
    @_DESK
    def gaps(days: int, since: datetime | None, desk_config: Path) -> None:
        """Show when nobody will be on duty, and who has too much of it."""

        def job(_: Settings) -> int:
            report.gaps(load_desk(desk_config), _moment(since), days, Console())
            return codes.all

        run(job)

    return gaps


def _import(run: Run, codes: Codes) -> click.Command:
    @click.command("import")
    @click.argument("calendar", type=_FILE)
    @_DESK
    def import_(calendar: Path, desk_config: Path) -> None:
        """Read an iCalendar file, and print it as the `rota` of a desk file.

        What was understood, and each event that was not, is shown beside it on standard error.
        """

        def job(_: Settings) -> int:
            desk, beside = load_desk(desk_config), Console(stderr=True)
            try:
                found = load_calendar(calendar, desk.practitioners)
            except BadCalendar as bad:
                click.echo(str(bad), err=True)
                return codes.nothing
            report.imported(found.shifts, found.problems, beside)
            if not found.shifts:
                click.echo("No event could be used, so nothing is printed.", err=True)
                return codes.nothing
            click.echo(written(found.shifts), nl=False)
            return codes.some if found.problems else codes.all

        run(job)

    return import_


def _export(run: Run, codes: Codes) -> click.Command:
    @click.command("export")
    @click.argument("calendar", type=_FILE, required=False)
    @_DESK
    def export(calendar: Path | None, desk_config: Path) -> None:
        """Write the rota as an iCalendar file, or print it."""

        def job(_: Settings) -> int:
            desk = load_desk(desk_config)
            if not desk.shifts:
                click.echo(
                    "There is no shift to export. Write a `rota` in the desk file.", err=True
                )
                return codes.nothing
            content = write_calendar(desk, datetime.now(UTC))
            if calendar is None:
                click.echo(content, nl=False)
            else:
                calendar.write_bytes(content)
                click.echo(f"{len(desk.shifts)} shifts are in {calendar}", err=True)
            if desk.overrides:
                click.echo("Overrides are not in it: a calendar shows the plan.", err=True)
            return codes.all

        run(job)

    return export


def _moment(at: datetime | None) -> datetime:
    if at is None:
        return datetime.now(UTC)
    return at.astimezone(UTC) if at.tzinfo is not None else at.replace(tzinfo=UTC)
