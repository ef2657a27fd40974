"""`waymark statement`: what was seen on a day of a kept database, and whether it adds up."""

from datetime import datetime
from typing import TYPE_CHECKING

import click

from bot.cli.job import DATA, OK, run

if TYPE_CHECKING:
    from bot.settings import Settings


@click.command()
@click.argument("database")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="The day (UTC); else the last one.")
def statement(database: str, day: datetime | None) -> None:
    """Show what was seen on a day, what became of it, and whether that adds up.

    DATABASE is a file or an address that `waymark replay --into` or a running bot has filled.
    """

    def job(_: "Settings") -> int:
        import asyncio

        from bot.statement import print_statements

        chosen = day.date() if day is not None else None
        adds_up = asyncio.run(print_statements(database, chosen, click.echo))
        return OK if adds_up else DATA

    run(job)
