"""Figures of merit, from scores alone: how well they rank, how much they find, if they are honest.

Pure. Chance comes in as a seeded generator, so that the same scores give the same intervals.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Statistic: TypeAlias = Callable[[Floats, Floats], Floats]

LEVEL = 0.95
ROUNDS = 500


@dataclass(frozen=True, slots=True)
class Bin:
    """Messages of like probability: what was said of them on average, and what came true."""

    messages: int
    said: float
    true: float


def auc(positive: Floats, negative: Floats) -> float:
    """Give the chance that a positive outscores a negative; a tie counts half. Neither is empty."""
    ordered = np.sort(negative)
    below = np.searchsorted(ordered, positive, side="left")
    up_to = np.searchsorted(ordered, positive, side="right")
    return float((below + up_to).sum() / (2 * len(positive) * len(negative)))


def average_precision(positive: Floats, negative: Floats) -> float:
    """Average the precision at each score where a positive is found; ties are taken together."""
    ups, downs = np.sort(positive), np.sort(negative)
    found = len(ups) - np.searchsorted(ups, ups, side="left")
    false = len(downs) - np.searchsorted(downs, ups, side="left")
    return float((found / (found + false)).mean())


def line_for(chat: Floats, rate: float) -> float:
    """Give the lowest score above which no more than `rate` of `chat` lies."""
    allowed = min(int(rate * len(chat) + 1e-9), len(chat) - 1)
    return float(np.partition(chat, len(chat) - 1 - allowed)[len(chat) - 1 - allowed])


def recalls(positive: Floats, chat: Floats, rates: Sequence[float]) -> Floats:
    """Give the share of `positive` found at each rate of false positives on `chat`."""
    return np.array([(positive > line_for(chat, rate)).mean() for rate in rates])


def interval(
    statistic: Statistic,
    first: Floats,
    second: Floats,
    chance: np.random.Generator,
    rounds: int = ROUNDS,
) -> tuple[Floats, Floats]:
    """Bootstrap a percentile interval of LEVEL: each sample is drawn anew by itself."""
    drawn = np.array(
        [
            statistic(
                first[chance.integers(len(first), size=len(first))],
                second[chance.integers(len(second), size=len(second))],
            )
            for _ in range(rounds)
        ]
    )
    outside = (1 - LEVEL) / 2
    low, high = np.quantile(drawn, (outside, 1 - outside), axis=0)
    return low, high


def probabilities(scores: Floats, positive_share: float) -> Floats:
    """Turn log-odds for halves of positives and negatives into chances where positives are rarer.

    `positive_share` is strictly between 0 and 1.
    """
    shifted = scores + np.log(positive_share / (1 - positive_share))
    chances: Floats = 1 / (1 + np.exp(-np.clip(shifted, -500, 500)))
    return chances


def reliability(chances: Floats, labels: Floats, most: int = 10) -> tuple[Bin, ...]:
    """Put messages into at most `most` bins of about equal size; equal chances share a bin."""
    inner = np.linspace(0, 1, most + 1)[1:-1]
    edges = np.unique(np.quantile(chances, inner, method="higher"))
    at = np.searchsorted(edges, chances, side="right")
    return tuple(
        Bin(
            int((at == bin_).sum()),
            float(chances[at == bin_].mean()),
            float(labels[at == bin_].mean()),
        )
        for bin_ in np.unique(at)
    )


def calibration_error(bins: Sequence[Bin]) -> float:
    """Give the expected calibration error: how far off the bins are, weighed by their size."""
    total = sum(bin_.messages for bin_ in bins)
    return sum(bin_.messages * abs(bin_.said - bin_.true) for bin_ in bins) / total
