"""The life of an alert: told, answered, handed on, closed, and nothing lost on the way."""

import asyncio
from datetime import timedelta
from pathlib import Path

from bot.domain.action import Action, DirectMessage, Receipt
from bot.domain.alert import Ending, State, What
from bot.domain.event import Pressed
from bot.policy.routing import InOrder
from bot.ports import Inbox, Temporary
from bot.workers.turns import Pace
from tests.support.build import NOON, account
from tests.support.life import (
    ADA,
    ALERT,
    BO,
    GRAVE,
    LAST,
    SOON,
    STRANGER,
    URGENT,
    now,
    said,
    world,
)
from tests.support.scripted import Hands, ScriptedPlatform


async def test_an_unanswered_p0_reaches_everyone_then_the_backup_then_the_last_resort(
    tmp_path: Path,
) -> None:
    async with world(tmp_path) as here:
        await here.hears(*said(GRAVE))
        assert here.told() == ["Ada", "Bo"]
        await here.waits(minutes=4, seconds=59)
        assert here.told() == []
        await here.waits(seconds=1)
        assert here.told() == ["Ada", "Bo"]  # Bo is the backup too
        await here.waits(minutes=5)
        assert here.told() == ["last resort"]
        await here.waits(minutes=15)
        assert here.told() == ["Ada", "Bo", "last resort"]
        await here.waits(minutes=15)
        assert here.told() == ["Ada", "Bo", "last resort"]  # until somebody answers


