"""From hits to evidence: idioms, exceptions and negation decide what a cue means here."""

from collections.abc import Sequence

from bot.domain.reading import Evidence, Source
from bot.triage.phrasebook import Hit
from bot.triage.ruleset import Kind, Mark, Ruleset
from bot.triage.words import Plain

# "i am not going to", "never have i": a negation further off belongs to something else.
NEGATION_REACH = 3
_NEGATION_WINDOW = 60  # characters that hold three words, with room to spare


def cue_evidence(plain: Plain, hits: Sequence[Hit[Mark]], rules: Ruleset) -> tuple[Evidence, ...]:
    """Evidence of the cues among `hits`, in their order; two cues may say the same of a place."""
    idioms = [hit for hit in hits if hit.name.kind is Kind.IDIOM]
    return tuple(
        evidence
        for hit in hits
        if hit.name.kind is Kind.CUE
        and not any(_overlap(hit, idiom) for idiom in idioms)
        and not is_excepted(plain.text, hit, hits)
        and (evidence := _evidence(plain, hit, rules)) is not None
    )


def is_excepted(text: str, hit: Hit[Mark], hits: Sequence[Hit[Mark]]) -> bool:
    """Tell whether an `unless` phrase of the hit's own row overlaps it or shares its sentence."""
    off = Mark(Kind.UNLESS, hit.name.id)
    return any(other.name == off and _same_sentence(text, hit, other) for other in hits)


def _evidence(plain: Plain, hit: Hit[Mark], rules: Ruleset) -> Evidence | None:
    cue = rules.cues[hit.name.id]
    code = cue.denied if _is_negated(plain.text, hit, rules.negations) else cue.code
    if code is None:
        return None
    start, end = plain.span(hit.start, hit.end)
    return Evidence(code, start, end, Source.CUE, cue.id)


def _is_negated(text: str, hit: Hit[Mark], negations: frozenset[str]) -> bool:
    whole = text.find(" ", max(0, hit.start - _NEGATION_WINDOW))  # "whatnot" cut short is no "not"
    before = text[whole : hit.start].rpartition(" . ")[2]
    return not negations.isdisjoint(before.split()[-NEGATION_REACH:])


def _overlap(one: Hit[Mark], other: Hit[Mark]) -> bool:
    return one.start < other.end and other.start < one.end


def _same_sentence(text: str, one: Hit[Mark], other: Hit[Mark]) -> bool:
    return " . " not in text[min(one.end, other.end) : max(one.start, other.start)]
