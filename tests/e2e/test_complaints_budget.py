"""What users of other tools complain about, each by its number and name: budgets, drills, delivery.

The list is that of other systems' issues which Waymark was planned by. Each test tells the story
of one complaint from its beginning; the parts are tested where they stand.
"""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.cards.statement import statement_card
from bot.data.practitioner import read_hours
from bot.domain.action import DirectMessage
from bot.domain.alert import State, What
from bot.domain.audit import Failing
from bot.domain.desk import Desk
from bot.domain.message import AccountRef
from bot.policy.routing import InOrder
from bot.ports import Permanent, Temporary
from bot.workers.statement import take_statement
from tests.support.build import NOON, account, ref
from tests.support.life import (
    ADA,
    ALERT,
    BO,
    GRAVE,
    LAST,
    URGENT,
    World,
    desk,
    now,
    said,
    world,
)  # fmt: skip
from tests.support.scripted import Hands


async def urgent(here: World, *numbers: int) -> None:
    for number in numbers:
        await here.hears(*said(URGENT, first=number, by=account(f"m{number}")))


async def failings(here: World) -> list[tuple[Failing, str]]:
    changes = await here.watch.auditor.audit()
    await here.app.courier.deliver_due()
    return [(one.failing, one.subject) for one in changes.found]


def titles(here: World, to: AccountRef) -> list[str]:
    performed = here.platform.performed.values()
    return [a.card.title for a in performed if isinstance(a, DirectMessage) and a.to == to]


async def test_complaint_1_a_paused_escalation_never_resumed_and_nobody_was_told(
    tmp_path: Path,
) -> None:
    """A case that everybody's budget holds back goes on after a restart; if it cannot, it shows."""
    async with world(tmp_path) as before:
        await urgent(before, 1, 2, 3, 4)
        for who in (ADA, BO):
            for copy in before.copies(who):
                await before.presses_on("alert.no_concern", who, copy)
        await urgent(before, 5)
        await before.waits(minutes=20)
    async with world(tmp_path, platform=before.platform, clock=before.clock) as after:
        after.told()
        await after.waits(minutes=15)
        await after.waits(minutes=15)
        assert after.told() == ["last resort"]
        with closing(sqlite3.connect(tmp_path / "life.db")) as plain:
            plain.execute("UPDATE alert SET due_at = NULL WHERE key = ?", (ref(5).key,))
            plain.commit()

        assert (Failing.NO_STEP, ref(5).key) in await failings(after)
        assert any("failing" in title for title in titles(after, LAST))


