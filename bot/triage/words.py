"""From what was typed to plain words, and from a run of words back to what was typed.

The plain form is what cues and models read: lower-case words with one space between them and "."
for the end of a sentence or line, with quoted text, code and addresses blanked out and disguised
risk words restored. It costs microseconds; where a word stood in the message is worked out only
for the few messages in which something was found (`Plain.span`).

Every pattern here is a run of one character class, or runs of two disjoint ones in turn with a
bounded joiner, so `re` reads in linear time: there is nothing to back-track into.
`tests/unit/test_words.py` feeds it the worst.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby

from bot.triage.disguise import Disguises
from bot.triage.fold import FoldTable

# Slack allows 40,000 characters and Discord 4,000. What is longer is hostile or a paste: its start
# and its end are read, and the reading says that it was cut.
HEAD, TAIL = 30_000, 10_000
# A back-tick inside a word is an apostrophe ("don`t"), not the start of code.
_CODE = re.compile(r"```[^`]*```|(?<!\w)`[^`\n]*`")
_QUOTE = re.compile(r"^[ \t]*>[^\n]*", re.MULTILINE)
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>]+", re.IGNORECASE)
_TOKEN = re.compile(r"[@$*]?[^\W_]+(?:[*@$!|+#%._~\-]{1,3}[^\W_]+)*[*#%]{0,4}|[.!?\n]")
# What may join two words to one token, or stand at its edge.
_JOINS = re.compile(r"[*@$|+#%_~\-]|[.!][^\W_]")
_BETWEEN = str.maketrans(dict.fromkeys("\t\"&'(),/:;<=>[\\]^`{}", " "))
_PART = re.compile(r"[^\W_]+|[.!?\n]")
_APART = re.compile(r" [^\W_] [^\W_] [^\W_] ")
_NUMBER = re.compile(r"\d+(?:[.\-]\d+)*")
_WORD = re.compile(r"\S+")
_STOP = "."
_STOPS = frozenset(".!?\n")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")
_END = 4  # characters at a sentence's end among which its question mark stands
_MANY = 100_000  # spellings kept; beyond it the chat is hostile or in many tongues
_LONGEST_KEPT = 40  # characters; what is longer is no word, and may be a whole message
_RUN = 3  # single letters in a row before they are taken for a word set apart


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What the reader must know of words: from `bot/data/cues/words.yaml`."""

    slang: Mapping[str, str] = field(default_factory=dict)
    emoji: Mapping[str, str] = field(default_factory=dict)
    masked: Sequence[str] = ()
    known: Sequence[str] = ()


