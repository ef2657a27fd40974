"""`waymark duty`: who is on duty by a desk file, and its rota as a calendar.

The calendars that a desk is subscribed to have a module of their own (`bot.cli.calendar`).
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.calendar import calendars, subscribe, unsubscribe
from bot.cli.job import DATA, NO_INPUT, OK, run
from bot.cli.option import FILE, KEPT, OWN_DESK

if TYPE_CHECKING:
    from bot.domain.desk import Desk
    from bot.settings import Settings

_TIME = click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M%z", "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%d"])
_MOST_DAYS = 366


@click.group()
def duty() -> None:
    """Say who is on duty, by the desk file, and where nobody is."""


@duty.command("who")
@click.option(
    "--at",
    type=_TIME,
    help="At this time, such as 2026-12-01T09:00 (UTC), or with an offset: 2026-12-01T09:00+02:00.",
)
@KEPT
@OWN_DESK
def who(at: datetime | None, into: str | None, desk_config: Path) -> None:
    """Say who is on duty now, or at another time."""

    def job(_: "Settings") -> int:
        from bot.cli.screen import Screen
        from bot.reports import duty as report

        report.who(_desk(desk_config, into), _moment(at), Screen())
        return OK

    run(job)


@duty.command("gaps")
@click.option(
    "--days", type=click.IntRange(1, _MOST_DAYS), default=14, show_default=True,
    help="How far ahead to look.",
)  # fmt: skip
@click.option("--from", "since", type=_TIME, help="From this time on instead of from now.")
@KEPT
@OWN_DESK
def gaps(days: int, since: datetime | None, into: str | None, desk_config: Path) -> None:
    """Show when nobody will be on duty, and who has too much of it."""

    def job(_: "Settings") -> int:
        from bot.cli.screen import Screen
        from bot.reports import duty as report

        report.gaps(_desk(desk_config, into), _moment(since), days, Screen())
        return OK

    run(job)


@duty.command("import")
@click.argument("calendar", type=FILE)
@OWN_DESK
def import_(calendar: Path, desk_config: Path) -> None:
    """Read an iCalendar file, and print it as the `rota` of a desk file.

    What was understood, and each event that was not, is shown beside it on standard error.
    """

    def job(_: "Settings") -> int:
        from rich.console import Console

        from bot.data.calendarfile import BadCalendar, load_calendar
        from bot.data.desk import load_desk
        from bot.data.rota import written
        from bot.reports import duty as report

        desk, beside = load_desk(desk_config), Console(stderr=True)
        try:
            found = load_calendar(calendar, desk.practitioners)
        except BadCalendar as bad:
            click.echo(str(bad), err=True)
            return NO_INPUT
        report.imported(found.shifts, found.problems, beside)
        if not found.shifts:
            click.echo("No event could be used, so nothing is printed.", err=True)
            return NO_INPUT
        click.echo(written(found.shifts), nl=False)
        return DATA if found.problems else OK

    run(job)


@duty.command("export")
@click.argument("calendar", type=FILE, required=False)
@KEPT
@OWN_DESK
def export(calendar: Path | None, into: str | None, desk_config: Path) -> None:
    """Write the rota as an iCalendar file, or print it."""

    def job(_: "Settings") -> int:
        from bot.data.calendarexport import write_calendar

        desk = _desk(desk_config, into)
        if not desk.shifts:
            click.echo("There is no shift to export. Write a `rota` in the desk file.", err=True)
            return NO_INPUT
        content = write_calendar(desk, datetime.now(UTC))
        if calendar is None:
            click.echo(content, nl=False)
        else:
            calendar.write_bytes(content)
            click.echo(f"{len(desk.shifts)} shifts are in {calendar}", err=True)
        if desk.overrides:
            click.echo("Overrides are not in it: a calendar shows the plan.", err=True)
        return OK

    run(job)


for _command in (subscribe, calendars, unsubscribe):
    duty.add_command(_command)


def _desk(desk_config: Path, into: str | None) -> "Desk":
    """Load the desk's file, with what a database lays over it."""
    from bot.data.desk import load_desk

    desk = load_desk(desk_config)
    if into is None:
        return desk

    import asyncio

    from bot.statement import address_of

    return asyncio.run(_as_kept(desk, address_of(into)))


async def _as_kept(desk: "Desk", url: str) -> "Desk":
    from bot.store.engine import open_store
    from bot.workers.roster import Roster

    async with open_store(url) as store:
        roster = Roster(desk, store, lambda: datetime.now(UTC))
        await roster.refresh()
        return roster.desk


def _moment(at: datetime | None) -> datetime:
    if at is None:
        return datetime.now(UTC)
    return at.astimezone(UTC) if at.tzinfo is not None else at.replace(tzinfo=UTC)
