"""Restore risk words that people disguise: k1ll, k*ll, k i l l, kiiill, s.u.i.c.i.d.e.

Only words of the lexicon are restored, so ordinary text with digits or stars stays as it is.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

# i and l look like 1, ! and | alike, so both are compared as "i".
_LEET = str.maketrans("@4310$5!|+7l", "aaeiossiitti")
_JOINERS = str.maketrans("", "", ".-_~")
_WILD = frozenset("*#%_")
_LONGEST = 40  # characters of one token; no risk word is longer, however it is dressed up
_SHORTEST = 3
# What stands between risk words when someone sets every letter apart: "i w a n t t o d i e".
_GLUE = frozenset(
    {"i", "me", "my", "self", "myself", "im", "am", "you", "your", "him", "her", "it", "this"}
    | {"to", "want", "wanna", "gonna", "going", "will", "a", "the", "and", "of", "be", "is"}
    | {"all", "life"}
)
_LONGEST_PIECE = 12


class Disguises:
    """Knows the lexicon's words in every shape that is undone here."""

    def __init__(self, masked: Sequence[str], known: Iterable[str] = ()) -> None:
        """`masked` are restored from every disguise; the other `known` words from digits alone."""
        self._plain = frozenset(masked)
        self._leet = {_leet(word): word for word in (*known, *reversed(masked))}
        self._squeezed = {_squeeze(word): word for word in reversed(masked)}
        self._by_length: defaultdict[int, list[str]] = defaultdict(list)
        for word in masked:
            self._by_length[len(word)].append(word)
        self._pieces = {_leet(word): word for word in (*_GLUE, *masked)}

    def restored(self, token: str) -> str | None:
        """Give the risk word that `token` disguises, or None."""
        bare = token.strip(".!-_~*?|+")
        if not _SHORTEST <= len(bare) <= _LONGEST or bare in self._plain:
            return None
        if bare.isalpha():
            stretched = self._squeezed.get(_squeeze(bare)) if _is_stretched(bare) else None
            return stretched or self._unmasked(token)
        if not any(char.isalpha() for char in bare):
            return None
        return self._leet.get(_leet(bare.translate(_JOINERS))) or self._unmasked(token)

    def joined(self, letters: Sequence[str]) -> list[str] | None:
        """Read letters set apart ("k", "i", "l", "l") as words, if all are known and one is a risk.

        At most 60 letters are looked at: nobody types more that way, and it bounds the work.
        """
        words = _split(_leet("".join(letters[:60])), self._pieces)
        if words is None or self._plain.isdisjoint(words):
            return None
        return words

    def _unmasked(self, token: str) -> str | None:
        bare = token.strip(".!-~?|+")
        if _WILD.isdisjoint(bare):
            return None
        return next((word for word in self._by_length[len(bare)] if _fits(bare, word)), None)


def _leet(word: str) -> str:
    return word.translate(_LEET)


def _squeeze(word: str) -> str:
    return "".join(char for char, _ in groupby(word))


def _is_stretched(word: str) -> bool:
    return any(a == b == c for a, b, c in zip(word, word[1:], word[2:], strict=False))


def _fits(token: str, word: str) -> bool:
    """Tell whether half of the word or more is shown, its first letter too, and is this word's."""
    shown = sum(char not in _WILD for char in token)
    if token[0] in _WILD or shown * 2 < len(word):
        return False
    return all(a in _WILD or _leet(a) == _leet(b) for a, b in zip(token, word, strict=True))


def _split(letters: str, pieces: Mapping[str, str]) -> list[str] | None:
    best: list[list[str] | None] = [[], *([None] * len(letters))]
    for end in range(1, len(letters) + 1):
        for start in range(max(0, end - _LONGEST_PIECE), end):
            so_far, piece = best[start], pieces.get(letters[start:end])
            if so_far is not None and piece is not None and best[end] is None:
                best[end] = [*so_far, piece]
    return best[-1]
