"""SQLite in a process of its own.

In a thread it shares the interpreter with the event loop. Each step of a statement gives the
interpreter away and waits to have it back, and in a flood these turns cost the loop as much as
taking in the messages does. Apart, a transaction costs the loop what it takes to write down what is
to be done.

What is asked goes there pickled, and so comes the answer: a function of a module, bound to plain
values. Both ends are ours. When the process ends before its time, all that waits for it is told,
and the bot ends: what was committed is on disk, and the next start reads on from there.
"""

import asyncio
import atexit
import gc
import importlib
import pickle
import signal
import socket
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from io import BufferedIOBase
from multiprocessing import get_context
from multiprocessing.reduction import DupFd
from struct import Struct
from typing import Any, Final, Protocol, TypeAlias, TypeVar

import structlog
from sqlalchemy import Connection, Engine, make_url

from bot.cores import stand_aside
from bot.log import Log
from bot.store.checkpoint import keep_up, put_off
from bot.store.database import (
    BadDatabase,
    Beside,
    Threads,
    engine_on,
    explained,
    read_on,
    write_on,
)

log = structlog.get_logger(__name__)

Done = TypeVar("Done")
Work: TypeAlias = Callable[[Connection], Any]

_LENGTH: Final = Struct("!I")


class Other(Protocol):
    """The other end while it runs."""

    def join(self) -> None:
        """Return when it has ended. It ends when both sockets are closed."""


Start: TypeAlias = Callable[[str, socket.socket, socket.socket], Other]


def in_process(
    address: str,
    writes: socket.socket,
    reads: socket.socket,
    held: int | None = None,
    log: Log | None = None,
) -> Other:
    """Start the other end as a process, which logs as `log` says. Raises OSError or RuntimeError.

    `held` is an open file, by its number, that is not let go before the other end has ended: a lock
    on it is held until nothing can be written any more.
    """
    # Not forked: threads may hold locks here that nobody would release there.
    process = get_context("spawn").Process(
        target=_keep, args=(address, writes, reads, _Held(held), log), name="store", daemon=True
    )
    with unheard(signal.SIGINT, signal.SIGTERM):
        process.start()
    return process


