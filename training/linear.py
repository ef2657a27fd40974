"""Fit the linear model on exactly the features that `bot.triage.linear` reads, and measure it."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from bot.domain.code import Concern
from bot.triage.linear import LONGEST_WORD, length_norm, pair_halves, word_features, words
from training.corpus import CHAT, OWN, Row, counts_for

BUCKETS = 1 << 18
SOFTNESS = 1.0
RATES = (0.0002, 0.001, 0.005, 0.01, 0.05)
# The few hundred written rows count as many: they carry what the public sets lack.
WRITTEN_WEIGHT = 3.0

Figures: TypeAlias = NDArray[np.float64]
Places: TypeAlias = NDArray[np.int32]
Shares: TypeAlias = NDArray[np.float32]
Matrix: TypeAlias = Any  # scipy's; it is absent where the types are checked


@dataclass(frozen=True, slots=True)
class Word:
    """What a word adds to a text, and its halves of the pairs it may stand in."""

    places: Places
    shares: Shares
    first: int
    second: int


@dataclass(frozen=True, slots=True)
class Head:
    """A head's weights; the score of features x is `x @ weights + bias`."""

    weights: Figures
    bias: float


@dataclass(frozen=True, slots=True)
class Rounded:
    """All heads as they are written to the file."""

    table: NDArray[np.int8]
    scale: NDArray[np.float32]
    bias: NDArray[np.float32]


class Features:
    """Turns texts into rows of a sparse matrix; words are hashed once."""

    def __init__(self) -> None:
        self._known: dict[str, Word] = {}

    def matrix(self, texts: Sequence[str]) -> Matrix:
        rows = [self._row(text) for text in texts]
        places = np.concatenate([row[0] for row in rows])
        shares = np.concatenate([row[1] for row in rows])
        ends = np.cumsum([0, *(len(row[0]) for row in rows)])
        csr_matrix = import_module("scipy.sparse").csr_matrix
        matrix = csr_matrix((shares, places, ends), shape=(len(texts), BUCKETS))
        matrix.sum_duplicates()
        return matrix

    def _row(self, text: str) -> tuple[Places, Shares]:
        found = [self._word(word[:LONGEST_WORD]) for word in words(text)]
        pairs = [first.first ^ second.second for first, second in pairwise(found)]
        places = [*(word.places for word in found), np.array(pairs, dtype=np.int32)]
        shares = [*(word.shares for word in found), np.ones(len(pairs), dtype=np.float32)]
        norm = np.float32(length_norm(len(found)))
        return np.concatenate(places), (np.concatenate(shares) / norm).astype(np.float32)

    def _word(self, word: str) -> Word:
        if word not in self._known:
            places, shares = word_features(word, BUCKETS)
            arrays = np.array(places, dtype=np.int32), np.array(shares, dtype=np.float32)
            self._known[word] = Word(*arrays, *pair_halves(word, BUCKETS))
        return self._known[word]


def fit(head: Concern, matrix: Matrix, rows: Sequence[Row], *, without: str = "") -> Head:
    """Fit one head on its own sources and all chat; `without` names a source to leave out."""
    chosen = np.array([counts_for(head, row.source) and row.source != without for row in rows])
    labels = np.array([row.label if row.source not in CHAT else 0 for row in rows])
    weights = np.array(
        [WRITTEN_WEIGHT if row.source.startswith("written") else 1.0 for row in rows]
    )
    logistic = import_module("sklearn.linear_model").LogisticRegression
    model = logistic(
        C=SOFTNESS, solver="liblinear", class_weight="balanced", max_iter=200, random_state=0
    )
    model.fit(matrix[chosen], labels[chosen], sample_weight=weights[chosen])
    return Head(model.coef_[0].astype(np.float64), float(model.intercept_[0]))


def score(head: Head, matrix: Matrix) -> Figures:
    scores: Figures = matrix @ head.weights + head.bias
    return scores


