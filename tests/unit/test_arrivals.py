"""When `waymark run` says that a desk is on duty."""

import pytest

from bot.cli.run import Arrivals
from bot.domain.event import SpaceJoined, SpacesNamed
from bot.domain.message import PlatformName
from bot.domain.setup import Found, Trouble
from bot.domain.space import SpaceRef

DISCORD, SLACK = PlatformName("discord"), PlatformName("slack")
TOWN, OTHER = SpaceRef(SLACK, "T1"), SpaceRef(SLACK, "T2")
TOKEN = (Found(Trouble.TOKEN, "Town", "Do this"),)


def test_a_desk_is_on_duty_on_each_platform_once_it_is_in_a_space_there(
    capsys: pytest.CaptureFixture[str],
) -> None:
    arrivals = Arrivals("North desk")
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
    arrivals = Arrivals("North desk")
    for _ in range(2):
        arrivals.hear(SpacesNamed(DISCORD, {"900": frozenset()}))

    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("discord is reached, but the bot is in no server or workspace there")
