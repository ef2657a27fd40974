"""What the page is told of the desk, of a message's reasons and of the tour: plain words."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeAlias

from bot.cards.scenario import Debrief
from bot.domain.message import Message
from bot.domain.scenario import Run, Scenario


@dataclass(frozen=True, slots=True)
class Waiting:
    """One alert in the queue. `priority` is "P0" to "P2"; `channel` and `message` lead to it.

    `take` is what `/case take` needs to take it; empty while somebody has it.
    """

    priority: str
    name: str
    channel: str
    thread: str | None
    message: str
    state: str
    because: tuple[str, ...]
    next_step: str = ""
    take: str = ""


@dataclass(frozen=True, slots=True)
class Glance:
    """What the desk sees. `ledger` are counts with their names; `sums_up` says that they agree."""

    desk: str = ""
    clock: str = ""
    queue: tuple[Waiting, ...] = ()
    on_duty: tuple[str, ...] = ()
    ledger: tuple[tuple[str, int], ...] = ()
    sums_up: bool = True


@dataclass(frozen=True, slots=True)
class Explained:
    """What Waymark makes of a message. `calls` says that a person should look at it."""

    headline: str
    because: tuple[str, ...] = ()
    follows: str = ""
    details: tuple[str, ...] = ()
    calls: bool = False


@dataclass(frozen=True, slots=True)
class Trainer:
    """What there is to train on, how a training is summed up, and the file that keeps it.

    `renders` takes the summary, who trained, and the day in words. `clears` lets go what people
    were asked before: a training begins with nothing to answer.
    """

    scenarios: tuple[Scenario, ...]
    sums_up: Callable[[Scenario, Run], Awaitable[Debrief]]
    renders: Callable[[Debrief, str, str], str]
    clears: Callable[[], Awaitable[None]]


Glancing: TypeAlias = Callable[[], Awaitable[Glance]]
Explaining: TypeAlias = Callable[[Message], Explained]


async def nothing_to_see() -> Glance:
    return Glance()


def nothing_to_say(_: Message) -> Explained:
    return Explained("Nobody explains here.")
