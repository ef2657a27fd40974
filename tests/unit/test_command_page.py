"""`docs/commands.md` says what can be asked; it may say neither more nor less."""

from bot.commands.table import TABLE
from bot.domain.command import Command
from bot.policy.role import meant_for
from tests.support.waymark import ROOT


def row(command: Command) -> str:
    names = [o.name.upper() if o.required else f"[{o.name.upper()}]" for o in command.options]
    asked = " ".join([f"/{command.name}", *names])
    return f"| `{asked}` | {command.help} | {meant_for(*command.roles)} |"


def test_the_page_lists_every_command_and_no_other() -> None:
    page = (ROOT / "docs" / "commands.md").read_text("utf-8").splitlines()
    listed = [line for line in page if line.startswith("| `/")]

    assert sorted(listed) == sorted(map(row, TABLE.commands))
