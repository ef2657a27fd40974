"""Budgets, quiet hours, the digest and the statement, on a scripted platform."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.cards.statement import statement_card
from bot.data.practitioner import read_hours
from bot.domain.action import DirectMessage
from bot.domain.alert import State, Step, Who
from bot.domain.card import Card
from bot.domain.desk import Desk
from bot.domain.page import Fate
from bot.domain.practitioner import Practitioner
from bot.domain.reading import Priority
from bot.workers.statement import take_statement
from tests.support.build import NOON, account, ref
from tests.support.life import (
    ADA,
    BO,
    GRAVE,
    LAST,
    SOON,
    URGENT,
    World,
    desk,
    said,
    world,
)  # fmt: skip
from tests.support.readability import grade
from tests.support.scripted import Hands

NIGHT = read_hours("mon-sun 22:00-07:00")


def sleeping(*quiet: Practitioner) -> Desk:
    """Ada and Bo; whoever is named sleeps from ten to seven, in London."""
    people = tuple(
        replace(one, quiet=(NIGHT,)) if one in quiet else one for one in desk().practitioners
    )
    return replace(desk(), practitioners=people, time_zone="Europe/London")


async def urgent(here: World, *numbers: int) -> None:
    """Let as many members write, each once and in the same minute."""
    for number in numbers:
        await here.hears(*said(URGENT, first=number, by=account(f"m{number}")))


def digests(here: World, to: object = None) -> list[Card]:
    return [
        action.card
        for action in here.platform.performed.values()
        if isinstance(action, DirectMessage)
        and action.card.title.startswith("You were not called")
        and to in (None, action.to)
    ]


async def stated(here: World) -> str:
    day = here.clock().date()
    statement = await take_statement(here.store, here.desk.id, "North", day, waiting=0)
    return statement_card(statement).text


async def test_the_third_alert_goes_to_the_backup_and_the_fifth_to_nobody_at_once(
    tmp_path: Path,
) -> None:
    async with world(tmp_path) as here:
        await urgent(here, 1, 2, 3, 4, 5)

        assert here.told() == ["Ada", "Ada", "Bo", "Bo"]
        assert await here.store.pages.counts("north", NOON, NOON + timedelta(days=1)) == {
            Fate.SENT: 4, Fate.OVER_BUDGET: 4, Fate.QUIET: 0,
        }  # fmt: skip


async def test_what_nobody_is_called_for_still_has_a_next_step_and_reaches_the_last_resort(
    tmp_path: Path,
) -> None:
    async with world(tmp_path) as here:
        await urgent(here, 1, 2, 3, 4)
        for number in (1, 2):
            await here.presses_on("alert.no_concern", ADA, here.copies(ADA)[number - 1])
        for number in (1, 2):
            await here.presses_on("alert.no_concern", BO, here.copies(BO)[number - 1])
        here.told()
        await urgent(here, 5)
        dossier = await here.store.alerts.find("north", ref(5).key)
        heard = [here.told()]
        for _ in range(3):
            await here.waits(minutes=15)
            heard.append(here.told())

        assert dossier is not None
        assert (dossier.case.state, dossier.case.due_at) == (
            State.OPEN, NOON + timedelta(hours=2, minutes=15),
        )  # fmt: skip
        assert heard == [[], [], [], ["last resort"]]


async def test_an_emergency_passes_every_budget_and_every_night(tmp_path: Path) -> None:
    night = Hands(NOON + timedelta(hours=11))
    async with world(tmp_path, clock=night, desk_=sleeping(*desk().practitioners)) as here:
        await urgent(here, 1, 2, 3)
        quiet = here.told()
        await here.hears(*said(GRAVE, first=9, by=account("m9")))

        assert (quiet, here.told()) == ([], ["Ada", "Bo"])


async def test_a_restart_forgets_no_page_that_was_sent(tmp_path: Path) -> None:
    async with world(tmp_path) as before:
        await urgent(before, 1, 2)
    async with world(tmp_path, platform=before.platform, clock=before.clock) as after:
        after.told()
        await urgent(after, 3)
        third = after.told()
        after.clock.turn(hours=12)
        await urgent(after, 4)

        assert (third, after.told()) == (["Bo"], ["Ada"])


async def test_who_sleeps_is_passed_over_and_told_in_the_morning(tmp_path: Path) -> None:
    """Complaint 11: volunteers want to sleep."""
    ada, *_ = desk().practitioners
    night = Hands(NOON + timedelta(hours=11))
    async with world(tmp_path, clock=night, desk_=sleeping(ada)) as here:
        await urgent(here, 1)
        at_night = here.told()
        await here.presses_on("alert.take", BO)
        await here.watch.digesting.tell_due()
        await here.waits(hours=9)
        await here.watch.digesting.tell_due()
        await here.app.courier.deliver_due()
        (card,) = digests(here, ADA)

        assert at_night == ["Bo"]
        assert card.title == "You were not called for 1 urgent alert"
        assert card.paragraphs[0] == "1 came in your quiet hours."
        assert [(f.name, f.value) for f in card.fields] == [
            ("#job-search, Mon 05 Jan 12:01 GMT", "Bo took it at 23:00 GMT.")
        ]
        assert [link.label for link in card.links] == ["Open #job-search, Mon 05 Jan 12:01 GMT"]


async def test_the_digest_comes_once_to_each_and_after_a_restart_too(tmp_path: Path) -> None:
    async with world(tmp_path) as before:
        await urgent(before, 1, 2, 3, 4, 5)
        before.clock.turn(hours=18)
        await before.watch.digesting.tell_due()
    async with world(tmp_path, platform=before.platform, clock=before.clock) as after:
        for _ in range(3):
            await after.watch.digesting.tell_due()
            await after.app.courier.deliver_due()
            after.clock.turn(hours=24)

        assert len(digests(after, ADA)) == 1
        assert len(digests(after, BO)) == 1
        assert "3 came when you had had 2 pages in 12 hours" in digests(after, ADA)[0].text
        assert "You were not called for 1 urgent alert" in digests(after, BO)[0].text


async def test_a_digest_does_not_wake_anybody(tmp_path: Path) -> None:
    ada, *_ = desk().practitioners
    early = replace(sleeping(ada), digest_at=(NOON - timedelta(hours=7)).time())  # 05:00
    async with world(tmp_path, clock=Hands(NOON + timedelta(hours=11)), desk_=early) as here:
        await urgent(here, 1)
        here.clock.turn(hours=6)
        await here.watch.digesting.tell_due()
        await here.app.courier.deliver_due()
        at_five = digests(here, ADA)
        here.clock.turn(hours=2)
        await here.app.courier.deliver_due()

        assert (at_five, len(digests(here, ADA))) == ([], 1)


async def test_where_nothing_was_held_back_there_is_no_digest(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await urgent(here, 1)
        here.clock.turn(hours=24)
        await here.watch.digesting.tell_due()
        await here.app.courier.deliver_due()

        assert digests(here) == []


async def test_the_statement_counts_what_was_held_back_and_it_adds_up(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await urgent(here, 1, 2, 3, 4, 5)

        assert "Urgent pages: 8 due, 4 sent, 4 held back (4 over the limit)" in await stated(here)


async def test_a_digest_is_easy_to_read_and_names_no_member_and_no_reason(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await urgent(here, *range(1, 20))
        here.clock.turn(hours=18)
        await here.watch.digesting.tell_due()
        await here.app.courier.deliver_due()
        (card,) = digests(here, ADA)

        assert grade(" ".join(card.paragraphs)) <= 8
        assert ("And more", "7") in [(field.name, field.value) for field in card.fields]
        for word in ("dead", "kill", "harm", "m3", "hopeless"):
            assert word not in card.text.lower()


async def test_a_second_message_of_the_same_author_within_ten_minutes_costs_nobody_a_page(
    tmp_path: Path,
) -> None:
    async with world(tmp_path) as here:
        await here.hears(*said(URGENT, URGENT, URGENT))
        await here.waits(seconds=1)

        assert here.told() == ["Ada"]
        assert len(await here.store.pages.sent_since("north", NOON)) == 1


async def test_a_desks_own_steps_are_frozen_into_the_alert(tmp_path: Path) -> None:
    steps = (
        Step((Who.BACKUP,), timedelta()),
        Step((Who.LAST_RESORT,), timedelta(minutes=2), repeats=1),
        Step((Who.EVERYONE,), timedelta(minutes=7)),
    )
    own = replace(desk(), escalation={Priority.P1: steps})
    async with world(tmp_path, desk_=own) as here:
        await urgent(here, 1)
        heard = [here.told()]
    async with world(tmp_path, platform=here.platform, clock=here.clock) as later:  # other steps
        later.told()
        for minutes in (2, 2, 7):
            await later.waits(minutes=minutes)
            heard.append(sorted(later.told()))

    assert heard == [["Bo"], ["last resort"], ["last resort"], ["Ada", "Bo"]]


async def test_a_p2_waits_for_the_end_of_the_day_on_the_desks_own_clock(tmp_path: Path) -> None:
    helsinki = replace(
        desk(), time_zone="Europe/Helsinki", working_hours=(read_hours("mon-fri 10:00-18:00"),)
    )
    async with world(tmp_path, desk_=helsinki) as here:
        await here.hears(*said(SOON))
        await here.waits(hours=1, minutes=59)
        quiet = here.told()
        await here.waits(minutes=1)  # 16:00 UTC, 18:00 in Helsinki

        assert (quiet, here.told()) == ([], ["Ada"])


async def test_the_last_resort_gets_the_digest_of_who_has_left(tmp_path: Path) -> None:
    async with world(tmp_path) as before:
        await urgent(before, 1, 2, 3)
    alone = replace(desk(), practitioners=desk().practitioners[1:])
    before.clock.turn(hours=18)
    async with world(tmp_path, platform=before.platform, clock=before.clock, desk_=alone) as after:
        await after.watch.digesting.tell_due()
        await after.app.courier.deliver_due()

        assert len(digests(after, LAST)) == 1
