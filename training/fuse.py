"""Fit what each reader's word is worth on each head, and measure where the alarms must stand.

Fitted on rows that neither model has learnt from. Every source counts the same, or the largest
would decide; a reader's word may count for nothing but never against what it says.
"""

from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from bot.data.weights import FusionSheet, WeightsSheet
from bot.triage.alarms import RATES
from bot.triage.fuse import Fusion, Weights
from bot.triage.head import HEADS, Head
from bot.triage.read import First
from training.corpus import Row, in_chat, labels_of

Figures: TypeAlias = NDArray[np.float64]

SOFTNESS = 1e-3
# What the linear model lets through to the encoder at once, a head: together about one message in
# thirty, which costs the immediate decision about as much as all the rest of it.
GATE = 0.008
GATED = (Head.SELF_HARM, Head.HARM_TO_OTHERS, Head.ABUSE, Head.THIRD_PERSON, Head.PAGE)


def fitted(
    rows: Sequence[Row], firsts: Sequence[First], encoded: Figures, *, linear: str, encoder: str
) -> FusionSheet:
    """Fit, and set the lines. `linear` and `encoder` are the digests of what was read with."""
    said = np.array([first.linear for first in firsts])
    cued = np.array([first.cued for first in firsts])
    quick = _weights(rows, said, np.zeros_like(said), cued)
    full = _weights(rows, said, encoded, cued)
    fusion = Fusion(quick=as_weights(quick), full=as_weights(full), version="new")
    chat = in_chat(rows)
    sources = np.array([row.source for row in rows])[chat]
    return FusionSheet(
        kind="waymark-fusion-1",
        linear=linear,
        encoder=encoder,
        quick=quick,
        full=full,
        gate={head: _quantile(said[chat, HEADS.index(head)], GATE) for head in GATED},
        quick_lines=lines(fusion.quick(said, cued)[chat], sources),
        full_lines=lines(fusion.full(said, encoded, cued)[chat], sources),
    )


def lines(scores: Figures, sources: NDArray[np.str_]) -> dict[Head, dict[float, float]]:
    """Set the score above which each of RATES of ordinary chat lies; `sources` count alike."""
    kinds, number = np.unique(sources, return_inverse=True)
    shares = (1 / len(kinds) / np.bincount(number))[number]
    return {
        head: {rate: _above(scores[:, column], shares, rate) for rate in RATES}
        for column, head in enumerate(HEADS)
    }


def _above(scores: Figures, shares: Figures, rate: float) -> float:
    """Give the score above which lie messages that make up `rate` of the whole."""
    order = np.argsort(-scores)
    reached = int(np.searchsorted(np.cumsum(shares[order]), rate))
    return round(float(scores[order[min(reached, len(order) - 1)]]), 4)


def _quantile(scores: Figures, rate: float) -> float:
    return round(float(np.quantile(scores, 1 - rate)), 4)


def _weights(
    rows: Sequence[Row], linear: Figures, encoder: Figures, cued: Figures
) -> dict[Head, WeightsSheet]:
    labels, sources = labels_of(rows), np.array([_kind(row) for row in rows])
    found = {}
    for column, head in enumerate(HEADS):
        known = (labels[:, column] == 0) | (labels[:, column] == 1)
        said = np.stack([linear[:, column], encoder[:, column], cued[:, column]], axis=1)[known]
        found[head] = _line(said, labels[known, column], sources[known])
    return found


def _kind(row: Row) -> str:
    return "written" if row.is_written else row.source


def _line(said: Figures, labels: NDArray[np.float32], sources: NDArray[np.str_]) -> WeightsSheet:
    """Logistic regression with weights of zero or more; both labels and all sources count alike."""
    minimise = import_module("scipy.optimize").minimize
    shares = _shares(labels, sources)
    signs = labels * 2 - 1

    def loss(w: Figures) -> tuple[float, Figures]:
        margins = signs * (said @ w[:3] + w[3])
        wrong = 1 / (1 + np.exp(np.clip(margins, -500, 500)))
        slope = -(shares * wrong * signs)
        each = np.logaddexp(0, -margins)
        gradient = np.append(slope @ said + 2 * SOFTNESS * w[:3], slope.sum())
        return float(shares @ each + SOFTNESS * (w[:3] @ w[:3])), gradient

    bounds = [(0, None)] * 3 + [(None, None)]
    best = minimise(
        loss, np.array([0.3, 0.3, 1.0, 0.0]), jac=True, bounds=bounds, method="L-BFGS-B"
    )
    linear, encoder, cue, bias = (round(float(x), 4) for x in best.x)
    return WeightsSheet(bias=bias, linear=linear, encoder=encoder, cue=cue)


def _shares(labels: NDArray[np.float32], sources: NDArray[np.str_]) -> Figures:
    shares = np.zeros(len(labels))
    for label in (0, 1):
        mine = labels == label
        kinds = np.unique(sources[mine])
        for kind in kinds:
            here = mine & (sources == kind)
            shares[here] = 0.5 / len(kinds) / here.sum()
    return shares


def as_weights(sheets: dict[Head, WeightsSheet]) -> dict[str, Weights]:
    """Give the weights as the fusion takes them."""
    return {head: Weights(**one.model_dump()) for head, one in sheets.items()}


def table(encoded: Iterable[Sequence[float]]) -> Figures:
    """Stack what the encoder said of several messages."""
    return np.array(list(encoded), dtype=np.float64).reshape(-1, len(HEADS))
