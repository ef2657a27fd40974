"""What the store keeps and gives for the auditor and the statement, on every database."""

from datetime import date, timedelta

import pytest

from bot.domain.action import Receipt
from bot.domain.audit import Failing, Finding, Stuck, Sums
from bot.domain.ledger import Count
from bot.domain.reading import Priority
from bot.policy.audit import changes
from bot.store.engine import Store
from tests.support.build import (
    DESK,
    NOON,
    at,
    batch,
    decision,
    delivery,
    desk,
    place,
    recorded,
    ref,
    tally,
)

OTHER = "south"
BEHIND = Finding(Failing.BEHIND, "discord:10:20", "#job-search since 12:00")
STOPPED = Finding(Failing.STOPPED, "courier")


async def audit(store: Store, *found: Finding, minutes: float = 0, desk_: str = DESK) -> None:
    known = await store.findings.open_keys(desk_)
    changed = changes(found, known)
    await store.findings.record(desk_, changed, now=at(minutes), notice=None)


async def test_a_finding_is_open_until_it_is_no_longer_found(store: Store) -> None:
    await audit(store, BEHIND, STOPPED)
    await audit(store, STOPPED, minutes=60)
    assert await store.findings.open_keys(DESK) == {STOPPED.key}

    await audit(store, BEHIND, minutes=120)
    assert await store.findings.open_keys(DESK) == {BEHIND.key}


async def test_a_day_has_what_was_open_in_it(store: Store) -> None:
    await audit(store, BEHIND, STOPPED)
    await audit(store, STOPPED, minutes=60)

    assert await store.findings.since(DESK, at(0)) == [BEHIND, STOPPED]
    assert await store.findings.since(DESK, at(61)) == [STOPPED]


async def test_the_notice_is_kept_with_what_it_tells_of_or_neither(store: Store) -> None:
    notice = delivery("north/desk/finding/1")
    changed = changes([BEHIND], ())
    await store.findings.record(DESK, changed, now=NOON, notice=notice)
    assert await store.deliveries.due(NOON, 10) == [notice]

    stray = delivery("south/desk/finding/1", desk="nowhere")
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        await store.findings.record(DESK, changes([STOPPED], ()), now=NOON, notice=stray)
    assert await store.findings.open_keys(DESK) == {BEHIND.key}


async def test_findings_of_one_desk_are_not_the_others(store: Store) -> None:
    await store.desks.ensure(desk(OTHER, "South"))
    await audit(store, BEHIND)

    assert await store.findings.open_keys(OTHER) == frozenset()
    assert await store.findings.since(OTHER, NOON) == []
    assert await store.desks.names() == {DESK: "North careers desk", OTHER: "South"}


async def test_only_what_does_not_add_up_is_given(store: Store) -> None:
    today, tomorrow = NOON.date(), NOON.date() + timedelta(days=1)
    tallies = (
        tally(where=place("1")),
        tally(where=place("2"), counts={(today, Count.SEEN): 3, (today, Count.SKIPPED_BOT): 3}),
        tally(where=place("2"), counts={(tomorrow, Count.SEEN): 3, (tomorrow, Count.READ): 2}),
        tally(where=place("3"), counts={(today, Count.SEEN): 1, (today, Count.UNASSESSED): 1}),
    )
    await (await store.decisions.record(batch(tallies=tallies)))

    assert await store.ledger.unbalanced(DESK) == [
        Sums(place("3").key, today, 1, 0),
        Sums(place("2").key, tomorrow, 3, 2),
    ]
    assert [s.day for s in await store.ledger.unbalanced(DESK, since=tomorrow)] == [tomorrow]
    assert await store.ledger.days(DESK) == (today, tomorrow)
    assert (await store.ledger.on_day(DESK, today))[Count.SEEN] == 5
    assert not any((await store.ledger.on_day(DESK, date(2025, 1, 1))).values())


async def test_a_desk_that_counted_nothing_has_no_days(store: Store) -> None:
    assert await store.ledger.days(DESK) is None


async def test_deliveries_in_trouble_are_told_from_those_on_their_way(store: Store) -> None:
    keys = ("buried", "held", "late", "done", "soon", "planned", "long ago")
    due = dict(zip(keys, (0, 0, -30, 0, -1, 60, -3000), strict=True))
    made = {key: delivery(key, due_at=at(minutes)) for key, minutes in due.items()}
    for one in made.values():
        await store.deliveries.schedule(one)
    await store.deliveries.bury(made["buried"], "closed", None)
    await store.deliveries.bury(made["long ago"], "closed", None)
    await store.deliveries.retry(made["held"], at(20), "busy")
    await store.deliveries.delivered([(made["done"], Receipt("1"))], NOON)
    patience = {"patience": timedelta(minutes=5), "buried": timedelta(days=2)}

    assert await store.deliveries.stuck(DESK, NOON, **patience) == [
        Stuck("late", Failing.OVERDUE, at(-30), 0),
        Stuck("buried", Failing.BURIED, NOON, 0),
        Stuck("held", Failing.HELD_BACK, at(20), 1),
    ]
    assert await store.deliveries.stuck(OTHER, NOON, **patience) == []


async def test_what_was_scheduled_or_done_once_is_not_scheduled_again(store: Store) -> None:
    one = delivery("north/desk/statement/2026-01-05")
    await store.deliveries.schedule(one)
    await store.deliveries.delivered([(one, Receipt("1"))], NOON)
    await store.deliveries.schedule(one)

    counts = await store.deliveries.counts(DESK)
    assert {state: n for state, n in counts.items() if n} == {"delivered": 1}


async def test_alerts_are_counted_by_the_message_that_raised_them(store: Store) -> None:
    ones = (
        recorded(1, decided=decision(Priority.P2)),
        recorded(2, joins=ref(1).key, decided=decision(Priority.P1)),
        recorded(3, decided=decision(Priority.P0)),
        recorded(60),
    )
    await (await store.decisions.record(batch(*ones)))

    assert await store.decisions.alerts_raised(DESK, at(0), at(60)) == {
        Priority.P0: 1,
        Priority.P1: 1,
    }
    assert await store.decisions.alerts_raised(OTHER, at(0), at(90)) == {}
