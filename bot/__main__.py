"""The command line: the only reader of argv and the environment. The commands are in `bot.cli`."""

import os

import click

from bot.cli.calibrate import calibrate
from bot.cli.check import check
from bot.cli.community import community
from bot.cli.discord import discord
from bot.cli.duty import duty
from bot.cli.evaluate import evaluate
from bot.cli.read import read
from bot.cli.replay import replay
from bot.cli.run import run
from bot.cli.slack import slack
from bot.cli.statement import statement


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="waymark")
@click.pass_context
def cli(context: click.Context) -> None:
    """Waymark shows the career practitioners on duty which messages cannot wait."""
    context.obj = os.environ  # noqa: TID251 - the one place


LIVE = (run, community, discord, slack)
for command in (*LIVE, replay, read, check, calibrate, evaluate, statement, duty):
    cli.add_command(command)


def main() -> None:
    """Run the `waymark` command."""
    cli()


if __name__ == "__main__":
    main()
