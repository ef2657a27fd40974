"""A database that cannot be used says so in one line, with what to do, and stays as it was."""

import asyncio
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event, make_url, text
from sqlalchemy.pool import Pool

from bot.store.database import LostDatabase
from bot.store.engine import BadDatabase, open_store
from bot.store.schema import REVISIONS
from bot.store.writer import Writer
from tests.support.build import DESK, batch, desk, recorded, tally
from tests.support.databases import connected


async def why_not(url: str) -> str:
    """Open it, and give the one line that says why it could not be."""
    with pytest.raises(BadDatabase) as caught:
        async with open_store(url):
            pass
    line = str(caught.value)
    assert "\n" not in line
    return line


@pytest.mark.parametrize(
    ("url", "advice"),
    [
        ("mysql://localhost/waymark", "write sqlite:/// or postgresql://"),
        ("waymark.db", "write sqlite:///waymark.db"),
        ("", "write sqlite:///waymark.db"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
    ],
)
async def test_an_address_that_names_no_database_is_refused(url: str, advice: str) -> None:
    assert advice in await why_not(url)


def is_empty(folder: Path) -> bool:
    return not any(folder.iterdir())


async def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert "make its folder" in await why_not(f"sqlite:///{tmp_path / 'no' / 'waymark.db'}")
    assert is_empty(tmp_path)


async def test_a_folder_that_cannot_be_written_to_is_named() -> None:
    assert "let this user write there" in await why_not("sqlite:////proc/waymark.db")


async def test_a_file_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    path = tmp_path / "waymark.db"
    with closing(sqlite3.connect(path)) as plain:
        plain.execute("PRAGMA journal_mode = WAL")
        plain.execute("CREATE TABLE something (x)")
    assert "let this user write" in await why_not(f"sqlite:///file:{path}?mode=ro&uri=true")


async def test_a_file_that_is_no_database_stays_as_it_is(sqlite_url: str, tmp_path: Path) -> None:
    path = tmp_path / "waymark.db"
    path.write_bytes(b"Dear diary, " * 1000)

    assert "is not an SQLite database" in await why_not(sqlite_url)
    assert path.read_bytes() == b"Dear diary, " * 1000


async def test_another_programs_database_is_refused(database_url: str) -> None:
    async with connected(database_url) as database, database.writing() as connection:
        await connection.execute(text("CREATE TABLE alert (beep INTEGER)"))

    assert "belongs to another program" in await why_not(database_url)


async def test_a_newer_versions_database_is_refused_and_kept(database_url: str) -> None:
    async with open_store(database_url) as store:
        await store.desks.ensure(desk())
        await (await store.decisions.record(batch(recorded(1))))
    await set_revision(database_url, "9999")

    assert "update Waymark" in await why_not(database_url)
    await set_revision(database_url, REVISIONS[-1])
    async with open_store(database_url) as store:
        assert len(await store.decisions.open_alerts(DESK, 10)) == 1


async def set_revision(url: str, revision: str) -> None:
    async with connected(url) as database, database.writing() as connection:
        await connection.execute(
            text("UPDATE alembic_version SET version_num = :it"), {"it": revision}
        )


async def test_a_full_disk_is_said_and_nothing_is_half_written(
    sqlite_url: str, request: pytest.FixtureRequest
) -> None:
    async with open_store(sqlite_url) as store:
        await store.desks.ensure(desk())
    fill_the_disk(request)

    async with open_store(sqlite_url) as store:
        huge = batch(*(recorded(number) for number in range(500)), tallies=(tally(),))
        with pytest.raises(BadDatabase, match="found the disk full: make room"):
            await (await store.decisions.record(huge))
        assert [one async for one in store.decisions.stream(DESK)] == []
        assert await store.ledger.stretches(DESK) == {}
        assert await store.decisions.open_alerts(DESK, 10) == []
        small = await store.decisions.record(batch(recorded(1)))
        await small
        assert len(await store.decisions.open_alerts(DESK, 10)) == 1


def fill_the_disk(request: pytest.FixtureRequest) -> None:
    """Let no file grow past some 50 pages until the test ends."""

    def limit(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own type
        cursor = connection.cursor()
        cursor.execute("PRAGMA max_page_count = 50")
        cursor.close()

    event.listen(Pool, "connect", limit)
    request.addfinalizer(lambda: event.remove(Pool, "connect", limit))


async def test_a_migration_that_fails_leaves_nothing_behind(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail_at_the_end(*_: object, **__: object) -> None:
        raise LookupError("half-way")

    with monkeypatch.context() as broken:
        broken.setattr("alembic.operations.Operations.create_index", fail_at_the_end)
        with pytest.raises(LookupError, match="half-way"):
            async with open_store(database_url):
                pass
    async with open_store(database_url) as store:
        await store.desks.ensure(desk())


async def test_two_that_start_at_once_both_find_the_tables(database_url: str) -> None:
    async def start(id_: str) -> None:
        async with open_store(database_url) as store:
            await store.desks.ensure(desk(id_))
            await (await store.decisions.record(batch(recorded(1, desk=id_), desk=id_)))

    async with asyncio.TaskGroup() as tasks:
        for id_ in ("north", "south"):
            tasks.create_task(start(id_))
    async with open_store(database_url) as store:
        assert len(await store.deliveries.due(recorded(1).sent_at, 10)) == 2


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://someone:secret@127.0.0.1:1/waymark",
        "postgresql://someone:secret@/waymark?host=/nowhere",
    ],
)
async def test_a_postgresql_that_is_not_there_is_named_without_its_password(url: str) -> None:
    line = await why_not(url)
    assert "does not answer" in line
    assert "start it, or correct the database address" in line
    assert "secret" not in line


async def test_a_postgresql_database_that_is_not_there_is_named(postgres_url: str) -> None:
    missing = make_url(postgres_url).set(database="missing")
    assert "missing" in await why_not(missing.render_as_string(hide_password=False))


async def test_a_lost_postgresql_connection_is_replaced(postgres_url: str) -> None:
    async with open_store(postgres_url) as store:
        await store.desks.ensure(desk())
        await cut_all_others(postgres_url)
        await (await store.decisions.record(batch(recorded(1), tallies=(tally(),))))
        assert len(await store.decisions.open_alerts(DESK, 10)) == 1


async def test_what_a_cut_connection_was_writing_is_not_written_again(postgres_url: str) -> None:
    tries: list[str] = []

    def cut(connection: Connection, _payloads: Sequence[None]) -> None:
        tries.append("cut")
        connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    def note(_connection: Connection, payloads: Sequence[str]) -> None:
        tries.extend(payloads)

    async with connected(postgres_url) as database, Writer(database) as writer:
        before = await writer.submit(note, "before")
        guilty = await writer.submit(cut, None)
        for lost in (before, guilty):
            with pytest.raises(LostDatabase, match="does not answer"):
                await lost
        await (await writer.submit(note, "after"))

    assert tries == ["before", "cut", "after"]


async def cut_all_others(url: str) -> None:
    async with connected(url) as database, database.writing() as connection:
        await connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
