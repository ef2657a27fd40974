"""SQLite's log is brought into the file beside the writer, and not by whoever commits next.

By itself SQLite does it within a commit as soon as the log has 1,000 pages. With a large file that
commit takes 15 to 200 ms instead of one, and a page may be waiting for it. Done on a connection of
its own it stops nobody: https://sqlite.org/wal.html#performance_considerations
"""

import sqlite3
import threading
from typing import Any, Final

import structlog
from sqlalchemy import Engine, event
from sqlalchemy.exc import SQLAlchemyError

log = structlog.get_logger(__name__)

EVERY: Final = 1.0  # seconds
# Pages of 4 KiB, 80 MB: where the log grows so long all the same, the writer does it after all.
LONGEST: Final = 20_000
# What is written meanwhile is brought over at once, which is quick. Only when nothing is left does
# the log begin anew, and so stay short.
_LOOKS: Final = 5


def put_off(engine: Engine) -> None:
    """Let no commit on `engine` do it, before the log is very long."""
    event.listen(engine, "connect", _put_off)


def _put_off(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own type is private
    connection.execute(f"PRAGMA wal_autocheckpoint = {LONGEST}")


def keep_up(engine: Engine, over: threading.Event) -> None:
    """Do it every second until it is `over`."""
    is_told = False
    while not over.wait(EVERY):
        try:
            bring_over(engine)
            is_told = False
        except (sqlite3.Error, SQLAlchemyError) as failure:
            if not is_told:  # a full disk is told of by those who write; here nothing is lost
                log.warning("the database's log is not brought into its file", why=str(failure))
            is_told = True


def bring_over(engine: Engine) -> int:
    """Bring over what stands in the log; give how many of its pages are left. Raises sqlite3.Error.

    Some are left while somebody reads the file as it was before.
    """
    connection, left, before = engine.raw_connection(), 0, -1
    try:
        for _ in range(_LOOKS):
            cursor = connection.cursor()
            _, pages, done = cursor.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
            cursor.close()
            left = pages - done
            if done == before:
                break
            before = done
    finally:
        connection.close()
    return left
