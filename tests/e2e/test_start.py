"""`waymark` from nothing: what is named is imported, and a mistake in the words waits for none."""

import subprocess
import sys

import click
import pytest

from bot.__main__ import cli
from bot.cli.evaluate import HEADS
from bot.cli.group import COMMANDS
from bot.triage.head import Head
from tests.support.waymark import ROOT, anew, environment

# Each takes a good part of a second; a help text and a mistake in the words need none of them.
HEAVY = {"asyncio", "bot.app", "matplotlib", "numpy", "onnxruntime", "pydantic", "sqlalchemy"}


def imported(*args: str) -> set[str]:
    """Run `waymark ARGS` in an interpreter of its own, and give what it imported."""
    ran = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-X", "importtime", "-m", "bot", *args],
        cwd=ROOT, env=environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    return {line.rpartition("|")[2].strip() for line in ran.stderr.splitlines()}


@pytest.mark.parametrize(
    "args",
    [("--help",), ("nonsense",), ("replay",), ("evaluate", "--nonsense"), ("run", "--help")],
    ids=" ".join,
)
def test_help_and_a_mistake_wait_for_nothing(args: tuple[str, ...]) -> None:
    assert imported(*args) & HEAVY == set()


def test_reading_a_message_draws_nothing_and_speaks_to_no_platform() -> None:
    found = imported("read", "hello")

    assert "bot.knowledge" in found
    unused = {"bot.app", "discord", "matplotlib", "slack_bolt", "slack_sdk", "sqlalchemy"}
    assert found & unused == set()


def test_the_list_of_commands_says_what_each_says_of_itself() -> None:
    context = click.Context(cli)
    found = {name: cli.get_command(context, name) for name in cli.list_commands(context)}

    assert {
        name: command and command.get_short_help_str(1_000) for name, command in found.items()
    } == COMMANDS


def test_evaluate_knows_every_head() -> None:
    assert list(HEADS) == [head.value for head in Head]


def test_the_list_is_in_the_help() -> None:
    ran = anew("--help", COLUMNS="80")

    assert ran.code == 0
    assert [line.split()[0] for line in ran.out.split("Commands:")[1].splitlines() if line] == list(
        COMMANDS
    )


def test_a_command_that_there_is_not_is_a_mistake() -> None:
    ran = anew("repaly")

    assert ran.code == 2
    assert "No such command 'repaly'" in ran.err
