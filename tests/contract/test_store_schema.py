"""What is kept, and that the migrations lead to exactly that."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Connection, Table, text
from sqlalchemy.dialects import sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.delivery import due_statement
from bot.store.engine import open_store
from bot.store.schema import METADATA, REVISIONS
from bot.store.upgrade import MIGRATIONS
from tests.support.build import NOON, batch, desk, message, recorded, tally
from tests.support.databases import connected

# Columns for what a member wrote (I4), or for what would rate a member (I6).
REFUSED = {
    "body",
    "content",
    "contents",
    "excerpt",
    "history",
    "profile",
    "quote",
    "quotes",
    "rating",
    "reputation",
    "risk",
    "score",
    "scores",
    "text",
}
CATALOGUES = {
    "sqlite": ["SELECT sql FROM sqlite_master WHERE name NOT LIKE '%alembic%'"],
    "postgresql": [
        """SELECT table_name, column_name, data_type, is_nullable, collation_name
           FROM information_schema.columns
           WHERE table_schema = 'public' AND table_name <> 'alembic_version'""",
        """SELECT indexdef FROM pg_indexes
           WHERE schemaname = 'public' AND tablename <> 'alembic_version'""",
        """SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
           WHERE connamespace = 'public'::regnamespace AND conname NOT LIKE 'alembic%'""",
    ],
}


def columns() -> list[Column[object]]:
    return [column for table in METADATA.tables.values() for column in table.columns]


@pytest.mark.parametrize("column", columns(), ids=str)
def test_no_column_is_for_words_or_for_rating_people(column: Column[object]) -> None:
    assert not REFUSED & set(column.name.split("_"))


@pytest.mark.parametrize("table", METADATA.sorted_tables, ids=str)
def test_every_table_belongs_to_a_desk(table: Table) -> None:
    first = next(iter(table.primary_key))
    assert (table.name, first.name) == ("desk", "id") or first.name == "desk"


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


async def test_no_byte_of_a_message_reaches_the_disk(sqlite_url: str, tmp_path: Path) -> None:
    said = message(text="I dropped out and nobody at home knows, gurgelhopf")
    one = recorded(1, where=said.ref.place)
    async with open_store(sqlite_url) as store:
        await store.desks.ensure(desk())
        await (await store.decisions.record(batch(one, tallies=(tally(),))))
        files = contents(tmp_path)

    assert {"waymark.db", "waymark.db-wal", "waymark.db-shm"} == set(files)
    kept = b"".join(files.values())
    assert one.ref.key.encode() in kept  # so that the search below can find something
    words = [word.encode() for word in re.findall(r"\w{5,}", said.text)]
    assert [word for word in words if word in kept] == []


def drift(connection: Connection) -> list[object]:
    options = {"compare_type": True, "compare_server_default": True}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), METADATA))


async def test_the_migrations_add_up_to_the_schema(database_url: str) -> None:
    async with open_store(database_url):
        pass
    async with connected(database_url) as database, database.reading() as connection:
        assert await connection.run_sync(drift) == []


async def catalogue(connection: AsyncConnection) -> list[object]:
    """Give what the database itself says of its tables, where Alembic does not look."""
    rows: list[object] = []
    for query in CATALOGUES[connection.dialect.name]:
        for row in await connection.execute(text(query)):
            words = " ".join(str(value) for value in row)
            rows.append(sorted(re.split(r"[\s,()]+", words)))  # constraints come in any order
    return sorted(rows, key=str)


async def test_the_migrations_make_what_the_schema_would_make(database_url: str) -> None:
    async with open_store(database_url):
        pass
    async with connected(database_url) as database, database.writing() as connection:
        migrated = await catalogue(connection)
        for table in reversed(METADATA.sorted_tables):
            await connection.run_sync(table.drop)
        await connection.run_sync(METADATA.create_all)
        assert await catalogue(connection) == migrated


def test_the_revisions_are_the_migrations_files() -> None:
    scripts = ScriptDirectory(str(MIGRATIONS))
    assert list(REVISIONS) == [script.revision for script in scripts.walk_revisions()][::-1]


BEFORE = "SEARCH before USING INDEX ix_delivery_destination (destination=? AND first_due_at<?)"


async def test_what_is_due_is_found_without_reading_the_past(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with open_store(sqlite_url) as store:
        await store.desks.ensure(desk())
    compiled = due_statement(NOON, 20).compile(dialect=sqlite.dialect())
    values = [str(compiled.params[name]) for name in compiled.positiontup or ()]
    with closing(sqlite3.connect(tmp_path / "waymark.db")) as plain:
        plain.executemany(
            "INSERT INTO delivery (desk, key, action, attempts, due_at, first_due_at, state,"
            " destination) VALUES ('north', ?, '{}', 1, '2026-01-01', '2026-01-01', ?, ?)",
            [
                (str(n), "delivered" if n % 1000 else "pending", f"lane {n // 1000}")
                for n in range(10_000)
            ],
        )
        plain.execute("ANALYZE")
        plan = plain.execute(f"EXPLAIN QUERY PLAN {compiled}", values).fetchall()

    steps = [step for *_, step in plan if "SUBQUERY" not in step and "SEARCH alert" not in step]
    assert steps[0] == "SEARCH delivery USING INDEX ix_delivery_pending (due_at<?)"
    assert steps[1:] == [BEFORE, BEFORE]
    assert not [step for *_, step in plan if step.startswith("SCAN")]
