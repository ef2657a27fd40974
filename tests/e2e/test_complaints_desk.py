"""What users of other systems complain about, by the numbers of the list, held to here."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from bot.domain.alert import State, What
from bot.domain.card import Card
from bot.domain.duty import Shift
from bot.domain.event import Deleted
from tests.support.build import ref
from tests.support.duty_desk import (
    ADA,
    ALERT,
    BO,
    GRAVE,
    LAST,
    SOON,
    STRANGER,
    URGENT,
    DutyDesk,
    duty_desk,
    said,
    two_people,
)


async def again(here: DutyDesk) -> int:
    return len(here.messages(ADA)) + len(here.messages(BO))


async def test_complaint_1_an_escalation_goes_on_after_a_restart(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        await here.hears(*said(URGENT))
        chats, clock = here.chats, here.clock
    async with duty_desk(tmp_path, on=chats, clock=clock) as later:
        await later.waits(minutes=15)

        assert len(later.messages(BO)) == 1


async def test_complaint_2_a_closed_alert_pages_nobody_months_later(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        await here.hears(*said(GRAVE))
        await here.asks(ADA, "case close", key=ALERT, outcome="helped")
        before = await again(here)
        for _ in range(6):
            await here.waits(days=30)

        assert await again(here) == before


async def test_complaint_3_a_late_command_does_not_open_a_closed_case(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        await here.hears(*said(GRAVE))
        await here.asks(ADA, "case close", key=ALERT, outcome="helped")
        late = await here.asks(BO, "case take", key=ALERT)
        await here.hears(Deleted((ref(1),)))

        assert "This one is closed" in late.text
        assert (await here.case()).state is State.CLOSED


async def test_complaint_4_no_card_has_more_than_four_buttons(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        await here.hears(*said(GRAVE))
        on = here.messages(ADA)[0][0]
        for button in ("more", "others", "note", "follow_up", "close", "hand_over", "snooze"):
            await here.presses(ADA, f"alert.{button}", on)
        cards: list[Card] = [card for chat in here.chats.values() for card in chat.shown.values()]

        assert len(cards) >= 9
        assert max(len(card.buttons) for card in cards) == 4


async def test_complaint_5_what_is_dealt_with_elsewhere_shows_in_every_chat(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        await here.hears(*said(GRAVE))
        await here.asks(BO, "case close", key=ALERT, outcome="elsewhere")

        assert here.now_says(ADA) == ["Bo closed it at 14:00 UTC: dealt with elsewhere."]
        assert here.messages(ADA)[0][1].buttons == ()


async def test_complaint_7_a_gap_in_the_rota_has_a_fallback_person(tmp_path: Path) -> None:
    async with duty_desk(tmp_path, replace(two_people(), shifts=())) as here:
        await here.hears(*said(GRAVE))
        shown = await here.asks(ADA, "duty show")

        assert len(here.messages(LAST)) == 1
        assert "Nobody is on duty. Urgent alerts go to the last resort." in shown.text


async def test_complaint_8_there_is_a_queue_to_claim_from(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        await here.hears(*said(SOON))
        key = (await here.types(ADA, "case take", "key", ""))[0]
        await here.asks(ADA, "case take", key=key)
        late = await here.asks(BO, "case take", key=key)

        assert "Somebody else has this one" in late.text
        assert "With Ada." in (await here.asks(BO, "case list")).text


async def test_complaint_10_an_open_case_comes_to_whoever_is_next(tmp_path: Path) -> None:
    day = datetime.fromisoformat("2026-01-05T14:30")
    end = datetime.fromisoformat("2026-01-05T20:00")
    desk = replace(two_people(), shifts=(Shift("bo", "bo", day, end, "UTC"),))
    async with duty_desk(tmp_path, desk) as here:
        watch = here.app.watch
        assert watch is not None
        await here.hears(*said(SOON))
        await watch.handover.hand_over_due()
        here.clock.turn(hours=1)
        await watch.handover.hand_over_due()
        await here.app.courier.deliver_due()

        assert "Open: 1." in here.messages(BO)[0][1].text


async def test_complaint_11_volunteers_are_asked_at_the_time_they_chose(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        await here.hears(*said(SOON))
        await here.asks(BO, "case take", key=ALERT)
        await here.asks(BO, "case follow-up", key=ALERT, when="2026-01-05T15:30")
        before = len(here.messages(BO))
        await here.waits(hours=1, minutes=29)
        early = len(here.messages(BO))
        await here.waits(minutes=1)

        assert (early, len(here.messages(BO))) == (before, before + 1)


async def test_complaint_12_staff_are_told_that_a_direct_message_failed(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        here.chats[ADA.platform].closed = {ADA}
        await here.hears(*said(URGENT))
        card = await here.asks(BO, "case show", key=ALERT)

        assert "Could not be reached: Ada." in card.text
        assert len(here.messages(BO)) == 1


async def test_complaint_14_every_case_says_why(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        await here.hears(*said(GRAVE))
        card = await here.asks(ADA, "case show", key=ALERT)

        assert "Why: says they intend to end their life" in card.text


async def test_complaint_16_what_was_refused_is_recorded_as_refused(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        await here.hears(*said(GRAVE))
        await here.presses(STRANGER, "alert.show", here.messages(ADA)[0][0])
        await here.presses(STRANGER, "alert.take", here.messages(ADA)[0][0])

        assert (await here.audit()).count(What.REFUSED) == 2


async def test_complaint_18_the_bot_answers_only_the_one_who_asked(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        await here.hears(*said("hello", "good morning", "which course is best?"))
        await here.asks(STRANGER, "help-now")
        kinds = {type(a).__name__ for chat in here.chats.values() for a in chat.performed.values()}

        assert kinds == {"ShowPrivately"}


async def test_complaint_20_a_mention_typed_into_a_command_names_nobody(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        await here.hears(*said(GRAVE))
        card = await here.asks(ADA, "case hand", key=ALERT, person="<@666> everyone")

        assert "666" not in card.text
        assert (await here.case()).holder is None


async def test_buttons_work_after_an_idle_day_and_a_restart(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        await here.hears(*said(GRAVE))
        shown = await here.asks(ADA, "case list")
        on, chats, clock = here.messages(ADA)[0][0], here.chats, here.clock
    clock.turn(days=1)
    async with duty_desk(tmp_path, on=chats, clock=clock) as later:
        await later.presses(ADA, "alert.note/contacted", on)
        await later.presses(ADA, "alert.take", on)

        assert shown.title == "Open cases"
        assert (await later.case()).holder == ADA
        assert What.REMARKED in await later.audit()
