"""What the benchmark of Discord shows."""

from collections.abc import Callable, Iterable
from os import getloadavg
from statistics import median, quantiles

from rich.table import Table

from tests.bench.cost import Cost

BARE, LEAST_OF_RED, RED = (
    "a bare discord.py client",
    "a bot with Red's filter, 500 words",
    "Red itself, filter",
)
# What the whole bot is to reach: of the bare client, times Red; the rest in milliseconds.
RATIO_GOAL, RED_GOAL, LAG_GOAL, STEADY_GOAL, BURST_GOAL = 0.55, 4.0, 20, 25, 250


def costs_of(found: dict[str, list[Cost]], count: int, acted_on: int) -> Table:
    """Show medians of all runs. Of the bare client and of Red's by the clock, and by CPU time.

    The CPU time of processes apart is shown, and is in no ratio: it is spent on another core.
    """
    table = Table("", "us of CPU a message: loop", "+ threads", "+ apart", "messages a second",
                  "of the bare client", "of Red's", "(by CPU)", "lag of the loop p99",
                  "longest")  # fmt: skip
    table.title = (
        f"From Discord's gateway, {count:,} messages, one in {acted_on} a page; load"
        f" {getloadavg()[0]:.1f}"
    )
    bare, red = found[BARE], found.get(RED, found[LEAST_OF_RED])
    for name, costs in found.items():
        cpu, wall = _median(costs, _cpu), _median(costs, _wall)
        lags = sorted(lag for one in costs for lag in one.lags or (0.0,))
        table.add_row(
            name,
            *(f"{_median(costs, part) / count * 1e6:.0f}" for part in (_loop, _threads, _apart)),
            f"{count / wall:,.0f}",
            f"{_median(bare, _wall) / wall:.2f}", f"{_median(red, _wall) / wall:.2f}",
            f"{_median(bare, _cpu) / cpu:.2f}, {_median(red, _cpu) / cpu:.2f}",
            _ms(lags[len(lags) * 99 // 100]),
            _ms(median(max(one.lags, default=0.0) for one in costs)),
        )  # fmt: skip
    table.add_section()
    table.add_row(
        "goal, whole bot", "", "", "", "", f"{RATIO_GOAL}", f"{RED_GOAL}", "", "", f"{LAG_GOAL} ms"
    )
    return table


def waits_of(waited: dict[str, tuple[list[float], list[float]]], steady: str, sudden: str) -> Table:
    """Show waits in seconds at two loads, which are named."""
    table = Table("", "load", "pages", "p50", "p99", "goal")
    table.title = "From the frame to the request for a direct message"
    for name, (at_rate, in_bursts) in waited.items():
        for load, taken, goal in (
            (steady, at_rate, STEADY_GOAL),
            (sudden, in_bursts, BURST_GOAL),
        ):
            cuts = quantiles(taken, n=100, method="inclusive") if len(taken) > 1 else [0.0] * 99
            table.add_row(name, load, str(len(taken)), _ms(cuts[49]), _ms(cuts[98]), f"{goal} ms")
    return table


def _median(costs: Iterable[Cost], part: Callable[[Cost], float]) -> float:
    return median(map(part, costs))


def _loop(cost: Cost) -> float:
    return cost.loop


def _threads(cost: Cost) -> float:
    return cost.store


def _apart(cost: Cost) -> float:
    return cost.apart


def _cpu(cost: Cost) -> float:
    return cost.cpu


def _wall(cost: Cost) -> float:
    return cost.wall


def _ms(seconds: float) -> str:
    return f"{seconds * 1e3:.0f} ms"
