"""The first reading in a process of its own, for what comes faster than the loop can read it.

In a flood the first reading is a quarter of what a message costs the event loop. Here another core
does it. Nothing hangs on it: while the process is not there, has died, or does not answer in time,
the loop reads for itself, as it does whenever few messages come.
"""

import asyncio
import gc
import json
import signal
import socket
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import Final, NamedTuple, Self, TypeAlias

import structlog

from bot.cores import stand_aside
from bot.data.yamlfile import BadFile
from bot.domain.reading import Versions
from bot.knowledge import load_first_reading
from bot.settings import Settings
from bot.store.apart import unheard
from bot.triage.read import Triage, Urgency

log = structlog.get_logger(__name__)

Told: TypeAlias = Callable[[Sequence[Urgency] | None], None]

# Messages that are away at once. What comes on top the loop reads: then both have work.
MOST_AWAY: Final = 512
# Seconds. Sorting so many takes 15 ms; somebody in danger may be among them.
PATIENCE: Final = 0.5
# Seconds until another process is tried: loading it takes a second of the machine's time.
AGAIN: Final = 60.0
_URGENCIES: Final = {ord(str(one.value)): one for one in Urgency}


class _Asked(NamedTuple):
    messages: int
    at: float
    told: Told


@dataclass(slots=True, eq=False)
class Sorter:
    """Use as `async with`. `versions` are those of who asks: one that reads otherwise is no help.

    `patience`, `again` and `rest`, before the first process is started, are in seconds.
    """

    settings: Settings
    versions: Versions
    patience: float = PATIENCE
    again: float = AGAIN
    rest: float = 0.0
    _asked: deque[_Asked] = field(default_factory=deque)
    _away: int = 0
    _transport: asyncio.Transport | None = None
    _alarm: asyncio.TimerHandle | None = None
    _keeping: asyncio.Task[None] | None = None
    _tasks: asyncio.TaskGroup = field(default_factory=asyncio.TaskGroup)
    _is_over: bool = False
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    async def __aenter__(self) -> Self:
        await self._tasks.__aenter__()
        self._keeping = self._tasks.create_task(self._keep(), name="sorter")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._is_over = True
        if self._keeping is not None:
            self._keeping.cancel()
        await self._tasks.__aexit__(None, None, None)

    @property
    def has_room(self) -> bool:
        """Tell whether `sort` may be called now."""
        return self._transport is not None and self._away < MOST_AWAY

    async def ready(self) -> bool:
        """Wait for a process. False when none will come: those that can be had read otherwise."""
        while self._transport is None and not self._is_over:
            self._changed.clear()
            await self._changed.wait()
        return self._transport is not None

    def sort(self, texts: Sequence[str], told: Told) -> None:
        """Have messages sorted. `told` hears of it once, later: None when they were not.

        Answers come in the order in which they were asked for.
        """
        if self._transport is None:
            raise RuntimeError("nobody is there to sort: ask `has_room` first")
        now = asyncio.get_running_loop().time()
        self._transport.write(json.dumps(texts).encode() + b"\n")
        self._asked.append(_Asked(len(texts), now, told))
        self._away += len(texts)
        if self._alarm is None:
            self._set_alarm(self.patience)

    def _set_alarm(self, seconds: float) -> None:
        self._alarm = asyncio.get_running_loop().call_later(seconds, self._look)

    def _look(self) -> None:
        """Give up on a process that keeps somebody waiting."""
        self._alarm = None
        if not self._asked:
            return
        left = self._asked[0].at + self.patience - asyncio.get_running_loop().time()
        if left > 0:
            self._set_alarm(left)
        else:
            self._part("it does not answer")

    async def _keep(self) -> None:
        await asyncio.sleep(self.rest)
        while await self._serve_once():  # noqa: ASYNC110 - it is no wait for something
            await asyncio.sleep(self.again)
        self._is_over = True
        self._changed.set()

    async def _serve_once(self) -> bool:
        """Start a process and stay until it ends. False when another would be no better."""
        mine, theirs = socket.socketpair()
        # Not forked: threads may hold locks here that nobody would release there.
        process = get_context("spawn").Process(
            target=_serve, args=(theirs, _files_of(self.settings)), name="sorter", daemon=True
        )
        link = _Link(self, self.versions)
        transport = None
        try:
            await asyncio.to_thread(_start, process)
            theirs.close()
            transport, _ = await asyncio.get_running_loop().create_connection(
                lambda: link, sock=mine
            )
            await link.ended.wait()
            if not (link.is_known or link.is_other):
                log.warning("a process for sorting has ended before it had begun")
        except (OSError, RuntimeError) as failure:  # RuntimeError: there is no thread to be had
            log.warning("no process for sorting can be started", why=type(failure).__name__)
        finally:
            self._part("it has ended")
            if transport is not None:
                transport.abort()
            for end in (mine, theirs):
                end.close()
            if process.pid is not None:
                process.kill()
                await asyncio.to_thread(process.join)
        return not link.is_other

    def begin(self, transport: asyncio.Transport) -> None:
        """Hear that a process is there."""
        self._transport = transport
        self._changed.set()

    def hear(self, line: bytes) -> None:
        """Take an answer. What makes no sense is none."""
        asked = self._asked.popleft()
        self._away -= asked.messages
        found = [_URGENCIES[mark] for mark in line if mark in _URGENCIES]
        asked.told(found if len(found) == asked.messages else None)

    def _part(self, why: str) -> None:
        """Let those who ask read for themselves, until the next process is there."""
        if self._transport is None:
            return
        if not self._is_over:
            log.warning("messages are sorted here for a while", why=why)
        transport, self._transport = self._transport, None
        transport.abort()
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        self._away = 0
        asked, self._asked = self._asked, deque()
        for one in asked:
            one.told(None)
        self._changed.set()


