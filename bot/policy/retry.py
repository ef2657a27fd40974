"""When to try a delivery again: twice the wait each time, with jitter, and never for ever."""

from datetime import timedelta

FIRST = timedelta(seconds=2)
LONGEST = timedelta(minutes=5)
ATTEMPTS = 8


def next_delay(attempts: int, *, retry_after: timedelta | None, chance: float) -> timedelta | None:
    """Give the wait after `attempts` failed ones, or None to give up.

    `chance` (0 to 1, drawn by the caller) spreads retries over half of the wait, so that many
    deliveries that failed together do not come back together. What the platform asks for
    (`retry_after`) is never shortened.
    """
    if attempts >= ATTEMPTS:
        return None
    doublings: int = max(0, attempts - 1)
    wait = min(LONGEST, FIRST * (1 << doublings))
    return max(retry_after or timedelta(), wait / 2 + wait / 2 * chance)
