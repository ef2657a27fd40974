"""How scores of a community are spread, as counts alone: no text, no author, no time of day."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.triage.head import HEADS, Head

# Log-odds, in bins of a tenth. What lies outside counts in the first or the last bin: no line is
# ever drawn there (`bot.triage.calibration`).
LOWEST, HIGHEST, BINS_A_UNIT = -15, 15, 10
BINS = (HIGHEST - LOWEST) * BINS_A_UNIT

Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Histogram:
    """`counts` has a row for each of HEADS and a column for each bin; every row has one sum."""

    counts: Counts

    @classmethod
    def empty(cls) -> "Histogram":
        return cls(np.zeros((len(HEADS), BINS), dtype=np.int64))

    @classmethod
    def of(cls, scores: NDArray[np.float64]) -> "Histogram":
        """Count scores, one row a message and one column for each of HEADS."""
        tenths = np.floor((np.nan_to_num(scores, nan=LOWEST) - LOWEST) * BINS_A_UNIT)
        bins = np.clip(tenths, 0, BINS - 1).astype(np.int64)
        rows = [np.bincount(column, minlength=BINS) for column in bins.T]
        return cls(np.array(rows, dtype=np.int64))

    @classmethod
    def from_sparse(cls, sparse: Mapping[Head, Mapping[int, int]]) -> "Histogram":
        """Take back what `sparse` gave. Raises ValueError for bins or sums that cannot be."""
        found = cls.empty()
        for head, bins in sparse.items():
            for number, count in bins.items():
                if not 0 <= number < BINS or count < 0:
                    raise ValueError(f"{head} has {count} scores in bin {number}")
                found.counts[HEADS.index(head), number] = count
        if len(set(found.counts.sum(axis=1).tolist())) != 1:
            raise ValueError("the heads count different numbers of messages")
        return found

    def sparse(self) -> dict[Head, dict[int, int]]:
        """Give the counts that are not zero: head -> number of the bin -> count."""
        return {
            head: {int(number): int(row[number]) for number in row.nonzero()[0]}
            for head, row in zip(HEADS, self.counts, strict=True)
        }

    def __add__(self, other: "Histogram") -> "Histogram":
        return Histogram(self.counts + other.counts)

    @property
    def messages(self) -> int:
        return int(self.counts[0].sum())

    def line(self, head: Head, rate: float) -> float:
        """Give the score that `rate` of the messages exceed; inside a bin they lie evenly.

        Of no messages nothing exceeds anything: then it is the highest.
        """
        row = self.counts[HEADS.index(head)]
        wanted = rate * self.messages
        above = np.cumsum(row[::-1])[::-1]
        enough = np.flatnonzero((above >= wanted) & (row > 0))
        if not len(enough) or not self.messages:
            return float(HIGHEST)
        found = enough[-1]
        share = (wanted - (above[found] - row[found])) / row[found]
        return float(LOWEST + (found + 1 - share) / BINS_A_UNIT)
