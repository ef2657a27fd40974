"""Read whether something is being asked, about what, and for which country."""

from collections.abc import Sequence

from bot.domain.code import ClaimType, Code
from bot.domain.reading import Asking, Evidence
from bot.triage.cues import Exceptions
from bot.triage.phrasebook import Hit
from bot.triage.ruleset import Kind, Mark, Ruleset
from bot.triage.words import Plain

_ASKED = (Code.ASKING, Code.ASKING_MODEL, Code.PERSON_ASKED)
_WHO_MAY_WORK = (Code.STEREOTYPE, Code.STEREOTYPE_MODEL)


def read_asking(
    plain: Plain, hits: Sequence[Hit[Mark]], evidence: Sequence[Evidence], rules: Ruleset
) -> Asking | None:
    """Read a question about career matters: a way of asking, with or without a topic.

    A bare question mark counts only beside a career topic, or every "what?" in a chat would be one.
    Who may do which work, and what a job demands, are such topics too: "can a woman be a plumber?"
    is a stereotype to some and an honest question to who asks.
    """
    asked = tuple(e for e in evidence if e.code in _ASKED)
    topics = [hit for hit in hits if hit.name.kind is Kind.NEED]
    if topics:
        exceptions = Exceptions(plain.text, hits)
        topics = [hit for hit in topics if not exceptions.cover(hit)]
    if not asked and not (plain.asks and (topics or _is_about_work(hits, evidence, rules))):
        return None
    needs = dict.fromkeys(rules.needs[hit.name.id] for hit in topics)
    return Asking(tuple(needs), read_regions(plain, hits), asked)


def _is_about_work(hits: Sequence[Hit[Mark]], evidence: Sequence[Evidence], rules: Ruleset) -> bool:
    """Tell whether work is spoken of; "i guess" and "i think" stand in questions of every kind."""
    facts = (hit for hit in hits if hit.name.kind is Kind.CLAIM)
    return any(rules.claims[hit.name.id].claim_type is ClaimType.FACTUAL for hit in facts) or any(
        e.code in _WHO_MAY_WORK for e in evidence
    )


def read_regions(plain: Plain, hits: Sequence[Hit[Mark]]) -> tuple[str, ...]:
    """ISO codes of the places that a message names, in its order."""
    named = [hit for hit in hits if hit.name.kind is Kind.REGION]
    if not named:
        return ()
    exceptions = Exceptions(plain.text, hits)
    return tuple(dict.fromkeys(hit.name.id for hit in named if not exceptions.cover(hit)))
