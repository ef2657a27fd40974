"""An accuracy note from its finding to its end: two people, one reply, and every way back."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from bot.app import hashed
from bot.domain.action import Reply
from bot.domain.alert import What
from bot.domain.event import Deleted, Edited, PlaceGone, SpaceLeft
from bot.domain.message import AccountRef
from bot.domain.output import Stage
from bot.domain.space import SpaceRef
from bot.store.output import _row
from bot.store.schema import OUTPUT
from tests.support.build import DISCORD, account, place
from tests.support.duty_desk import ADA, BO, STRANGER, DutyDesk, said
from tests.support.public import (
    CLAIM,
    WRONG,
    knows_otherwise,
    looks,
    only,
    presses_last,
    public_desk,
    replies,
    suggests,
    writes,
)


async def posted(here: DutyDesk) -> None:
    """The bot finds a claim, Ada proposes the note, Bo approves it in Slack."""
    await writes(here, WRONG)
    await presses_last(here, ADA, "Propose this note")
    await presses_last(here, BO, "Approve and post")


async def test_a_found_claim_goes_to_one_person_on_duty_and_nothing_is_posted(
    tmp_path: Path,
) -> None:
    async with public_desk(tmp_path) as here:
        message = await writes(here, WRONG)
        ((_, card),) = here.messages(ADA)

        assert here.messages(BO) == []
        assert replies(here) == []
        assert WRONG not in card.text
        assert [button.label for button in card.buttons] == ["Propose this note", "Refuse"]
        assert (await only(here, message)).stage is Stage.SUGGESTED


async def test_two_people_post_a_note_in_the_registrys_words(tmp_path: Path) -> None:
    async with public_desk(tmp_path) as here:
        await posted(here)
        ((key, card),) = replies(here)
        note = here.chats[DISCORD].performed[key]
        ended = [shown for _, shown in (*here.messages(ADA), *here.messages(BO))]
        message = (await here.store.outputs.posted("north", 9))[0]

    assert isinstance(note, Reply)
    assert card is not None
    assert "There is no upper age limit" in card.text
    assert "ur too old" not in card.text
    assert "Source: GOV.UK" in card.text
    assert (message.proposed_by, message.approved_by) == (ADA, BO)
    assert all(not shown.buttons for shown in ended)
    assert all("Approved by Bo" in shown.text for shown in ended)


async def test_whoever_proposed_it_cannot_approve_it(tmp_path: Path) -> None:
    async with public_desk(tmp_path) as here:
        message = await writes(here, WRONG)
        await presses_last(here, ADA, "Propose this note")
        ((receipt, _),) = here.messages(ADA)
        one = await only(here, message)
        pressed = await here.presses(ADA, f"note.approve/{one.id}", receipt)
        await looks(here)

        assert "second person" in here.answer(pressed).text
        assert replies(here) == []


async def test_the_database_refuses_a_note_on_one_persons_word(tmp_path: Path) -> None:
    async with public_desk(tmp_path) as here:
        message = await writes(here, WRONG)
        one = await only(here, message)
        alone = replace(one, id="x", stage=Stage.APPROVED, proposed_by=ADA, approved_by=ADA)
        with pytest.raises(IntegrityError):
            async with here.store.outputs.database.writing() as connection:
                await connection.execute(insert(OUTPUT).values(**_row(alone)))


async def test_a_stranger_can_neither_suggest_nor_approve(tmp_path: Path) -> None:
    async with public_desk(tmp_path) as here:
        message = await writes(here, WRONG)
        one = await only(here, message)
        shown = await suggests(here, message, STRANGER)
        pressed = await here.presses(STRANGER, f"note.propose/{one.id}", "none")

        assert "people of this desk" in shown.text
        assert "people of this desk" in here.answer(pressed).text
        assert (await only(here, message)).stage is Stage.SUGGESTED


async def test_a_practitioner_suggests_one_from_the_menu_of_a_message(tmp_path: Path) -> None:
    async with public_desk(tmp_path) as here:
        message = await writes(here, "lovely weather today")
        which = await suggests(here, message, ADA, "apprenticeship")
        shown = await suggests(here, message, ADA)
        await presses_last(here, BO, "Approve and post")

        assert "Which one?" in which.text
        assert "Proposed by Ada" in shown.text
        assert len(replies(here)) == 1


async def test_a_note_is_suggested_by_the_link_of_a_message_that_was_noticed(
    tmp_path: Path,
) -> None:
    async with public_desk(tmp_path) as here:
        message = await writes(here, "how do i find an apprenticeship in the uk?")
        shown = await here.asks(ADA, "note suggest", link=message.link, claim=CLAIM)
        unknown = await here.asks(ADA, "note suggest", link="https://x.example/1", claim=CLAIM)
        listed = await here.asks(ADA, "note list")

    assert "Proposed by Ada" in shown.text
    assert "menu of the message" in unknown.text
    assert "Proposed by Ada" in listed.text


async def test_a_note_is_withdrawn_for_all_to_see(tmp_path: Path) -> None:
    async with public_desk(tmp_path) as here:
        await posted(here)
        (one,) = await here.store.outputs.posted("north", 9)
        assert await here.types(ADA, "note withdraw", "note", CLAIM) == [one.id]
        shown = await here.asks(ADA, "note withdraw", note=one.id)
        again = await here.asks(BO, "note withdraw", note=one.id)
        ((_, card),) = replies(here)

        assert "taken back" in shown.text
        assert "too late" in again.text
        assert card is not None
        assert "taken back" in card.title
        assert "upper age" not in card.text


async def test_a_note_whose_entry_was_changed_is_withdrawn_at_the_next_start(
    tmp_path: Path,
) -> None:
    async with public_desk(tmp_path) as here:
        await posted(here)
    async with public_desk(tmp_path, on=here, knowledge=knows_otherwise()) as again:
        await looks(again)
        ((_, card),) = replies(again)

    assert card is not None
    assert "taken back" in card.title


async def test_a_note_under_a_message_that_is_deleted_goes_with_it(tmp_path: Path) -> None:
    async with public_desk(tmp_path) as here:
        await posted(here)
        (one,) = await here.store.outputs.posted("north", 9)
        await here.hears(Deleted((one.ref,)))

        assert [card for _, card in replies(here)] == [None]


async def test_a_message_that_is_gone_gets_no_note(tmp_path: Path) -> None:
    async with public_desk(tmp_path) as here:
        message = await writes(here, WRONG)
        await presses_last(here, ADA, "Propose this note")
        here.chats[DISCORD].past = ()
        shown = await presses_last(here, BO, "Approve and post")

        assert "lapsed" in shown.text
        assert replies(here) == []
        assert (await only(here, message)).stage is Stage.LAPSED


async def test_a_message_without_the_claim_gets_no_note(tmp_path: Path) -> None:
    async with public_desk(tmp_path) as here:
        message = await writes(here, WRONG)
        await here.hears(Edited(message.ref, replace(message, text="never mind me")))

        assert (await only(here, message)).stage is Stage.LAPSED


async def test_an_edit_that_keeps_the_claim_keeps_the_note(tmp_path: Path) -> None:
    async with public_desk(tmp_path) as here:
        message = await writes(here, WRONG)
        await here.hears(Edited(message.ref, message))

        assert (await only(here, message)).stage is Stage.SUGGESTED


async def test_a_closed_place_stops_what_waits(tmp_path: Path) -> None:
    async with public_desk(tmp_path) as here:
        message = await writes(here, WRONG)
        await here.hears(PlaceGone(place()))

        assert (await only(here, message)).stage is Stage.LAPSED


async def test_an_opt_out_stops_what_waits(tmp_path: Path) -> None:
    async with public_desk(tmp_path) as here:
        message = await writes(here, WRONG)
        opted = replace(here.app.intake.desk, opted_out=frozenset({"discord:7"}))
        here.app.intake.desk = hashed(opted, b"k" * 40)
        await looks(here)

        assert (await only(here, message)).stage is Stage.LAPSED


async def test_nobody_who_may_be_in_danger_is_corrected(tmp_path: Path) -> None:
    async with public_desk(tmp_path) as here:
        await here.hears(*said("i want to kill myself", first=5))
        message = await writes(here, WRONG, 6)
        await suggests(here, message, ADA)
        shown = await presses_last(here, BO, "Approve and post")

        assert "Help comes first" in shown.text
        assert replies(here) == []


async def test_an_author_gets_three_notes_a_day_and_a_channel_two_an_hour(tmp_path: Path) -> None:
    async with public_desk(tmp_path) as here:
        shown = []
        for number in range(1, 7):
            await suggests(here, await writes(here, "hello", number), ADA)
            shown.append((await presses_last(here, BO, "Approve and post")).text)
            await looks(here, minutes=25)

        assert len(replies(here)) == 3
        assert any("said enough in that channel" in one for one in shown)
        assert "three notes in a day" in shown[-1]


async def test_a_note_that_nobody_approves_lapses_after_two_days(tmp_path: Path) -> None:
    async with public_desk(tmp_path) as here:
        message = await writes(here, WRONG)
        await looks(here, hours=49)

        assert (await only(here, message)).stage is Stage.LAPSED
        ((_, card),) = here.messages(ADA)
        assert card.buttons == ()


async def test_a_dispute_reaches_the_desk_once_a_day_without_a_name(tmp_path: Path) -> None:
    async with public_desk(tmp_path) as here:
        await posted(here)
        ((key, card),) = replies(here)
        assert card is not None
        for who in ("7", "8"):
            pressed = await here.presses(account(who), card.buttons[0].id, f"receipt of {key}")
            assert "will check" in here.answer(pressed).text
        disputed = [shown for _, shown in here.messages(ADA) if "disputed" in shown.title]
        assert len(disputed) == 1
        await presses_last(here, ADA, "Take it back")
        ((_, now),) = replies(here)

        assert now is not None
        assert "taken back" in now.title


async def test_a_note_whose_button_is_from_before_is_known_by_where_it_stands(
    tmp_path: Path,
) -> None:
    async with public_desk(tmp_path) as here:
        await posted(here)
        ((key, _),) = replies(here)
        pressed = await here.presses(account("7"), "note.dispute", f"receipt of {key}")

        assert "will check" in here.answer(pressed).text


async def test_only_a_note_that_somebody_approved_can_be_disputed(tmp_path: Path) -> None:
    async with public_desk(tmp_path) as here:
        message = await writes(here, WRONG)
        one = await only(here, message)
        pressed = await here.presses(account("7"), f"note.dispute/{one.id}", "none")

        assert "does not stand" in here.answer(pressed).text
        assert not any("disputed" in shown.title for _, shown in here.messages(ADA))


async def test_every_act_is_in_the_audit(tmp_path: Path) -> None:
    async with public_desk(tmp_path) as here:
        await posted(here)
        (one,) = await here.store.outputs.posted("north", 9)
        await here.asks(ADA, "note withdraw", note=one.id)
        deeds = await here.store.alerts.audit("north", one.ref.key)

    by: dict[What, AccountRef | None] = {deed.what: deed.who for deed in deeds}
    assert by[What.PROPOSED] == ADA
    assert by[What.APPROVED] == BO
    assert by[What.WITHDRAWN] == ADA
    assert {What.TOLD, What.POSTED} <= set(by)


async def test_a_space_that_is_left_takes_its_notes_along(tmp_path: Path) -> None:
    async with public_desk(tmp_path) as here:
        message = await writes(here, WRONG)
        await here.hears(SpaceLeft(SpaceRef(DISCORD, "10")))

        assert await here.store.outputs.on("north", message.ref.key) == []
