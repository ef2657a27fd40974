"""The watch list on both databases."""

from dataclasses import replace

import pytest

from bot.cards.space import closed_card
from bot.domain.action import Delivery, Post, Receipt
from bot.domain.alert import Deed, What
from bot.domain.card import Card
from bot.domain.kept import Watching
from bot.domain.message import Place
from bot.domain.space import SpaceRef
from bot.domain.watch import Mode, Stage, Watch
from bot.policy.watch import asks_for_notice, asks_for_pin, ended, heard, told, wished
from bot.store.alert import Turn
from bot.store.engine import Store
from bot.store.output import Overtaken
from bot.store.space import Leaving
from tests.support.build import DESK, DISCORD, NOON, account, at, desk, place

MO = account("300")
HERE, ELSEWHERE = place(), replace(place(), space="1_", channel="21")


def wish(where: Place = HERE, before: Watch | None = None, desk: str = DESK) -> Watch:
    return wished(
        before,
        where,
        desk=desk,
        by=MO,
        now=NOON,
        asking="a",
        mode=Mode.SHADOW,
        answers=True,
    )


async def put(
    store: Store, watch: Watch, before: int = 0, deliveries: tuple[Delivery, ...] = ()
) -> None:
    id_ = f"{watch.key}@{watch.version}"
    deed = Deed(What.ASKED_TO_WATCH, NOON, MO)
    kept = (Watching(watch, before),)
    await store.alerts.write(Turn(watch.desk, id_, None, NOON, deed, deliveries, kept=kept))


async def asked(store: Store, where: Place = HERE) -> tuple[Watch, Delivery]:
    watch = wish(where)
    notice = asks_for_notice(watch, Card("A bot reads this channel"), NOON)
    await put(store, watch, deliveries=(notice,))
    return watch, notice


async def test_a_wish_is_kept_whole_with_its_notice(store: Store) -> None:
    watch, notice = await asked(store)

    assert await store.watches.all(DESK) == [watch]
    assert [one.key for one in await store.deliveries.due(NOON, 9)] == [notice.key]
    assert await store.watches.sent(DESK) == []


async def test_a_receipt_tells_where_the_notice_stands(store: Store) -> None:
    watch, notice = await asked(store)
    receipt = Receipt("20:5", "00005", "https://discord.com/channels/10/20/5")
    await store.deliveries.delivered([(notice, receipt)], at(1))
    (sent,) = await store.watches.sent(DESK)
    on = heard(sent, can_pin=True)
    await put(store, on, watch.version, asks_for_pin(on, NOON))

    assert (sent.posted, sent.position, sent.link) == (True, "00005", receipt.link)
    assert sent.at == at(1)
    assert await store.watches.all(DESK) == [on]
    assert await store.watches.sent(DESK) == []
    (pin,) = await store.deliveries.due(at(2), 9)
    await store.deliveries.bury(pin, "may not pin", None)
    (told,) = await store.watches.sent(DESK)
    assert (told.pinned, told.why) == (False, "may not pin")


async def test_a_buried_notice_is_told_with_its_reason(store: Store) -> None:
    _, notice = await asked(store)
    await store.deliveries.bury(notice, "lacks a permission", None)
    (sent,) = await store.watches.sent(DESK)

    assert (sent.posted, sent.why) == (False, "lacks a permission")


async def test_what_is_stopped_is_not_sent_and_a_late_receipt_is_told(store: Store) -> None:
    watch, notice = await asked(store)
    await put(store, ended(watch, by=MO, now=NOON), watch.version)

    assert await store.deliveries.due(at(1), 9) == []
    assert await store.watches.sent(DESK) == []
    await store.deliveries.delivered([(notice, Receipt("20:5"))], at(1))
    (sent,) = await store.watches.sent(DESK)
    assert (sent.posted, sent.watch.stage) == (True, Stage.OFF)


async def test_who_comes_second_writes_nothing(store: Store) -> None:
    watch, _ = await asked(store)
    await put(store, replace(watch, version=2, mode=Mode.WATCH), 1)
    with pytest.raises(Overtaken):
        await put(store, replace(watch, version=2, key="x"), 1)
    with pytest.raises(Overtaken):
        await put(store, replace(watch, key="y"), 0)

    (kept,) = await store.watches.all(DESK)
    assert (kept.mode, kept.key) == (Mode.WATCH, watch.key)


async def test_a_space_that_is_left_takes_its_list_and_notices_along(store: Store) -> None:
    await asked(store)
    other, notice = await asked(store, ELSEWHERE)
    await store.spaces.forget(Leaving(DESK, SpaceRef(DISCORD, "10"), closed_card(), (), at(3)))

    assert await store.watches.all(DESK) == [other]
    assert [one.key for one in await store.deliveries.due(at(3), 9)] == [notice.key]


async def test_each_desk_has_a_list_of_its_own(store: Store) -> None:
    await store.desks.ensure(desk("south"))
    await asked(store)

    assert await store.watches.all("south") == []
    with pytest.raises(ValueError, match="south"):
        await store.alerts.write(
            Turn(DESK, "x", None, NOON, kept=(Watching(wish(desk="south"), 0),))
        )


async def test_a_receipt_tells_that_a_channel_knows_who_is_read(store: Store) -> None:
    watch, notice = await asked(store)
    await store.deliveries.delivered([(notice, Receipt("20:5", "00005"))], at(1))
    (sent,) = await store.watches.sent(DESK)
    on = replace(heard(sent, can_pin=False), told="opt_in", drawn="a card", telling="opt_out#2")
    word = Delivery(on.telling_key, DESK, Post(on.place, Card("Changed")), 0, NOON)
    await put(store, on, watch.version, (word,))
    assert await store.watches.all(DESK) == [on]
    assert await store.watches.sent(DESK) == []
    await store.deliveries.delivered([(word, Receipt("20:9", "00009"))], at(2))
    (known,) = await store.watches.sent(DESK)

    assert (known.told, known.told_at) == (True, "00009")
    knows = replace(told(known), version=on.version + 1)
    await put(store, knows, on.version)
    assert await store.watches.all(DESK) == [knows]
    assert await store.watches.sent(DESK) == []
