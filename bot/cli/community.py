"""`waymark community`: try Waymark, and train on it, in a browser."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from random import SystemRandom
from typing import TYPE_CHECKING

import click

from bot.cli.job import OK, run

if TYPE_CHECKING:
    from bot.settings import Settings

FOLDER = Path("waymark-practice")


@click.command()
@click.option(
    "--folder", type=click.Path(path_type=Path, file_okay=False), default=FOLDER, show_default=True,
    help="Where the community is kept. Remove it to begin anew.",
)  # fmt: skip
@click.option(
    "--port", type=click.IntRange(0, 65_535), default=8737, show_default=True,
    help="Where to listen, on this machine alone; another one is taken if it is not free.",
)  # fmt: skip
def community(folder: Path, port: int) -> None:
    """Open a practice community in your browser: all in it is real but the people.

    Nothing leaves this machine, and nobody else can open the page.
    """

    def job(settings: "Settings") -> int:
        import asyncio

        folder.mkdir(parents=True, exist_ok=True)
        with _alone_in(folder):
            asyncio.run(open_community(settings, folder, port))
        return OK

    run(job)


async def open_community(settings: "Settings", folder: Path, port: int) -> None:
    """Run the practice community until it is stopped. Raises what `bot.cli.job` explains."""
    from bot.app import load_knowledge
    from bot.community import DESK, Asked, practise
    from bot.data.desk import load_desk
    from bot.data.keyfile import read_or_make_key

    desk = load_desk(DESK)
    knowledge = load_knowledge(settings, desk.thresholds)
    for gap in knowledge.gaps:
        click.echo(gap, err=True)
    given = settings.key.get_secret_value().encode() if settings.key is not None else None
    await practise(
        Asked(folder=folder, on_ready=_say_where, port=port),
        desk=desk,
        knowledge=knowledge,
        clock=lambda: datetime.now(UTC),
        chance=SystemRandom().random,
        author_key=given or read_or_make_key(folder / "practice.key"),
    )


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Let no other process write here meanwhile. Raises BadSettings."""
    with (folder / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            from bot.settings import BadSettings

            raise BadSettings(
                f"{folder}: a practice community is open here already."
                " Stop that one, or name another --folder."
            ) from None
        yield


def _say_where(address: str) -> None:
    click.echo("Your practice community is open. Copy this address into your browser:")
    click.echo(f"\n  {address}\n")
    click.echo("It works on this machine alone. Stop it with Ctrl+C; what was said is kept.")
    click.echo("Waymark on Discord or Slack needs a token of theirs: README.md says how to get on.")
