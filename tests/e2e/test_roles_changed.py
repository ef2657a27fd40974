"""Somebody loses the practitioner's role, or leaves: others are called for what they had."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from bot.cards.case import SNOOZE, TAKE
from bot.domain.alert import State, What
from bot.domain.card import Card
from bot.domain.desk import Desk
from bot.domain.event import RolesChanged, SpaceJoined
from bot.domain.message import AccountRef
from bot.domain.setup import Found, SpaceSetup, Trouble
from bot.domain.space import SpaceRef, Standing
from bot.ports import Temporary
from bot.workers.role import EVERY, Leavers
from tests.support.build import DISCORD
from tests.support.duty_desk import (
    ADA,
    BO,
    GRAVE,
    LAST,
    SLACK,
    STRANGER,
    DutyDesk,
    SlackLike,
    duty_desk,
    said,
    two_people,
)
from tests.support.scripted import ScriptedPlatform

HERE, THERE = SpaceRef(DISCORD, "10"), SpaceRef(SLACK, "T1")
ROLE, MEMBER = Standing(is_member=True, roles=frozenset({"70"})), Standing(is_member=True)
GONE = Standing(is_member=False)


@dataclass(slots=True, eq=False)
class Discord(ScriptedPlatform):
    """`untold` are raised by the next questions for a standing, one each."""

    untold: list[Exception] = field(default_factory=list)

    async def standing(self, who: AccountRef, space: SpaceRef) -> Standing:
        if self.untold:
            raise self.untold.pop(0)
        return await ScriptedPlatform.standing(self, who, space)


def desk() -> Desk:
    """Ada is of the desk on Discord, where its role is 70. Bo is on Slack, which has none."""
    return replace(two_people(), setups={HERE: SpaceSetup(practitioner="70")})


@asynccontextmanager
async def at_work(path: Path) -> AsyncIterator[tuple[DutyDesk, Discord]]:
    """Ada has the role, and a grave message was written."""
    chat = Discord(standings={ADA: ROLE})
    async with duty_desk(path, desk(), on={DISCORD: chat, SLACK: SlackLike()}) as here:
        await here.hears(SpaceJoined(HERE, "North"), SpaceJoined(THERE, "South"))
        await leavers(here).ask_due()
        await here.hears(*said(GRAVE))
        yield here, chat


def leavers(here: DutyDesk) -> Leavers:
    assert here.app.watch is not None
    return here.app.watch.newsroom.leavers


async def takes(here: DutyDesk, who: AccountRef, on: AccountRef | None = None) -> None:
    await here.presses(who, TAKE, here.messages(on or who)[0][0])
    assert (await here.case()).holder == who


async def changes(here: DutyDesk, who: AccountRef = ADA) -> None:
    await here.hears(RolesChanged(who, HERE))


def notices(here: DutyDesk, to: AccountRef = LAST) -> list[Card]:
    return [card for _, card in here.messages(to) if "off the desk" in card.title]


async def on_duty(here: DutyDesk) -> list[AccountRef]:
    return list(leavers(here).roster.on_duty_at(here.clock()).everyone)


@pytest.mark.parametrize("now", [MEMBER, GONE], ids=["role lost", "gone"])
async def test_whoever_loses_the_role_is_off_duty_and_others_are_called(
    now: Standing, tmp_path: Path
) -> None:
    async with at_work(tmp_path) as (here, chat):
        await takes(here, ADA)
        chat.standings[ADA] = now
        await changes(here)
        case, (notice,) = await here.case(), notices(here)

        assert await on_duty(here) == [BO]
        assert (case.state, case.holder) == (State.OPEN, None)
        assert set(await here.audit()) == {What.TAKEN, What.LEFT}
        assert len(here.messages(ADA)) == 1
        assert "Please look in their place" in here.messages(BO)[1][1].text
        assert set(here.now_says(BO)) == {
            "Nobody has it yet. Ada had it, and is of the desk no more."
        }
        assert notice.title == "Ada is off the desk"
        assert "off duty until Tue 06 Jan 02:00 UTC" in notice.text
        assert "1 open case" in notice.text
        assert case.key in notice.text
        assert "file still names them" in notice.text


async def test_told_twice_or_looked_at_again_it_is_one(tmp_path: Path) -> None:
    async with at_work(tmp_path) as (here, chat):
        await takes(here, ADA)
        chat.standings[ADA] = MEMBER
        for _ in range(2):
            await changes(here)
            here.clock.turn(seconds=EVERY.total_seconds())
            await leavers(here).ask_due()

        assert len(notices(here)) == 1
        assert (await here.audit()).count(What.LEFT) == 1


async def test_it_is_noticed_where_no_platform_tells_of_it(tmp_path: Path) -> None:
    async with at_work(tmp_path) as (here, chat):
        await takes(here, ADA)
        chat.standings[ADA] = MEMBER
        await leavers(here).ask_due()
        early = notices(here)
        here.clock.turn(seconds=EVERY.total_seconds())
        await leavers(here).ask_due()
        await here.app.courier.deliver_due()

        assert early == []
        assert len(notices(here)) == 1
        assert (await here.case()).state is State.OPEN


async def test_a_case_that_was_put_off_is_not_left_to_wait(tmp_path: Path) -> None:
    async with at_work(tmp_path) as (here, chat):
        await here.presses(ADA, f"{SNOOZE}/15", here.messages(ADA)[0][0])
        chat.standings[ADA] = GONE
        await changes(here)

        assert (await here.case()).state is State.OPEN


async def test_a_guest_is_called_as_in_their_server_on_every_page(tmp_path: Path) -> None:
    async with at_work(tmp_path) as (here, chat):
        chat.standings[STRANGER] = replace(ROLE, name="Sam")
        await takes(here, STRANGER, on=ADA)
        queue = await here.asks(ADA, "case list")
        assert all("Sam" in said for said in here.now_says(ADA)), here.now_says(ADA)
        assert "Sam" in str(queue)
        chat.standings[STRANGER] = replace(MEMBER, name="Sam")
        await changes(here, STRANGER)
        (notice,) = notices(here)

        assert "Sam" in notice.title


async def test_a_guest_keeps_nothing_without_the_role(tmp_path: Path) -> None:
    async with at_work(tmp_path) as (here, chat):
        chat.standings[STRANGER] = ROLE
        await changes(here, STRANGER)
        await takes(here, STRANGER, on=ADA)
        chat.standings[STRANGER] = MEMBER
        await changes(here, STRANGER)
        (notice,) = notices(here)

        assert (await here.case()).state is State.OPEN
        assert "discord:666" in notice.title
        assert "off duty" not in notice.text
        assert "file still names" not in notice.text


async def test_whoever_had_nothing_is_not_spoken_of(tmp_path: Path) -> None:
    async with at_work(tmp_path) as (here, chat):
        await here.asks(ADA, "duty off")
        chat.standings[ADA] = MEMBER
        await changes(here)
        chat.standings[STRANGER] = GONE
        await changes(here, STRANGER)

        assert notices(here) == []


async def test_a_role_gained_or_another_one_changes_nothing(tmp_path: Path) -> None:
    async with at_work(tmp_path) as (here, chat):
        chat.standings[BO] = MEMBER
        await takes(here, ADA)
        chat.standings[ADA] = replace(ROLE, roles=frozenset({"70", "71"}))
        await changes(here)
        await changes(here, BO)
        await here.hears(RolesChanged(BO, THERE))

        assert notices(here) == []
        assert await on_duty(here) == [ADA, BO]
        assert (await here.case()).holder == ADA


async def test_the_last_resort_needs_no_role(tmp_path: Path) -> None:
    async with at_work(tmp_path) as (here, _):
        await takes(here, LAST, on=ADA)
        await changes(here, LAST)
        here.clock.turn(seconds=EVERY.total_seconds())
        await leavers(here).ask_due()

        assert (await here.case()).holder == LAST


async def test_while_nobody_can_tell_nothing_is_taken_away_and_then_it_is(tmp_path: Path) -> None:
    async with at_work(tmp_path) as (here, chat):
        await takes(here, ADA)
        chat.standings[ADA] = GONE
        chat.untold = [Temporary("busy"), Temporary("busy")]
        await changes(here)
        await leavers(here).ask_due()
        meanwhile = (await here.case()).holder
        await leavers(here).ask_due()
        await here.app.courier.deliver_due()

        assert meanwhile == ADA
        assert (await here.case()).holder is None
        assert len(notices(here)) == 1


async def test_a_space_that_does_not_tell_of_roles_takes_nobody_off_duty(tmp_path: Path) -> None:
    """The app has lost a scope: to it, nobody has a role any more."""
    async with at_work(tmp_path) as (here, chat):
        await takes(here, ADA)
        chat.standings[ADA] = MEMBER
        chat.troubles = [Found(Trouble.SCOPE, detail="usergroups:read")]
        await changes(here)
        here.clock.turn(seconds=EVERY.total_seconds())
        await leavers(here).ask_due()
        meanwhile = (await here.case()).holder
        chat.troubles = []
        here.clock.turn(seconds=EVERY.total_seconds())
        await leavers(here).ask_due()

        assert meanwhile == ADA
        assert (await here.case()).holder is None


async def test_another_account_keeps_a_person_at_the_desk(tmp_path: Path) -> None:
    """Ada is in Slack too: she may serve from there."""
    ada, bo = two_people().practitioners
    both = (replace(ada, others=(AccountRef(SLACK, "U1"),)), bo)
    chat = Discord(standings={ADA: MEMBER})
    of = replace(desk(), practitioners=both)
    async with duty_desk(tmp_path, of, on={DISCORD: chat, SLACK: SlackLike()}) as here:
        await here.hears(SpaceJoined(HERE, "North"), SpaceJoined(THERE, "South"))
        await leavers(here).ask_due()
        chat.standings[ADA] = GONE
        await changes(here)

        assert ADA in await on_duty(here)
