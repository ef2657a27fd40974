"""Whether a message is in a language that is not read yet: a count of the commonest words.

It names no language and switches nothing off: it is for people, who have to know what was read as
English and was none. No library does it in the time there is, since every message is asked about;
most are let go at the second line.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from unicodedata import normalize

from bot.triage.fold import FoldTable

READ = "en"
# Of fewer words nothing can be said; "lol gg wp" is in every language.
LEAST_WORDS = 5
# Of a message in English at least one word in five is among the commonest.
ORDINARY = 5
# Another language has to be seen, not only English missed: names and commands are no language.
LEAST_SEEN = 2
# Letters of scripts in which no language is read: those before it are Latin ones.
LAST_LATIN = "\u024f"
LEAST_LETTERS = 10
MOST = 400  # characters that are looked at


@dataclass(frozen=True, slots=True)
class _Common:
    read: frozenset[str]
    others: tuple[frozenset[str], ...]


class Languages:
    """Built once from the commonest words of each language, as `words.yaml` has them."""

    def __init__(self, words: Mapping[str, Iterable[str]]) -> None:
        self._fold = FoldTable({})
        others = tuple(frozenset(mine) for name, mine in words.items() if name != READ)
        self._common = _Common(frozenset(words.get(READ, ())), others)

    def is_unread(self, text: str) -> bool:
        """Tell whether `text` is in another language than is read, as far as can be told."""
        text = text[:MOST]
        if not text.isascii() and _is_in_another_script(text):
            return True
        words = text.lower().split()
        if len(words) < LEAST_WORDS:
            return False
        english = len(self._common.read.intersection(words))
        if english * ORDINARY >= len(words):
            return False
        plain = "".join(c if c.isalnum() else " " for c in text.translate(self._fold))
        found = set(plain.split())
        seen = max((len(found & mine) for mine in self._common.others), default=0)
        return seen >= LEAST_SEEN and seen > len(found & self._common.read)


def _is_in_another_script(text: str) -> bool:
    letters = [char for char in normalize("NFKC", text) if char.isalpha()]  # no fancy Latin ones
    others = sum(char > LAST_LATIN for char in letters)
    return others >= LEAST_LETTERS and others * 2 > len(letters)
