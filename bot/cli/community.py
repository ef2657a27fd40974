"""`waymark community`: try Waymark, and train on it, in a browser."""

import sys
import webbrowser
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import SystemRandom
from typing import TYPE_CHECKING

import click

from bot.cli.job import OK, run

if TYPE_CHECKING:
    from bot.domain.scenario import Scenario
    from bot.settings import Settings

FOLDER = Path("waymark-practice")
PORT = 8737


@dataclass(frozen=True, slots=True)
class Opening:
    """`scenario` is chosen on the page that opens. `shows` opens a browser."""

    folder: Path = FOLDER
    port: int = PORT
    scenario: str | None = None
    shows: bool = False


@click.command()
@click.option(
    "--folder", type=click.Path(path_type=Path, file_okay=False), default=FOLDER, show_default=True,
    help="Where the community is kept. Remove it to begin anew.",
)  # fmt: skip
@click.option(
    "--port", type=click.IntRange(0, 65_535), default=PORT, show_default=True,
    help="Where to listen, on this machine alone; another one is taken if it is not free.",
)  # fmt: skip
@click.option("--scenario", help="Train on this scenario; without it the page lets you choose.")
@click.option(
    "--scenarios", type=click.Path(path_type=Path, file_okay=False),
    help="A folder with scenarios of your own (docs/scenarios.md).",
)  # fmt: skip
@click.option(
    "--browser/--no-browser", default=None,
    help="Open the page in a browser; by default where there is a screen.",
)  # fmt: skip
def community(
    folder: Path,
    port: int,
    scenario: str | None,
    scenarios: Path | None,
    browser: bool | None,  # noqa: FBT001 - click passes it by name
) -> None:
    """Open a practice community in your browser: all in it is real but the people.

    Nothing leaves this machine, and nobody else can open the page.
    """
    shows = has_screen() if browser is None else browser

    def job(settings: "Settings") -> int:
        own = (
            settings if scenarios is None else settings.model_copy(update={"scenarios": scenarios})
        )
        open_alone(own, Opening(folder, port, scenario, shows))
        return OK

    run(job)


def has_screen() -> bool:
    """Tell whether somebody sits before a screen that a browser can open on."""
    env = click.get_current_context().find_root().obj
    has_display = sys.platform == "darwin" or bool(env.get("DISPLAY") or env.get("WAYLAND_DISPLAY"))
    return has_display and sys.stdout.isatty()


def open_alone(settings: "Settings", opening: Opening) -> None:
    """Run the practice community until it is stopped. Raises what `bot.cli.job` explains."""
    import asyncio

    from bot.cli.database import alone

    opening.folder.mkdir(parents=True, exist_ok=True)
    refusal = (
        f"{opening.folder}: a practice community is open here already."
        " Stop that one, or name another --folder."
    )
    with alone(opening.folder / "lock", refusal):
        asyncio.run(open_community(settings, opening))
    # On a line of its own: a terminal has shown ^C on the one before.
    click.echo(f"\nStopped. What was said is kept in {opening.folder}.")


async def open_community(settings: "Settings", opening: Opening) -> None:
    from bot.cli.database import keys_in
    from bot.community import DESK, Asked, practise
    from bot.data.desk import load_desk
    from bot.data.scenario import load_scenarios
    from bot.knowledge import load_knowledge

    scenarios = load_scenarios(settings.scenarios)
    _expect_known(opening.scenario, scenarios)
    desk = load_desk(DESK)
    knowledge = load_knowledge(settings, desk.thresholds)
    for gap in knowledge.gaps:
        click.echo(gap, err=True)
    keys = keys_in(settings, opening.folder / "practice.key")
    await practise(
        Asked(
            folder=opening.folder,
            on_ready=lambda address: _say_where(address, opening),
            port=opening.port,
            scenarios=scenarios,
        ),
        desk=desk,
        knowledge=knowledge,
        clock=lambda: datetime.now(UTC),
        chance=SystemRandom().random,
        author_key=keys.now,
        old_keys=keys.old,
    )


def _expect_known(scenario: str | None, scenarios: "tuple[Scenario, ...]") -> None:
    ids = [one.id for one in scenarios]
    if scenario is not None and scenario not in ids:
        from bot.settings import BadSettings

        raise BadSettings(f"There is no scenario {scenario}. Choose of: {', '.join(ids)}.")


def _say_where(address: str, opening: Opening) -> None:
    if opening.scenario is not None:
        address = f"{address}#as=aino&scenario={opening.scenario}"
    click.echo("Your practice community is open. Copy this address into your browser:")
    click.echo(f"\n  {address}\n")
    click.echo("It works on this machine alone. Stop it with Ctrl+C; what was said is kept.")
    click.echo("To work on a server or workspace of yours, Waymark needs a token of theirs:")
    click.echo("  Discord: set WAYMARK_DISCORD_TOKEN")
    click.echo("  Slack: set WAYMARK_SLACK_BOT_TOKENS and WAYMARK_SLACK_APP_TOKEN")
    click.echo("README.md says where to get them, click by click.")
    if opening.shows:
        webbrowser.open(address)
