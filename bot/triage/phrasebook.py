"""Find thousands of phrases in one pass, at a cost that hardly grows with their number.

One Aho-Corasick automaton (`ahocorasick_rs`) finds the anchors of all phrases; the rest of a phrase
is matched only where its anchor stands. No regular expression, no back-tracking.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import accumulate
from typing import Generic, TypeAlias, TypeVar

from ahocorasick_rs import AhoCorasick, MatchKind

from bot.domain.value import value
from bot.triage.anchor import Anchor, anchors_of
from bot.triage.phrase import Sequel, ends, first_words, mirrored, needed_words

Name = TypeVar("Name", bound=Hashable)
Match: TypeAlias = tuple[int, int, int]  # the anchor's number, and where it starts and ends
# Anchors of one message that are followed up: more is a flood, of which the rarest are taken.
MOST_ANCHORS = 2_000
_REACH = 40  # words to either side that a phrase may span
_BETWEEN = "\n"  # stands in no plain text, so no anchor reaches from one text into the next


@value
class Hit(Generic[Name]):
    """`name`'s phrase stands at `start` to `end` of the plain text, without the outer spaces."""

    name: Name
    start: int
    end: int


@value
class _Way(Generic[Name]):
    """A phrase around its anchor; `before` is turned round, to be matched from the anchor back.

    `next_before` and `next_after` are the words that may stand beside the anchor, where that can
    be said; `needed` are sets of words of each of which one is elsewhere in the phrase. Most
    anchors in ordinary chat fail one of these, and are done with at once. A phrase that `is_bare`
    is its anchor alone. `number` is the same for equal names.
    """

    name: Name
    number: int
    is_bare: bool
    size: int
    before: Sequel
    after: Sequel
    next_before: frozenset[str] | None
    next_after: frozenset[str] | None
    needed: tuple[frozenset[str], ...]


class Phrasebook(Generic[Name]):
    """Names and the phrases that stand for them. Raises BadPhrase for a phrase it cannot read."""

    def __init__(self, phrases: Iterable[tuple[Name, Sequence[str]]]) -> None:
        numbers: dict[str, int] = {}
        names: dict[Name, int] = {}
        self._ways: defaultdict[int, list[_Way[Name]]] = defaultdict(list)
        for name, written in phrases:
            number = names.setdefault(name, len(names))
            for phrase in written:
                for pattern, way in _ways(name, number, anchors_of(phrase)):
                    self._ways[numbers.setdefault(pattern, len(numbers))].append(way)
        self._is_closed = [pattern.endswith(" ") for pattern in numbers]
        self._automaton = AhoCorasick(numbers, matchkind=MatchKind.Standard)

    def find(self, text: str) -> list[Hit[Name]]:
        """Every hit in `text`, a plain text (see `bot.triage.words`), in order of its start."""
        return self.find_all([text])[0]

    def find_all(self, texts: Sequence[str]) -> list[list[Hit[Name]]]:
        """Find the hits of several plain texts in one go.

        The automaton lets other threads run while it looks, and getting back into turn costs more
        than looking through a message.
        """
        starts = list(accumulate((len(text) + 1 for text in texts), initial=0))
        found = self._automaton.find_matches_as_indexes(_BETWEEN.join(texts), overlapping=True)
        anchors: list[list[Match]] = [[] for _ in texts]
        at = 0
        for pattern, first, stop in found:  # in the order of their ends, so text by text
            while stop >= starts[at + 1]:
                at += 1
            anchors[at].append((pattern, first - starts[at], stop - starts[at]))
        return [
            self._hits(text, mine) if mine else []
            for text, mine in zip(texts, anchors, strict=True)
        ]

    def _hits(self, text: str, found: list[Match]) -> list[Hit[Name]]:
        page: _Page[Name] | None = None
        hits: dict[tuple[int, int, int], Name] = {}
        for pattern, start, stop in _rarest(found):
            is_closed = self._is_closed[pattern]
            for way in self._ways[pattern]:
                if way.is_bare:
                    end = stop - 1 if is_closed else text.find(" ", stop)
                    hits[start + 1, end, way.number] = way.name
                elif _may_be(way, text, start, stop if is_closed else None):
                    page = page or _Page(text)
                    if (span := page.span(start, way)) is not None:
                        hits[*span, way.number] = way.name
        return [Hit(name, start, end) for (start, end, _), name in sorted(hits.items(), key=_where)]


