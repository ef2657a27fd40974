"""Kill the bot again and again, on SQLite and on PostgreSQL, and say what was lost: nothing.

Takes about four minutes. `--seed` repeats the trouble (not its timing), `--kills` says how often.
"""

import asyncio
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import randbelow

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from tests.soak.run import Result, Soak
from tests.support.databases import made, running_postgres

# Apart is SQLite in a process of its own, as beside `waymark run`.
KINDS = ("sqlite", "apart", "postgres")


@click.command()
@click.option("--kills", default=200, show_default=True, help="On each database.")
@click.option("--seed", type=int, help="The trouble of an earlier run.")
@click.option("--only", type=click.Choice(KINDS), help="One kind of store alone.")
def main(kills: int, seed: int | None, only: str | None) -> None:
    """Run all, and print a table; the exit code says whether all added up."""
    console, chosen = Console(), randbelow(1_000_000) if seed is None else seed
    console.print(f"seed {chosen}")
    results = {name: _run(name, kills, chosen, console) for name in KINDS if only in (None, name)}
    console.print(_table(results))
    for name, result in results.items():
        for wrong in result.wrong:
            console.print(f"{name}: {wrong}", style="red")
    sys.exit(any(result.wrong for result in results.values()))


def _run(name: str, kills: int, seed: int, console: Console) -> Result:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with (
        tempfile.TemporaryDirectory(prefix="waymark-soak-") as folder,
        _database(name, Path(folder)) as url,
        Progress(*columns, TimeRemainingColumn(), console=console) as progress,
    ):
        task = progress.add_task(name, total=kills)
        is_apart = name == "apart"
        soak = Soak(url, Path(folder), kills, seed, is_apart, lambda: progress.advance(task))
        return asyncio.run(soak.run())


@contextmanager
def _database(name: str, folder: Path) -> Iterator[str]:
    if name in ("sqlite", "apart"):
        yield f"sqlite:///{folder / 'soak.db'}"
        return
    with running_postgres() as server, made(server) as url:
        yield url


def _table(results: dict[str, Result]) -> Table:
    table = Table("", *results, title="What the bot lived through")
    names = dict.fromkeys(name for result in results.values() for name in result.figures)
    for name in names:
        table.add_row(name, *(f"{r.figures.get(name, 0):,}" for r in results.values()))
    table.add_row("did not add up", *(f"{len(r.wrong):,}" for r in results.values()))
    return table


if __name__ == "__main__":
    main()
