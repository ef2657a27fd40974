"""When `waymark run` says that a desk is on duty."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

import pytest

from bot.cli.run import Arrivals
from bot.domain.event import SpaceJoined, SpacesNamed
from bot.domain.message import PlatformName
from bot.domain.setup import Found, Trouble
from bot.domain.space import SpaceRef

Say: TypeAlias = Callable[[], None]

DISCORD, SLACK = PlatformName("discord"), PlatformName("slack")
TOWN, OTHER = SpaceRef(SLACK, "T1"), SpaceRef(SLACK, "T2")
EVERYWHERE = frozenset({DISCORD, SLACK})
TOKEN = (Found(Trouble.TOKEN, "Town", "Do this"),)


def told(lost: Sequence[str] = (), later: Callable[[Say], None] = lambda say: say()) -> Arrivals:
    return Arrivals("North desk", EVERYWHERE, lambda: lost, later)


def test_a_desk_is_on_duty_on_each_platform_once_it_is_in_a_space_there(
    capsys: pytest.CaptureFixture[str],
) -> None:
    arrivals = told()
    arrivals.hear(SpacesNamed(SLACK, {}, TOKEN))
    arrivals.hear(SpacesNamed(SLACK, {"T1/U1": frozenset({TOWN})}))
    before = capsys.readouterr().err
    for space in (TOWN, OTHER, SpaceRef(DISCORD, "10"), TOWN):
        arrivals.hear(SpaceJoined(space))

    assert before == ""
    assert capsys.readouterr().err.splitlines() == [
        "North desk is on duty on slack.",
        "North desk is on duty on discord.",
    ]


def test_a_platform_where_the_bot_is_in_no_space_is_named_once(
    capsys: pytest.CaptureFixture[str],
) -> None:
    arrivals = told()
    for _ in range(2):
        arrivals.hear(SpacesNamed(DISCORD, {"900": frozenset()}))

    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("discord is reached, but the bot is in no server or workspace there")


def test_what_is_no_channel_is_named_once_and_when_every_platform_had_time_to_name_its_own(
    capsys: pytest.CaptureFixture[str],
) -> None:
    waiting: list[Say] = []
    arrivals = told(["#jobb", "#advise"], waiting.append)
    arrivals.hear(SpacesNamed(SLACK, {"T1/U1": frozenset({TOWN})}))
    early = tuple(waiting)
    for _ in range(2):
        arrivals.hear(SpacesNamed(DISCORD, {"900": frozenset({SpaceRef(DISCORD, "10")})}))
    before = capsys.readouterr().err
    for say in waiting:
        say()

    (line,) = capsys.readouterr().err.splitlines()
    assert early == ()
    assert before == ""
    assert "no channel that the bot sees: #jobb, #advise." in line
    assert "on Discord: View Channel, in Slack: /invite @Waymark" in line


def test_nothing_is_said_of_channels_that_are_all_there(capsys: pytest.CaptureFixture[str]) -> None:
    arrivals = told()
    for platform in EVERYWHERE:
        arrivals.hear(SpacesNamed(platform, {"900": frozenset({TOWN})}))

    assert capsys.readouterr().err == ""
