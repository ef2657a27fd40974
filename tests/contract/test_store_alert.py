"""What the store promises of cases: all of a change or nothing, and of two at once only one."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Select
from sqlalchemy.dialects import sqlite

from bot.domain.action import Delivery, DirectMessage, Receipt, ShowPrivately, Update
from bot.domain.alert import Case, Close, Deed, Dossier, Ending, Redraw, State, Take, What
from bot.domain.card import Card
from bot.domain.code import Code
from bot.domain.reading import Priority
from bot.policy.alert import changed, opened
from bot.policy.plan import plan_for
from bot.policy.routing import InOrder, Staff
from bot.store.alert import Moved, Repeated, Turn
from bot.store.dossier import due_statement, stale_statement
from bot.store.engine import Store, open_store
from tests.support.build import (
    DESK,
    DISCORD,
    NOON,
    account,
    at,
    batch,
    decision,
    desk,
    recorded,
    ref,
)

ADA, BO, LAST = account("101"), account("102"), account("199")
STAFF = Staff(InOrder((ADA, BO)), LAST, frozenset({ADA, BO, LAST}))
KEY = ref(1).key
OTHER = "south"


def page(case: Case, number: int = 0, *, to: str = "101") -> Delivery:
    return Delivery(
        key=f"{case.desk}/{case.key}#{case.version}.{number}",
        desk=case.desk,
        action=DirectMessage(account(to), Card("P0")),
        attempts=0,
        due_at=NOON,
        alert=case.key,
        version=case.version,
    )


async def opens(store: Store, number: int = 1, desk_: str = DESK) -> Case:
    """Record an alert whose case pages Ada and Bo."""
    plan = plan_for(Priority.P0, NOON)
    case = opened(Case(desk_, ref(number).key, Priority.P0, plan), NOON, STAFF).case
    decided = decision(Priority.P0)
    one = replace(recorded(number, desk=desk_, decided=decided), case=case)
    pages = (page(case, 0), page(case, 1, to="102"))
    await (await store.decisions.record(batch(replace(one, deliveries=pages), desk=desk_)))
    return case


def turn(before: Case, case: Case, id_: str = "press-1") -> Turn:
    return Turn(
        desk=before.desk,
        id=id_,
        alert=before.key,
        now=at(1),
        deed=case.last,
        case=case,
        before=before.version,
        card=Card("Taken"),
    )


def taken(case: Case) -> Case:
    return changed(case, Take(ADA), at(1), STAFF).case


async def find(store: Store, key: str = KEY, desk_: str = DESK) -> Case:
    dossier = await store.alerts.find(desk_, key)
    assert dossier is not None
    return dossier.case


async def deliver(store: Store) -> list[Delivery]:
    """Deliver everything that is due."""
    due = await store.deliveries.due(at(10), 100)
    done = [(one, Receipt(f"receipt of {one.key}")) for one in due]
    await store.deliveries.delivered(done, at(1))
    return due


async def test_a_case_comes_back_complete(store: Store) -> None:
    case = await opens(store)
    full = replace(
        case,
        state=State.SNOOZED,
        holder=ADA,
        acknowledged_at=at(2),
        due_at=at(9),
        told=(ADA, LAST),
        unreached=(BO,),
        unattended=True,
        ending=Ending.ELSEWHERE,
        last=Deed(What.HANDED_OVER, at(2), ADA, BO),
        version=7,
    )
    assert await find(store) == case
    await store.alerts.write(turn(case, full))
    dossier = await store.alerts.find(DESK, KEY)

    assert dossier is not None
    assert dossier.case == full
    about, kept = dossier.about, recorded(1)
    assert (about.ref, about.link, about.sent_at) == (kept.ref, kept.link, kept.sent_at)
    assert about.because == kept.decision.because


async def test_of_two_that_take_at_once_one_does(store: Store) -> None:
    case = await opens(store)
    await store.alerts.write(turn(case, taken(case)))
    by_bo = changed(case, Take(BO), at(1), STAFF).case
    with pytest.raises(Moved):
        await store.alerts.write(turn(case, by_bo, "press-2"))

    assert (await find(store)).holder == ADA
    assert [deed.who for deed in await store.alerts.audit(DESK, KEY)] == [ADA]


async def test_the_same_press_is_written_once(store: Store) -> None:
    case = await opens(store)
    await store.alerts.write(turn(case, taken(case)))
    again = taken(case)
    with pytest.raises(Repeated):
        await store.alerts.write(turn(again, replace(again, version=again.version + 1)))

    assert await store.alerts.is_written(DESK, "press-1")
    assert not await store.alerts.is_written(DESK, "press-2")
    assert await find(store) == again


async def test_what_is_written_too_late_leaves_nothing_behind(store: Store) -> None:
    case = await opens(store)
    await deliver(store)
    await store.alerts.write(turn(case, taken(case)))
    late = replace(turn(case, taken(case), "late"), deliveries=(page(taken(case), 9),))
    with pytest.raises(Moved):
        await store.alerts.write(late)

    keys = [one.key for one in await store.deliveries.due(at(10), 100)]
    assert not [key for key in keys if key.endswith(".9")]
    assert not await store.alerts.is_written(DESK, "late")


async def test_every_delivered_copy_is_drawn_again_with_the_change(store: Store) -> None:
    case = await opens(store)
    pages = await deliver(store)
    answer = ShowPrivately(ADA, "p", Card("More"))
    shown = Delivery("answer", DESK, answer, attempts=0, due_at=NOON, alert=KEY)
    look = Turn(DESK, "look", KEY, at(1), Deed(What.LOOKED, at(1), ADA), (shown,))
    await store.alerts.write(look)
    await deliver(store)
    await store.alerts.write(turn(case, taken(case)))
    due = await store.deliveries.due(at(10), 100)

    assert [one.action for one in due] == [
        Update(DISCORD, f"receipt of {one.key}", Card("Taken")) for one in pages
    ]


async def test_an_older_drawing_never_comes_after_a_newer(store: Store) -> None:
    case = await opens(store)
    await deliver(store)
    await store.alerts.write(turn(case, taken(case)))
    closed = changed(taken(case), Close(ADA, Ending.HELPED), at(2), STAFF).case
    last = replace(turn(taken(case), closed, "press-2"), card=Card("Closed"))
    await store.alerts.write(last)
    due = await store.deliveries.due(at(10), 100)

    assert {one.action.card.title for one in due if isinstance(one.action, Update)} == {"Closed"}
    assert (await store.deliveries.counts(DESK))["withdrawn"] == 2


async def test_pages_on_their_way_are_withdrawn_once_somebody_has_it(store: Store) -> None:
    case = await opens(store)
    await store.alerts.write(turn(case, taken(case)))

    assert await store.deliveries.due(at(10), 100) == []
    assert (await store.deliveries.counts(DESK))["withdrawn"] == 2


async def test_a_page_that_was_sent_when_it_was_withdrawn_is_drawn_again(store: Store) -> None:
    case = await opens(store)
    due = await store.deliveries.due(NOON, 100)
    await store.alerts.write(turn(case, taken(case)))
    assert await store.alerts.stale(DESK, 10) == []
    await store.deliveries.delivered([(due[0], Receipt("late"))], at(1))

    assert await store.alerts.stale(DESK, 10) == [KEY]
    drawn = changed(taken(case), Redraw(), at(2), STAFF).case
    await store.alerts.write(turn(taken(case), drawn, "redraw"))
    assert await store.alerts.stale(DESK, 10) == []
    assert [one.action for one in await store.deliveries.due(at(10), 100)] == [
        Update(DISCORD, "late", Card("Taken"))
    ]


async def test_a_burial_and_what_follows_are_one(store: Store) -> None:
    case = await opens(store)
    first, _ = await store.deliveries.due(NOON, 10)
    case_after = replace(case, unreached=(ADA,), version=case.version + 1)
    buried = replace(
        turn(case, case_after, "burial"),
        buried=(first, "closed"),
        deliveries=(page(case_after, 0, to="199"),),
    )
    await store.alerts.write(buried)
    await store.alerts.write(replace(buried, id="again", before=case_after.version))

    counts = await store.deliveries.counts(DESK)
    assert (counts["buried"], counts["pending"]) == (1, 2)
    assert await find(store) == case_after


async def test_due_gives_the_longest_overdue_first_and_never_the_closed(store: Store) -> None:
    for number, minutes in ((1, 30), (2, 10), (3, 20)):
        case = await opens(store, number)
        moved = replace(case, due_at=at(minutes), version=case.version + 1)
        await store.alerts.write(turn(case, moved, f"move {number}"))
    third = await find(store, ref(3).key)
    closed = changed(third, Close(ADA, Ending.HELPED), at(2), STAFF).case
    await store.alerts.write(turn(third, closed, "close"))

    assert await store.alerts.due(DESK, at(9.9), 10) == []
    assert await store.alerts.due(DESK, at(30), 10) == [ref(2).key, ref(1).key]
    assert await store.alerts.due(DESK, at(30), 1) == [ref(2).key]


async def test_an_alert_of_the_past_is_no_case_and_never_due(store: Store) -> None:
    await (await store.decisions.record(batch(recorded(1), recorded(2, joins=KEY))))

    assert await store.alerts.find(DESK, KEY) is None
    assert await store.alerts.due(DESK, at(10_000), 10) == []
    assert await store.alerts.stale(DESK, 10) == []
    assert len(await store.decisions.open_alerts(DESK, 9)) == 1
    assert await store.decisions.open_alerts(DESK, 9, is_live=True) == []


async def test_who_writes_again_makes_the_card_stale_and_a_change_in_between_too_late(
    store: Store,
) -> None:
    case = await opens(store)
    await (await store.decisions.record(batch(recorded(2, joins=KEY))))

    assert await store.alerts.stale(DESK, 10) == [KEY]
    with pytest.raises(Moved):
        await store.alerts.write(turn(case, taken(case)))


async def test_a_message_that_joins_just_when_it_was_closed_opens_it_anew(store: Store) -> None:
    case = await opens(store)
    closed = changed(case, Close(ADA, Ending.HELPED), at(1), STAFF).case
    await store.alerts.write(turn(case, closed))
    await (await store.decisions.record(batch(recorded(2, joins=KEY))))
    again = await find(store)

    assert (again.state, again.step, again.holder) == (State.OPEN, 0, None)
    assert await store.alerts.due(DESK, at(2), 10) == [KEY]


async def test_a_button_is_known_by_the_message_that_carries_it(store: Store) -> None:
    await opens(store)
    await opens(store, 2)
    pages = await deliver(store)
    found = [await store.alerts.shown_on(DESK, f"receipt of {one.key}", DISCORD) for one in pages]

    assert found == [one.alert for one in pages]
    assert await store.alerts.shown_on(DESK, "receipt of nothing", DISCORD) is None
    slack = replace(account(), platform="slack").platform  # type: ignore[arg-type] # a plain name
    assert await store.alerts.shown_on(DESK, f"receipt of {pages[0].key}", slack) is None


async def test_a_case_that_cannot_be_moved_can_wait(store: Store) -> None:
    await opens(store)
    await store.alerts.postpone(DESK, KEY, at(50))

    assert await store.alerts.due(DESK, at(49), 10) == []
    assert await store.alerts.due(DESK, at(50), 10) == [KEY]


async def test_two_desks_never_see_each_others_cases(store: Store) -> None:
    await store.desks.ensure(desk(OTHER, "South"))
    mine, theirs = await opens(store), await opens(store, desk_=OTHER)
    await store.alerts.write(turn(mine, taken(mine)))

    assert (await find(store, desk_=OTHER)) == theirs
    assert await store.alerts.audit(OTHER, KEY) == []
    assert not await store.alerts.is_written(OTHER, "press-1")
    assert await store.alerts.shown_on(OTHER, f"receipt of {DESK}/{KEY}#2.0", DISCORD) is None


@pytest.mark.parametrize(
    "stray",
    [
        lambda t: replace(t, desk=OTHER),
        lambda t: replace(t, deliveries=(replace(page(t.case), desk=OTHER),)),
        lambda t: replace(t, case=replace(t.case, desk=OTHER)),
    ],
)
async def test_a_turn_is_of_one_desk(store: Store, stray: Callable[[Turn], Turn]) -> None:
    case = await opens(store)
    with pytest.raises(ValueError, match="south"):
        await store.alerts.write(stray(turn(case, taken(case))))


async def test_what_is_due_is_found_without_reading_the_closed(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with open_store(sqlite_url) as store:
        await store.desks.ensure(desk())
    with closing(sqlite3.connect(tmp_path / "waymark.db")) as plain:
        plain.executemany(
            "INSERT INTO alert (desk, key, place, author, priority, state, opened_at, last_at,"
            " messages, due_at) VALUES ('north', ?, 'p', 'a', 1, ?, '2026-01-01 00:00:00.000000',"
            " '2026-01-01 00:00:00.000000', 1, ?)",
            [
                (str(n), "closed" if n % 1000 else "open", None if n % 1000 else "2026-01-01")
                for n in range(10_000)
            ],
        )
        plain.execute("ANALYZE")
        due = plan(plain, due_statement(DESK, NOON, 20))
        stale = plan(plain, stale_statement(DESK, 20))

    assert due == ["SEARCH alert USING COVERING INDEX ix_alert_due (desk=? AND due_at<?)"]
    assert stale == ["SEARCH alert USING INDEX ix_alert_stale (desk=?)"]


def plan(plain: sqlite3.Connection, statement: Select[*tuple[Any, ...]]) -> list[str]:
    compiled = statement.compile(dialect=sqlite.dialect())
    values = [str(compiled.params[name]) for name in compiled.positiontup or ()]
    return [step for *_, step in plain.execute(f"EXPLAIN QUERY PLAN {compiled}", values)]


async def test_a_case_says_that_somebody_asked_whichever_of_its_messages_it_was(
    store: Store,
) -> None:
    await opens(store)
    about = (await dossiers(store))[0].about
    wanted = replace(decision(Priority.P2), because=(Code.PERSON_ASKED,))
    await (await store.decisions.record(batch(recorded(2, joins=KEY, decided=wanted))))
    (found,) = await dossiers(store)
    one = await store.alerts.find(DESK, KEY)

    assert about.because == (Code.HOPELESS,)
    assert found.about.because == (Code.HOPELESS, Code.PERSON_ASKED)
    assert one == found


async def dossiers(store: Store) -> list[Dossier]:
    return await store.alerts.queue(DESK, 9)
