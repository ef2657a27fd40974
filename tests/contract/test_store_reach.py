"""Who takes no direct messages, on both databases."""

from datetime import timedelta

from bot.store.engine import Store
from tests.support.build import DESK, NOON, account, desk

ADA, BO = account("101"), account("102")
LATER = NOON + timedelta(hours=1)


async def test_the_first_time_stays_until_they_are_reached(store: Store) -> None:
    await store.desks.ensure(desk())
    await store.reach.closed(DESK, BO, NOON)
    await store.reach.closed(DESK, ADA, LATER)
    await store.reach.closed(DESK, BO, LATER)
    assert await store.reach.unreached(DESK) == {BO: NOON, ADA: LATER}
    await store.reach.opened(DESK, BO)
    await store.reach.opened(DESK, BO)

    assert await store.reach.unreached(DESK) == {ADA: LATER}


async def test_what_one_desk_knows_no_other_knows(store: Store) -> None:
    for id_ in (DESK, "south"):
        await store.desks.ensure(desk(id_))
    await store.reach.closed(DESK, ADA, NOON)
    await store.reach.opened("south", ADA)

    assert await store.reach.unreached("south") == {}
    assert await store.reach.unreached(DESK) == {ADA: NOON}
