"""The one writer. What waits is written in one transaction, so that one flush serves many."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from itertools import groupby
from operator import itemgetter
from types import TracebackType
from typing import Generic, Self, TypeAlias, TypeVar

from sqlalchemy import Connection

from bot.store.database import BadDatabase, Database, LostDatabase

P = TypeVar("P")

Write: TypeAlias = Callable[[Connection, Sequence[P]], None]

WAITING = 1000  # jobs; beyond it submitters wait, so that memory stays bounded
TOGETHER = 128  # jobs in one transaction


@dataclass(frozen=True, slots=True, eq=False)
class Job(Generic[P]):
    """One payload for a bulk write. Neighbours with the same write are written in one call.

    With `tells` whoever waits in `Writer.committed` hears of it.
    """

    write: Write[P]
    payload: P
    done: asyncio.Future[None]
    tells: bool


class Writer:
    """Use as `async with`: the block's end waits until all that was submitted is written."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._queue: asyncio.Queue[Job[object] | None] = asyncio.Queue()
        self._room = asyncio.Semaphore(WAITING)
        self._tasks = asyncio.TaskGroup()
        self._written = asyncio.Event()
        self._closing = False
        self._committed = asyncio.Event()

    async def __aenter__(self) -> Self:
        await self._tasks.__aenter__()
        self._tasks.create_task(self._run(), name="writer")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._closing = True
        self._queue.put_nowait(None)
        try:
            await self._all_written()
        finally:
            # Not told of the block's error: the group would wrap it in an ExceptionGroup.
            await self._tasks.__aexit__(None, None, None)

    async def submit(self, write: Write[P], payload: P, *, tells: bool = True) -> Awaitable[None]:
        """Wait for room, then queue. The awaitable that comes back is done when committed.

        Without `tells` nobody who waits for deliveries is woken: there can be none among it.
        It raises what `write` raised, and then nothing of this payload was written.
        """
        await self._room.acquire()
        if self._closing:
            self._room.release()
            raise RuntimeError("the store is closed")
        job = Job(write, payload, asyncio.get_running_loop().create_future(), tells)
        self._queue.put_nowait(job)  # type: ignore[arg-type] # each job meets only its own write
        return job.done

    async def committed(self, within: timedelta) -> None:
        """Return when something was committed that tells, since this was last asked, or in time."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within.total_seconds()):
                await self._committed.wait()
        self._committed.clear()

    def tell(self) -> None:
        """Let whoever waits in `committed` go on."""
        self._committed.set()

    async def _run(self) -> None:
        try:
            while jobs := await self._next():
                await self._write(jobs)
        finally:
            self._written.set()

    async def _next(self) -> list[Job[object]]:
        """Give the jobs that wait now; none when closed and all is written."""
        jobs: list[Job[object]] = []
        job = await self._queue.get()
        while job is not None:
            jobs.append(job)
            if self._queue.empty() or len(jobs) == TOGETHER:
                return jobs
            job = self._queue.get_nowait()
        if jobs:
            self._queue.put_nowait(None)
        return jobs

    async def _write(self, jobs: list[Job[object]], *, again: bool = True) -> None:
        try:
            work = [(job.write, job.payload) for job in jobs]
            await self._database.transact(partial(_write_all, work))
        except LostDatabase as error:
            if again:
                await self._write_again(jobs, error)
            else:
                self._fail(jobs, error)
        except Exception as error:  # noqa: BLE001 - the one catch-all of this loop; submitters get it
            await self._sort_out(jobs, error, again=again)
        else:
            self._arrived(jobs)

    def _arrived(self, jobs: list[Job[object]]) -> None:
        if any(job.tells for job in jobs):
            self._committed.set()
        for job in jobs:
            self._settle(job, None)

    async def _write_again(self, jobs: list[Job[object]], error: LostDatabase) -> None:
        """Write once more on a fresh connection, unless the commit did arrive.

        Counts must not double, so what PostgreSQL cannot tell yet is given up.
        """
        try:
            arrived = error.mark is not None and await self._database.has_arrived(error.mark)
        except BadDatabase:
            arrived = None
        match arrived:
            case True:
                self._arrived(jobs)
            case False:
                await self._write(jobs, again=False)
            case None:
                self._fail(jobs, error)

    async def _sort_out(self, jobs: list[Job[object]], error: Exception, *, again: bool) -> None:
        """Nothing was written: try one by one, so that only the guilty job fails."""
        if len(jobs) == 1:
            self._fail(jobs, error)
            return
        for job in jobs:
            await self._write([job], again=again)

    def _fail(self, jobs: list[Job[object]], error: Exception) -> None:
        for job in jobs:
            self._settle(job, error)

    def _settle(self, job: Job[object], error: Exception | None) -> None:
        self._room.release()
        if job.done.done():  # its submitter was cancelled while waiting; it is written all the same
            return
        if error is None:
            job.done.set_result(None)
        else:
            job.done.set_exception(error)

    async def _all_written(self) -> None:
        """Wait for the last commit, however often this task is cancelled meanwhile."""
        cancelled: asyncio.CancelledError | None = None
        while not self._written.is_set():
            try:
                await self._written.wait()
            except asyncio.CancelledError as error:
                cancelled = error
        if cancelled is not None:
            raise cancelled


def _write_all(work: list[tuple[Write[object], object]], connection: Connection) -> None:
    for write, neighbours in groupby(work, key=itemgetter(0)):
        write(connection, [payload for _, payload in neighbours])
