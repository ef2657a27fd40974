"""Read how a message stands to a question before it: does it tell something or give thanks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.triage.cues import Exceptions, is_negated
from bot.triage.phrase import STOP
from bot.triage.phrasebook import Hit, Phrasebook
from bot.triage.ruleset import Kind, Mark, Ruleset
from bot.triage.words import Plain

# "no idea, sorry" answers nothing; "no idea, but the careers service knows" does.
_WORDS_BESIDE = 4


@dataclass(frozen=True, slots=True)
class Answering:
    """`is_thanks`: whoever asked says that it is answered. `tells`: more than a question back."""

    is_thanks: bool
    tells: bool


NO_ANSWER = Answering(is_thanks=False, tells=False)


def read_answering(
    plain: Plain, hits: Sequence[Hit[Mark]], rules: Ruleset, phrases: Phrasebook[Mark]
) -> Answering:
    """`hits` are the message's own; `phrases` finds them again in what it states."""
    stated = plain.stated
    return Answering(
        is_thanks=not plain.asks and _is_thanks(plain, hits, rules),
        tells=_tells(stated, phrases.find(stated.text)),
    )


def _is_thanks(plain: Plain, hits: Sequence[Hit[Mark]], rules: Ruleset) -> bool:
    if any(hit.name.kind is Kind.STILL_OPEN for hit in hits):
        return False
    exceptions = Exceptions(plain.text, hits)
    return any(
        hit.name.kind is Kind.ANSWERED
        and not exceptions.cover(hit)
        and not is_negated(plain.text, hit, rules.negations)
        for hit in hits
    )


def _tells(plain: Plain, hits: Iterable[Hit[Mark]]) -> bool:
    """Count the words that no phrase of the cue files calls empty."""
    empty = [hit for hit in hits if hit.name.kind in (Kind.STILL_OPEN, Kind.NO_ANSWER)]
    words, end = 0, 0
    for hit in empty:  # in order of their start
        words += _words(plain.text[end : hit.start]) if hit.start > end else 0
        end = max(end, hit.end)
    words += _words(plain.text[end:])
    return words >= (_WORDS_BESIDE if empty else 1)


def _words(text: str) -> int:
    return sum(word != STOP for word in text.split())
