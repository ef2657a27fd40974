"""A drill goes the whole way of an alert, counts as none, and the statement says how it went."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.__main__ import cli
from bot.cards.statement import statement_card
from bot.data.practitioner import read_hours
from bot.domain.action import DirectMessage
from bot.domain.alert import State, What
from bot.domain.card import Card
from bot.domain.desk import DrillTime
from bot.domain.page import Fate
from bot.policy.drill import drill_due
from bot.workers.drill import drill
from bot.workers.statement import take_statement
from tests.support.build import NOON, account
from tests.support.life import ADA, BO, URGENT, World, desk, said, world
from tests.support.readability import grade
from tests.support.scripted import Hands, ScriptedPlatform

MONTHLY = replace(desk(), drill=DrillTime(5, time(10)), time_zone="Europe/London")


def cards(here: World) -> list[Card]:
    performed = here.platform.performed.values()
    return [action.card for action in performed if isinstance(action, DirectMessage)]


async def begun(here: World, id_: str = "first") -> str:
    key = await drill(here.store, here.app.courier.casebook, id_)
    await here.app.courier.deliver_due()
    return key


async def stated(here: World) -> str:
    day = here.clock().date()
    statement = await take_statement(here.store, here.desk.id, "North", day, waiting=0)
    return statement_card(statement).text


async def test_it_pages_escalates_is_taken_and_closed_like_any_alert(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        key = await begun(here)
        told = [here.told()]
        await here.waits(minutes=15)
        told.append(here.told())
        await here.presses_on("alert.take", BO)
        await here.presses_on("alert.close/helped", BO)
        dossier = await here.store.alerts.find("north", key)
        deeds = [deed.what for deed in await here.store.alerts.audit("north", key)]

        assert told == [["Ada"], ["Bo"]]
        assert dossier is not None
        assert dossier.case.state is State.CLOSED
        assert deeds == [What.TOLD, What.TAKEN, What.CLOSED]


async def test_every_copy_says_that_it_is_a_test_and_that_no_member_needs_help(
    tmp_path: Path,
) -> None:
    async with world(tmp_path) as here:
        await begun(here)
        await here.waits(minutes=15)
        await here.presses_on("alert.look", BO)

        assert {card.title for card in (*cards(here), *here.cards())} == {"Drill: this is a test"}
        for card in cards(here):
            assert "No member needs help." in card.text
            assert grade(" ".join(card.paragraphs)) <= 8


async def test_it_is_in_no_figure(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.hears(*said(URGENT))
        before = await stated(here)
        await begun(here)
        after = await stated(here)
        day = (NOON.replace(hour=0), NOON + timedelta(days=1))
        recorded = [one async for one in here.store.decisions.stream("north")]

        assert after.replace(
            "\nLast drill: Monday 5 January 2026. Nobody has answered it yet.", ""
        ) == (before)
        assert sum((await here.store.decisions.alerts_raised("north", *day)).values()) == 1
        assert len(recorded) == 1
        assert len(await here.store.decisions.open_alerts("north", 9)) == 1
        assert (await here.store.pages.counts("north", *day))[Fate.SENT] == 1


async def test_it_takes_nothing_from_anybodys_budget(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        for number in range(3):
            await begun(here, str(number))
        here.told()
        await here.hears(*said(URGENT, first=1, by=account("m1")))
        await here.hears(*said(URGENT, first=2, by=account("m2")))

        assert here.told() == ["Ada", "Ada"]


async def test_it_wakes_nobody(tmp_path: Path) -> None:
    night = read_hours("mon-sun 13:00-15:00")
    ada, *others = desk().practitioners
    asleep = replace(desk(), practitioners=(replace(ada, quiet=(night,)), *others))
    async with world(tmp_path, desk_=asleep) as here:
        await begun(here)

        assert here.told() == ["Bo"]


async def test_the_same_id_is_one_drill(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await begun(here)
        await begun(here)

        assert here.told() == ["Ada"]


async def test_the_statement_says_how_long_it_took_until_somebody_answered(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await begun(here)
        waiting = await stated(here)
        await here.waits(minutes=3, seconds=20)
        await here.presses_on("alert.look", ADA)
        await here.waits(minutes=2)
        await here.presses_on("alert.close/helped", ADA)

        assert "Last drill: Monday 5 January 2026. Nobody has answered it yet." in waiting
        assert "Monday 5 January 2026. It was answered after 3 min 20 s." in await stated(here)
        here.clock.turn(days=20)
        assert "Last drill: Monday 5 January 2026." in await stated(here)


async def test_the_slowest_answer_is_that_of_real_alerts_alone(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await begun(here)
        await here.hears(*said(URGENT))  # sent at 12:01, it is 14:00
        unanswered = await stated(here)
        await here.presses_on("alert.take", ADA, here.copies(ADA)[-1])
        answered = await stated(here)

        assert "slowest" not in unanswered
        assert "1 alert, slowest acknowledgement 1 h 59 min." in answered


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-01-05T09:59", None),
        ("2026-01-05T10:00", "2026-01-05"),
        ("2026-01-05T17:00", None),  # nobody works any more
        ("2026-01-06T09:00", "2026-01-06"),
        ("2026-01-12T10:00", None),  # a week late is too late
        ("2026-07-06T08:00", "2026-07-06"),  # the fifth was a Sunday; 09:00 in summer
    ],
)
def test_the_drill_of_a_month_comes_in_working_hours(now: str, due: str | None) -> None:
    found = drill_due(MONTHLY, datetime.fromisoformat(now).replace(tzinfo=UTC))

    assert found == (None if due is None else due[:7])
    assert drill_due(desk(), NOON) is None


async def test_it_comes_each_month_by_itself_and_once_whatever_restarts(tmp_path: Path) -> None:
    clock, told = Hands(datetime(2026, 1, 5, 9, tzinfo=UTC)), []
    platform = ScriptedPlatform()
    for hours in (0, 1, 1, 24, 24 * 30):  # 5 January at 9, 10 and 11, the 6th, and 5 February
        clock.turn(hours=hours)
        async with world(tmp_path, clock=clock, desk_=MONTHLY, platform=platform) as here:
            here.told()
            await here.watch.drilling.drill_when_due()
            await here.watch.drilling.drill_when_due()
            await here.app.courier.deliver_due()
            told.append(here.told())

    assert told == [[], ["Ada"], [], [], ["Ada"]]


def test_the_command_shows_pages_and_drill(tmp_path: Path) -> None:
    async def keep() -> None:
        async with world(tmp_path) as here:
            await here.hears(*said(URGENT))
            await begun(here)

    asyncio.run(keep())
    printed = CliRunner().invoke(cli, ["statement", str(tmp_path / "life.db")]).output

    assert "Urgent pages: 1 due, 1 sent, 0 held back" in printed
    assert "Last drill: Monday 5 January 2026. Nobody has answered it yet." in printed
