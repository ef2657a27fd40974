"""At the end of a shift, and when a member asks at any hour."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from bot.data.helplines import Helplines
from bot.domain.card import Card
from bot.domain.code import Concern
from bot.domain.desk import Desk
from bot.domain.duty import Shift
from bot.knowledge import Knowledge
from tests.support.duty_desk import (
    ADA,
    ALERT,
    BO,
    GRAVE,
    SOON,
    STRANGER,
    URGENT,
    DutyDesk,
    duty_desk,
    said,
    two_people,
)
from tests.support.helplines import helpline
from tests.support.live import cues_alone
from tests.support.readability import grade, mean_sentence


def shift(who: str, starts: str, ends: str) -> Shift:
    day, until = datetime.fromisoformat(starts), datetime.fromisoformat(ends)
    return Shift(f"{who} {starts}", who, day, until, "UTC")


def staffed(*shifts: Shift) -> Desk:
    return replace(two_people(), shifts=shifts)


ADA_THEN_BO = staffed(
    shift("ada", "2026-01-05T09:00", "2026-01-05T17:00"),
    shift("bo", "2026-01-05T17:00", "2026-01-05T22:00"),
)
A_NIGHT_BETWEEN = staffed(
    shift("ada", "2026-01-05T09:00", "2026-01-05T17:00"),
    shift("bo", "2026-01-06T09:00", "2026-01-06T12:00"),
)


async def passes(here: DutyDesk, **by: float) -> None:
    watch = here.app.watch
    assert watch is not None
    await watch.handover.hand_over_due()
    here.clock.turn(**by)
    await watch.handover.hand_over_due()
    await watch.handover.hand_over_due()
    await here.app.courier.deliver_due()


def summaries(here: DutyDesk) -> list[Card]:
    return [card for _, card in here.messages(BO) if card.title == "You are on duty now"]


async def test_whoever_is_next_is_told_where_things_stand(tmp_path: Path) -> None:
    async with duty_desk(tmp_path, ADA_THEN_BO) as here:
        await here.hears(*said(URGENT), *said(SOON, first=20))
        await here.asks(ADA, "case follow-up", key=ALERT, when="4h")
        await here.presses(ADA, "alert.snooze/240", here.messages(ADA)[0][0])
        await passes(here, hours=3)
        (card,) = summaries(here)

        assert card.paragraphs == ("Open: 2. Put off: 1. To be asked after soon: 1.",)
        assert "P1 urgent: #job-search, Mon 05 Jan 12:01 UTC. Ada put it off until" in card.text
        assert "P2 soon: #job-search, Mon 05 Jan 12:20 UTC. Nobody has it." in card.text
        assert URGENT not in card.text


async def test_it_is_told_once_also_after_a_restart(tmp_path: Path) -> None:
    async with duty_desk(tmp_path, ADA_THEN_BO) as here:
        await passes(here, hours=3)
        chats, clock = here.chats, here.clock
    async with duty_desk(tmp_path, ADA_THEN_BO, on=chats, clock=clock) as again:
        await passes(again, minutes=1)

        assert [card.text for card in summaries(again)] == ["You are on duty now\nNothing is open."]


async def test_a_shift_that_ended_during_an_outage_is_handed_over(tmp_path: Path) -> None:
    async with duty_desk(tmp_path, ADA_THEN_BO) as here:
        chats, clock = here.chats, here.clock
    clock.turn(hours=3, minutes=20)
    async with duty_desk(tmp_path, ADA_THEN_BO, on=chats, clock=clock) as again:
        await passes(again, seconds=1)

        assert len(summaries(again)) == 1


async def test_after_a_gap_whoever_comes_first_is_told(tmp_path: Path) -> None:
    async with duty_desk(tmp_path, A_NIGHT_BETWEEN) as here:
        await passes(here, hours=4)
        at_night = summaries(here)
        await passes(here, hours=15, minutes=1)

        assert (at_night, len(summaries(here))) == ([], 1)


async def test_without_a_rota_nothing_is_handed_over(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        await passes(here, hours=30)

        assert summaries(here) == []


@pytest.mark.parametrize(
    ("turn", "line"),
    [
        (0, "Somebody is on duty now."),
        (4, "Nobody is on duty now. Somebody is here from Tue 06 Jan 09:00 UTC."),
        (60, "Nobody is on duty now, and we do not know yet when somebody will be."),
    ],
)
async def test_a_member_hears_when_a_person_is_here(tmp_path: Path, turn: int, line: str) -> None:
    async with duty_desk(tmp_path, A_NIGHT_BETWEEN) as here:
        here.clock.turn(hours=turn)
        card = await here.asks(STRANGER, "help-now")

        assert line in card.text
        assert "Call 999 now." in card.text
        assert "Ada" not in card.text
        assert grade(" ".join(card.paragraphs)) <= 6
        assert mean_sentence(" ".join(card.paragraphs)) <= 15


@pytest.mark.parametrize(
    ("region", "line"),
    [("FI", "Call 112 now."), ("GB-SCT", "Call 999 now."), ("BR", "emergency number where you")],
)
async def test_the_emergency_route_is_the_regions(tmp_path: Path, region: str, line: str) -> None:
    async with duty_desk(tmp_path, replace(A_NIGHT_BETWEEN, region=region)) as here:
        assert line in (await here.asks(STRANGER, "help-now")).text


def lines_known() -> Knowledge:
    young = helpline("Young", is_for_young=True)
    home = helpline("Home", concerns=frozenset({Concern.ABUSE}))
    lines = (helpline("Listen"), young, home, helpline("Far", regions=("FI",)))
    return replace(cues_alone(), helplines=Helplines("a test", lines))


async def test_a_member_is_shown_who_else_listens(tmp_path: Path) -> None:
    async with duty_desk(tmp_path, A_NIGHT_BETWEEN, knows=lines_known()) as here:
        card = await here.asks(STRANGER, "help-now")
        about = await here.asks(STRANGER, "help-now", about="abuse")
        young = await here.asks(STRANGER, "help-now", about="young")
        odd = await here.asks(STRANGER, "help-now", about="something else")

    assert [field.name for field in card.fields] == ["Listen", "Home", "Young"]
    assert card.links[-1].url == "https://findahelpline.com"
    assert about.fields[0].name == "Home"
    assert young.fields[0].name == "Young"
    assert odd == card


async def test_where_the_desk_is_for_young_people_their_lines_come_first(tmp_path: Path) -> None:
    desk = replace(A_NIGHT_BETWEEN, for_young_people=True)
    async with duty_desk(tmp_path, desk, knows=lines_known()) as here:
        card = await here.asks(STRANGER, "help-now")

    assert card.fields[0].name == "Young"


async def test_what_it_is_about_leaves_no_trace(tmp_path: Path) -> None:
    async with duty_desk(tmp_path, A_NIGHT_BETWEEN, knows=lines_known()) as here:
        asking = here.commanded(STRANGER, "help-now", about="abuse")
        await here.hears(asking)
        known = here.on_disk()

    assert asking.id.encode() not in known


async def test_a_grave_message_still_finds_the_last_resort_at_night(tmp_path: Path) -> None:
    async with duty_desk(tmp_path, A_NIGHT_BETWEEN) as here:
        here.clock.turn(hours=4)
        await here.hears(*said(GRAVE))

        assert (await here.case()).unattended