def _files_of(settings: Settings) -> Settings:
    """Give what is read there, and none of the secrets."""
    return Settings(cues=settings.cues, claims=settings.claims, weights=settings.weights)


def _start(process: BaseProcess) -> None:
    with unheard(signal.SIGINT):
        process.start()


class _Link(asyncio.Protocol):
    """The loop's end: first comes a line with versions, then a line for each that was asked."""

    def __init__(self, sorter: Sorter, versions: Versions) -> None:
        self.ended = asyncio.Event()
        self.is_known = self.is_other = False
        self._sorter = sorter
        self._versions = versions
        self._transport: asyncio.Transport | None = None
        self._rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.Transport):
            self._transport = transport

    def data_received(self, data: bytes) -> None:
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            if self.is_known:
                self._sorter.hear(line)
            else:
                self._meet(line)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's
        self.ended.set()

    def _meet(self, line: bytes) -> None:
        found = json.loads(line)
        mine = [self._versions.ruleset, _linear(self._versions)]
        if self._transport is None:
            return
        if found != mine:
            log.warning("messages are sorted here: the files have changed since the start")
            self.is_other = True
            self._transport.abort()
            return
        self.is_known = True
        self._sorter.begin(self._transport)


def _linear(versions: Versions) -> str:
    """Name the one model that the first reading asks."""
    return versions.model.split("+")[0]


def _serve(link: socket.socket, settings: Settings) -> None:
    """Sort what is asked, a line of JSON at a time, until whoever asks is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the one who asks
    stand_aside()
    try:
        triage = load_first_reading(settings)
    except BadFile:  # who asks has read the same files, and sorts for itself
        return
    gc.freeze()
    versions = triage.versions
    with suppress(OSError), link, link.makefile("rwb") as stream:
        stream.write(json.dumps([versions.ruleset, _linear(versions)]).encode() + b"\n")
        stream.flush()
        for line in stream:
            stream.write(_sorted(triage, json.loads(line)) + b"\n")
            stream.flush()


def _sorted(triage: Triage, texts: Sequence[str]) -> bytes:
    try:
        return "".join(str(one.value) for one in triage.urgencies(texts)).encode()
    except Exception:  # noqa: BLE001 - the item boundary: who asks finds out which it is, and tells
        return b""
