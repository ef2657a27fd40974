"""What was sent without a receipt is found, and shows how things stand like all other copies."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.action import Delivery, DirectMessage
from bot.domain.card import Card
from bot.policy.search import AGAIN_AFTER, FOR
from bot.ports import Permanent, Temporary
from bot.store.engine import Store
from bot.workers.search import Searching
from tests.support.life import (
    ADA,
    BO,
    GRAVE,
    LAST,
    URGENT,
    World,
    said,
    world,
)  # fmt: skip

LOST = Temporary("the answer is lost")
TAKEN = {"Bo took it at 14:00 UTC."}


def searching(here: World) -> Searching:
    return here.watch.searching


async def searched(here: World) -> None:
    """Look for what is lost, then let what was found be drawn."""
    here.clock.turn(seconds=5)
    await searching(here).search_due()
    await here.waits(seconds=1)


async def states(here: World) -> dict[str, int]:
    return {k: n for k, n in (await here.store.deliveries.counts("north")).items() if n}


async def test_a_copy_whose_receipt_was_lost_is_drawn_like_the_others_once_it_is_found(
    tmp_path: Path,
) -> None:
    """The process dies between the sending and the receipt, and Bo takes the case after it."""
    async with world(tmp_path) as here:
        here.platform.unsaid = [LOST]
        await here.hears(*said(GRAVE))
        platform, clock = here.platform, here.clock
    async with world(tmp_path, platform=platform, clock=clock) as here:
        await here.presses_on("alert.take", BO)
        before = here.now_says()
        await searched(here)

        assert len(before) == 2
        assert here.now_says() == TAKEN
        assert await here.store.searches.open("north") == 0
        assert "withdrawn" not in await states(here)


async def test_a_copy_is_found_when_its_case_was_closed_and_stays_closed(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        here.platform.unsaid = [LOST]
        await here.hears(*said(GRAVE))
        await here.presses_on("alert.take", BO)
        await here.presses_on("alert.close/helped", BO)
        await searched(here)
        buttons = [one.id for card in here.cards() for one in card.buttons]

        assert "alert.take" not in buttons
        assert len(here.now_says()) == 1
        assert (await here.case()).state == "closed"


async def test_what_was_not_sent_is_looked_for_twice_and_then_no_more(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        here.platform.failures = [Temporary("busy")]
        await here.hears(*said(GRAVE))
        await here.presses_on("alert.take", BO)
        for _ in range(4):
            await searched(here)
            here.clock.turn(seconds=AGAIN_AFTER.total_seconds())

        assert len(here.platform.sought) == 2
        assert await here.store.searches.open("north") == 0
        assert (await states(here))["withdrawn"] == 1


async def test_what_arrives_after_the_first_look_is_found_by_the_second(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        here.platform.failures = [Temporary("busy")]
        await here.hears(*said(GRAVE))
        await here.presses_on("alert.take", BO)
        await searched(here)
        (key,) = here.platform.sought
        await here.platform.perform(DirectMessage(ADA, Card("late")), key=key)
        here.clock.turn(seconds=AGAIN_AFTER.total_seconds())
        await searched(here)

        assert here.now_says() == TAKEN


async def test_a_platform_that_cannot_be_asked_is_asked_again_for_a_day(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        here.platform.unsaid = [LOST]
        await here.hears(*said(GRAVE))
        await here.presses_on("alert.take", BO)
        here.platform.unfound = [Temporary("busy", retry_after=timedelta(minutes=5)), LOST]
        await searched(here)
        await searched(here)
        here.clock.turn(minutes=5)
        await searched(here)
        here.clock.turn(minutes=1)
        await searched(here)

        assert here.now_says() == TAKEN
        assert len(here.platform.sought) == 3


@pytest.mark.parametrize("trouble", [Permanent("gone"), Temporary("busy")])
async def test_a_search_has_an_end(trouble: Exception, tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        here.platform.unsaid = [LOST]
        await here.hears(*said(GRAVE))
        await here.presses_on("alert.take", BO)
        here.clock.turn(seconds=FOR.total_seconds())
        here.platform.unfound = [trouble]
        await searching(here).search_due()

        assert await here.store.searches.open("north") == 0


async def test_a_page_that_was_given_up_and_had_come_is_drawn_with_the_others(
    tmp_path: Path,
) -> None:
    async with world(tmp_path) as here:
        here.platform.unsaid = [LOST]
        await here.hears(*said(URGENT))
        here.platform.failures = [Permanent("takes no direct messages")]
        await here.waits(seconds=5)  # Ada's page is given up, and Bo and the last resort are told
        assert (await states(here))["buried"] == 1
        await searched(here)
        await here.presses_on("alert.take", BO)

        assert here.copies(ADA)
        assert here.copies(LAST)
        assert here.now_says() == {"Bo took it at 14:00 UTC. Could not be reached: Ada."}
        assert "buried" not in await states(here)


async def test_what_an_earlier_process_sent_is_not_sent_again(tmp_path: Path) -> None:
    """Also where the platform alone cannot tell: the outbox knows since when it may be there."""
    async with world(tmp_path) as here:
        await scheduled(here.store, here)
        here.platform.unsaid = [LOST]
        await here.app.courier.deliver_due()
        platform, clock = here.platform, here.clock
    clock.turn(minutes=1)
    async with world(tmp_path, platform=platform, clock=clock) as here:
        tried = platform.attempts
        await scheduled(here.store, here, key="new")
        await here.app.courier.deliver_due()

        assert platform.sought == ["old"]
        assert platform.attempts == tried + 1
        assert await states(here) == {"delivered": 2}


async def test_what_cannot_be_looked_for_is_sent(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await scheduled(here.store, here)
        platform, clock = here.platform, here.clock
    clock.turn(minutes=1)
    platform.unfound = [Temporary("busy")]
    async with world(tmp_path, platform=platform, clock=clock) as here:
        await here.app.courier.deliver_due()

        assert await states(here) == {"delivered": 1}


async def scheduled(store: Store, here: World, key: str = "old") -> None:
    notice = DirectMessage(ADA, Card("Done"))
    await store.deliveries.schedule(Delivery(key, "north", notice, attempts=0, due_at=here.clock()))
