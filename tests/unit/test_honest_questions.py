"""A question about who may do some work is a question, and what a job demands is a claim."""

from datetime import UTC, datetime

import pytest

from bot.domain.code import Code
from bot.domain.reading import Reading
from bot.knowledge import Knowledge
from bot.triage.read import Triage
from bot.triage.words import Reader
from tests.support import world

NOON = datetime(2026, 11, 10, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return world.knowledge()


@pytest.fixture(scope="module")
def cues_alone(knowledge: Knowledge) -> Triage:
    rules = knowledge.rules
    return Triage(rules, reader=Reader(rules.lexicon), models=None, known=None)


def read(triage: Triage, text: str) -> Reading:
    return triage.read(text, sent_at=NOON)


@pytest.mark.parametrize(
    "text",
    [
        "can a woman be a plumber?",
        "is it true that men can't be nurses?",
        "are women any good at coding?",
        "do older workers ever get into teaching?",
        "do employers really want older workers?",
        "do you need a degree for a job as a paramedic?",
    ],
)
def test_who_asks_whether_work_is_open_to_someone_asks(cues_alone: Triage, text: str) -> None:
    assert read(cues_alone, text).asking is not None


def test_a_stereotype_that_is_asked_about_stays_one(cues_alone: Triage) -> None:
    reading = read(cues_alone, "is it true that men can't be nurses?")
    assert reading.asking is not None
    assert Code.STEREOTYPE in {e.code for e in reading.safety.evidence}


@pytest.mark.parametrize("text", ["men cant be nurses", "women belong in the kitchen."])
def test_a_stereotype_that_is_stated_asks_nothing(cues_alone: Triage, text: str) -> None:
    reading = read(cues_alone, text)
    assert reading.asking is None
    assert Code.STEREOTYPE in {e.code for e in reading.safety.evidence}


@pytest.mark.parametrize(
    "text", ["are the boys at the match?", "what?", "is it true that men like cake?"]
)
def test_other_questions_stay_quiet(cues_alone: Triage, text: str) -> None:
    assert read(cues_alone, text).asking is None


@pytest.mark.parametrize(
    "text", ["you need a degree to be a paramedic", "u cant be a paramedic without going to uni"]
)
def test_that_only_university_makes_a_paramedic_is_a_known_claim(
    knowledge: Knowledge, text: str
) -> None:
    matches = read(knowledge.triage, text).information.matches
    assert "paramedic-university-only" in {match.claim_id for match in matches}


def test_a_word_about_a_paramedic_is_no_claim(knowledge: Knowledge) -> None:
    assert read(knowledge.triage, "a paramedic came and was lovely").information.matches == ()
