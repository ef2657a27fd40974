"""SQLite in a process of its own: it ends with the bot, and the bot hears when it ends before."""

import asyncio
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from functools import partial
from multiprocessing import active_children
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, text

from bot.cli.database import alone
from bot.settings import BadSettings
from bot.store.apart import Apart, Other, in_process
from bot.store.database import BadDatabase
from bot.store.engine import Store, open_store
from tests.support.build import DESK, batch, desk, recorded
from tests.support.databases import in_thread
from tests.support.stillness import stand_still
from tests.support.waymark import ROOT, environment

PATIENCE = 60.0  # seconds that an end may take on a busy machine
# Opens a store that is apart, says who works for it, and ends as `end` says.
BOT = """
import asyncio, os, sys
from multiprocessing import active_children
from bot.store.apart import in_process
from bot.store.engine import open_store
from tests.support.build import desk

async def keep(end):
    opening = open_store(sys.argv[1], in_process)
    store = await opening.__aenter__()
    await store.desks.ensure(desk())
    print(active_children()[0].pid, flush=True)
    if end == "breaks":
        raise SystemExit(3)
    if end == "is closed":
        return opening
    sys.stdin.readline()

kept = asyncio.run(keep(sys.argv[2]))
"""


def two(connection: Connection, more: int = 0) -> int:
    return int(connection.execute(text("SELECT 2")).scalar_one()) + more


def handle(_: Connection) -> Engine:
    return _.engine


@pytest.fixture
async def store(upgraded_sqlite_url: str) -> AsyncIterator[Store]:
    async with open_store(upgraded_sqlite_url, in_process) as opened:
        await opened.desks.ensure(desk())
        yield opened


def other() -> BaseProcess:
    (process,) = active_children()
    return process


async def ids(store: Store) -> list[str]:
    return [one.ref.id async for one in store.decisions.stream(DESK)]


async def test_it_works_ends_with_the_store_and_nobody_else_can_stop_it(
    upgraded_sqlite_url: str,
) -> None:
    async with open_store(upgraded_sqlite_url, in_process) as store:
        await store.desks.ensure(desk())
        for number in (signal.SIGTERM, signal.SIGINT):
            os.kill(other().pid or 0, number)
        await (await store.decisions.record(batch(recorded(1))))

        assert await ids(store) == ["1"]
        assert [one.alert for one in await store.deliveries.due(recorded(9).sent_at, 5)]
    assert active_children() == []


async def test_when_it_ends_before_its_time_all_who_wait_hear_of_it(store: Store) -> None:
    stand_still(other().pid or 0)
    waiting = [await store.decisions.record(batch(recorded(number))) for number in (1, 2)]
    looking = asyncio.ensure_future(store.deliveries.due(recorded(9).sent_at, 5))
    await asyncio.sleep(0)
    os.kill(other().pid or 0, signal.SIGKILL)

    for one in (*waiting, looking):
        with pytest.raises(BadDatabase, match="has ended: start again"):
            await one
    with pytest.raises(BadDatabase, match="has ended"):
        await store.alerts.holders(DESK)
    with pytest.raises(BadDatabase, match="has ended"):
        await (await store.decisions.record(batch(recorded(3))))
    assert await ids(store) == []


