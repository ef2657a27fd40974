"""What a platform tells beside messages: changed, gone, closed, left."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.domain.alert import State, What
from bot.domain.audit import Failing
from bot.domain.event import Deleted, Edited, Opened, PlaceGone, Posted, SpaceLeft
from bot.domain.ledger import Count
from bot.domain.message import Message, MessageRef
from bot.domain.reading import Priority
from bot.domain.space import SpaceRef
from bot.ports import Permanent, Temporary
from tests.support.build import DISCORD, place, ref
from tests.support.build import message as built
from tests.support.duty_desk import (
    ADA,
    ALERT,
    BO,
    GRAVE,
    LAST,
    SOON,
    URGENT,
    DutyDesk,
    chats,
    duty_desk,
    said,
    two_people,
)
from tests.support.scripted import ScriptedPlatform


class Silent(ScriptedPlatform):
    """Does not answer at first."""

    async def fetch(self, ref: MessageRef) -> Message | None:
        if self.refusals:
            raise self.refusals.pop(0)
        return next((one for one in self.past if one.ref == ref), None)


SPACE = SpaceRef(DISCORD, "10")


def edited(number: int, text: str) -> Message:
    return replace(built(number, text), edited_at=built(number).sent_at + timedelta(minutes=1))


async def ledger(here: DutyDesk) -> dict[Count, int]:
    return {count: n for count, n in (await here.store.ledger.totals("north")).items() if n}


async def test_the_holder_hears_that_the_message_is_gone_once(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        await here.hears(*said(GRAVE))
        await here.presses(BO, "alert.take", here.messages(BO)[0][0])
        before = len(here.messages(ADA))
        await here.hears(Deleted((ref(1),)), Deleted((ref(1),)))

        assert (await here.audit()).count(What.GONE) == 1
        assert len(here.messages(BO)) == 2
        assert len(here.messages(ADA)) == before


async def test_no_card_links_to_a_message_that_is_gone(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        await here.hears(*said(GRAVE, GRAVE))
        before = [card.links for _, card in (*here.messages(ADA), *here.messages(BO))]
        await here.hears(Deleted((ref(2),)))  # it only joined the case: the first one still stands
        joined = [card.links for _, card in here.messages(BO)]
        await here.hears(Deleted((ref(1),)))
        await here.presses(BO, "alert.take", here.messages(BO)[0][0])
        after = [card for _, card in (*here.messages(ADA), *here.messages(BO))]
        more = here.answer(await here.presses(BO, "alert.more", here.messages(BO)[0][0]))

    assert all(before)
    assert all(joined)
    assert not any(card.links for card in (*after, more))


async def test_everyone_who_was_paged_hears_it_while_nobody_has_it(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        await here.hears(*said(GRAVE))
        await here.hears(Deleted((ref(1),)))

        done = here.chats[DISCORD].performed.values()
        sent = [action for action in done if "The message is gone" in str(action)]
        assert len(sent) == 1
        assert len(here.messages(BO)) == 2
        assert (await here.case()).state is State.OPEN  # the person may still need somebody


async def test_what_was_noted_in_words_goes_with_the_message(tmp_path: Path) -> None:
    async with duty_desk(tmp_path, replace(two_people(), remark_days=7)) as here:
        await here.hears(*said(GRAVE))
        await here.asks(ADA, "case note", key=ALERT, code="contacted", text="gurgelhopf")
        await here.asks(ADA, "case close", key=ALERT, outcome="helped")
        await here.hears(Deleted((ref(1),)))
        (remark,) = await here.store.remarks.of("north", ALERT)

        assert (remark.sealed, remark.code) == (None, "contacted")


async def test_a_message_nobody_was_told_of_goes_in_silence(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        await here.hears(*said("hello"))
        await here.hears(Deleted((ref(1), ref(99))))

        assert here.messages(ADA) == []


async def test_an_edit_that_reads_worse_raises(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        await here.hears(*said("hello"))
        counted = await ledger(here)
        await here.hears(Edited(ref(1), edited(1, GRAVE)))

        assert (await here.case()).priority is Priority.P0
        assert len(here.messages(ADA)) == len(here.messages(BO)) == 1
        assert await ledger(here) == counted  # it was counted when it came


async def test_an_edit_without_content_is_fetched(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        await here.hears(*said("hello"))
        here.chats[DISCORD].past = [edited(1, GRAVE)]
        await here.hears(Edited(ref(1)))

        assert (await here.case()).priority is Priority.P0


async def test_an_edit_of_what_is_gone_counts_as_gone(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        await here.hears(*said(GRAVE))
        await here.hears(Edited(ref(1)))

        assert What.GONE in await here.audit()


async def test_an_edit_raises_the_case_that_is_there(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        await here.hears(*said(URGENT))
        told = len(here.messages(BO))
        change = Edited(ref(1), edited(1, GRAVE))
        await here.hears(change, change)

        assert (await here.case()).priority is Priority.P0
        assert (told, len(here.messages(BO))) == (0, 1)
        assert (await here.audit()).count(What.RAISED) == 1
        await here.waits(minutes=5)
        assert len(here.messages(BO)) == 2  # by the plan of an emergency


async def test_whoever_has_it_hears_that_it_is_worse(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        await here.hears(*said(URGENT))
        await here.presses(ADA, "alert.take", here.messages(ADA)[0][0])
        await here.hears(Edited(ref(1), edited(1, GRAVE)))
        case = await here.case()

        assert (case.state, case.holder, case.priority) == (State.TAKEN, ADA, Priority.P0)
        assert len(here.messages(ADA)) == 2
        assert here.messages(BO) == []


async def test_a_closed_case_is_opened_by_what_is_worse(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        await here.hears(*said(URGENT))
        await here.asks(ADA, "case close", key=ALERT, outcome="helped")
        await here.hears(Edited(ref(1), edited(1, GRAVE)))

        assert (await here.case()).state is State.OPEN
        assert (await here.case()).ending is None


async def test_an_edit_that_reads_better_lowers_nothing(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        await here.hears(*said(GRAVE))
        await here.hears(Edited(ref(1), edited(1, "never mind, hello")))

        assert (await here.case()).priority is Priority.P0


async def test_a_routine_question_that_becomes_grave_raises_an_alert(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        await here.hears(*said("Which course should I take to become a nurse?"))
        old = await here.store.decisions.one("north", ALERT)
        await here.hears(Edited(ref(1), edited(1, GRAVE)))

        assert old is not None
        assert (old.decision.priority, old.alert) == (Priority.P3, None)
        assert (await here.case()).priority is Priority.P0
        assert len(here.messages(ADA)) == 1


async def test_a_read_back_message_that_was_edited_before_is_decided_once(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        watch = here.app.watch
        assert watch is not None
        here.chats[DISCORD].past = [built(1), built(2, GRAVE)]
        await here.hears(Opened(place()), Posted(built(1)))
        await here.hears(Edited(ref(2), built(2, GRAVE)))  # written while nobody listened
        await here.app.inbox.take(Opened(place()))
        await watch.backfill.fill_due()
        await here.hears()

        assert len(here.messages(ADA)) == 1
        assert (await ledger(here))[Count.SEEN] == 2
        assert [s.last for s in (await here.store.ledger.stretches("north"))[place().key]] == [
            built(2).position
        ]


async def test_a_change_that_cannot_be_fetched_is_fetched_later(tmp_path: Path) -> None:
    chat = Silent(refusals=[Temporary("busy"), Temporary("busy")], past=[edited(1, GRAVE)])
    async with duty_desk(tmp_path, on={**chats(), DISCORD: chat}) as here:
        watch = here.app.watch
        assert watch is not None
        await here.hears(*said("hello"))
        await here.hears(Edited(ref(1)), *said(URGENT, first=2))
        meanwhile = len(here.messages(BO))
        for _ in range(2):
            await here.waits(minutes=5)
            await watch.newsroom.fetch_due()
        await here.hears()

        assert meanwhile == 0
        assert (await here.case()).priority is Priority.P0


async def test_a_place_that_is_closed_is_read_no_longer_and_is_no_finding(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        await here.hears(*said(GRAVE))
        await here.presses(BO, "alert.take", here.messages(BO)[0][0])
        watch = here.app.watch
        assert watch is not None
        await here.app.inbox.take(PlaceGone(place()))
        here.chats[DISCORD].refusals = [Permanent("no such channel")] * 9
        await here.waits(minutes=10)
        found = (await watch.auditor.audit()).found

        assert here.app.intake.places(DISCORD) == ()
        assert Failing.UNREADABLE not in [one.failing for one in found]
        assert What.UNWATCHED in await here.audit()
        assert len(here.messages(BO)) == 2
        assert (await here.case()).state is State.TAKEN


async def test_a_place_that_opens_again_has_its_gap_read_back(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        watch = here.app.watch
        assert watch is not None
        await here.hears(*said("hello"))
        await here.app.inbox.take(PlaceGone(place()))
        here.chats[DISCORD].past = [built(1), built(2, GRAVE)]
        await here.app.inbox.take(Opened(place()))
        await watch.backfill.fill_due()
        await here.hears()

        assert len(here.messages(ADA)) == 1
        assert here.app.intake.places(DISCORD) == (place(),)


async def test_nothing_is_left_of_a_space_that_the_bot_had_to_leave(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        await here.hears(*said(GRAVE, SOON))
        await here.presses(BO, "alert.take", here.messages(BO)[0][0])
        await here.asks(BO, "case note", key=ALERT, code="contacted")
        await here.asks(BO, "case follow-up", key=ALERT, when="3d")
        await here.hears(SpaceLeft(SPACE))
        told = [card.title for _, card in here.messages(BO)]

        assert [one async for one in here.store.decisions.stream("north")] == []
        assert await here.store.alerts.queue("north", 9) == []
        assert await here.store.remarks.of("north", ALERT) == []
        assert await here.store.remarks.promised("north") == []
        assert await here.store.ledger.stretches("north") == {}
        assert await ledger(here) == {}
        assert told == ["Closed", "Removed from a space"]
        assert [card.title for _, card in here.messages(LAST)] == ["Removed from a space"]


async def test_a_space_that_takes_the_bot_back_is_read_from_then_on(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        await here.hears(*said(GRAVE))
        await here.hears(SpaceLeft(SPACE))
        await here.hears(*said(GRAVE, first=3))
        await here.waits(minutes=5)

        assert (await here.case(ref(3).key)).state is State.OPEN
        assert (await ledger(here))[Count.SEEN] == 1
