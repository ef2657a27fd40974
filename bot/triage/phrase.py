"""The syntax that practitioners write cues in, and how a phrase is matched against words.

    (want|need) [some] advice        one of several; what is in [ ] may be left out
    cant ... go on                   up to four words in between, within one sentence
    kill* myself                     a word that starts like this

Words are written as the plain form has them: lower case, no apostrophes (dont, im, cant).

A phrase is matched by following all its ways at once, as sets of positions, so the time is at most
the phrase's length times the words it spans: nothing a member types can make it back-track.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias, assert_never

from bot.triage.fold import FoldTable

GAP = "..."
MOST_BETWEEN = 4  # words that a gap may span
STOP = "."
_PIECE = re.compile(r"\.\.\.|[()\[\]|]|[^\s()\[\]|]+")
_GLUED = re.compile(r"[\w*][\[(]|[\])][\w]")
_WORD = re.compile(r"[^\W_]+\*?|\.")
_FOLD = FoldTable({})


class BadPhrase(ValueError):  # noqa: N818 - named like BadFile, which it ends up in
    """A phrase that cannot be read. The text says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word; `open` when it is only how the word starts."""

    text: str
    open: bool = False


@dataclass(frozen=True, slots=True)
class Gap:
    """Up to four words of any kind, within one sentence."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several sequences; an empty one means that all may be left out."""

    ways: tuple["Sequel", ...]


Part: TypeAlias = Word | Gap | Choice
Sequel: TypeAlias = tuple[Part, ...]


def parse(phrase: str) -> Sequel:
    """Read a phrase. Raises BadPhrase."""
    if _GLUED.search(phrase):
        raise BadPhrase("put a space between a word and a bracket")
    pieces = _PIECE.findall(phrase)
    ways = _ways(pieces)
    if pieces:
        raise BadPhrase(f"{pieces[0]!r} closes nothing")
    sequel = ways[0] if len(ways) == 1 else (Choice(tuple(ways)),)
    if not any(map(is_certain, sequel)):
        raise BadPhrase("has no word that must be there")
    return sequel


def is_certain(part: Part) -> bool:
    """Tell whether the part always stands for a word or more."""
    match part:
        case Word():
            return True
        case Gap():
            return False
        case Choice(ways):
            return all(any(map(is_certain, way)) for way in ways)
        case _:
            assert_never(part)


def first_words(sequel: Sequel) -> frozenset[str] | None:
    """Give the words of which one must come first, or None when that cannot be said."""
    words: set[str] = set()
    for part in sequel:
        match part:
            case Word(text, open=False):
                return frozenset((*words, text))
            case Choice(ways):
                firsts = [first_words(way) for way in ways if way]
                if any(first is None for first in firsts):
                    return None
                words.update(*(first for first in firsts if first is not None))
                if is_certain(part):
                    return frozenset(words)
            case _:
                return None
    return None


def needed_words(sequel: Sequel) -> tuple[frozenset[str], ...]:
    """Give sets of words of each of which one must be there for the sequence to be."""
    found = (_needed(part) for part in sequel)
    return tuple(words for words in found if words)


def _needed(part: Part) -> frozenset[str]:
    """Give words of which one must be there; empty when that cannot be said."""
    match part:
        case Word(text, open=False):
            return frozenset((text,))
        case Choice(ways) if is_certain(part):
            ways_needed = [needed_words(way) for way in ways]
            if all(ways_needed):
                return frozenset().union(*(min(needed, key=len) for needed in ways_needed))
    return frozenset()


def mirrored(sequel: Sequel) -> Sequel:
    """Turn a sequence round, to match it from its end."""
    return tuple(
        Choice(tuple(map(mirrored, part.ways))) if isinstance(part, Choice) else part
        for part in reversed(sequel)
    )


def ends(sequel: Sequel, words: Sequence[str], starts: Iterable[int]) -> set[int]:
    """Give every position in `words` at which `sequel` may end when it begins at one of `starts`.

    A position counts the words before it.
    """
    at = set(starts)
    for part in sequel:
        if not at:
            return at
        at = _after(part, words, at)
    return at


def _after(part: Part, words: Sequence[str], at: set[int]) -> set[int]:
    match part:
        case Word(text, open=False):
            return {n + 1 for n in at if n < len(words) and words[n] == text}
        case Word(text):
            return {n + 1 for n in at if n < len(words) and words[n].startswith(text)}
        case Gap():
            return {end for n in at for end in _gap_ends(words, n)}
        case Choice(ways):
            return {end for way in ways for end in ends(way, words, at)}
        case _:
            assert_never(part)


def _gap_ends(words: Sequence[str], at: int) -> Iterable[int]:
    yield at
    for end in range(at + 1, min(at + MOST_BETWEEN, len(words)) + 1):
        if words[end - 1] == STOP:
            return
        yield end


def _ways(pieces: list[str]) -> list[Sequel]:
    """Read alternatives up to the end or a closing bracket, which is left on `pieces`."""
    ways: list[Sequel] = []
    parts: list[Part] = []
    while pieces and pieces[0] not in (")", "]"):
        piece = pieces.pop(0)
        if piece == "|":
            ways.append(tuple(parts))
            parts = []
        else:
            parts.append(_part(piece, pieces))
    ways.append(tuple(parts))
    if len(ways) > 1 and () in ways:
        raise BadPhrase("nothing stands on one side of a |; use [ ] for what may be left out")
    return ways


def _part(piece: str, pieces: list[str]) -> Part:
    if piece == GAP:
        return Gap()
    if piece in ("(", "["):
        return _bracket(piece, pieces)
    if not _WORD.fullmatch(piece):
        raise BadPhrase(f"write {piece!r} in plain words, without punctuation")
    text = piece.removesuffix("*").lower()
    folded = text.translate(_FOLD)
    if folded != text:
        raise BadPhrase(f"write {text!r} as messages are read: {folded!r}")
    return Word(text, open=piece.endswith("*"))


def _bracket(opening: str, pieces: list[str]) -> Choice:
    closing = ")" if opening == "(" else "]"
    ways = _ways(pieces)
    if not pieces or pieces.pop(0) != closing:
        raise BadPhrase(f"{opening!r} is not closed by {closing!r}")
    if () in ways:
        raise BadPhrase(f"{opening}{closing} holds nothing")
    return Choice(tuple(ways) if opening == "(" else ((), *ways))
