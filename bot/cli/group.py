"""The commands by their names. One is imported when it is named: most take a second for that."""

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType

import click

# What `waymark --help` lists: the first sentence of each command's own help, which a test compares.
COMMANDS: Mapping[str, str] = MappingProxyType(
    {
        "calibrate": "Measure a community, and say how many alerts a day a setting would give.",
        "check": "Check the files that people edit, and show which helplines members see.",
        "community": "Open a practice community in your browser: all in it is real but the people.",
        "discord": "Help to set Discord up.",
        "duty": "Say who is on duty, by the desk file, and where nobody is.",
        "evaluate": "Measure how well labelled messages are read.",
        "read": "Show how Waymark reads one message, and why.",
        "replay": "Run chat exports through Waymark and show what it would have done.",
        "run": "Watch, alert and answer, until stopped.",
        "slack": "Put Waymark into a Slack workspace.",
        "statement": "Show what was seen on a day, what became of it, and whether that adds up.",
    }
)


class Commands(click.Group):
    """A group that knows the names of its commands and imports the one that is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's own
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's own
        if cmd_name not in COMMANDS:
            return None
        found = getattr(import_module(f"bot.cli.{cmd_name}"), cmd_name)
        assert isinstance(found, click.Command)  # noqa: S101 - the table is ours, and tested
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's own
        """List them as click does, by the table alone."""
        room = formatter.width - 6 - max(map(len, COMMANDS))
        rows = [(name, _cut(said, room)) for name, said in COMMANDS.items()]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


def _cut(said: str, room: int) -> str:
    return click.Command(None, help=said).get_short_help_str(room)