def calibrated(head: Concern, fitted: Head, matrix: Matrix, rows: Sequence[Row]) -> Head:
    """Platt's line, fitted to dev positives against dev chat as if there were as many of each."""
    raw = score(fitted, matrix)
    chosen = _positives(head, rows) | in_chat(rows)
    labels = _positives(head, rows)[chosen]
    logistic = import_module("sklearn.linear_model").LogisticRegression
    line = logistic(C=1e6, class_weight="balanced").fit(raw[chosen, None], labels)
    slope = float(line.coef_[0, 0])
    return Head(fitted.weights * slope, fitted.bias * slope + float(line.intercept_[0]))


def rounded(heads: Sequence[Head]) -> Rounded:
    """One byte a weight and head. The largest is kept: clipping it cost recall at strict rates."""
    weights = np.stack([head.weights for head in heads], axis=1)
    scale = np.abs(weights).max(axis=0) / 127
    table = np.rint(weights / scale).astype(np.int8)
    bias = np.array([head.bias for head in heads], dtype=np.float32)
    return Rounded(table, scale.astype(np.float32), bias)


def unrounded(weights: Rounded) -> tuple[Head, ...]:
    """Give the heads as the bot will read them."""
    table = weights.table.astype(np.float64) * weights.scale
    return tuple(
        Head(table[:, place], float(bias)) for place, bias in enumerate(weights.bias.tolist())
    )


def thresholds(scores: Figures, rows: Sequence[Row]) -> dict[float, float]:
    """Score above which a share of RATES of the chat rows lies."""
    chat = scores[in_chat(rows)]
    return {rate: round(float(np.quantile(chat, 1 - rate)), 4) for rate in RATES}


def recalls(head: Concern, scores: Figures, rows: Sequence[Row]) -> dict[str, dict[float, float]]:
    """Share of the dev positives above each threshold, a source."""
    lines = thresholds(scores, rows)
    found: dict[str, dict[float, float]] = {}
    for source in (*OWN[head], f"written-{head}"):
        mine = scores[_positives(head, rows) & _from(source, rows)]
        if len(mine):
            found[source] = {
                rate: round(float((mine > at).mean()), 3) for rate, at in lines.items()
            }
    return found


def false_alarms(head: Concern, scores: Figures, rows: Sequence[Row]) -> dict[float, float]:
    """Share of the written dev negatives, the hard ones, above each threshold."""
    negatives = np.array([row.source == f"written-{head}" and not row.label for row in rows])
    lines = thresholds(scores, rows)
    return {rate: round(float((scores[negatives] > at).mean()), 3) for rate, at in lines.items()}


def realised(
    head: Concern, matrix: Matrix, rows: Sequence[Row], dev: Matrix, dev_rows: Sequence[Row]
) -> dict[str, dict[float, float]]:
    """Rates on each chat source when it was neither fitted nor used to set the thresholds."""
    found: dict[str, dict[float, float]] = {}
    for source in CHAT:
        scores = score(fit(head, matrix, rows, without=source), dev)
        rest = [row for row in dev_rows if row.source != source]
        kept = ~_from(source, dev_rows)
        lines = thresholds(scores[kept], rest)
        mine = scores[~kept]
        found[source] = {rate: round(float((mine > at).mean()), 5) for rate, at in lines.items()}
    return found


def in_chat(rows: Sequence[Row]) -> NDArray[np.bool_]:
    return np.array([row.source in CHAT for row in rows])


def _positives(head: Concern, rows: Sequence[Row]) -> NDArray[np.bool_]:
    return np.array([bool(row.label) and row.source in _mine(head) for row in rows])


def _mine(head: Concern) -> tuple[str, ...]:
    return (*OWN[head], f"written-{head}")


def _from(source: str, rows: Sequence[Row]) -> NDArray[np.bool_]:
    return np.array([row.source == source for row in rows])
