"""The command line: the only reader of argv and the environment. The commands are in `bot.cli`."""

import os

import click

from bot.cli.group import Commands


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="waymark")
@click.pass_context
def cli(context: click.Context) -> None:
    """Waymark shows the career practitioners on duty which messages cannot wait."""
    context.obj = os.environ  # noqa: TID251 - the one place


def main() -> None:
    """Run the `waymark` command."""
    cli()


if __name__ == "__main__":
    main()
