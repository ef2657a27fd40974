"""What something costs: CPU time of the event loop's thread, and of the threads beside it."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from time import clock_gettime, pthread_getcpuclockid


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds for all messages; `lags` are how long the loop kept away each time it was asked.

    `wall` is by the clock on the wall.
    """

    loop: float
    store: float
    lags: Sequence[float] = ()
    wall: float = 0.0

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
