"""The queue, notes, follow-ups and the message itself: shown to the desk, kept nowhere."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.alert import State, What
from bot.domain.desk import Desk
from bot.domain.event import Chosen
from bot.domain.space import Standing
from bot.ports import Temporary
from tests.support.build import DISCORD, ref
from tests.support.build import message as built
from tests.support.duty_desk import (
    ADA,
    ALERT,
    BO,
    GRAVE,
    SOON,
    STRANGER,
    URGENT,
    duty_desk,
    said,
    two_people,
)

KEEPS = replace(two_people(), remark_days=7)


async def test_the_queue_is_by_priority_then_age_ten_to_a_page(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        apart = range(1, 12 * 11, 11)  # minutes: each raises an alert of its own
        texts = dict.fromkeys(apart, SOON) | {12: URGENT, 23: GRAVE}
        await here.hears(*[event for n, text in texts.items() for event in said(text, first=n)])
        asking = here.commanded(ADA, "case list")
        await here.hears(asking)
        card = here.answer(asking)
        receipt = f"receipt of north/press/{asking.id}"
        pressed = await here.presses(ADA, card.buttons[0].id, receipt)
        second = here.answer(pressed)

        names = [field.name for field in card.fields]
        assert names == ["P0 emergency", "P1 urgent", *["P2 soon"] * 8]
        assert [ref(n).key in card.text for n in (1, 34)] == [True, True]
        assert card.paragraphs[0] == "1 to 10 of 12, the most urgent first."
        assert [button.label for button in card.buttons] == ["Next"]
        assert len(second.fields) == 2
        assert [button.label for button in second.buttons] == ["Back"]


async def test_show_fetches_the_message_at_that_moment_and_keeps_nothing(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        await here.hears(*said(GRAVE))
        here.chats[DISCORD].past = [built(1, f"{GRAVE} gurgelhopf")]
        card = await here.asks(ADA, "case show", key=ALERT)

        assert "gurgelhopf" in card.text
        assert "This may be hard to read" in card.text
        assert [link.label for link in card.links] == ["Open the message"]
        assert b"gurgelhopf" not in here.on_disk()
        assert What.LOOKED in await here.audit()


async def test_no_warning_stands_before_a_plain_question(tmp_path: Path) -> None:
    asked = "where can i find help with my cv in england?"
    async with duty_desk(tmp_path) as here:
        await here.hears(*said(asked))
        await here.hears(Chosen("chosen-1", STRANGER, "ask.person", built(1, asked)))
        here.chats[DISCORD].past = [built(1, asked)]
        card = await here.asks(ADA, "case show", key=ALERT)

        assert asked in card.paragraphs
        assert "hard to read" not in card.text


async def test_a_message_that_is_gone_is_said_to_be_gone(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        await here.hears(*said(GRAVE))

        card = await here.asks(ADA, "case show", key=ALERT)

        assert "The message is gone" in card.text
        assert card.links == ()


async def test_who_may_not_read_the_place_is_not_shown_its_message(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        await here.hears(*said(GRAVE))
        here.chats[DISCORD].past = [built(1, GRAVE)]
        without = await here.asks(BO, "case show", key=ALERT)  # Bo has no account on Discord
        here.chats[DISCORD].standings[ADA] = Standing(is_member=False)
        card = await here.presses(ADA, "alert.show", here.messages(ADA)[0][0])

        assert "Link one with /practitioner link" in without.text
        assert GRAVE not in without.text + here.answer(card).text


async def test_the_message_is_behind_a_button_too(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        await here.hears(*said(GRAVE))
        here.chats[DISCORD].past = [built(1, GRAVE)]
        pressed = await here.presses(ADA, "alert.show", here.messages(ADA)[0][0])
        stranger = await here.presses(STRANGER, "alert.show", here.messages(ADA)[0][0])

        assert GRAVE in here.answer(pressed).text
        assert "This is for people of this desk" in here.answer(stranger).text


async def test_a_case_is_taken_handed_over_and_closed_by_typing(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        await here.hears(*said(GRAVE))
        taken = await here.asks(ADA, "case take", key=ALERT)
        await here.asks(ADA, "case hand", key=ALERT, person="Bo")
        held = (await here.case()).holder
        await here.asks(BO, "case close", key=ALERT, outcome="Passed on to a service")

        assert "Ada took it" in taken.text
        assert held == BO
        assert (await here.case()).ending == "referred"
        assert {What.TAKEN, What.HANDED_OVER, What.CLOSED} <= set(await here.audit())


async def test_after_a_close_by_typing_the_next_message_is_news(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        await here.hears(*said(GRAVE))
        await here.asks(ADA, "case close", key=ALERT, outcome="helped")
        await here.hears(*said(GRAVE, first=2))

        assert (await here.case()).state is State.CLOSED
        assert (await here.case(ref(2).key)).state is State.OPEN


async def test_bad_input_gets_what_to_type(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        await here.hears(*said(GRAVE))
        outcome = await here.asks(ADA, "case close", key=ALERT, outcome="done")
        key = await here.asks(ADA, "case take", key="nonsense")
        person = await here.asks(ADA, "case hand", key=ALERT, person="Zoe")
        when = await here.asks(ADA, "case follow-up", key=ALERT, when="soon")
        code = await here.asks(ADA, "case note", key=ALERT, code="hm")

        assert "one of: helped, referred" in outcome.text
        assert "Type /case list" in key.text
        assert "Type one of these: Ada, Bo" in person.text
        assert "Type a length such as 3d" in when.text
        assert "one of: contacted" in code.text


def with_endings(*codes: str) -> Desk:
    words = {code: code.capitalize() for code in codes}
    return replace(two_people(), endings={**words, "no_concern": "Not a concern"})


async def test_the_desk_has_its_own_list_of_endings(tmp_path: Path) -> None:
    async with duty_desk(tmp_path, with_endings("a", "b", "c", "d", "placed")) as here:
        await here.hears(*said(GRAVE))
        on = here.messages(ADA)[0][0]
        offered = here.answer(await here.presses(ADA, "alert.close", on))
        await here.presses(ADA, "alert.close/helped", on)  # not of this desk
        still_open = (await here.case()).state
        await here.asks(ADA, "case close", key=ALERT, outcome="placed")

        assert [button.label for button in offered.buttons] == ["A", "B", "C", "D"]
        assert "type /case close" in offered.text
        assert still_open is State.OPEN
        assert here.now_says(ADA) == ["Ada closed it at 14:00 UTC: placed."]


async def test_a_note_is_a_code_and_no_text_where_the_desk_keeps_none(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        await here.hears(*said(GRAVE))
        text = await here.asks(ADA, "case note", key=ALERT, code="contacted", text="gurgelhopf")
        await here.asks(ADA, "case note", key=ALERT, code="contacted")

        assert "Leave the text out" in text.text
        assert "We are in touch" in (await here.asks(ADA, "case show", key=ALERT)).text
        assert b"gurgelhopf" not in here.on_disk()


async def test_free_text_is_encrypted_and_erased_when_its_time_is_over(tmp_path: Path) -> None:
    async with duty_desk(tmp_path, KEEPS) as here:
        await here.hears(*said(GRAVE))
        await here.asks(ADA, "case note", key=ALERT, code="contacted", text="gurgelhopf")
        shown = await here.asks(BO, "case show", key=ALERT)
        assert here.app.watch is not None
        here.clock.turn(days=7)
        await here.app.watch.janitor.erase_when_due()
        later = await here.asks(BO, "case show", key=ALERT)

        assert "gurgelhopf" in shown.text
        assert b"gurgelhopf" not in here.on_disk()
        assert "gurgelhopf" not in later.text
        assert "We are in touch" in later.text


@pytest.mark.parametrize("close", [False, True])
async def test_a_follow_up_asks_the_holder_when_it_is_due(tmp_path: Path, close: bool) -> None:  # noqa: FBT001 - a case of the test
    async with duty_desk(tmp_path) as here:
        await here.hears(*said(GRAVE))
        await here.asks(BO, "case take", key=ALERT)
        await here.asks(BO, "case follow-up", key=ALERT, when="3d")
        if close:
            await here.asks(BO, "case close", key=ALERT, outcome="helped")
        await here.waits(days=2, hours=23)
        early = [card for _, card in here.messages(BO) if card.title == "Did it help?"]
        await here.waits(hours=1)
        await here.waits(hours=1)
        asked = [(on, card) for on, card in here.messages(BO) if card.title == "Did it help?"]
        await here.presses(BO, "follow_up/not_yet", asked[0][0])

        assert (early, len(asked)) == ([], 1)
        assert GRAVE not in asked[0][1].text
        assert "It has not helped yet" in (await here.asks(BO, "case show", key=ALERT)).text


async def test_a_follow_up_outlives_a_restart(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        await here.hears(*said(GRAVE))
        await here.presses(ADA, "alert.take", here.messages(ADA)[0][0])
        await here.presses(ADA, "alert.follow_up/1d", here.messages(ADA)[0][0])
        chats, clock = here.chats, here.clock
    clock.turn(days=1)
    async with duty_desk(tmp_path, on=chats, clock=clock) as again:
        await again.waits(seconds=1)
        titles = [card.title for _, card in again.messages(ADA)]

        assert titles.count("Did it help?") == 1


async def test_taken_in_slack_the_discord_copy_says_so(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        await here.hears(*said(GRAVE))
        await here.presses(BO, "alert.take", here.messages(BO)[0][0])
        here.clock.turn(minutes=1)
        late = await here.presses(ADA, "alert.take", here.messages(ADA)[0][0])

        assert here.now_says(ADA) == here.now_says(BO) == ["Bo took it at 14:00 UTC."]
        assert "Somebody else has this one" in here.answer(late).text


async def test_closed_in_slack_the_discord_copy_has_no_buttons(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        await here.hears(*said(GRAVE))
        await here.presses(BO, "alert.close/helped", here.messages(BO)[0][0])
        told = len(here.messages(ADA))
        await here.waits(hours=2)

        assert here.messages(ADA)[0][1].buttons == ()
        assert len(here.messages(ADA)) == told


async def test_a_platform_that_does_not_answer_is_said(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        await here.hears(*said(GRAVE))
        chat = here.chats[DISCORD]
        chat.past = [built(1, GRAVE)]
        chat.failures = [Temporary("busy", retry_after=timedelta(seconds=1))]
        asking = here.commanded(ADA, "case show", key=ALERT)
        await here.hears(asking)

        assert "Please ask again" in chat.shown[f"receipt of north/press/{asking.id}!"].text
