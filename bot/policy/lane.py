"""Who waits for whom on the way to one destination."""

from collections.abc import Iterable

from bot.domain.action import Delivery
from bot.domain.reading import Priority

# What is about these is not kept waiting by anything else (I2; P0 has five minutes).
URGENT = frozenset({Priority.P0})


def in_turn(queue: Iterable[Delivery]) -> list[Delivery]:
    """Put what is urgent first; for the rest, and among the urgent, it stays in its order."""
    return sorted(queue, key=lambda one: not one.is_urgent)


def is_held(*, is_urgent: bool, by_urgent: bool, by_request: bool) -> bool:
    """Tell whether what was put off keeps back what was asked for later in its lane.

    `by_urgent`: what was put off is itself urgent. `by_request`: the destination asked to wait, and
    would refuse whatever comes before then.
    """
    return not is_urgent or by_urgent or by_request