@contextmanager
def unheard(*signs: signal.Signals) -> Iterator[None]:
    """Let a process that is started here hear nothing of these signals, even while it loads.

    Ctrl+C goes to all processes of a terminal, and each would break off with a page of its own.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, signs)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Held:
    """An open file that a process has until it ends: it goes along when one is started."""

    def __init__(self, number: int | None) -> None:
        self.number = number

    def __reduce__(self) -> tuple[Any, ...]:
        return (_Held, (None,)) if self.number is None else (_had, (DupFd(self.number),))


def _had(file: Any) -> _Held:  # noqa: ANN401 - what multiprocessing makes of a file's number
    return _Held(file.detach())


def _keep(
    address: str, writes: socket.socket, reads: socket.socket, _: _Held, log: Log | None
) -> None:
    """Serve in a process of its own."""
    if log is not None:
        log.begin()
    _settle_in()
    serve(address, writes, reads)


@dataclass(slots=True, eq=False)
class Apart:
    """See `bot.store.database.Beside`. It opens when it is first asked.

    One line writes and one reads, so that no look waits for a disk that is being flushed. Where
    `start` raises OSError or RuntimeError, as when memory is short, threads of this process do it.
    """

    address: str
    start: Start = in_process
    _at_work: Beside | None = None
    _opening: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def write(self, work: Callable[[Connection], Done]) -> Done:
        return await (self._at_work or await self._open()).write(work)

    async def read(self, work: Callable[[Connection], Done]) -> Done:
        return await (self._at_work or await self._open()).read(work)

    async def close(self) -> None:
        if self._at_work is not None:
            await self._at_work.close()

    async def _open(self) -> Beside:
        async with self._opening:
            if self._at_work is None:
                try:
                    self._at_work = await _begun(self.address, self.start)
                except (OSError, RuntimeError) as failure:  # RuntimeError: no thread is to be had
                    log.warning("the database has no process of its own", why=str(failure))
                    self._at_work = Threads(engine_on(make_url(self.address)))
            return self._at_work


async def _begun(address: str, start: Start) -> "_Lines":
    writes, reads = socket.socketpair(), socket.socketpair()
    try:
        other = await asyncio.to_thread(start, address, writes[1], reads[1])
    except BaseException:
        writes[0].close()
        reads[0].close()
        raise
    finally:
        writes[1].close()
        reads[1].close()
    lines = _Lines(await _line(writes[0]), await _line(reads[0]), other)
    # A bot that breaks must not wait at its end for a process that waits for it.
    atexit.register(lines.hang_up)
    return lines


@dataclass(frozen=True, slots=True)
class _Lines:
    """The two lines to the other end."""

    writes: "_Line"
    reads: "_Line"
    other: Other

    async def write(self, work: Callable[[Connection], Done]) -> Done:
        return await self.writes.ask(work)

    async def read(self, work: Callable[[Connection], Done]) -> Done:
        return await self.reads.ask(work)

    async def close(self) -> None:
        atexit.unregister(self.hang_up)
        self.hang_up()
        await asyncio.to_thread(self.other.join)

    def hang_up(self) -> None:
        self.writes.hang_up()
        self.reads.hang_up()


async def _line(mine: socket.socket) -> "_Line":
    loop = asyncio.get_running_loop()
    _, line = await loop.create_connection(partial(_Line, mine), sock=mine)
    return line


class _Line(asyncio.Protocol):
    """One way there and back. Answers come in the order of what was asked."""

    def __init__(self, mine: socket.socket) -> None:
        self._mine = mine
        self._asked: deque[asyncio.Future[Any]] = deque()
        self._came = bytearray()
        self._transport: asyncio.Transport | None = None

    async def ask(self, work: Callable[[Connection], Done]) -> Done:
        """Have `work` done. Raises what it raised, or BadDatabase when nobody answers any more."""
        packed = pickle.dumps(work, pickle.HIGHEST_PROTOCOL)
        if self._transport is None:
            raise _gone()
        answer: asyncio.Future[Done] = asyncio.get_running_loop().create_future()
        self._asked.append(answer)
        self._transport.write(_LENGTH.pack(len(packed)) + packed)
        return await answer

    def hang_up(self) -> None:
        with suppress(OSError):
            self._mine.shutdown(socket.SHUT_RDWR)
        with suppress(RuntimeError):  # at the very end the loop is closed
            if self._transport is not None:
                self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.Transport):
            self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._came += data
        while len(self._came) >= _LENGTH.size:
            end = _LENGTH.size + _LENGTH.unpack_from(self._came)[0]
            if len(self._came) < end:
                return
            is_done, answer = pickle.loads(self._came[_LENGTH.size : end])  # noqa: S301 - it is ours
            del self._came[:end]
            self._settle(answer, is_done=is_done)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's
        self._transport = None
        while self._asked:
            self._settle(_gone(), is_done=False)

    def _settle(self, answer: Any, *, is_done: bool) -> None:  # noqa: ANN401 - whatever was asked
        asked = self._asked.popleft()
        if asked.done():  # who asked was cancelled; it is done all the same
            return
        if is_done:
            asked.set_result(answer)
        else:
            asked.set_exception(answer)


def _gone() -> BadDatabase:
    return BadDatabase(
        "the process that keeps the database has ended: start again; nothing was half-written"
    )


def serve(address: str, writes: socket.socket, reads: socket.socket) -> None:
    """Do what is asked on either line until both are closed.

    Whatever breaks here closes both: then whoever asks is told, and nothing waits for ever.
    """
    over, others = threading.Event(), list[threading.Thread]()
    try:
        engine = engine_on(make_url(address))
        put_off(engine)
        for name, does in (
            ("reads", partial(_answer, reads, engine, read_on)),
            ("checkpoints", partial(keep_up, engine, over)),
        ):
            one = threading.Thread(target=does, name=name, daemon=True)
            one.start()
            others.append(one)
        _answer(writes, engine, write_on)
    finally:
        over.set()
        for line in (writes, reads):
            with suppress(OSError):  # it is closed already
                line.shutdown(socket.SHUT_RDWR)
            line.close()
        for one in others:
            one.join()
    engine.dispose()


def _settle_in() -> None:
    """Make a process fit for this alone."""
    stand_aside()
    # Whoever stops the bot stops all of its processes; this one ends when the bot has.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    importlib.import_module("bot.store.engine")  # all that can be asked, before it is
    gc.freeze()
    # A look must not wait 5 ms for a write to give way, nor a write for a look.
    sys.setswitchinterval(0.0005)


def _answer(link: socket.socket, engine: Engine, do: Callable[[Engine, Work], Any]) -> None:
    with suppress(OSError), link, link.makefile("rwb") as stream:
        while (asked := _asked(stream)) is not None:
            answer = _packed(_done(engine, do, asked))
            stream.write(_LENGTH.pack(len(answer)) + answer)
            stream.flush()


def _asked(stream: BufferedIOBase) -> bytes | None:
    """Give the next request; None at the end, even where who asked has ended in the middle."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    length = _LENGTH.unpack(head)[0]
    packed = stream.read(length)
    return packed if len(packed) == length else None


def _done(engine: Engine, do: Callable[[Engine, Work], Any], asked: bytes) -> tuple[bool, Any]:
    try:
        with explained(engine.url):
            return True, do(engine, pickle.loads(asked))  # noqa: S301 - it is ours
    except Exception as error:  # noqa: BLE001 - whoever asked is to hear of it
        return False, error


def _packed(answer: tuple[bool, Any]) -> bytes:
    try:
        packed = pickle.dumps(answer, pickle.HIGHEST_PROTOCOL)
        if not answer[0]:
            pickle.loads(packed)  # noqa: S301 - it is ours; an exception may be told and not heard
        return packed  # noqa: TRY300 - it reads on
    except Exception:  # noqa: BLE001 - whatever it is, whoever asked waits for an answer
        error = RuntimeError(f"{type(answer[1]).__name__} cannot be told to another process")
        return pickle.dumps((False, error))