@dataclass(eq=False)
class Plain:
    """A message in plain words. `text` starts and ends with a space, so that a word is " word ".

    Nothing changes it. It is not frozen because one is made of every message, at twice the cost.
    """

    text: str
    original: str
    cut: bool
    _reader: "Reader"

    @cached_property
    def _origins(self) -> list[tuple[int, int]]:
        return self._reader.origins(self.original)

    @cached_property
    def asks(self) -> bool:
        """True when a question mark stands in it, and not only in an address, code or quotation."""
        return "?" in self.original and "?" in _blank(self.original)

    @property
    def stated(self) -> "Plain":
        """It without the sentences that ask, and with an address as a word that is said."""
        told = _ADDRESS.sub(" link ", self.original)
        parts = (part for part in _SENTENCE_END.split(told) if "?" not in part[-_END:])
        return self._reader.read("\n".join(parts))

    @property
    def heard(self) -> str:
        """The plain text as the linear model reads it: whether something is asked matters to it."""
        return f"{self.text}?" if "?" in self.original and self.asks else self.text

    @property
    def words(self) -> list[str]:
        """The words of `heard` in their order, as `bot.triage.linear.words` finds them."""
        found = [word for word in self.text.split() if word != _STOP]
        if "?" in self.original and self.asks:
            found.append("?")
        return found

    @cached_property
    def spoken(self) -> str:
        """The message as the encoder reads it: folded, with its punctuation, one space apart.

        Where a disguise or slang was spelt out it is the plain text instead: the encoder knows
        "kill myself", and neither "k1ll" nor "kms".
        """
        return self._reader.spoken(self)[0]

    def spoken_span(self, start: int, end: int) -> tuple[int, int]:
        """Characters of the original for the words that `start` to `end` of `spoken` touch."""
        spoken, is_plain = self._reader.spoken(self)
        start = spoken.rfind(" ", 0, start + 1) + 1
        stop = spoken.find(" ", max(end, start + 1))
        end = stop if stop >= 0 else len(spoken)
        if is_plain:
            # The question mark that `heard` ends with is no word of the text: take its last one.
            last = len(self.text) - 2
            return self.span(min(start + 1, last), min(end, last) + 1)
        return self._reader.folded_span(self.original, start, end)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Characters of the original for characters `start` to `end` of `text`."""
        origins = self._origins
        if not origins:
            return 0, 0
        first = self.text.count(" ", 0, start + 1) - 1
        last = max(first, self.text.count(" ", 0, max(end - 1, start + 1)) - 1)
        return origins[first][0], max(end for _, end in origins[first : last + 1])


class _Spelling(dict[str, str]):
    """A token in plain words, worked out when it is first met."""

    def __init__(self, disguises: Disguises) -> None:
        super().__init__()
        self._disguises = disguises

    def __missing__(self, token: str) -> str:
        spelt = self._disguises.restored(token) or " ".join(
            _STOP if part in _STOPS else part for part in _PART.findall(token)
        )
        if len(self) >= _MANY:
            self.clear()
        if len(token) <= _LONGEST_KEPT:
            self[token] = spelt
        return spelt


class Reader:
    """Turns messages into Plain. Built once from the lexicon; keeps words, never a message."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._fold = FoldTable(dict(lexicon.emoji))
        self._slang = dict(lexicon.slang)
        self._disguises = Disguises(lexicon.masked, lexicon.known)
        self._spelling = _Spelling(self._disguises)

    def read(self, original: str) -> Plain:
        kept, cut = _shorten(original)
        tokens = _tokens(self._folded(_blank(kept)).replace("'", ""))
        text = f" {' '.join(map(self._spelling.__getitem__, tokens))} "
        if not self._slang.keys().isdisjoint(tokens) or _APART.search(text):
            text = f" {' '.join(word for word, _, _ in self._spelt(tokens))} "
        return Plain(text, original, cut, self)

    def spoken(self, plain: Plain) -> tuple[str, bool]:
        """Give `Plain.spoken`, and whether it is the plain text."""
        kept, _ = _shorten(plain.original)
        folded = " ".join(self._folded(_blank(kept)).split())
        tokens = _TOKEN.findall(folded.replace("'", ""))
        apart = _APART.search(f" {' '.join(tokens)} ")
        spelt_out = apart or not self._slang.keys().isdisjoint(tokens)
        if spelt_out or any(map(self._disguises.restored, tokens)):
            return " ".join(plain.heard.split()), True
        return folded, False

    def folded_span(self, original: str, start: int, end: int) -> tuple[int, int]:
        """Characters of `original` for those of its folded text, words one space apart."""
        kept, cut = _shorten(original)
        blank = _blank(kept)
        parts = [self._fold[ord(char)] for char in blank]
        at = [n for n, part in enumerate(parts) for _ in part]
        squeezed = [
            n for word in _WORD.finditer("".join(parts)) for n in (*range(*word.span()), word.end())
        ]
        if not squeezed:
            return 0, 0
        first, last = at[squeezed[start]], at[squeezed[max(start, end - 1)]] + 1
        if not cut:
            return first, last
        moved = len(original) - HEAD - TAIL - 1
        return _past(first, moved), _past(last - 1, moved) + 1

    def origins(self, original: str) -> list[tuple[int, int]]:
        """For each word of the plain text, the characters of `original` that it came from."""
        kept, cut = _shorten(original)
        folded, at = self._traced(_blank(kept))
        found = list(_TOKEN.finditer(folded))
        spelt = self._spelt([token.group() for token in found])
        spans = [(at[found[a].start()], at[found[b].end() - 1] + 1) for _, a, b in spelt]
        if not cut:
            return spans
        moved = len(original) - HEAD - TAIL - 1  # what was left out, less the newline put in
        return [(_past(s, moved), _past(e - 1, moved) + 1) for s, e in spans]

    def _folded(self, text: str) -> str:
        """Fold character by character, unless that comes to writing it in lower case."""
        if text.isascii() and "`" not in text and text.replace("\n", "").isprintable():
            return text.lower()
        return text.translate(self._fold)

    def _traced(self, text: str) -> tuple[str, Sequence[int]]:
        """Fold `text` as `read` does, and tell for each character where it came from."""
        if text.isascii() and "'" not in text and "`" not in text and text.isprintable():
            return text.lower(), range(len(text))
        parts = [self._fold[ord(char)].replace("'", "") for char in text]
        return "".join(parts), [n for n, part in enumerate(parts) for _ in part]

    def _spelt(self, tokens: Sequence[str]) -> Iterator[tuple[str, int, int]]:
        """Give each plain word with the first and last token it came from."""
        number = 0
        for apart, run in groupby(tokens, key=lambda token: len(token) == 1 and token.isalnum()):
            letters = list(run)
            end = number + len(letters) - 1
            words = self._disguises.joined(letters) if apart and len(letters) >= _RUN else None
            if words is not None:
                yield from ((word, number, end) for word in words)
            else:
                for n in range(number, end + 1):
                    yield from ((word, n, n) for word in self._meaning(tokens, n).split())
            number = end + 1

    def _meaning(self, tokens: Sequence[str], number: int) -> str:
        """Spell one token out. Slang after a number is a unit: "5 kms", "2.5 kms" are distances."""
        slang = self._slang.get(tokens[number])
        if slang is None or (number and _NUMBER.fullmatch(tokens[number - 1])):
            return self._spelling[tokens[number]]
        return slang


def _tokens(folded: str) -> list[str]:
    """Find the tokens of a folded text. Where nothing joins words it is split, which is faster.

    Each mark that ends a sentence is a full stop then.
    """
    if not folded.isascii() or _JOINS.search(folded):
        return _TOKEN.findall(folded)
    for mark in _STOPS:
        if mark in folded:
            folded = folded.replace(mark, " . ")
    return folded.translate(_BETWEEN).split()


def _past(index: int, moved: int) -> int:
    return index if index < HEAD else index + moved


def _shorten(text: str) -> tuple[str, bool]:
    if len(text) <= HEAD + TAIL:
        return text, False
    return f"{text[:HEAD]}\n{text[-TAIL:]}", True


def _blank(text: str) -> str:
    """Overwrite code, quotations and addresses with spaces: nobody says them here and now."""
    if "`" in text:
        text = _CODE.sub(_spaces, text)
    if ">" in text:
        text = _QUOTE.sub(_spaces, text)
    if "://" in text or "www." in text:
        text = _ADDRESS.sub(_spaces, text)
    return text


def _spaces(found: re.Match[str]) -> str:
    return " " * (found.end() - found.start())