def _may_be(way: _Way[Name], text: str, start: int, stop: int | None) -> bool:
    """Look at the words beside an anchor; `stop` is None where a word may go on behind it."""
    after, before = way.next_after, way.next_before
    if after is not None and stop is not None and text[stop : text.find(" ", stop)] not in after:
        return False
    return before is None or text[text.rfind(" ", 0, start) + 1 : start] in before


def _where(hit: tuple[tuple[int, int, int], object]) -> tuple[int, int, int]:
    return hit[0]


def _ways(name: Name, number: int, found: Iterable[Anchor]) -> Iterator[tuple[str, _Way[Name]]]:
    """Pair what is looked for with its way; a phrase's anchors share most of theirs."""
    shared: dict[tuple[int, int, int], _Way[Name]] = {}
    for anchor in found:
        kind = len(anchor.words), id(anchor.before), id(anchor.after)
        if kind not in shared:
            shared[kind] = _way(name, number, anchor)
        yield _pattern(anchor), shared[kind]


def _way(name: Name, number: int, anchor: Anchor) -> _Way[Name]:
    before = mirrored(anchor.before)
    return _Way(
        name=name,
        number=number,
        is_bare=not (anchor.before or anchor.after),
        size=len(anchor.words),
        before=before,
        after=anchor.after,
        next_before=first_words(before),
        next_after=first_words(anchor.after),
        needed=needed_words((*anchor.before, *anchor.after)),
    )


class _Page(Generic[Name]):
    """A plain text as words; where each starts is worked out for the first phrase that is there."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._words = text.split()
        self._known = frozenset(self._words)

    def span(self, anchor: int, way: _Way[Name]) -> tuple[int, int] | None:
        """Give the characters of `way` around its anchor at character `anchor`, if it is there."""
        for needed in way.needed:
            if self._known.isdisjoint(needed):
                return None
        first = self._text.count(" ", 0, anchor)
        last = first + way.size
        found = self._reach(way, first, last)
        return None if found is None else self._characters(*found)

    def _reach(self, way: _Way[Name], first: int, last: int) -> tuple[int, int] | None:
        """Give the first word of the phrase and the one after its last, if it is there."""
        if way.after:
            reached = ends(way.after, self._words[last : last + _REACH], (0,))
            if not reached:
                return None
            last += min(reached)
        if way.before:
            behind = self._words[max(0, first - _REACH) : first][::-1]
            reached = ends(way.before, behind, (0,))
            if not reached:
                return None
            first -= min(reached)
        return first, last

    def _characters(self, first: int, last: int) -> tuple[int, int]:
        starts = self._starts
        return starts[first], starts[last - 1] + len(self._words[last - 1])

    @cached_property
    def _starts(self) -> list[int]:
        lengths = (len(word) + 1 for word in self._words)
        return list(accumulate(lengths, initial=1))


def _rarest(found: list[Match]) -> list[Match]:
    """Take each anchor's first place before any anchor's second: a flood of one hides no other."""
    if len(found) <= MOST_ANCHORS:
        return found
    seen: Counter[int] = Counter()
    turns = []
    for match in found:
        seen[match[0]] += 1
        turns.append(seen[match[0]])
    in_turn = sorted(range(len(found)), key=turns.__getitem__)
    return [found[n] for n in in_turn[:MOST_ANCHORS]]


def _pattern(anchor: Anchor) -> str:
    return f" {' '.join(anchor.words)}{'' if anchor.open else ' '}"
