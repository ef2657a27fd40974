"""The one writer: it writes together what waits together, and loses nothing when it ends."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager

import pytest
from sqlalchemy import Connection, Engine, event

from bot.store.apart import Start
from bot.store.engine import Store, open_store
from bot.store.writer import WAITING, Writer
from tests.support.build import DESK, batch, desk, recorded, tally
from tests.support.databases import connected


@contextmanager
def commits() -> Iterator[list[None]]:
    """Count the commits of every database while the block runs."""
    seen: list[None] = []

    def count(_connection: Connection) -> None:
        seen.append(None)

    event.listen(Engine, "commit", count)
    try:
        yield seen
    finally:
        event.remove(Engine, "commit", count)


@asynccontextmanager
async def bare_writer(url: str) -> AsyncIterator[Writer]:
    async with connected(url) as database, Writer(database) as writer:
        yield writer


async def stored(store: Store) -> set[int]:
    return {int(one.ref.id) async for one in store.decisions.stream(DESK)}


async def submit(store: Store, numbers: Sequence[int]) -> list[Awaitable[None]]:
    return [await store.decisions.record(batch(recorded(n), tallies=(tally(),))) for n in numbers]


async def test_what_waits_together_is_committed_together(store: Store) -> None:
    with commits() as seen:
        for written in await submit(store, range(1, 101)):
            await written

    assert set(range(1, 101)) == await stored(store)
    assert len(seen) == 1


async def test_two_hundred_submitters_at_once_lose_nothing(store: Store) -> None:
    async def one(number: int) -> None:
        for repeat in range(3):
            await (await submit(store, [number * 10 + repeat]))[0]

    with commits() as seen:
        async with asyncio.TaskGroup() as tasks:
            for number in range(200):
                tasks.create_task(one(number))

    assert len(await stored(store)) == 600
    assert next(iter((await store.ledger.totals(DESK)).values())) == 600
    assert len(seen) < 60


async def test_a_failing_job_fails_alone(store: Store) -> None:
    good = await submit(store, [1, 2])
    guilty = await store.decisions.record(batch(recorded(3, joins="no such alert")))
    better = await submit(store, [4])

    with pytest.raises(Exception, match=r"(?i)foreign key"):
        await guilty
    for written in (*good, *better):
        await written
    assert {1, 2, 4} == await stored(store)
    assert next(iter((await store.ledger.totals(DESK)).values())) == 3


async def test_closing_writes_what_was_submitted(upgraded_url: str, start: Start | None) -> None:
    async with open_store(upgraded_url, start) as store:
        await store.desks.ensure(desk())
        waiting = await submit(store, range(1, 301))

    for written in waiting:
        await written
    async with open_store(upgraded_url) as store:
        assert set(range(1, 301)) == await stored(store)


async def test_a_cancelled_owner_still_writes_what_was_submitted(
    upgraded_url: str, start: Start | None
) -> None:
    submitted = asyncio.Event()

    async def owner() -> None:
        async with open_store(upgraded_url, start) as store:
            await store.desks.ensure(desk())
            await submit(store, range(1, 301))
            submitted.set()
            await asyncio.Event().wait()

    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(owner())
        await submitted.wait()
        task.cancel()
        for _ in range(5):  # someone impatient cancels again while the last group is written
            await asyncio.sleep(0)
            task.cancel()

    assert task.cancelled()
    async with open_store(upgraded_url) as store:
        assert set(range(1, 301)) == await stored(store)


async def test_a_submitter_that_is_cancelled_does_not_stop_the_others(store: Store) -> None:
    async def wait_for(written: Awaitable[None]) -> None:
        await written

    first, second = await submit(store, [1, 2])
    async with asyncio.TaskGroup() as tasks:
        impatient = tasks.create_task(wait_for(first))
        await asyncio.sleep(0)
        impatient.cancel()
        await second

    assert {1, 2} == await stored(store)


async def test_an_error_in_the_block_comes_out_as_it_is(upgraded_sqlite_url: str) -> None:
    with pytest.raises(LookupError, match="mine"):
        async with open_store(upgraded_sqlite_url):
            raise LookupError("mine")


async def test_a_closed_store_takes_nothing_more(upgraded_sqlite_url: str) -> None:
    async with open_store(upgraded_sqlite_url) as store:
        await store.desks.ensure(desk())

    with pytest.raises(RuntimeError, match="closed"):
        await store.decisions.record(batch(recorded(1)))


async def test_submitters_wait_while_too_much_is_unwritten(upgraded_sqlite_url: str) -> None:
    written: list[int] = []

    def write(_connection: Connection, payloads: Sequence[int]) -> None:
        written.extend(payloads)

    async def submit_all(writer: Writer) -> None:
        for number in range(WAITING + 5):
            await writer.submit(write, number)

    async with bare_writer(upgraded_sqlite_url) as writer, asyncio.TaskGroup() as tasks:
        filling = tasks.create_task(submit_all(writer))
        await asyncio.sleep(0)  # it runs until it has to wait
        assert not filling.done()
        assert written == []
    assert list(range(WAITING + 5)) == written


async def test_different_writes_keep_their_order(upgraded_sqlite_url: str) -> None:
    calls: list[tuple[str, Sequence[int]]] = []

    def ones(_connection: Connection, payloads: Sequence[int]) -> None:
        calls.append(("ones", payloads))

    def tens(_connection: Connection, payloads: Sequence[int]) -> None:
        calls.append(("tens", payloads))

    async with bare_writer(upgraded_sqlite_url) as writer:
        for write, payload in ((ones, 1), (ones, 2), (tens, 10), (ones, 3)):
            await writer.submit(write, payload)

    assert calls == [("ones", [1, 2]), ("tens", [10]), ("ones", [3])]
