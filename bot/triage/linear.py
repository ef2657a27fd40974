"""A linear text model: one score a concern from hashed words, their inner n-grams and word pairs.

Every word is worth a fixed vector, one figure a head, so that it is computed once and kept; a
message of known words costs a look-up a word and a few array operations.
"""

import re
from collections.abc import Sequence
from itertools import chain
from math import sqrt
from typing import TypeAlias, TypeVar
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from bot.triage.head import Head

Floats: TypeAlias = NDArray[np.float32]
Rows: TypeAlias = NDArray[np.intp]
Span: TypeAlias = tuple[int, int]
One = TypeVar("One")

# Bounds on what is read: 500 unseen words of full length, the most there is to learn at once, cost
# about 15 milliseconds.
FIRST_WORDS = 400
LAST_WORDS = 100
LONGEST_WORD = 40
FIRST_CHARACTERS = 16_000
LAST_CHARACTERS = 4_000
# Words kept; a community's everyday vocabulary fits. Above it the memory is emptied, not trimmed:
# keeping count of use would cost more than learning the words again.
CAPACITY = 1 << 15

_WORD = re.compile(r"\w+(?:'\w+)*|\?")
_GRAMS = (3, 4, 5)
# A message of one word must not weigh as much as a paragraph: eight silent words are added.
_SILENT_WORDS = 8
_MOST_WORDS = FIRST_WORDS + LAST_WORDS
_FIRST = np.zeros(1, dtype=np.intp)


def words(text: str) -> list[str]:
    """Words and question marks in their order; of a long text only its start and its end."""
    if len(text) <= FIRST_CHARACTERS + LAST_CHARACTERS:
        found = _WORD.findall(text)
    else:
        found = _WORD.findall(text[:FIRST_CHARACTERS]) + _WORD.findall(text[-LAST_CHARACTERS:])
    return _ends(found)


def spans(text: str) -> list[Span]:
    """Where `words` stand, one for one."""
    if len(text) <= FIRST_CHARACTERS + LAST_CHARACTERS:
        return _ends(_spans(text, 0))
    rest = len(text) - LAST_CHARACTERS
    return _ends(_spans(text[:FIRST_CHARACTERS], 0) + _spans(text[rest:], rest))


def length_norm(count: int) -> float:
    """Give what the sum over `count` words is divided by."""
    return sqrt(count + _SILENT_WORDS)


def bucket(feature: str, buckets: int) -> int:
    """Place a feature; `buckets` is a power of two. CRC-32 is the same on every machine."""
    return crc32(feature.encode("utf-8", "surrogatepass")) & (buckets - 1)


def word_features(word: str, buckets: int) -> tuple[list[int], list[float]]:
    """Buckets and their shares: the word counts one, its n-grams together by the root of one."""
    edged = f"<{word}>"
    grams = [edged[at : at + n] for n in _GRAMS for at in range(len(edged) - n + 1)]
    places = [bucket(f"w:{word}", buckets), *(bucket(f"g:{gram}", buckets) for gram in grams)]
    return places, [1.0] + [1 / sqrt(len(grams))] * len(grams)


def pair_halves(word: str, buckets: int) -> tuple[int, int]:
    """Place the word as first and as second of a pair; the pair's bucket is their exclusive or."""
    return bucket(f"l:{word}", buckets), bucket(f"r:{word}", buckets)


