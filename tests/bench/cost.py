"""What something costs: CPU time of the loop's thread, of threads, and of processes beside it."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from multiprocessing import active_children
from time import clock_gettime, perf_counter, pthread_getcpuclockid, thread_time

import psutil  # type: ignore[import-untyped] # it ships no types

APART = ("sorter", "store")  # the names of the processes that are counted


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds for all messages; `lags` are how long the loop kept away each time it was asked.

    `apart` is what processes of its own took, without the encoder's. `wall` is by the clock on the
    wall.
    """

    loop: float
    store: float
    lags: Sequence[float] = ()
    wall: float = 0.0
    apart: float = 0.0

    @property
    def cpu(self) -> float:
        return self.loop + self.store


def beside() -> float:
    """CPU seconds of all threads but the loop's and those that asyncio lends to the encoder."""
    mine = threading.get_ident()
    clocks = [
        pthread_getcpuclockid(one.ident)
        for one in threading.enumerate()
        if one.ident not in (None, mine) and one.ident and not one.name.startswith("asyncio")
    ]
    return sum(clock_gettime(clock) for clock in clocks)


def in_processes() -> float:
    """CPU seconds of the processes in which the first reading and SQLite are apart."""
    pids = [one.pid for one in active_children() if one.name in APART and one.pid]
    return sum(sum(psutil.Process(pid).cpu_times()[:2]) for pid in pids)


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment, and the CPU time that had been spent by then."""

    at: float = field(default_factory=perf_counter)
    loop: float = field(default_factory=thread_time)
    threads: float = field(default_factory=beside)
    apart: float = field(default_factory=in_processes)
