"""What is changed and what is forgotten, on both databases."""

from dataclasses import replace

from sqlalchemy import text

from bot.cards.space import closed_card
from bot.domain.action import Post, Receipt, Update
from bot.domain.alert import Case, Deed, What
from bot.domain.card import Card
from bot.domain.decision import Alert, Recorded
from bot.domain.kept import Promised, Remarked
from bot.domain.ledger import Run
from bot.domain.reading import Priority
from bot.domain.remark import FollowUp, Remark, RemarkCode
from bot.domain.space import SpaceRef
from bot.policy.plan import plan_for
from bot.store.alert import Turn
from bot.store.engine import Store
from bot.store.schema import METADATA
from bot.store.space import Leaving
from tests.support.build import (
    DESK,
    DISCORD,
    NOON,
    account,
    at,
    batch,
    decision,
    delivery,
    place,
    recorded,
    ref,
    tally,
)
from tests.support.databases import connected

ADA = account("101")
HERE = place()
ELSEWHERE = replace(HERE, space="1_", channel="21")  # "_" is a pattern's sign in SQL
LEFT = SpaceRef(DISCORD, "10")


def with_case(one: Recorded) -> Recorded:
    case = Case(DESK, one.ref.key, Priority.P1, plan_for(Priority.P1, NOON), told=(ADA,))
    page = replace(delivery(f"{one.ref.key}#1", due_at=NOON), alert=one.ref.key, version=1)
    return replace(one, case=case, deliveries=(page,))


async def fill(store: Store) -> None:
    ones = [with_case(recorded(n, where=where)) for n, where in ((1, HERE), (2, ELSEWHERE))]
    run = Run("1", ("1",), NOON, NOON)
    tallies = tuple(replace(tally(where=one), run=run) for one in (HERE, ELSEWHERE))
    await (await store.decisions.record(batch(*ones, tallies=tallies)))
    for one in ones:
        key = one.ref.key
        kept = (
            Remarked(Remark(key, key, ADA, NOON, RemarkCode.CONTACTED)),
            Promised(FollowUp(key, key, ADA, at(9))),
        )
        await store.alerts.write(
            Turn(DESK, key[-1], key, NOON, Deed(What.LOOKED, NOON, ADA), kept=kept)
        )
        await store.spaces.close(DESK, one.ref.place.key, NOON)


async def everything(url: str) -> str:
    async with connected(url) as database, database.reading() as connection:
        rows = [
            str(row)
            for table in METADATA.sorted_tables
            for row in await connection.execute(text(f"SELECT * FROM {table.name}"))  # noqa: S608 - our own
        ]
    return "\n".join(rows)


async def test_a_space_that_is_left_leaves_nothing_and_others_stay(
    store: Store, upgraded_url: str
) -> None:
    await fill(store)
    notice = delivery("told", due_at=NOON)
    assert await store.spaces.concerned(DESK, LEFT) == (1, [ADA])
    await store.spaces.forget(Leaving(DESK, LEFT, closed_card(), (notice,), at(3)))

    left = await everything(upgraded_url)
    assert f"{HERE.key}" not in left
    assert ELSEWHERE.key in left
    assert "told" in left
    assert await store.alerts.find(DESK, ref(2, ELSEWHERE).key) is not None
    assert await store.spaces.gone(DESK) == {ELSEWHERE.key}


async def test_copies_are_drawn_once_more_without_a_place(store: Store) -> None:
    await fill(store)
    for page in await store.deliveries.due(NOON, 9):
        await store.deliveries.delivered([(page, Receipt(f"receipt of {page.key}"))], NOON)
    await store.spaces.forget(Leaving(DESK, LEFT, closed_card(), (), at(3)))

    (drawn,) = await store.deliveries.due(at(3), 9)
    assert isinstance(drawn.action, Update)
    assert (drawn.action.card, drawn.alert) == (closed_card(), None)
    assert HERE.key not in drawn.key


async def test_copies_are_drawn_again_in_a_space_that_is_left_once_more(store: Store) -> None:
    key = ref(1, HERE).key
    for left_at in (at(3), at(5)):
        page = replace(delivery(f"{key}#1", due_at=NOON), alert=key, version=1)
        await store.deliveries.schedule(page)
        await store.deliveries.delivered([(page, Receipt(f"{left_at}"))], NOON)
        await store.spaces.forget(Leaving(DESK, LEFT, closed_card(), (), left_at))

    drawn = [one.action for one in await store.deliveries.due(at(5), 9)]
    assert [one.external_id for one in drawn if isinstance(one, Update)] == [
        f"{at(3)}",
        f"{at(5)}",
    ]


async def test_nothing_is_said_any_more_in_the_space_that_was_left(store: Store) -> None:
    await fill(store)
    staff = replace(HERE, channel="25")
    shared, later = (
        replace(delivery(name, due_at=NOON), action=Post(staff, Card("An urgent alert")))
        for name in ("shared", "later")
    )
    await store.deliveries.schedule(replace(shared, alert=ref(1, HERE).key, version=1))
    await store.deliveries.schedule(later)
    for page in await store.deliveries.due(NOON, 9):
        if page.key != later.key:
            await store.deliveries.delivered([(page, Receipt(f"receipt of {page.key}"))], NOON)
    await store.spaces.forget(Leaving(DESK, LEFT, closed_card(), (), at(3)))

    (drawn,) = await store.deliveries.due(at(3), 9)
    assert isinstance(drawn.action, Update)
    assert drawn.action.external_id == f"receipt of {ref(1, HERE).key}#1"


async def test_a_decision_is_revised_and_its_alert_raised_once(store: Store) -> None:
    quiet = replace(recorded(1, decided=decision(Priority.P3, ())), alert=None, deliveries=())
    await (await store.decisions.record(batch(quiet)))
    worse = with_case(recorded(1, decided=decision(Priority.P0, (Alert(Priority.P0),))))
    await store.decisions.revise(worse)
    await store.decisions.revise(worse)
    found = await store.decisions.one(DESK, worse.ref.key)

    assert found is not None
    assert (found.decision.priority, found.alert) == (Priority.P0, worse.ref.key)
    assert await store.decisions.in_place(DESK, HERE) == [worse.ref.key]
    assert await store.decisions.in_place(DESK, ELSEWHERE) == []
    assert len(await store.deliveries.due(NOON, 9)) == 1
    assert await store.decisions.one(DESK, "no such") is None
