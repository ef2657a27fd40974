"""What the store promises of what may have been sent without a receipt."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.action import Delivery, Receipt, Update
from bot.domain.alert import Case, Take
from bot.domain.card import Card
from bot.policy.alert import changed
from bot.store.alert import Turn
from bot.store.engine import Store
from tests.contract.test_store_alert import BO, STAFF, opens, page
from tests.support.build import DESK, DISCORD, NOON, at, desk

SOON = at(1)


async def takes(store: Store, case: Case) -> Case:
    """Let Bo take the case before Ada's page has a receipt."""
    change = changed(case, Take(BO), SOON, STAFF)
    taken = Turn(DESK, "press-1", case.key, SOON, change.case.last, (), change.case, case.version)
    await store.alerts.write(replace(taken, card=Card("Bo took it")))
    return change.case


async def keys(store: Store, minutes: float = 1) -> list[str]:
    return [one.delivery.key for one in await store.searches.due(at(minutes), 10)]


async def test_a_page_that_is_taken_back_is_looked_for_since_it_was_first_due(store: Store) -> None:
    await store.desks.ensure(desk())
    case = await opens(store)
    first, second = page(case), page(case, 1, to="102")
    await store.deliveries.delivered([(second, Receipt("r2"))], NOON)
    assert await keys(store) == []
    await takes(store, case)
    (found,) = await store.searches.due(SOON, 10)

    assert (found.delivery, found.since, found.looks) == (first, NOON, 0)
    assert await store.searches.open(DESK) == 1


async def test_what_is_found_is_delivered_and_its_copies_are_drawn_again(store: Store) -> None:
    await store.desks.ensure(desk())
    case = await takes(store, await opens(store))
    for one in await store.searches.due(SOON, 10):
        await store.searches.found(one.delivery, Receipt(f"r {one.delivery.key}"), SOON)

    assert await keys(store) == []
    assert await store.alerts.stale(DESK, 10) == [case.key]
    assert (await store.deliveries.counts(DESK))["delivered"] == 2


async def test_a_late_receipt_ends_the_search(store: Store) -> None:
    await store.desks.ensure(desk())
    case = await opens(store)
    await takes(store, case)
    await store.deliveries.delivered([(page(case), Receipt("r1"))], SOON)

    assert await keys(store) == [page(case, 1, to="102").key]


async def test_a_search_waits_and_ends(store: Store) -> None:
    await store.desks.ensure(desk())
    case = await opens(store)
    await takes(store, case)
    one, other = await store.searches.due(SOON, 10)
    await store.searches.put_off(replace(one, looks=1), at(5))
    await store.searches.end(other)

    assert await keys(store) == []
    assert [later.looks for later in await store.searches.due(at(5), 10)] == [1]
    assert (await store.deliveries.counts(DESK))["withdrawn"] == 2


@pytest.mark.parametrize("is_page", [True, False])
async def test_what_is_given_up_is_looked_for_but_no_drawing(
    is_page: bool,  # noqa: FBT001 - both cases
    store: Store,
) -> None:
    await store.desks.ensure(desk())
    case = await opens(store)
    await store.deliveries.delivered([(page(case), Receipt("r1"))], NOON)
    await takes(store, case)
    drawn = Update(DISCORD, "r1", Card("Bo took it"))
    drawing = Delivery(f"{page(case).key}~2", DESK, drawn, 0, SOON, case.key)
    await store.searches.end((await store.searches.due(SOON, 1))[0])
    again = replace(page(case), key="north/again", due_at=SOON)
    await store.deliveries.schedule(again)
    await store.deliveries.bury(again if is_page else drawing, "refused", None)

    assert await keys(store) == (["north/again"] if is_page else [])


async def test_what_was_asked_to_wait_is_looked_for_when_it_may_be(store: Store) -> None:
    await store.desks.ensure(desk())
    case = await opens(store)
    await store.deliveries.retry(page(case), NOON + timedelta(minutes=9), "busy", is_asked=True)
    await takes(store, case)

    assert page(case).key not in await keys(store, 8)
    assert page(case).key in await keys(store, 9)