async def test_an_unanswered_p1_goes_from_one_to_the_next(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.hears(*said(URGENT))
        heard = [here.told()]
        for _ in range(3):
            await here.waits(minutes=15)
            heard.append(here.told())

        assert heard == [["Ada"], ["Bo"], ["Ada", "Bo"], ["last resort"]]


async def test_a_p2_pages_nobody_and_has_a_named_owner_when_the_day_ends(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.hears(*said(SOON))
        await here.waits(hours=2, minutes=59)
        quiet = here.told()
        await here.waits(minutes=1)  # 17:00

        assert (quiet, here.told()) == ([], ["Ada"])
        assert here.now_says() == {"Given to Ada."}


async def test_taking_it_edits_every_copy_and_ends_the_escalation(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.hears(*said(GRAVE))
        await here.waits(minutes=5)
        await here.waits(minutes=5)
        await here.presses_on("alert.take", BO)
        here.told()
        await here.waits(minutes=30)

        assert here.told() == []
        assert len(here.cards()) == 5
        assert here.now_says() == {"Bo took it at 14:10 UTC."}


async def test_a_taken_alert_cannot_be_taken_by_another(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.hears(*said(GRAVE))
        await here.presses_on("alert.take", BO)
        late = await here.presses_on("alert.take", ADA)

        assert (await here.case()).holder == BO
        assert "Somebody else has this one" in here.answer(late).text


async def test_of_two_who_press_in_the_same_moment_one_has_it(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.hears(*said(GRAVE))
        both = [
            Pressed(f"at once {by.id}", by, "alert.take", here.copies(by)[0]) for by in (ADA, BO)
        ]
        async with asyncio.TaskGroup() as tasks:
            for pressed in (*both, *both):
                tasks.create_task(here.app.inbox.take(pressed))
        await here.app.courier.deliver_due()
        case = await here.case()
        (loser,) = [one for one in both if one.by != case.holder]

        assert case.state is State.TAKEN
        assert (await here.audit()).count(What.TAKEN) == 1
        assert "Somebody else has this one" in here.answer(loser).text


async def test_a_snooze_comes_back_to_the_same_person(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.hears(*said(URGENT))
        choices = await here.presses_on("alert.snooze", ADA)
        labels = [button.label for button in here.answer(choices).buttons]
        await here.presses_on("alert.snooze/60", ADA, f"receipt of north/press/{choices.id}")
        here.told()
        await here.waits(minutes=59)
        quiet = here.told()
        await here.waits(minutes=1)

        assert labels == ["15 minutes", "1 hour", "4 hours"]
        assert (quiet, here.told()) == ([], ["Ada"])
        assert (await here.case()).state is State.ACKNOWLEDGED


async def test_a_look_expires_with_a_reminder_and_the_plan_goes_on(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.hears(*said(URGENT))
        await here.presses_on("alert.look", ADA)
        here.told()
        await here.waits(minutes=25)
        reminded = here.told()
        await here.waits(minutes=5)

        assert (reminded, here.told()) == (["Ada"], ["Bo"])
        assert here.now_says() == {"Nobody has it yet. Ada had it, but did not answer."}


async def test_it_is_handed_over_and_the_plan_goes_on_if_the_new_one_is_silent(
    tmp_path: Path,
) -> None:
    async with world(tmp_path) as here:
        await here.hears(*said(URGENT))
        await here.presses_on("alert.take", ADA)
        offered = await here.presses_on("alert.hand_over", ADA)
        (button,) = here.answer(offered).buttons
        here.told()
        await here.presses_on(button.id, ADA)
        handed = here.told()
        await here.waits(minutes=15)

        assert (button.label, handed) == ("Bo", ["Bo"])
        assert here.told() == ["last resort"]  # nobody on duty is left who was not told


async def test_backup_is_called_once_for_one_press(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.hears(*said(URGENT))
        here.told()
        pressed = await here.presses_on("alert.backup", ADA)
        await here.hears(pressed, pressed)

        assert here.told() == ["Bo"]
        assert (await here.audit()).count(What.BACKUP_CALLED) == 1


async def test_it_is_closed_with_an_ending_and_each_look_is_logged(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.hears(*said(URGENT))
        more = await here.presses_on("alert.more", ADA)
        offered = await here.presses_on("alert.close", ADA, f"receipt of north/press/{more.id}")
        endings = here.answer(offered).buttons
        await here.presses_on(endings[0].id, ADA)
        case = await here.case()

        assert (case.state, case.ending, case.due_at) == (State.CLOSED, Ending.HELPED, None)
        assert here.now_says() == {"Ada closed it at 14:00 UTC: we helped."}
        assert all(card.buttons == () for card in here.cards())
        assert await here.audit() == [What.LOOKED, What.LOOKED, What.CLOSED]
        assert {deed.who for deed in await here.deeds()} == {ADA}


async def test_who_is_not_of_the_desk_can_do_nothing_and_sees_nothing(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.hears(*said(URGENT))
        (copy,) = here.copies(ADA)
        before = await here.case()
        pressed = [
            await here.presses_on(button, STRANGER, copy)
            for button in ("alert.take", "alert.no_concern", "alert.more", "alert.close/helped")
        ]

        assert await here.case() == before
        for one in pressed:
            assert "Only people of this desk" in here.answer(one).text
            assert here.answer(one).buttons == ()
        assert await here.audit() == [What.REFUSED] * 4


async def test_a_button_that_is_not_known_says_so(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.hears(*said(URGENT))
        odd = [
            await here.presses_on(button, ADA)
            for button in ("alert.fly", "alert.close/no such", "alert.snooze/-5")
        ]
        lost = await here.presses_on("alert.take", ADA, "receipt of something else")

        for one in (*odd, lost):
            assert "not known here" in here.answer(one).text
        assert (await here.case()).state is State.OPEN


async def test_the_author_writing_again_is_shown_and_pages_nobody(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.hears(*said(URGENT))
        await here.presses_on("alert.take", ADA)
        here.told()
        await here.hears(*said(URGENT, first=2))
        await here.waits(seconds=1)
        (card,) = here.cards()

        assert here.told() == []
        assert [f.value for f in card.fields if f.name == "Messages"] == ["2"]
        assert now(card) == "Ada took it at 14:00 UTC."


async def test_after_a_close_the_authors_next_message_is_a_new_alert(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.hears(*said(URGENT))
        await here.presses_on("alert.no_concern", ADA)
        here.told()
        await here.hears(*said(URGENT, first=2))

        assert here.told() == ["Ada"]
        assert (await here.case()).state is State.CLOSED


async def test_a_card_names_no_member_and_no_reason(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.hears(*said(GRAVE))
        await here.waits(minutes=5)
        await here.presses_on("alert.look", ADA)
        texts = [a.card.text for a in here.platform.performed.values() if hasattr(a, "card")]

        assert len(texts) >= 6
        for word in ("kill", "suicid", "harm", "life", account().id + ".", "dead"):
            assert not any(word in text.lower() for text in texts)


async def test_a_replay_of_the_past_escalates_nothing(tmp_path: Path) -> None:
    async with world(tmp_path, pace=Pace.THOROUGH) as here:
        await here.hears(*said(GRAVE))
        here.told()
        await here.waits(days=30)

        assert here.told() == []
        assert await here.store.alerts.find(here.desk.id, ALERT) is None
        assert len(await here.store.decisions.open_alerts(here.desk.id, 9)) == 1
    async with world(tmp_path, clock=Hands(NOON + timedelta(hours=2))) as live:
        await live.hears(*said(GRAVE, first=2))

        assert live.told() == ["Ada", "Bo"]  # today's message never hides in the past


class Staying(ScriptedPlatform):
    """Stays connected until it has been asked for so many things."""

    wanted = 0
    more = asyncio.Event()

    async def run(self, inbox: Inbox) -> None:
        await super().run(inbox)
        while len(self.performed) < self.wanted:
            self.more = asyncio.Event()
            await self.more.wait()

    async def perform(self, action: Action, *, key: str) -> Receipt:
        receipt = await super().perform(action, key=key)
        self.more.set()
        return receipt


async def test_the_running_bot_escalates_by_itself(tmp_path: Path) -> None:
    platform = Staying()
    async with world(tmp_path, platform=platform) as here:
        await here.hears(*said(GRAVE))
        here.told()
        here.clock.turn(minutes=5)
        platform.wanted = 4
        await here.app.run()

        assert here.told() == ["Ada", "Bo"]


# What users of other tools complain about (`shared/peers.md`), each by its number.


async def test_complaint_1_an_escalation_goes_on_after_a_restart(tmp_path: Path) -> None:
    async with world(tmp_path) as before:
        await before.hears(*said(GRAVE))
        await before.waits(minutes=5)
    async with world(tmp_path, platform=before.platform, clock=before.clock) as after:
        after.told()
        await after.waits(minutes=4)
        early = after.told()
        await after.waits(minutes=1)

        assert (early, after.told()) == ([], ["last resort"])
        await after.presses_on("alert.take", ADA)  # a button from before the restart
        assert (await after.case()).holder == ADA


async def test_complaint_2_an_acknowledged_alert_does_not_page_months_later(
    tmp_path: Path,
) -> None:
    async with world(tmp_path) as here:
        here.platform.failures = [Temporary("busy", retry_after=timedelta(days=60))]
        await here.hears(*said(GRAVE))  # Ada's page waits, Bo's arrives
        await here.presses_on("alert.look", BO)
        await here.presses_on("alert.close/helped", BO)
        here.told()
        await here.waits(days=100)

        assert here.told() == []
        assert (await here.store.deliveries.counts(here.desk.id))["withdrawn"] == 1


async def test_complaint_3_a_late_acknowledge_after_a_close_changes_nothing(
    tmp_path: Path,
) -> None:
    async with world(tmp_path) as here:
        await here.hears(*said(GRAVE))
        await here.presses_on("alert.close/referred", ADA)
        closed = await here.case()
        here.told()
        answers = [
            here.answer(await here.presses_on(button, BO))
            for button in ("alert.look", "alert.take", "alert.snooze/5", "alert.no_concern")
        ]
        await here.waits(days=1)

        assert await here.case() == closed
        assert {answer.text for answer in answers} == {
            "Nothing was changed\nThis one is closed. Nothing was changed."
        }
        assert here.told() == []


async def test_complaint_5_what_one_does_is_shown_to_all_so_none_works_twice(
    tmp_path: Path,
) -> None:
    async with world(tmp_path) as here:
        await here.hears(*said(GRAVE))
        await here.presses_on("alert.look", ADA)
        looking = here.now_says()
        await here.presses_on("alert.close/elsewhere", ADA)

        assert looking == {"Ada is looking, since 14:00 UTC."}
        assert here.now_says() == {"Ada closed it at 14:00 UTC: dealt with elsewhere."}


async def test_complaint_5_a_page_that_arrives_late_shows_what_is_true_by_then(
    tmp_path: Path,
) -> None:
    async with world(tmp_path) as here:
        await here.hears(*said(GRAVE))
        await here.waits(minutes=5)
        due = await here.store.deliveries.due(here.clock() + timedelta(days=1), 10)
        assert due == []
        here.clock.turn(minutes=5)
        await here.app.escalator.escalate()  # the last resort's page is written, not yet sent
        (page,) = [
            one
            for one in await here.store.deliveries.due(here.clock(), 10)
            if isinstance(one.action, DirectMessage)
        ]
        receipt = await here.platform.perform(page.action, key=page.key)  # on its way, meanwhile:
        await here.presses_on("alert.take", BO)
        await here.store.deliveries.delivered([(page, receipt)], here.clock())
        await here.waits(seconds=1)

        assert here.now_says() == {"Bo took it at 14:10 UTC."}


async def test_complaint_7_a_gap_in_the_rota_goes_to_the_last_resort_at_once_and_shows(
    tmp_path: Path,
) -> None:
    async with world(tmp_path, on_duty=lambda _now: InOrder(())) as here:
        await here.hears(*said(URGENT))

        assert here.told() == ["last resort"]
        assert here.now_says() == {
            "Nobody has it yet. Nobody is on duty. The last resort is called."
        }
        assert (await here.case()).unattended
        await here.presses_on("alert.take", LAST)
        assert not (await here.case()).unattended


async def test_complaint_12_a_failed_direct_message_tells_the_next_person_and_shows(
    tmp_path: Path,
) -> None:
    async with world(tmp_path) as here:
        here.platform.closed = {ADA}
        await here.hears(*said(URGENT))

        assert here.told() == ["Bo", "last resort"]
        assert here.now_says() == {"Nobody has it yet. Could not be reached: Ada."}
        assert (await here.store.deliveries.counts(here.desk.id))["buried"] == 1


async def test_complaint_12_a_holder_who_cannot_be_reached_loses_it_to_the_next(
    tmp_path: Path,
) -> None:
    async with world(tmp_path) as here:
        await here.hears(*said(URGENT))
        await here.presses_on("alert.snooze/60", ADA)
        here.told()
        here.platform.closed = {ADA}
        await here.waits(minutes=60)

        assert here.told() == ["Bo"]
        assert (await here.case()).holder is None


async def test_complaint_16_a_step_that_fails_is_not_taken_for_done(tmp_path: Path) -> None:
    broken = False

    def rota(_now: object) -> InOrder:
        if broken:
            raise LookupError("no rota")
        return InOrder((ADA, BO))

    async with world(tmp_path, on_duty=rota) as here:
        await here.hears(*said(GRAVE))
        before = await here.case()
        here.told()
        broken = True
        await here.waits(minutes=5)
        after = await here.case()
        assert (after.step, after.told, here.told()) == (before.step, before.told, [])
        broken = False
        await here.waits(minutes=1)

        assert here.told() == ["Ada", "Bo"]
        assert await here.audit() == [What.TOLD]


async def test_complaint_16_a_button_that_breaks_changes_nothing_and_stops_nothing(
    tmp_path: Path,
) -> None:
    broken = False

    def rota(_now: object) -> InOrder:
        if broken:
            raise LookupError("no rota")
        return InOrder((ADA, BO))

    async with world(tmp_path, on_duty=rota) as here:
        await here.hears(*said(GRAVE))
        before = await here.case()
        broken = True
        await here.presses_on("alert.take", ADA)
        broken = False

        assert await here.case() == before
        await here.presses_on("alert.take", ADA)
        assert (await here.case()).holder == ADA
