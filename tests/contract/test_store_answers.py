"""What the store keeps of a question's answer: when, and by which message."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, inspect, text

from bot.domain.code import Code
from bot.domain.decision import Answer, Batch, OpenQuestion, Recorded
from bot.domain.reading import Priority
from bot.store.engine import Store, open_store
from bot.store.schema import REVISIONS
from bot.store.upgrade import MIGRATIONS
from tests.support.build import DESK, at, batch, decision, desk, place, recorded, ref
from tests.support.databases import connected

BY = ref(5).key
LATER = ref(9).key


def asked(
    number: int = 1,
    *,
    desk: str = DESK,
    because: Sequence[Code] = (Code.ASKING,),
    priority: Priority = Priority.P3,
) -> Recorded:
    """A question, or something more urgent with one in it; no alert, so that all is one row."""
    decided = replace(decision(priority, outcomes=()), because=tuple(because))
    one = recorded(number, desk=desk, decided=decided)
    return replace(one, alert=None, deliveries=())


def answer(question: int = 1, by: str = BY, minutes: float = 5) -> Answer:
    return Answer(ref(question).key, by, at(minutes))


async def record(store: Store, *batches: Batch) -> None:
    for written in [await store.decisions.record(one) for one in batches]:
        await written


def answers(*given: Answer, desk: str = DESK) -> Batch:
    return Batch(desk, answers=given)


async def answered(store: Store, desk: str = DESK) -> dict[str, Answer | None]:
    return {one.ref.id: one.answered async for one in store.decisions.stream(desk)}


async def test_an_answer_comes_back_with_its_question(store: Store) -> None:
    await record(store, batch(asked(1), asked(2)))
    await record(store, answers(answer(1)))

    assert await answered(store) == {"1": answer(1), "2": None}


async def test_an_answer_may_come_in_the_same_batch(store: Store) -> None:
    await record(store, replace(batch(asked(1)), answers=(answer(1),)))

    assert await answered(store) == {"1": answer(1)}


async def test_the_first_answer_counts_and_the_same_again_changes_nothing(store: Store) -> None:
    both = (answer(1), answer(1, LATER, 9))
    await record(store, replace(batch(asked(1)), answers=both))
    await record(store, batch(asked(1)), answers(answer(1, LATER, 9)), answers(answer(1)))

    assert await answered(store) == {"1": answer(1)}


@pytest.mark.parametrize("priority", [Priority.P0, Priority.P1, Priority.P2])
async def test_what_is_urgent_is_never_closed_by_chat(store: Store, priority: Priority) -> None:
    urgent = asked(1, because=(Code.DISTRESS, Code.ASKING), priority=priority)
    await record(store, batch(urgent), answers(answer(1)))

    assert await answered(store) == {"1": None}


async def test_a_claim_to_check_is_no_question(store: Store) -> None:
    await record(store, batch(asked(1, because=(Code.CLAIM_KNOWN,))), answers(answer(1)))

    assert await answered(store) == {"1": None}


async def test_an_answer_to_what_was_never_asked_does_no_harm(store: Store) -> None:
    await record(store, answers(answer(404)), batch(asked(1)))

    assert await answered(store) == {"1": None}


async def test_another_desks_answer_does_not_reach_here(store: Store) -> None:
    await store.desks.ensure(desk("south"))
    await record(store, batch(asked(1)), batch(asked(1, desk="south"), desk="south"))
    await record(store, answers(answer(1), desk="south"))

    assert await answered(store) == {"1": None}
    assert await answered(store, "south") == {"1": answer(1)}


async def test_open_questions_are_those_nobody_answered_the_latest_first(store: Store) -> None:
    await store.desks.ensure(desk("south"))
    await record(
        store,
        batch(asked(1), asked(2), asked(3, because=(Code.CLAIM_KNOWN, Code.ASKING_MODEL))),
        batch(asked(4, because=(Code.CLAIM_KNOWN,)), asked(5, priority=Priority.P2)),
        batch(asked(6, desk="south"), desk="south"),
        answers(answer(2)),
    )

    found = await store.decisions.open_questions(DESK, 10)
    assert found == [OpenQuestion(ref(n), asked(n).author, at(n)) for n in (3, 1)]
    assert found[0].ref.place.name == place().name
    assert found[0].asked_at.utcoffset() == timedelta(0)
    assert await store.decisions.open_questions(DESK, 1) == found[:1]


def move(connection: Connection, revision: str) -> None:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    go = command.downgrade if revision < REVISIONS[-1] else command.upgrade
    go(config, revision)


def columns(connection: Connection) -> set[str]:
    return {column["name"] for column in inspect(connection).get_columns("decision")}


async def test_the_way_back_to_0001_keeps_the_questions(database_url: str) -> None:
    async with open_store(database_url) as store:
        await store.desks.ensure(desk())
        await record(store, replace(batch(asked(1)), answers=(answer(1),)))
    async with connected(database_url) as database, database.writing() as connection:
        await connection.run_sync(move, "0001")
        assert not {"answered_at", "answered_by"} & await connection.run_sync(columns)
        assert await connection.scalar(text("SELECT count(*) FROM decision")) == 1
    async with open_store(database_url) as store:  # a database of the version before is taken on
        assert await answered(store) == {"1": None}
        await record(store, answers(answer(1)))
        assert await answered(store) == {"1": answer(1)}


async def test_of_the_answer_nothing_but_a_reference_and_a_time_is_kept(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with open_store(sqlite_url) as store:
        await store.desks.ensure(desk())
        await record(store, replace(batch(asked(1)), answers=(answer(1),)))
    async with connected(sqlite_url) as database, database.reading() as connection:
        kept = await connection.run_sync(columns)

    assert {name for name in kept if "answer" in name} == {"answered_at", "answered_by"}
    assert BY.encode() in (tmp_path / "waymark.db").read_bytes()
