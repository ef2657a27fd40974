"""Which spaces the bot was in is kept until it has left them, on both databases."""

from dataclasses import replace

from bot.cards.space import closed_card
from bot.domain.space import Joined, SpaceRef
from bot.store.engine import Store
from bot.store.space import Leaving
from tests.support.build import DESK, DISCORD, NOON, at, desk

TEN, ELEVEN = (Joined(SpaceRef(DISCORD, id_), "900") for id_ in ("10", "11"))


async def test_a_space_is_kept_once_and_as_it_is_now(store: Store) -> None:
    await store.joined.note(DESK, (TEN, ELEVEN))
    await store.joined.note(DESK, (replace(TEN, account="901"),))

    assert await store.joined.all(DESK) == [replace(TEN, account="901"), ELEVEN]


async def test_it_is_missed_until_it_is_joined_again(store: Store) -> None:
    await store.joined.note(DESK, (TEN, ELEVEN))
    missed = replace(TEN, missed_at=NOON)
    await store.joined.miss(DESK, (missed, replace(TEN, space=SpaceRef(DISCORD, "404"))))

    assert await store.joined.all(DESK) == [missed, ELEVEN]

    await store.joined.note(DESK, (TEN,))

    assert await store.joined.all(DESK) == [TEN, ELEVEN]


async def test_a_space_that_is_left_is_struck_off_for_one_desk_alone(store: Store) -> None:
    await store.desks.ensure(desk("south"))
    for one in (DESK, "south"):
        await store.joined.note(one, (TEN, ELEVEN))
    await store.spaces.forget(Leaving(DESK, TEN.space, closed_card(), (), at(5)))

    assert await store.joined.all(DESK) == [ELEVEN]
    assert await store.joined.all("south") == [TEN, ELEVEN]
