"""Which cores of the machine the processes beside the bot work on.

Whatever wakes another process may lose its own core to it at once. In a flood the event loop wakes
the sorter and the store a thousand times a second and stood still for each: a fifth of the time by
the clock. So one core is left to the loop.
"""

import os
from collections.abc import Set as AbstractSet
from contextlib import suppress


def allowed() -> frozenset[int]:
    """Give the numbers of the cores that this process may use: fewer than there are, perhaps."""
    if hasattr(os, "sched_getaffinity"):
        return frozenset(os.sched_getaffinity(0))
    return frozenset(range(os.cpu_count() or 1))  # macOS and Windows do not say


def beside(cores: AbstractSet[int]) -> frozenset[int]:
    """Give all but one of `cores`, always the same one; all when there is no other."""
    return frozenset(sorted(cores)[1:]) or frozenset(cores)


def stand_aside() -> None:
    """Leave one core to others, in this process and what it starts. Where that cannot be: nothing.

    Call it in a process beside the bot, before it begins a thread.
    """
    if hasattr(os, "sched_setaffinity"):
        with suppress(OSError):  # a sandbox may forbid it; it is a matter of speed alone
            os.sched_setaffinity(0, beside(allowed()))
