"""Connections to SQLite or PostgreSQL, and what to do when there is none."""

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, Protocol, TypeAlias, TypeVar

from sqlalchemy import URL, Connection, Engine, Table, create_engine, event, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

Insert: TypeAlias = "sqlite.Insert | postgresql.Insert"
Done = TypeVar("Done")

DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
    "postgresql+asyncpg": "postgresql+asyncpg",
}
SQLITE_PRAGMAS = (
    "PRAGMA journal_mode = WAL",  # readers do not wait for the writer
    "PRAGMA synchronous = FULL",  # a commit is on disk when it returns (I2)
    "PRAGMA foreign_keys = ON",
    "PRAGMA busy_timeout = 5000",  # milliseconds; only another process can be in the way
)
SQLITE_ADVICE = {
    "SQLITE_CANTOPEN": "cannot be opened: make its folder, or let this user write there",
    "SQLITE_READONLY": "cannot be written to: let this user write to the file and its folder",
    "SQLITE_NOTADB": "is not an SQLite database: name another file, or move this one away",
    "SQLITE_CORRUPT": "is damaged: put the last backup in its place",
    "SQLITE_FULL": "found the disk full: make room, then start again; nothing was half-written",
    "SQLITE_IOERR": "cannot be read or written: check the disk",
    "SQLITE_BUSY": "is held by another program: stop that one, then start again",
}
_NAME_OF_THIS = text("SELECT CAST(pg_current_xact_id() AS text)")
_STATUS = text("SELECT pg_xact_status(CAST(CAST(:mark AS text) AS xid8))")
# Python's own module would begin transactions late, and commit them before each CREATE TABLE, so
# that a broken migration would stay half-done.
_SQLITE_ARGUMENTS: Final = {"isolation_level": None}
CONNECT_SECONDS = 10
STATEMENT_SECONDS = 60


class BadDatabase(Exception):  # noqa: N818 - it says what is bad
    """The database cannot be used. The message is one line that says what to do."""


class LostDatabase(BadDatabase):
    """The connection broke. What was being written may or may not be there.

    `mark` names its transaction, so that `has_arrived` can be asked.
    """

    mark: str | None = None


class Beside(Protocol):
    """Where SQLite works, so that the loop need not wait: a whole transaction at a time."""

    async def write(self, work: Callable[[Connection], Done]) -> Done: ...
    async def read(self, work: Callable[[Connection], Done]) -> Done: ...
    async def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Threads:
    """SQLite in two threads of its own: one way there and back for a transaction.

    One writes and one reads, so that no look waits for a disk that is being flushed.
    """

    engine: Engine
    writer: Executor = field(default_factory=partial(ThreadPoolExecutor, 1, "sqlite writer"))
    reader: Executor = field(default_factory=partial(ThreadPoolExecutor, 1, "sqlite reader"))

    async def write(self, work: Callable[[Connection], Done]) -> Done:
        return await _in(self.writer, partial(write_on, self.engine, work))

    async def read(self, work: Callable[[Connection], Done]) -> Done:
        return await _in(self.reader, partial(read_on, self.engine, work))

    async def close(self) -> None:
        self.writer.shutdown()
        self.reader.shutdown()
        self.engine.dispose()


def write_on(engine: Engine, work: Callable[[Connection], Done]) -> Done:
    """Do `work` in one transaction, in this thread."""
    with engine.execution_options(writes=True).begin() as connection:
        return work(connection)


def read_on(engine: Engine, work: Callable[[Connection], Done]) -> Done:
    with engine.connect() as connection:
        return work(connection)


@dataclass(frozen=True, slots=True)
class Database:
    """Connections for reading and for the one writer; their failures come out as BadDatabase.

    What is done often comes as a whole to `transact` or `ask`: SQLite does it `beside` the loop.
    That may be in another process, so `work` is a function of a module, bound to plain values.
    """

    engine: AsyncEngine
    beside: Beside | None = None

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        with explained(self.engine.url):
            async with self.engine.connect() as connection:
                yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """One transaction: committed at the end of the block, undone when it raises."""
        with explained(self.engine.url):
            async with self.engine.execution_options(writes=True).begin() as connection:
                yield connection

    async def transact(self, work: Callable[[Connection], Done]) -> Done:
        """Do `work` in one transaction: all of it or nothing.

        Raises LostDatabase with the transaction's mark.
        """
        if self.beside is not None:
            with explained(self.engine.url):
                return await self.beside.write(work)
        mark: str | None = None
        try:
            async with self.writing() as connection:
                mark = await self.mark(connection)
                return await connection.run_sync(work)
        except LostDatabase as lost:
            lost.mark = mark
            raise

    async def ask(self, work: Callable[[Connection], Done]) -> Done:
        """Let `work` read; it must change nothing."""
        if self.beside is not None:
            with explained(self.engine.url):
                return await self.beside.read(work)
        async with self.reading() as connection:
            return await connection.run_sync(work)

    async def close(self) -> None:
        if self.beside is not None:
            await self.beside.close()
        await self.engine.dispose()

    async def mark(self, connection: AsyncConnection) -> str | None:
        """Name the transaction, so that `has_arrived` can be asked if the connection breaks.

        Only PostgreSQL can be lost and come back: None for SQLite.
        """
        if self.engine.dialect.name != "postgresql":
            return None
        return str(await connection.scalar(_NAME_OF_THIS))

    async def has_arrived(self, mark: str) -> bool | None:
        """Tell, on a fresh connection, whether a transaction was committed; None: not known yet."""
        async with self.reading() as connection:
            status = await connection.scalar(_STATUS, {"mark": mark})
        return {"committed": True, "aborted": False}.get(str(status))


