"""On and off duty by typing, on top of the desk file's rota, with a turned clock."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from bot.domain.desk import Desk
from bot.domain.duty import Shift
from bot.ports import Temporary
from tests.support.duty_desk import ADA, BO, URGENT, duty_desk, said, two_people
from tests.support.readability import grade


def shift(id_: str, who: str, starts: str, ends: str) -> Shift:
    day = "2026-01-05T" if "T" not in starts else ""
    return Shift(
        id_, who, datetime.fromisoformat(day + starts), datetime.fromisoformat(day + ends), "UTC"
    )


def on_a_rota(*shifts: Shift) -> Desk:
    return replace(two_people(), shifts=shifts)


DAY = on_a_rota(shift("day", "ada", "09:00", "17:00"))
TURNS = on_a_rota(
    shift("day", "ada", "09:00", "17:00"),
    shift("tuesday", "ada", "2026-01-06T09:00", "2026-01-06T12:00"),
    shift("wednesday", "bo", "2026-01-07T09:00", "2026-01-07T12:00"),
)


async def test_on_is_effective_at_once(tmp_path: Path) -> None:
    async with duty_desk(tmp_path, on_a_rota()) as here:
        card = await here.asks(BO, "duty on", until="3h")
        await here.hears(*said(URGENT))

        assert card.text.startswith("You are on duty\nUntil Mon 05 Jan 17:00 UTC.\n")
        assert "Alerts reach you there." in card.text
        titles = [one.title.partition(":")[0] for _, one in here.messages(BO)]
        assert titles == ["Alerts for you come here while you are on duty", "P1 urgent"]


async def test_whoever_goes_on_duty_hears_at_once_that_no_alert_can_reach_them(
    tmp_path: Path,
) -> None:
    async with duty_desk(tmp_path, DAY) as here:
        here.chats[ADA.platform].closed.add(ADA)
        closed = await here.asks(ADA, "duty on", until="3h")
        known = await here.store.reach.unreached("north")
        here.chats[ADA.platform].closed.clear()
        opened = await here.asks(ADA, "duty on", until="3h")

        assert "No alert reaches you" in closed.text
        assert "choose Privacy Settings" in closed.text
        assert grade(" ".join(closed.paragraphs)) <= 8
        assert list(known) == [ADA]
        assert "Alerts reach you there." in opened.text
        assert await here.store.reach.unreached("north") == {}


async def test_what_cannot_be_tried_is_said_to_be_unknown(tmp_path: Path) -> None:
    async with duty_desk(tmp_path, DAY) as here:
        here.chats[ADA.platform].failures = [Temporary("busy")]
        card = await here.asks(ADA, "duty on", until="3h")

        assert "I could not try just now" in card.text
        assert await here.store.reach.unreached("north") == {}


async def test_off_is_effective_at_once_and_nobody_is_a_visible_state(tmp_path: Path) -> None:
    async with duty_desk(tmp_path, DAY) as here:
        card = await here.asks(ADA, "duty off")
        shown = await here.asks(BO, "duty show")
        await here.hears(*said(URGENT))

        assert "Nobody is on duty then." in card.text
        assert "Nobody is on duty. Urgent alerts go to the last resort." in shown.text
        assert here.messages(ADA) == []
        assert (await here.case()).unattended


async def test_until_ends_duty_earlier(tmp_path: Path) -> None:
    async with duty_desk(tmp_path, DAY) as here:
        await here.asks(ADA, "duty until", time="15:00")
        before = await here.asks(BO, "duty show")
        here.clock.turn(hours=1)
        after = await here.asks(BO, "duty show")

        assert "Primary: Ada" in before.text
        assert "Nobody is on duty." in after.text


async def test_without_a_rota_until_ends_duty_for_twelve_hours(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        card = await here.asks(ADA, "duty until", time="18:00")
        later = await here.asks(BO, "duty until", time="3d")
        here.clock.turn(hours=5)
        off = await here.asks(BO, "duty show")
        here.clock.turn(hours=12)
        back = await here.asks(BO, "duty show")

        assert "From Mon 05 Jan 18:00 UTC until Tue 06 Jan 06:00 UTC." in card.text
        assert "From Thu 08 Jan 14:00 UTC until Fri 09 Jan 02:00 UTC." in later.text
        assert "Ada" not in off.text
        assert "Primary: Ada" in back.text


@pytest.mark.parametrize(("of", "is_said"), [(two_people(), True), (DAY, False)])
async def test_whoever_goes_on_duty_is_told_when_that_does_not_end_by_itself(
    tmp_path: Path, of: Desk, *, is_said: bool
) -> None:
    async with duty_desk(tmp_path, of) as here:
        card = await here.asks(ADA, "duty on", until="3h")

    assert "Until Mon 05 Jan 17:00 UTC." in card.text
    assert ("You stay on duty after that. To end it, type /duty off." in card.text) is is_said


async def test_until_ends_duty_later(tmp_path: Path) -> None:
    async with duty_desk(tmp_path, DAY) as here:
        await here.asks(ADA, "duty until", time="19:00")
        here.clock.turn(hours=4)

        assert "Primary: Ada" in (await here.asks(BO, "duty show")).text


async def test_more_than_twelve_hours_are_refused_with_what_to_do(tmp_path: Path) -> None:
    async with duty_desk(tmp_path, DAY) as here:
        card = await here.asks(ADA, "duty until", time="23:00")

        assert "14 hours on duty without a break; 12 are the most" in card.text
        assert "End earlier" in card.text


async def test_a_change_outlives_a_restart(tmp_path: Path) -> None:
    async with duty_desk(tmp_path, DAY) as here:
        await here.asks(ADA, "duty off")
        chats, clock = here.chats, here.clock
    async with duty_desk(tmp_path, DAY, on=chats, clock=clock) as again:
        assert "Nobody is on duty." in (await again.asks(BO, "duty show")).text


async def test_a_time_that_cannot_be_read_gets_how_to_type_it(tmp_path: Path) -> None:
    async with duty_desk(tmp_path, DAY) as here:
        card = await here.asks(ADA, "duty on", until="teatime")

        assert "Type a time such as 17:30" in card.text


async def test_show_says_who_is_backup_and_when_the_next_gap_comes(tmp_path: Path) -> None:
    desk = on_a_rota(shift("day", "ada", "09:00", "17:00"), shift("noon", "bo", "12:00", "17:00"))
    async with duty_desk(tmp_path, desk) as here:
        card = await here.asks(ADA, "duty show")

        assert "Primary: Ada\nBackup: Bo\nNext gap: Mon 05 Jan 17:00 UTC to" in card.text


async def test_gaps_are_listed(tmp_path: Path) -> None:
    async with duty_desk(tmp_path, DAY) as here:
        card = await here.asks(ADA, "duty gaps", days="1")
        wrong = await here.asks(ADA, "duty gaps", days="many")

        assert "Nobody: Mon 05 Jan 17:00 UTC to Tue 06 Jan 14:00 UTC" in card.text
        assert "Type a number of days" in wrong.text


async def test_a_swap_changes_nothing_until_the_other_agrees(tmp_path: Path) -> None:
    async with duty_desk(tmp_path, TURNS) as here:
        theirs = await here.types(ADA, "duty swap", "shift", "")
        asked = await here.asks(ADA, "duty swap", person="bo", shift=theirs[0])
        receipt, card = here.messages(BO)[0]
        here.clock.turn(hours=20)  # Tuesday, ten o'clock
        before = await here.asks(ADA, "duty show")
        here.clock.turn(hours=-20)
        await here.presses(BO, card.buttons[0].id, receipt)
        here.clock.turn(hours=20)
        after = await here.asks(ADA, "duty show")

        assert "Bo is asked" in asked.text
        assert "Primary: Ada" in before.text
        assert "Primary: Bo" in after.text
        assert here.messages(ADA)[-1][1].title == "Swapped"


async def test_nobody_agrees_in_anothers_name(tmp_path: Path) -> None:
    async with duty_desk(tmp_path, TURNS) as here:
        await here.asks(ADA, "duty swap", person="bo", shift="wednesday@2026-01-07T09:00")
        receipt, card = here.messages(BO)[0]
        pressed = await here.presses(ADA, card.buttons[0].id, receipt)

        assert "There is no such question to you" in here.answer(pressed).text


async def test_a_swap_outlives_a_restart(tmp_path: Path) -> None:
    async with duty_desk(tmp_path, TURNS) as here:
        await here.asks(ADA, "duty swap", person="bo", shift="wednesday@2026-01-07T09:00")
        receipt, card = here.messages(BO)[0]
        await here.presses(BO, card.buttons[0].id, receipt)
        chats, clock = here.chats, here.clock
    clock.turn(hours=20)
    async with duty_desk(tmp_path, TURNS, on=chats, clock=clock) as again:
        assert "Primary: Bo" in (await again.asks(BO, "duty show")).text


async def test_the_rota_is_given_as_a_calendar_and_not_kept(tmp_path: Path) -> None:
    async with duty_desk(tmp_path, DAY) as here:
        card = await here.asks(ADA, "duty export")

        assert "BEGIN:VCALENDAR" in card.text
        assert b"BEGIN:VCALENDAR" not in here.on_disk()


@pytest.mark.parametrize(
    ("shifts", "said"),
    [(None, "are always on duty"), ((), "by it nobody is on duty")],
    ids=["no rota", "no shift"],
)
async def test_that_there_is_no_shift_to_export_is_said(
    tmp_path: Path, shifts: tuple[Shift, ...] | None, said: str
) -> None:
    async with duty_desk(tmp_path, replace(DAY, shifts=shifts)) as here:
        card = await here.asks(ADA, "duty export")

    assert card.title == "There is no shift to export"
    assert said in card.text
    assert "VCALENDAR" not in card.text
    assert grade(" ".join(card.paragraphs)) <= 8
