"""What an owner chose is kept on both databases: the last word on each, one desk at a time."""

from datetime import timedelta

from bot.cards.space import closed_card
from bot.domain.alert import Deed, What
from bot.domain.setup import Choosing, Setting
from bot.domain.space import SpaceRef
from bot.store.alert import Turn
from bot.store.engine import Store
from bot.store.space import Leaving
from tests.support.build import DESK, DISCORD, NOON, account, desk

HERE, ELSEWHERE = SpaceRef(DISCORD, "10"), SpaceRef(DISCORD, "1_")
BY = account("1")


def setting(
    choosing: Choosing, value: str | None, space: SpaceRef | None = None, minutes: int = 0
) -> Setting:
    return Setting(choosing, value, NOON + timedelta(minutes=minutes), BY, space)


async def keep(store: Store, id_: str, *kept: Setting, of: str = DESK) -> None:
    deed = Deed(What.CONFIGURED, NOON, BY)
    await store.alerts.write(Turn(of, id_, None, NOON, deed, kept=kept))


async def test_the_last_word_holds_until_it_is_taken_back(store: Store) -> None:
    name, consent = setting(Choosing.NAME, "South"), setting(Choosing.CONSENT, "opt_in")
    await keep(store, "1", name, consent)
    again = setting(Choosing.NAME, "West", minutes=1)
    await keep(store, "2", again, setting(Choosing.CONSENT, None, minutes=1))

    assert await store.settings.of(DESK) == [again]


async def test_each_space_has_its_own(store: Store) -> None:
    ones = [
        setting(Choosing.PRACTITIONER, id_, space) for id_, space in (("7", HERE), ("8", ELSEWHERE))
    ]
    await keep(store, "1", *ones)

    assert await store.settings.of(DESK) == ones


async def test_no_other_desk_sees_it(store: Store) -> None:
    await store.desks.ensure(desk("other"))
    await keep(store, "1", setting(Choosing.NOTICE, "", HERE))

    assert await store.settings.of("other") == []


async def test_a_space_that_is_left_takes_its_own_with_it(store: Store) -> None:
    name = setting(Choosing.NAME, "South")
    kept = setting(Choosing.STAFF_CHANNEL, "25", ELSEWHERE)
    await keep(store, "1", name, setting(Choosing.STAFF_CHANNEL, "24", HERE), kept)
    await store.spaces.forget(Leaving(DESK, HERE, closed_card(), (), NOON))

    assert await store.settings.of(DESK) == [name, kept]