def connect(address: str) -> Database:
    """Prepare, not yet open, what `sqlite:///FILE` or `postgresql://HOST/NAME` names."""
    url = _url(address)
    if url.get_backend_name() == "sqlite":
        return Database(_sqlite(url), Threads(engine_on(url)))
    limits = {"timeout": CONNECT_SECONDS, "command_timeout": STATEMENT_SECONDS}
    return Database(create_async_engine(url, pool_pre_ping=True, connect_args=limits))


async def _in(thread: Executor, work: Callable[[], Done]) -> Done:
    return await asyncio.get_running_loop().run_in_executor(thread, work)


def insert(dialect: str, table: Table) -> Insert:
    """Begin an INSERT that knows ON CONFLICT, which both databases spell alike.

    Build such a statement once for each dialect: that takes longer than running it.
    """
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


@contextmanager
def explained(url: URL) -> Iterator[None]:
    """Turn what only an operator can mend into BadDatabase; a bug stays what it is."""
    try:
        yield
    except DBAPIError as error:
        bad = _sqlite_trouble(error.orig, url) or _postgresql_trouble(error, url)
        if bad is None:
            raise
        raise bad from error
    except OSError as error:
        if url.get_backend_name() == "sqlite":
            raise
        raise _lost(error, url) from error


def _url(address: str) -> URL:
    try:
        url = make_url(address)
    except ArgumentError:
        raise BadDatabase(
            "the database address cannot be read: write sqlite:///waymark.db"
            " or postgresql://user:password@host/name"
        ) from None
    driver = DRIVERS.get(url.drivername)
    if driver is None:
        raise BadDatabase(
            f"the database address begins with {url.drivername}: write sqlite:/// or postgresql://"
        )
    if driver == "sqlite+aiosqlite" and url.database in (None, "", ":memory:"):
        raise BadDatabase("the database address names no file: write sqlite:///waymark.db")
    return url.set(drivername=driver)


def _sqlite(url: URL) -> AsyncEngine:
    _try_sqlite(url)
    engine = create_async_engine(url, connect_args=_SQLITE_ARGUMENTS)
    _listen(engine.sync_engine)
    return engine


def engine_on(url: URL) -> Engine:
    """Give what opens an SQLite file without asyncio."""
    engine = create_engine(url.set(drivername="sqlite"), connect_args=_SQLITE_ARGUMENTS)
    _listen(engine)
    return engine


def _listen(engine: Engine) -> None:
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin)


def _try_sqlite(url: URL) -> None:
    """Open the file and close it again.

    aiosqlite leaves a thread behind when it cannot open a file, which then writes over the one
    line that says why.
    """
    _make_private(str(url.database))
    plain = url.set(drivername="sqlite")
    arguments, options = plain.get_dialect()().create_connect_args(plain)
    try:
        sqlite3.connect(arguments[0], **options).close()
    except sqlite3.Error as error:
        raise _sqlite_trouble(error, url) or error from error


def _make_private(path: str) -> None:
    """Make the file with mode 0600, whatever the umask: it says who may need help.

    SQLite gives its journals the mode of the file. One that is there keeps what its owner chose,
    and one that cannot be made is left to SQLite, whose complaint has advice.
    """
    if path.startswith("file:"):
        return
    with suppress(OSError):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def _set_pragmas(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own type is private
    try:
        cursor = connection.cursor()
        for pragma in SQLITE_PRAGMAS:
            cursor.execute(pragma)
        cursor.close()
    except BaseException:
        connection.close()  # the pool forgets a connection that fails here, with its thread
        raise


def _begin(connection: Connection) -> None:
    # A writer takes its lock at once: upgrading a reader's lock later can fail.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _sqlite_trouble(error: BaseException | None, url: URL) -> BadDatabase | None:
    name = "_".join(str(getattr(error, "sqlite_errorname", "")).split("_")[:2])
    advice = SQLITE_ADVICE.get(name)
    return None if advice is None else BadDatabase(f"the database {url.database} {advice}")


def _postgresql_trouble(error: DBAPIError, url: URL) -> BadDatabase | None:
    if url.get_backend_name() != "postgresql":
        return None
    if error.connection_invalidated:
        return _lost(error.orig, url)
    if isinstance(error, IntegrityError | ProgrammingError):
        return None
    state = str(getattr(error.orig, "sqlstate", None) or "")
    if state.startswith(("22", "XX")):  # wrong values and internal errors: bugs, not operations
        return None
    return BadDatabase(f"PostgreSQL at {_shown(url)} refused: {_line(error.orig)}; check it there")


def _lost(error: BaseException | None, url: URL) -> LostDatabase:
    return LostDatabase(
        f"PostgreSQL at {_shown(url)} does not answer ({_line(error)}):"
        " start it, or correct the database address"
    )


def _shown(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=True)


def _line(error: BaseException | None) -> str:
    first = str(error).strip().partition("\n")[0]
    return first.rpartition(">: ")[2] or type(error).__name__
