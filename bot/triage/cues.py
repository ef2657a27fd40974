"""From hits to evidence: idioms, exceptions and negation decide what a cue means here.

Nothing here compares every hit with every other: one long message of cue words and exceptions
would hold up all others for seconds.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise

from bot.domain.code import Code
from bot.domain.ladder import RUNG
from bot.domain.reading import Evidence, Priority, Source
from bot.triage.phrasebook import Hit
from bot.triage.ruleset import Kind, Mark, Ruleset
from bot.triage.words import Plain

# "i am not going to", "never have i": a negation further off belongs to something else.
NEGATION_REACH = 3
_STOP = " . "
_NEGATION_WINDOW = 60  # characters that hold three words, with room to spare
_NEW = "i im ive id ill he hes she shes they theyre we were you youre"
_SUBJECTS = frozenset(_NEW.split())
# After these a subject is still denied: "not that i", "dont think i", "never have i".
_CARRYING = """
    am are assume because believe can claim claiming could did do does feel feeling felt had has
    have how if imagine imply implying is know like mean meaning might must once pretend said say
    saying should suggest suggesting suppose sure tell telling that think thinking thought until was
    were what when where whether why will would
"""
_CARRIES_ON = frozenset(_CARRYING.split())
# "never, ever" is one negation.
_SOFTENERS = frozenset(("ever", "again", "even", "really", "not"))
_NO_RUNG = Priority.P3 + 1


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
    """What the `unless` phrases of a message switch off, and what is said with a laugh."""

    def __init__(self, text: str, hits: Iterable[Hit[Mark]]) -> None:
        self._text = text
        found: dict[str, list[Hit[Mark]]] = {}
        laughs: list[Hit[Mark]] = []
        for hit in hits:
            if hit.name.kind is Kind.UNLESS:
                found.setdefault(hit.name.id, []).append(hit)
            elif hit.name.kind is Kind.LAUGHTER:
                laughs.append(hit)
        self._spans = {id_: _Spans(mine) for id_, mine in found.items()} if found else {}
        self._laughs = _Spans(laughs) if laughs else None

    def cover(self, hit: Hit[Mark]) -> bool:
        """Tell whether an `unless` phrase of its row overlaps the hit or shares its sentence."""
        mine = self._spans.get(hit.name.id)
        return mine is not None and self._shares_sentence(hit, mine)

    def laugh_at(self, hit: Hit[Mark]) -> bool:
        """Tell whether somebody laughs in the sentence of the hit."""
        return self._laughs is not None and self._shares_sentence(hit, self._laughs)

    def _shares_sentence(self, hit: Hit[Mark], mine: _Spans) -> bool:
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
        and (evidence := _evidence(plain, hit, rules, exceptions)) is not None
    )


def _evidence(
    plain: Plain, hit: Hit[Mark], rules: Ruleset, exceptions: Exceptions
) -> Evidence | None:
    cue = rules.cues[hit.name.id]
    code: Code | None = cue.code
    between = _after_negation(plain.text, hit, rules.negations)
    if between is not None:
        code = cue.denied
        if code is not cue.code and _is_new_start(plain, hit, between):
            code = _worse(cue.code, code)
    if code is cue.code and cue.laughed is not None and exceptions.laugh_at(hit):
        code = cue.laughed
    if code is None:
        return None
    start, end = plain.span(hit.start, hit.end)
    return Evidence(code, start, end, Source.CUE, cue.id)


def is_negated(text: str, hit: Hit[Mark], negations: frozenset[str]) -> bool:
    """Tell whether a negation stands within three words before the hit, in its sentence."""
    return _after_negation(text, hit, negations) is not None


def _after_negation(text: str, hit: Hit[Mark], negations: frozenset[str]) -> list[str] | None:
    """Give the words between the last negation before a hit and the hit; None without one."""
    whole = text.find(" ", max(0, hit.start - _NEGATION_WINDOW))  # "whatnot" cut short is no "not"
    words = text[whole : hit.start].rpartition(_STOP)[2].split()[-NEGATION_REACH:]
    if negations.isdisjoint(words):
        return None
    last = next(n for n in range(len(words) - 1, -1, -1) if words[n] in negations)
    return words[last + 1 :]


def _is_new_start(plain: Plain, hit: Hit[Mark], between: Sequence[str]) -> bool:
    """Tell whether something new begins between a negation and a hit.

    "i am not ok, i want to die" and "no i dont i want to die" deny nothing. A new subject begins
    it, unless the word before carries the negation on ("i dont think i want to", "never have i"),
    or a comma does. The plain text has no commas, so the message itself is looked at; that is dear,
    and done only for the few hits that a negation would change.
    """
    words = (*between, plain.text[hit.start : hit.end].split(maxsplit=1)[0])
    for before, word in pairwise(("", *words)):
        if word in _SUBJECTS:
            return before not in _CARRIES_ON
    if between and _SOFTENERS.issuperset(between):
        return False
    return "," in _typed_before(plain, hit, between)


def _typed_before(plain: Plain, hit: Hit[Mark], between: Sequence[str]) -> str:
    """Give what was typed from the negation to the hit."""
    inside = hit.start - sum(len(word) + 1 for word in between) - 2  # within the negation
    return plain.original[plain.span(inside, inside)[0] : plain.span(hit.start, hit.end)[0]]


def _worse(code: Code, denied: Code | None) -> Code:
    """Of two ways to read it take the more urgent: ambiguity rounds up."""
    if denied is None or RUNG.get(code, _NO_RUNG) <= RUNG.get(denied, _NO_RUNG):
        return code
    return denied
