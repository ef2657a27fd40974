"""Why a message was read as it was: for people who edit cue files, with its words beside them."""

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.text import Text

from bot.cards.reason import PRIORITY_NAMES, in_words
from bot.domain.decision import Alert, Decision, ProposeNote, Recommend
from bot.domain.reading import Evidence, Reading
from bot.reports.inert import inert


def render(
    text: str,
    reading: Reading,
    decision: Decision,
    console: Console,
    *,
    before: Sequence[str] = (),
) -> None:
    """Print the reading of `text`, as it stands after `before`, and what was decided on it."""
    for line in before:
        console.print(Text(f"After: {inert(line)}"), soft_wrap=True)
    for line in lines(text, reading, decision):
        console.print(Text(line), soft_wrap=True)


def lines(text: str, reading: Reading, decision: Decision) -> Iterator[str]:
    """Say how `text` was read, what was decided on it, and by which versions."""
    name = "nothing follows" if decision.priority is None else PRIORITY_NAMES[decision.priority]
    yield f"Priority: {name}"
    for code in decision.because:
        yield f"  because: {in_words(code)} [{code}]"
    yield "Evidence:" if reading.evidence else "Evidence: none"
    yield from (f"  {_evidence(text, evidence)}" for evidence in reading.evidence)
    needs = (
        f"capability need {reading.readiness.capability}, complexity {reading.readiness.complexity}"
    )
    yield f"Readiness of the message: {reading.readiness.level} ({needs})"
    if reading.asking is not None:
        topics = ", ".join(reading.asking.needs) or "no topic that the catalogue knows"
        yield f"Asks about: {topics}"
    if reading.regions:
        yield f"Names: {', '.join(reading.regions)}"
    if reading.deadline is not None:
        yield f"Deadline: {reading.deadline.at:%Y-%m-%d %H:%M}"
    yield from _outcomes(decision)
    versions = decision.versions
    yield f"Rules {versions.ruleset}, model {versions.model}, policy {versions.policy}"


def _evidence(text: str, evidence: Evidence) -> str:
    words = inert(text[evidence.start : evidence.end])
    weight = "" if evidence.weight is None else f", weight {evidence.weight:.2f}"
    return f'{evidence.code} by {evidence.source} {evidence.by}{weight}: "{words}"'


def _outcomes(decision: Decision) -> Iterator[str]:
    for outcome in decision.outcomes:
        match outcome:
            case Alert():
                yield "Would alert a practitioner."
            case Recommend(recommendations=found):
                yield f"Would recommend: {', '.join(one.resource_id for one in found)}"
            case ProposeNote(claim_id=claim, strength=strength, similarity=similarity):
                yield f"Would propose a note on {claim} ({strength}, similarity {similarity:.2f})"