async def test_complaint_2_an_acknowledged_alert_paged_months_later(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        here.platform.failures = [Temporary("throttled", retry_after=timedelta(days=90))]
        await here.hears(*said(GRAVE))
        await here.presses_on("alert.take", BO)
        here.told()
        here.clock.turn(days=91)
        await here.app.courier.deliver_due()

        assert here.told() == []


async def test_complaint_3_a_late_acknowledge_reopened_a_resolved_alert(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.hears(*said(GRAVE))
        await here.presses_on("alert.close/helped", ADA)
        await here.presses_on("alert.look", BO)
        await here.waits(hours=5)

        assert (await here.case()).state is State.CLOSED


async def test_complaint_4_too_many_notices(tmp_path: Path) -> None:
    """Twenty messages of one member are one page, twenty members are two pages a person."""
    async with world(tmp_path) as here:
        await here.hears(*said(*[URGENT] * 9))
        of_one = here.told()
        await urgent(here, *range(20, 40))

        assert of_one == ["Ada"]
        assert here.told() == ["Ada", "Bo", "Bo"]


async def test_complaint_5_handled_elsewhere_but_not_shown_so_worked_twice(
    tmp_path: Path,
) -> None:
    """The digest says how each alert stands, so nobody takes up what another has closed."""
    async with world(tmp_path) as here:
        await urgent(here, 1, 2, 3)
        await here.presses_on("alert.close/helped", BO)
        here.clock.turn(hours=18)
        await here.watch.digesting.tell_due()
        await here.app.courier.deliver_due()
        (card,) = [
            action.card
            for action in here.platform.performed.values()
            if isinstance(action, DirectMessage) and action.card.title.startswith("You were not")
        ]

        assert [field.value for field in card.fields] == ["Bo closed it at 14:00 UTC: we helped."]
        assert card.links == ()


async def test_complaint_6_the_tools_own_throttle_held_a_notice_back_invisibly(
    tmp_path: Path,
) -> None:
    """Our own throttle, the budget, is in the statement, the digest and the case's audit."""
    async with world(tmp_path) as here:
        await urgent(here, 1, 2, 3, 4, 5)
        day = here.clock().date()
        statement = await take_statement(here.store, "north", "North", day, waiting=0)
        here.clock.turn(hours=18)
        await here.watch.digesting.tell_due()
        await here.app.courier.deliver_due()
        fifth = await here.store.alerts.find("north", ref(5).key)

        assert "8 due, 4 sent, 4 held back (4 over the limit)" in statement_card(statement).text
        assert "You were not called for 3 urgent alerts" in titles(here, ADA)
        assert fifth is not None
        assert fifth.case.last is not None
        assert fifth.case.last.what is What.WITHHELD


async def test_complaint_6_what_a_platform_holds_back_for_one_delays_no_other(
    tmp_path: Path,
) -> None:
    async with world(tmp_path) as here:
        here.platform.failures = [Temporary("throttled", retry_after=timedelta(minutes=16))]
        await here.hears(*said(GRAVE))

        assert here.told() == ["Bo"]
        assert (Failing.HELD_BACK, f"north/{ALERT}#2.0") in await failings(here)


async def test_complaint_7_a_gap_in_the_rota_needs_a_fallback_person(tmp_path: Path) -> None:
    """Nobody on duty, or everybody asleep: the last resort hears of it, in time."""
    async with world(tmp_path, on_duty=lambda _: InOrder(())) as here:
        await urgent(here, 1)
        assert here.told() == ["last resort"]


def asleep() -> Desk:
    people = tuple(
        replace(one, quiet=(read_hours("mon-sun 00:00-24:00"),)) for one in desk().practitioners
    )
    return replace(desk(), practitioners=people)


async def test_complaint_7_everybody_asleep_is_a_gap_too(tmp_path: Path) -> None:
    async with world(tmp_path, desk_=asleep()) as here:
        await urgent(here, 1)
        heard = [here.told()]
        for _ in range(3):
            await here.waits(minutes=15)
            heard.append(here.told())

        assert heard == [[], [], [], ["last resort"]]


async def test_complaint_11_volunteers_want_to_sleep(tmp_path: Path) -> None:
    ada, *others = desk().practitioners
    quiet = replace(ada, quiet=(read_hours("mon-sun 22:00-07:00"),))
    night = Hands(NOON + timedelta(hours=12))
    home = replace(desk(), practitioners=(quiet, *others))
    async with world(tmp_path, clock=night, desk_=home) as here:
        await urgent(here, 1)
        at_night = here.told()
        here.clock.now = NOON + timedelta(hours=20)
        await urgent(here, 2)

        assert (at_night, here.told()) == (["Bo"], ["Ada"])


async def test_complaint_12_staff_are_not_told_that_a_direct_message_failed(
    tmp_path: Path,
) -> None:
    async with world(tmp_path) as here:
        here.platform.failures = [Permanent("takes no direct messages")]
        await urgent(here, 1)

        assert here.told() == ["Bo", "last resort"]
        assert {now(card) for card in here.cards()} == {
            "Nobody has it yet. Could not be reached: Ada."
        }
        assert (Failing.BURIED, f"north/{ALERT}#2.0") in await failings(here)


async def test_complaint_16_an_escalation_was_silently_skipped_but_reported_as_success(
    tmp_path: Path,
) -> None:
    """A step that tells nobody says so in the audit; it is never noted as told."""
    async with world(tmp_path, desk_=asleep()) as here:
        await urgent(here, 1)
        for _ in range(3):
            await here.waits(minutes=15)

        assert await here.audit() == [What.WITHHELD, What.WITHHELD, What.TOLD]
        dossier = await here.store.alerts.find("north", ALERT)
        assert dossier is not None
        assert dossier.case.told == (LAST,)
