"""Whom the bot can still tell, by what its platforms have said so far."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.domain.event import News, SpaceJoined, SpacesNamed, SpaceTroubled
from bot.domain.message import PlatformName
from bot.domain.setup import Found, Trouble
from bot.domain.space import SpaceRef
from bot.ports import Misconfigured
from bot.workers.heartbeat import Pulse
from bot.workers.presence import Presence
from tests.support.build import DESK, DISCORD, NOON, desk
from tests.support.scripted import Hands, ScriptedPlatform
from tests.support.storefile import open_file

SLACK = PlatformName("slack")
T1, T2 = SpaceRef(SLACK, "T1"), SpaceRef(SLACK, "T2")
DEAD = (Found(Trouble.TOKEN, "Town", "Do this"),)


async def nothing(*_: object) -> None:
    """Be told, and do nothing."""


@asynccontextmanager
async def heard(
    folder: Path, *news: News, on: Sequence[PlatformName] = (SLACK,)
) -> AsyncIterator[Presence]:
    async with open_file(folder / "presence.db") as store:
        await store.desks.ensure(desk())
        platforms = {name: ScriptedPlatform() for name in on}
        pulse = Pulse(lambda: None)
        presence = Presence(DESK, store, platforms, Hands(NOON), pulse, nothing, nothing)
        for one in news:
            await presence.hear(one)
        yield presence


async def test_outside_of_the_only_workspace_nobody_can_be_told(tmp_path: Path) -> None:
    async with heard(tmp_path, SpaceJoined(T1)) as presence:
        assert not presence.reaches_others(SLACK, T1)


async def test_in_another_workspace_somebody_can_be_told_until_it_is_shut_too(
    tmp_path: Path,
) -> None:
    async with heard(tmp_path, SpaceJoined(T1), SpaceJoined(T2)) as presence:
        before = presence.reaches_others(SLACK, T1)
        await presence.hear(SpaceTroubled(T2, (Found(Trouble.SUSPENDED),)))

        assert before
        assert not presence.reaches_others(SLACK, T1)


async def test_who_is_not_heard_is_told_all_the_same(tmp_path: Path) -> None:
    deaf = SpaceTroubled(T2, (Found(Trouble.DEAF),))
    async with heard(tmp_path, SpaceJoined(T1), deaf) as presence:
        assert presence.reaches_others(SLACK, T1)


@pytest.mark.parametrize(("on", "reaches"), [((SLACK,), False), ((SLACK, DISCORD), True)])
async def test_before_a_platform_has_spoken_its_refusal_is_of_all_of_it(
    on: Sequence[PlatformName],
    reaches: bool,  # noqa: FBT001 - both ways
    tmp_path: Path,
) -> None:
    async with heard(tmp_path, on=on) as presence:
        assert presence.reaches_others(SLACK, None) is reaches


async def test_it_ends_when_nothing_works_and_not_while_another_platform_may(
    tmp_path: Path,
) -> None:
    news = (SpaceJoined(T1), SpaceTroubled(T1, DEAD))
    async with heard(tmp_path, *news, on=(SLACK, DISCORD)) as presence:
        await presence.follow()
    async with heard(tmp_path, *news) as presence:
        with pytest.raises(Misconfigured, match="Slack: Do this"):
            await presence.follow()


async def test_a_workspace_that_is_closed_for_a_while_ends_nothing(tmp_path: Path) -> None:
    closed = SpaceTroubled(T1, (Found(Trouble.SUSPENDED, "Town", "Moving"),))
    async with heard(tmp_path, SpaceJoined(T1), closed) as presence:
        await presence.follow()

        assert presence.shut == {SLACK}


async def test_a_bot_without_any_space_waits_to_be_invited(tmp_path: Path) -> None:
    news = SpacesNamed(DISCORD, {"900": frozenset()})
    async with heard(tmp_path, news, on=(DISCORD,)) as presence:
        await presence.follow()

        assert presence.shut == frozenset()
