"""A connection that breaks during a write: written once more, and never twice."""

import os
import stat
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, select, text

from bot.domain.ledger import Count
from bot.store.database import LostDatabase
from bot.store.decision import write_batches
from bot.store.engine import open_store
from bot.store.schema import DECISION
from bot.store.writer import Writer
from tests.support.build import DESK, batch, desk, recorded, tally
from tests.support.databases import connected

CUT = text("SELECT pg_terminate_backend(pg_backend_pid())")
ROWS = select(func.count()).select_from(DECISION)


def cut(times: int) -> Callable[[Connection, Sequence[object]], None]:
    """Give a write after which the server ends the connection, so many times."""
    left = [times]

    def write(connection: Connection, batches: Sequence[object]) -> None:
        write_batches(connection, batches)  # type: ignore[arg-type]
        if left[0]:
            left[0] -= 1
            connection.execute(CUT)

    return write


async def prepared(url: str) -> None:
    async with open_store(url) as store:
        await store.desks.ensure(desk())


def modes_in(folder: Path) -> set[int]:
    return {stat.S_IMODE(one.stat().st_mode) for one in folder.iterdir()}


async def seen(url: str) -> tuple[int, int]:
    """Give the rows, and the messages counted."""
    async with connected(url) as database, database.reading() as connection:
        rows = int(await connection.scalar(ROWS) or 0)
    async with open_store(url) as store:
        return rows, (await store.ledger.totals(DESK))[Count.SEEN]


async def test_a_write_that_lost_its_connection_is_written_once_more(postgres_url: str) -> None:
    await prepared(postgres_url)
    async with connected(postgres_url) as database, Writer(database) as writer:
        await (await writer.submit(cut(1), batch(recorded(1), tallies=(tally(),))))
    assert await seen(postgres_url) == (1, 1)


async def test_losing_it_twice_is_said_and_nothing_is_half_written(postgres_url: str) -> None:
    await prepared(postgres_url)
    async with connected(postgres_url) as database, Writer(database) as writer:
        with pytest.raises(LostDatabase, match="does not answer"):
            await (await writer.submit(cut(2), batch(recorded(1), tallies=(tally(),))))
        await (await writer.submit(cut(0), batch(recorded(2), tallies=(tally(2, 2),))))
    assert await seen(postgres_url) == (1, 1)


async def test_what_was_committed_is_told_from_what_was_not(postgres_url: str) -> None:
    async with connected(postgres_url) as database:
        async with database.writing() as connection:
            committed = await database.mark(connection)
        async with database.writing() as connection:
            undone = await database.mark(connection)
            await connection.rollback()
        async with database.writing() as connection:
            going_on = await database.mark(connection)
            assert going_on is not None
            assert await database.has_arrived(going_on) is None
        assert committed is not None
        assert undone is not None
        assert await database.has_arrived(committed) is True
        assert await database.has_arrived(undone) is False


async def test_a_database_file_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "waymark.db"
    async with open_store(f"sqlite:///{path}") as store:
        await store.desks.ensure(desk())
        assert modes_in(tmp_path) == {0o600}


async def test_a_database_file_that_is_there_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "waymark.db"
    os.close(os.open(path, os.O_CREAT, 0o640))
    async with open_store(f"sqlite:///{path}"):
        pass
    assert modes_in(tmp_path) == {0o640}
