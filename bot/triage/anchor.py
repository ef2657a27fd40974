"""Which words of a phrase to look for first: the rarest that must be there.

All phrases are found by looking for their anchors in one pass; only where an anchor stands is the
rest of its phrase matched. A good anchor is rare in ordinary chat, so most messages cost one pass.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import TypeAlias, assert_never

from bot.triage.phrase import BadPhrase, Choice, Gap, Part, Sequel, Word, is_certain, parse

Wording: TypeAlias = tuple[Word, ...]

# The words that ordinary English chat is mostly made of: each says little about a phrase.
_COMMON_WORDS = """
a about after again all also always am an and any anyone are as at back be because been being
but by can cant could day did didnt do does doesnt doing done dont down ever every feel find
first for from get gets getting give go going gonna good got had has have havent having he her
here him his how i if ill im in into is isnt it its ive job just keep know last life like look
make makes many me more much my myself need never new no not now of off on one only or other our
out over own people really right said say see she should so some someone something still stop
take tell than that the their them then there these they thing things think this those time to
today told too trying two up us use very wanna want wants was way we week well went were what
when where which who why will with wont work working would year years you your
"""
COMMON = frozenset(_COMMON_WORDS.split())
MOST_WORDINGS = 200
_COMMON_WEIGHT, _RARE_WEIGHT = 1, 8


@dataclass(frozen=True, slots=True)
class Anchor:
    """Words to look for, and what must stand before and after them.

    `open` tells that the last word is only how it starts.
    """

    words: tuple[str, ...]
    open: bool
    before: Sequel
    after: Sequel


@cache
def anchors_of(phrase: str) -> tuple[Anchor, ...]:
    """Read a phrase and give its anchors. Raises BadPhrase. Files name phrases again and again."""
    return anchors(parse(phrase))


def anchors(sequel: Sequel) -> tuple[Anchor, ...]:
    """Give anchors of which one stands wherever the phrase does. Raises BadPhrase."""
    stretches = list(_stretches(sequel))
    if not stretches:
        raise BadPhrase(f"has no part that fewer than {MOST_WORDINGS} wordings stand for; split it")
    start, end, wordings = max(stretches, key=lambda stretch: _rarity(stretch[2]))
    before, after = sequel[:start], sequel[end:]
    return tuple(_anchor(way, before, after) for way in dict.fromkeys(wordings))


def _anchor(way: Wording, before: Sequel, after: Sequel) -> Anchor:
    """Look for `way` up to its first open word: where that word ends is not known beforehand."""
    cut = next((n for n, word in enumerate(way, start=1) if word.open), len(way))
    looked_for = tuple(word.text for word in way[:cut])
    rest = (*way[cut:], *after) if way[cut:] else after
    return Anchor(looked_for, way[cut - 1].open, before, rest)


def _stretches(sequel: Sequel) -> Iterator[tuple[int, int, list[Wording]]]:
    """Every run of parts that must be there and has few wordings, with those wordings."""
    for start in range(len(sequel)):
        for end in range(start + 1, len(sequel) + 1):
            if not is_certain(sequel[end - 1]):
                break
            wordings = _wordings(sequel[start:end])
            if not wordings:
                break
            yield start, end, wordings


def _wordings(sequel: Sequel) -> list[Wording]:
    """Spell a sequence out; empty when it has a gap or stands for too many wordings."""
    wordings: list[Wording] = [()]
    for part in sequel:
        more = _part_wordings(part)
        if not more or len(wordings) * len(more) > MOST_WORDINGS:
            return []
        wordings = [a + b for a, b in product(wordings, more)]
    return wordings


def _part_wordings(part: Part) -> list[Wording]:
    match part:
        case Word():
            return [(part,)]
        case Gap():
            return []
        case Choice(ways):
            spelt = [_wordings(way) for way in ways]
            return [way for found in spelt for way in found] if all(spelt) else []
        case _:
            assert_never(part)


def _rarity(wordings: list[Wording]) -> tuple[int, int]:
    """Judge by the most common wording; among equals, fewer wordings are better."""
    return min(sum(map(_weight, way)) for way in wordings), -len(wordings)


def _weight(word: Word) -> int:
    return _COMMON_WEIGHT if word.text in COMMON else _RARE_WEIGHT + min(len(word.text), 8)
