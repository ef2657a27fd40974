"""The way out: order at one destination, none between two, retries, burials on two platforms."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.action import Action, Delivery, DirectMessage, Receipt, Update
from bot.domain.card import Card
from bot.domain.desk import Desk
from bot.domain.message import AccountRef, PlatformName
from bot.domain.practitioner import Practitioner
from bot.policy.retry import ATTEMPTS
from bot.policy.routing import by_rota
from bot.ports import Permanent, Temporary
from tests.support.build import DISCORD, account
from tests.support.life import (
    ADA,
    ALERT,
    BO,
    GRAVE,
    LAST,
    URGENT,
    World,
    now,
    said,
    world,
)  # fmt: skip
from tests.support.life import desk as plain_desk
from tests.support.scripted import ScriptedPlatform

SLACK = PlatformName("slack")
CY = AccountRef(SLACK, "U3")


@dataclass(slots=True, eq=False)
class Slack(ScriptedPlatform):
    @property
    def name(self) -> PlatformName:
        return SLACK


@dataclass(slots=True, eq=False)
class Slow(ScriptedPlatform):
    """Answers nothing that is for `waits_for` until it is let go."""

    waits_for: AccountRef | None = None
    go: asyncio.Event = field(default_factory=asyncio.Event)
    is_asked: asyncio.Event = field(default_factory=asyncio.Event)
    begun: list[str] = field(default_factory=list)

    async def perform(self, action: Action, *, key: str) -> Receipt:
        if isinstance(action, DirectMessage) and action.to == self.waits_for:
            self.begun.append(key)
            self.is_asked.set()
            await self.go.wait()
        return await ScriptedPlatform.perform(self, action, key=key)


def notice(key: str, here: World, to: AccountRef = ADA) -> Delivery:
    return Delivery(key, "north", DirectMessage(to, Card(key)), attempts=0, due_at=here.clock())


def titles(here: World, to: AccountRef = ADA) -> list[str]:
    performed = here.platform.performed.values()
    return [a.card.title for a in performed if isinstance(a, DirectMessage) and a.to == to]


async def test_what_came_later_waits_behind_what_was_put_off_for_the_same_person(
    tmp_path: Path,
) -> None:
    async with world(tmp_path) as here:
        here.platform.failures = [Temporary("busy", retry_after=timedelta(minutes=3))]
        await here.store.deliveries.schedule(notice("first", here))
        await here.app.courier.deliver_due()
        for key, to in (("second", ADA), ("third", ADA), ("other", BO)):
            here.clock.turn(seconds=1)
            await here.store.deliveries.schedule(notice(key, here, to))
        await here.app.courier.deliver_due()
        meanwhile = (titles(here), titles(here, BO))
        await here.waits(minutes=3)

        assert meanwhile == ([], ["other"])
        assert titles(here) == ["first", "second", "third"]


@pytest.mark.parametrize(
    ("trouble", "comes_at_once"),
    [(Temporary("no answer"), True), (Temporary("busy", retry_after=timedelta(minutes=3)), False)],
)
async def test_an_emergency_waits_only_for_what_the_destination_itself_asks(
    trouble: Temporary,
    comes_at_once: bool,  # noqa: FBT001 - both cases
    tmp_path: Path,
) -> None:
    async with world(tmp_path) as here:
        here.platform.failures = [trouble]
        await here.store.deliveries.schedule(notice("first", here))
        await here.app.courier.deliver_due()
        await here.store.deliveries.schedule(notice("second", here))
        await here.hears(*said(GRAVE))
        meanwhile = titles(here)
        await here.waits(minutes=3)

        assert [one for one in meanwhile if one[:2] == "P0"] == meanwhile[:1]
        assert bool(meanwhile) is comes_at_once
        assert [one for one in titles(here) if one[:2] != "P0"] == ["first", "second"]


async def test_an_update_never_overtakes_an_earlier_send_to_the_same_person(
    tmp_path: Path,
) -> None:
    async with world(tmp_path) as here:
        await here.hears(*said(GRAVE))
        here.platform.failures = [Temporary("busy", retry_after=timedelta(minutes=3))]
        await here.store.deliveries.schedule(notice("a digest", here))
        await here.app.courier.deliver_due()
        here.clock.turn(seconds=1)
        await here.presses_on("alert.take", BO)
        of_ada, of_bo = ([now(here.platform.shown[on]) for on in here.copies(w)] for w in (ADA, BO))
        await here.waits(minutes=3)

        assert (of_ada[0], of_bo[0]) == ("Nobody has it yet.", "Bo took it at 14:00 UTC.")
        assert here.cards()[0].title.startswith("P0")
        assert now(here.platform.shown[here.copies(ADA)[0]]) == "Bo took it at 14:00 UTC."
        kinds = [type(action) for action in here.platform.performed.values()][-2:]
        assert kinds == [DirectMessage, Update]


async def test_an_answer_to_a_press_waits_behind_nothing(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.hears(*said(URGENT))
        here.platform.failures = [Temporary("busy", retry_after=timedelta(minutes=3))]
        await here.store.deliveries.schedule(notice("a digest", here))
        await here.app.courier.deliver_due()
        more = await here.presses_on("alert.more", ADA)

        assert here.answer(more).title.startswith("More on this")


async def test_a_platform_that_hangs_for_one_person_holds_up_nobody_else(tmp_path: Path) -> None:
    slow = Slow(waits_for=ADA, stays=True)
    async with world(tmp_path, platform=slow) as here, asyncio.TaskGroup() as tasks:
        running = tasks.create_task(here.app.run())
        await here.app.intake.take(said(GRAVE)[0])
        await here.app.intake.take(said(GRAVE)[1])
        while not titles(here, BO):  # noqa: ASYNC110 - what is waited for tells nobody
            await asyncio.sleep(0)
        before = len(titles(here))
        for number in range(3):
            await here.store.deliveries.schedule(notice(f"late {number}", here, BO))
        while len(titles(here, BO)) < 4:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0)
        slow.go.set()
        while not titles(here):  # noqa: ASYNC110 - as above
            await asyncio.sleep(0)
        running.cancel()

    assert before == 0


async def test_what_is_under_way_at_a_stop_is_answered_and_not_done_twice(tmp_path: Path) -> None:
    slow = Slow(waits_for=ADA, stays=True)
    async with world(tmp_path, platform=slow) as here, asyncio.TaskGroup() as tasks:
        running = tasks.create_task(here.app.run())
        await here.store.deliveries.schedule(notice("under way", here))
        await slow.is_asked.wait()
        await here.store.deliveries.schedule(notice("behind it", here))
        here.app.stop()
        while any(one.get_name() == "intake" for one in asyncio.all_tasks()):  # noqa: ASYNC110 - as above
            await asyncio.sleep(0)
        slow.go.set()
        await running

    assert titles(here) == ["under way", "behind it"]
    assert slow.begun == ["under way", "behind it"]


async def test_a_stop_before_anything_has_begun_is_no_less_a_stop(tmp_path: Path) -> None:
    slow = Slow(waits_for=ADA, stays=True)
    async with world(tmp_path, platform=slow) as here:
        here.app.stop()
        await here.app.run()

    assert slow.begun == []


async def test_many_waiting_for_one_who_hangs_do_not_hide_the_others(tmp_path: Path) -> None:
    slow = Slow(waits_for=ADA, stays=True)
    async with world(tmp_path, platform=slow) as here, asyncio.TaskGroup() as tasks:
        for number in range(250):  # more than are looked at at a time
            await here.store.deliveries.schedule(notice(f"{number:03}", here))
        here.clock.turn(seconds=1)
        await here.store.deliveries.schedule(notice("other", here, BO))
        running = tasks.create_task(here.app.run())
        while not titles(here, BO):  # noqa: ASYNC110 - as above
            await asyncio.sleep(0)
        slow.go.set()
        while len(titles(here)) < 250:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0)
        running.cancel()

    assert titles(here) == [f"{number:03}" for number in range(250)]


async def test_back_off_grows_and_what_the_platform_asks_for_is_never_shortened(
    tmp_path: Path,
) -> None:
    async with world(tmp_path) as here:
        await here.store.deliveries.schedule(notice("n", here))
        waits = []
        for asked in (None, None, timedelta(minutes=10), None):
            here.platform.failures = [Temporary("busy", retry_after=asked)]
            await here.app.courier.deliver_due()
            (later,) = await here.store.deliveries.due(here.clock() + timedelta(days=1), 9)
            waits.append((later.due_at - here.clock()).total_seconds())
            here.clock.now = later.due_at

        assert waits == [1.5, 3, 600, 12]


async def test_the_same_key_is_sent_once_however_often_it_is_tried(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        one = notice("n", here)
        await here.store.deliveries.schedule(one)
        await here.platform.perform(one.action, key=one.key)  # it arrived, but nobody heard of it
        await here.store.deliveries.schedule(one)
        await here.app.courier.deliver_due()

        assert titles(here) == ["n"]
        assert (await here.store.deliveries.counts("north"))["delivered"] == 1


def on_two_platforms() -> Desk:
    people = (Practitioner("Ada", ADA), Practitioner("Cy", CY))
    return replace(plain_desk(), practitioners=people)


@asynccontextmanager
async def two_platforms(path: Path) -> AsyncIterator[tuple[World, Slack]]:
    slack, desk = Slack(), on_two_platforms()
    chat = ScriptedPlatform()
    async with world(
        path,
        platform=chat,
        platforms={DISCORD: chat, SLACK: slack},
        desk_=desk,
        on_duty=by_rota(desk),
    ) as here:
        yield here, slack


async def test_who_cannot_be_reached_on_discord_is_followed_by_who_is_on_slack(
    tmp_path: Path,
) -> None:
    """Complaint 12, on two platforms."""
    async with two_platforms(tmp_path) as (here, slack):
        here.platform.closed = {ADA}
        await here.hears(*said(URGENT))
        (card,) = [a.card for a in slack.performed.values() if isinstance(a, DirectMessage)]
        case = await here.case()

        assert "Could not be reached: Ada." in card.text
        assert (case.unreached, set(case.told)) == ((ADA,), {ADA, CY, LAST})
        assert (await here.store.deliveries.counts("north"))["buried"] == 1


async def test_a_platform_that_is_down_for_good_passes_all_on_to_the_other(tmp_path: Path) -> None:
    async with two_platforms(tmp_path) as (here, slack):
        slack.failures = [Temporary("down")] * (ATTEMPTS + 1)
        await here.hears(*said(GRAVE))
        for _ in range(ATTEMPTS + 1):
            here.clock.turn(minutes=6)
            await here.app.courier.deliver_due()
        case = await here.case()

        assert CY in case.unreached
        assert titles(here, LAST)
        assert titles(here)
        assert case.due_at is not None


async def test_taking_it_on_slack_edits_the_copy_on_discord(tmp_path: Path) -> None:
    """Complaint 5: handled elsewhere, but not shown in the chat."""
    async with two_platforms(tmp_path) as (here, slack):
        await here.hears(*said(GRAVE))
        (on_slack,) = slack.shown
        await here.presses_on("alert.take", CY, on_slack)

        assert now(here.platform.shown[here.copies(ADA)[0]]) == "Cy took it at 14:00 UTC."
        assert now(slack.shown[on_slack]) == "Cy took it at 14:00 UTC."


async def test_a_page_that_is_given_up_shows_on_every_copy_and_is_found_by_its_alert(
    tmp_path: Path,
) -> None:
    async with two_platforms(tmp_path) as (here, slack):
        slack.failures = [Permanent("the account is closed")]
        await here.hears(*said(GRAVE))
        await here.waits(seconds=1)
        dossier = await here.store.alerts.find("north", ALERT)

        assert dossier is not None
        assert dossier.case.unreached == (CY,)
        assert here.now_says() == {"Nobody has it yet. Could not be reached: Cy."}
        assert account() not in dossier.case.told


async def test_two_who_cannot_be_reached_at_the_same_moment_are_both_named(tmp_path: Path) -> None:
    async with world(tmp_path, platform=ScriptedPlatform(closed={ADA, BO})) as here:
        await here.hears(*said(GRAVE))
        await here.waits(seconds=1)

        case = await here.case()
        assert set(case.unreached) == {ADA, BO}
        assert all("Could not be reached: " in now(card) for card in here.cards())
