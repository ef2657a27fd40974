"""A static sentence embedding: the weighted sum of its word pieces' vectors, at unit length.

It tells whether two sentences say the same thing; it does not tell how serious a message is.
"""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

Vectors: TypeAlias = NDArray[np.float32]

# A sentence that makes a claim is short; more than this only blurs the sum.
LONGEST = 4_000
# Words kept, one kilobyte each; above it the memory is emptied. More than one text can hold.
CAPACITY = 1 << 13
_LEAST_LENGTH = np.float32(1e-9)


class Meaning:
    """Pure: equal texts have equal vectors."""

    def __init__(
        self,
        *,
        tokenizer: Tokenizer,
        pieces: NDArray[np.int8],
        scales: NDArray[np.float32],
        version: str,
    ) -> None:
        """Row i of `pieces` times `scales[i]` is what the tokenizer's piece i adds to a text."""
        self.version = version
        self._tokenizer = tokenizer
        self._pieces = pieces
        self._scales = scales
        self._rows: dict[str, int] = {}
        self._nothing = np.zeros(pieces.shape[1], dtype=np.float32)
        self._vectors = np.zeros((CAPACITY, pieces.shape[1]), dtype=np.float32)

    @property
    def width(self) -> int:
        """The number of columns of `vectors`."""
        return int(self._pieces.shape[1])

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """One row a text, of length one, so that a dot product is a cosine.

        The row of a text without any known word is zero: it is like nothing.
        """
        rows = np.array([self._sum(text) for text in texts], dtype=np.float32)
        rows = rows.reshape(len(texts), self.width)
        lengths = np.sqrt(np.einsum("ij,ij->i", rows, rows))[:, np.newaxis]
        rows /= np.maximum(lengths, _LEAST_LENGTH)
        return rows

    def _sum(self, text: str) -> Vectors:
        words = text[:LONGEST].split()
        if not words:
            return self._nothing
        try:
            rows = list(map(self._rows.__getitem__, words))
        except KeyError:
            rows = self._learn(words)
        total: Vectors = self._vectors.take(rows, 0).sum(0)
        return total

    def _learn(self, words: Sequence[str]) -> list[int]:
        """Give where the words' vectors stand; a word's pieces do not depend on those beside it."""
        if len(self._rows) + len(words) > CAPACITY:
            self._rows.clear()
        for word in words:
            if word not in self._rows:
                row = self._rows[word] = len(self._rows)
                self._vectors[row] = self._vector(word)
        return [self._rows[word] for word in words]

    def _vector(self, word: str) -> Vectors:
        # The tokenizer refuses half of a surrogate pair, which a hostile text may hold.
        readable = word.encode("utf-8", "replace").decode("utf-8")
        ids = self._tokenizer.encode(readable, add_special_tokens=False).ids
        vector: Vectors = self._scales.take(ids) @ self._pieces.take(ids, 0).astype(np.float32)
        return vector
