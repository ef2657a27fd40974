"""From hits to evidence: idioms, exceptions and negation decide what a cue means here.

Nothing here compares every hit with every other: one long message of cue words and exceptions
would hold up all others for seconds.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import accumulate

from bot.domain.reading import Evidence, Source
from bot.triage.phrasebook import Hit
from bot.triage.ruleset import Kind, Mark, Ruleset
from bot.triage.words import Plain

# "i am not going to", "never have i": a negation further off belongs to something else.
NEGATION_REACH = 3
_STOP = " . "
_NEGATION_WINDOW = 60  # characters that hold three words, with room to spare


class _Spans:
    """Stretches of a text, to be asked many times whether any of them meets another one."""

    def __init__(self, hits: Iterable[Hit[Mark]]) -> None:
        spans = sorted((hit.start, hit.end) for hit in hits)
        self._starts = [start for start, _ in spans]
        self._reached = list(accumulate((end for _, end in spans), max))

    def meet(self, start: int, end: int) -> bool:
        before = bisect_left(self._starts, end)
        return before > 0 and self._reached[before - 1] > start


class Exceptions:
    """What the `unless` phrases of a message switch off."""

    def __init__(self, text: str, hits: Iterable[Hit[Mark]]) -> None:
        self._text = text
        found: dict[str, list[Hit[Mark]]] = {}
        for hit in hits:
            if hit.name.kind is Kind.UNLESS:
                found.setdefault(hit.name.id, []).append(hit)
        self._spans = {id_: _Spans(mine) for id_, mine in found.items()} if found else {}

    def cover(self, hit: Hit[Mark]) -> bool:
        """Tell whether an `unless` phrase of its row overlaps the hit or shares its sentence."""
        mine = self._spans.get(hit.name.id)
        if mine is None:
            return False
        stop = self._text.find(_STOP, hit.end)
        end = stop + len(_STOP) if stop >= 0 else len(self._text)
        return mine.meet(self._text.rfind(_STOP, 0, hit.start), end)


def cue_evidence(plain: Plain, hits: Sequence[Hit[Mark]], rules: Ruleset) -> tuple[Evidence, ...]:
    """Evidence of the cues among `hits`, in their order; two cues may say the same of a place."""
    idioms = _Spans(hit for hit in hits if hit.name.kind is Kind.IDIOM)
    exceptions = Exceptions(plain.text, hits)
    return tuple(
        evidence
        for hit in hits
        if hit.name.kind is Kind.CUE
        and not idioms.meet(hit.start, hit.end)
        and not exceptions.cover(hit)
        and (evidence := _evidence(plain, hit, rules)) is not None
    )


def _evidence(plain: Plain, hit: Hit[Mark], rules: Ruleset) -> Evidence | None:
    cue = rules.cues[hit.name.id]
    code = cue.denied if is_negated(plain.text, hit, rules.negations) else cue.code
    if code is None:
        return None
    start, end = plain.span(hit.start, hit.end)
    return Evidence(code, start, end, Source.CUE, cue.id)


def is_negated(text: str, hit: Hit[Mark], negations: frozenset[str]) -> bool:
    """Tell whether a negation stands within three words before the hit, in its sentence."""
    whole = text.find(" ", max(0, hit.start - _NEGATION_WINDOW))  # "whatnot" cut short is no "not"
    before = text[whole : hit.start].rpartition(_STOP)[2]
    return not negations.isdisjoint(before.split()[-NEGATION_REACH:])