class LinearModel:
    """Pure once made: the same text has the same scores, whatever was read before.

    Not for several threads at once: what is known of words is shared.
    """

    def __init__(
        self,
        *,
        table: NDArray[np.int8],
        scale: Floats,
        bias: Floats,
        heads: tuple[Head, ...],
        version: str,
        capacity: int = CAPACITY,
    ) -> None:
        """`table` is buckets x heads; times `scale`, it is what a bucket adds to a head's score.

        Raises ValueError for a `capacity` that the words of one message may exceed.
        """
        if capacity < _MOST_WORDS:
            raise ValueError(f"the memory must hold the {_MOST_WORDS} words of one message")
        self.heads = heads
        self.version = version
        self._bias = bias
        self._table = table.astype(np.float32) * scale
        self._vectors = np.zeros((capacity, len(heads)), dtype=np.float32)
        self._firsts = np.zeros(capacity, dtype=np.intp)
        self._seconds = np.zeros(capacity, dtype=np.intp)
        self._rows: dict[str, int] = {}

    def scores(self, text: str) -> tuple[float, ...]:
        """Log-odds a head, in the order of `heads`, were half of all messages of that concern.

        `text` is normalised (lower case, straight apostrophes). Zero means as likely as not under
        even odds; add the log of a community's own odds for its own.
        """
        found = words(text)
        if not found:
            return tuple(self._bias.tolist())
        sums = self._sums(found, _FIRST)[0]
        return tuple((sums / length_norm(len(found)) + self._bias).tolist())

    def score_words(self, texts: Sequence[list[str]]) -> Floats:
        """Score the `words` of many texts, a row each, as `scores` does at three times the cost.

        A call of numpy costs more than adding up the few words of one message.
        """
        found = [_ends(text) for text in texts]
        total = sum(map(len, found))
        if total > len(self._vectors) and len(texts) > 1:
            half = len(texts) // 2
            return np.concatenate([self.score_words(texts[:half]), self.score_words(texts[half:])])
        scores = np.tile(self._bias, (len(texts), 1))
        if total:
            lengths = np.array([len(one) for one in found], dtype=np.intp)
            spoken = lengths.nonzero()[0]
            lengths = lengths[spoken]
            sums = self._sums(list(chain.from_iterable(found)), lengths.cumsum() - lengths)
            norms = np.array([length_norm(n) for n in lengths.tolist()], dtype=np.float32)
            scores[spoken] += sums / norms[:, None]
        return scores

    def _sums(self, found: list[str], starts: Rows) -> Floats:
        """Add up what words and pairs are worth, of texts that stand one behind the other."""
        rows = self._known(found)
        worth: Floats = self._vectors.take(rows, 0)
        if len(rows) > 1:
            pairs = self._pairs(rows)
            if len(starts) > 1:
                pairs[starts[1:] - 1] = 0  # no pair reaches from one text into the next
            worth[1:] += pairs
        sums: Floats = np.add.reduceat(worth, starts, axis=0)
        return sums

    def weightiest(
        self, text: str, head: Head, most: int = 3
    ) -> tuple[tuple[int, int, float], ...]:
        """Start, end and share of the words that spoke most for `head`, the strongest first.

        A pair's weight is split between its two words. Raises ValueError for an unknown head.
        """
        column = self.heads.index(head)
        found = words(text)
        if not found:
            return ()
        shares = self._shares(self._known(found), column) / length_norm(len(found))
        ranked = sorted(zip(shares.tolist(), spans(text), strict=True), key=lambda one: -one[0])
        return tuple((*span, share) for share, span in ranked[:most] if share > 0)

    def _shares(self, rows: Rows, column: int) -> Floats:
        shares: Floats = self._vectors[rows, column]
        halves = self._pairs(rows)[:, column] / 2
        shares[:-1] += halves
        shares[1:] += halves
        return shares

    def _pairs(self, rows: Rows) -> Floats:
        places = self._firsts.take(rows[:-1]) ^ self._seconds.take(rows[1:])
        pairs: Floats = self._table.take(places, 0)
        return pairs

    def _known(self, found: Sequence[str]) -> Rows:
        rows = list(map(self._rows.get, found))
        if None in rows:
            # Only cut words are kept, or one long message could fill the memory.
            rows = self._learn([word[:LONGEST_WORD] for word in found])
        return np.array(rows, dtype=np.intp)

    def _learn(self, found: Sequence[str]) -> list[int | None]:
        unseen = dict.fromkeys(word for word in found if word not in self._rows)
        if len(self._rows) + len(unseen) > len(self._vectors):
            self._rows.clear()
            unseen = dict.fromkeys(found)
        for word in unseen:
            self._add(word)
        return [self._rows[word] for word in found]

    def _add(self, word: str) -> None:
        row = len(self._rows)
        places, shares = word_features(word, len(self._table))
        self._vectors[row] = np.array(shares, dtype=np.float32) @ self._table[places]
        self._firsts[row], self._seconds[row] = pair_halves(word, len(self._table))
        self._rows[word] = row


def _ends(found: list[One]) -> list[One]:
    if len(found) <= _MOST_WORDS:
        return found
    return found[:FIRST_WORDS] + found[-LAST_WORDS:]


def _spans(text: str, offset: int) -> list[Span]:
    return [(hit.start() + offset, hit.end() + offset) for hit in _WORD.finditer(text)]