@pytest.mark.parametrize("end", ["killed", "breaks", "is closed"])
def test_it_does_not_outlive_the_bot(upgraded_sqlite_url: str, end: str) -> None:
    with subprocess.Popen(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", BOT, upgraded_sqlite_url, end], cwd=ROOT, env=environment(),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as bot:  # fmt: skip
        assert bot.stdout is not None
        process = os.pidfd_open(int(bot.stdout.readline()))
        if end == "killed":
            bot.kill()
        ended, _, _ = select.select([process], [], [], PATIENCE)
        os.close(process)

    assert ended
    assert bot.wait(PATIENCE) == {"killed": -signal.SIGKILL, "breaks": 3, "is closed": 0}[end]


async def test_what_a_killed_bot_left_is_waited_for(
    upgraded_sqlite_url: str, tmp_path: Path
) -> None:
    lock = tmp_path / "lock"
    with alone(lock, "taken") as number:
        apart = Apart(upgraded_sqlite_url, partial(in_process, held=number))
        await apart.read(two)
    with pytest.raises(BadSettings, match="taken"), alone(lock, "taken", patience=0):
        pass
    closing = asyncio.ensure_future(apart.close())
    await asyncio.sleep(0)  # it hangs up at once, and waits for the end
    with alone(lock, "taken", patience=PATIENCE) as taken:
        assert taken
    await closing


async def test_where_no_process_can_be_had_it_is_done_here(
    upgraded_sqlite_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def refused(_address: str, _writes: socket.socket, _reads: socket.socket) -> Other:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    async with open_store(upgraded_sqlite_url, refused) as store:
        await store.desks.ensure(desk())
        await (await store.decisions.record(batch(recorded(1))))
        assert await ids(store) == ["1"]
    assert "no process of its own" in capsys.readouterr().out


class Odd:
    """Something that cannot be unpacked at the other end."""

    def __reduce__(self) -> tuple[type[int], tuple[str]]:
        return int, ("no number",)


def lines() -> tuple[tuple[socket.socket, socket.socket], tuple[socket.socket, socket.socket]]:
    return socket.socketpair(), socket.socketpair()


@pytest.mark.parametrize("sent", [b"\0\0", b"\0\0\1\0half of it"])
def test_a_bot_that_ended_in_the_middle_of_a_request_is_not_waited_for(
    sent: bytes, tmp_path: Path
) -> None:
    writes, reads = lines()
    other = in_process(f"sqlite:///{tmp_path / 'any.db'}", writes[1], reads[1])
    for line in (writes[1], reads[1]):
        line.close()
    writes[0].sendall(sent)
    for line in (writes[0], reads[0]):
        line.close()
    other.join()


async def test_a_request_that_cannot_be_unpacked_is_told_and_the_next_one_is_done(
    tmp_path: Path,
) -> None:
    apart = Apart(f"sqlite:///{tmp_path / 'any.db'}", in_process)
    try:
        with pytest.raises(ValueError, match="no number"):
            await apart.write(partial(two, more=Odd()))  # type: ignore[arg-type] # that is the point
        assert await apart.write(two) == 2
    finally:
        await apart.close()


async def test_where_it_cannot_even_begin_who_asks_is_told(
    capfd: pytest.CaptureFixture[str],
) -> None:
    apart = Apart("no address at all", in_process)
    try:
        with pytest.raises(BadDatabase, match="has ended"):
            await apart.write(two)
    finally:
        await apart.close()
    assert "ArgumentError" in capfd.readouterr().err


async def test_only_what_can_be_told_is_asked_and_answered(tmp_path: Path) -> None:
    apart = Apart(f"sqlite:///{tmp_path / 'any.db'}", in_thread)
    try:
        assert await apart.read(partial(two, more=1)) == 3
        with pytest.raises(Exception, match=r"(?i)pickle"):
            await apart.read(lambda connection: two(connection))  # noqa: PLW0108 - that is the point
        with pytest.raises(RuntimeError, match="Engine cannot be told"):
            await apart.read(handle)
        assert await apart.write(two) == 2
    finally:
        await apart.close()


async def test_what_an_operator_must_mend_is_told_in_the_same_words() -> None:
    apart = Apart(f"sqlite:///{ROOT / 'README.md'}", in_thread)
    try:
        with pytest.raises(BadDatabase, match="not an SQLite database"):
            await apart.read(two)
    finally:
        await apart.close()


async def test_who_stops_waiting_takes_nobody_elses_answer(tmp_path: Path) -> None:
    apart = Apart(f"sqlite:///{tmp_path / 'any.db'}", in_thread)
    try:
        await apart.read(two)
        first = asyncio.ensure_future(apart.read(two))
        second = asyncio.ensure_future(apart.read(partial(two, more=5)))
        await asyncio.sleep(0)
        first.cancel()

        assert await second == 7
        assert first.cancelled()
    finally:
        await apart.close()
