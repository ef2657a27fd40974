"""Fit the linear model on exactly the features that `bot.triage.linear` reads, and measure it."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from bot.triage.head import HEADS
from bot.triage.linear import LONGEST_WORD, length_norm, pair_halves, word_features, words
from training.corpus import Row, labels_of

BUCKETS = 1 << 18
SOFTNESS = 1.0
# The few thousand written rows count as many: they carry what the public sets lack.
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
class Line:
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


def fit(matrix: Matrix, rows: Sequence[Row]) -> list[Line]:
    """Fit one line a head, each on the rows that say anything of it."""
    labels = labels_of(rows)
    weights = np.array([WRITTEN_WEIGHT if row.is_written else 1.0 for row in rows])
    return [_fitted(matrix, labels[:, column], weights) for column in range(len(HEADS))]


def rounded(lines: Sequence[Line]) -> Rounded:
    """One byte a weight and head. The largest is kept: clipping it cost recall at strict rates."""
    weights = np.stack([line.weights for line in lines], axis=1)
    scale = np.abs(weights).max(axis=0) / 127
    table = np.rint(weights / scale).astype(np.int8)
    bias = np.array([line.bias for line in lines], dtype=np.float32)
    return Rounded(table, scale.astype(np.float32), bias)


def scores(weights: Rounded, matrix: Matrix) -> Figures:
    """One row a message, one column a head, as the bot will reckon them."""
    table = weights.table.astype(np.float64) * weights.scale
    found: Figures = matrix @ table + weights.bias
    return found


def _fitted(matrix: Matrix, labels: NDArray[np.float32], weights: Figures) -> Line:
    # A label between 0 and 1 is what two readers differ on: too little for a straight line.
    chosen = (labels == 0) | (labels == 1)
    logistic = import_module("sklearn.linear_model").LogisticRegression
    model = logistic(
        C=SOFTNESS, solver="liblinear", class_weight="balanced", max_iter=200, random_state=0
    )
    model.fit(matrix[chosen], labels[chosen], sample_weight=weights[chosen])
    return Line(model.coef_[0].astype(np.float64), float(model.intercept_[0]))
