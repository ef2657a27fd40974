"""Where a negation ends: a comma or a new subject begins something that it does not deny."""

from datetime import UTC, datetime

import pytest

from bot.data.rules import load_rules
from bot.domain.code import Code
from bot.domain.reading import Priority
from bot.settings import Settings
from bot.triage.read import Triage
from bot.triage.words import Reader
from tests.support.rules import cue, evidence_in, rules

RULES = load_rules(Settings.from_env({}).cues)
TRIAGE = Triage(RULES, reader=Reader(RULES.lexicon), models=None, known=None)
NOON = datetime(2026, 11, 10, 12, tzinfo=UTC)


def priority(text: str) -> Priority | None:
    return TRIAGE.read(text, sent_at=NOON).safety.priority


@pytest.mark.parametrize(
    "text",
    [
        "no, i want to kill myself",
        "nope. not really, i want to kill myself",
        "no i dont, i want to kill myself",
        "well no i don't i want to kill myself",
        "im not ok, i want to kill myself",
        "i'm not fine, gonna kill myself tonight",
        "i cant, going to kill myself",
    ],
)
def test_what_begins_after_a_negation_is_not_denied(text: str) -> None:
    assert priority(text) is Priority.P0


@pytest.mark.parametrize(
    "text",
    [
        "i dont want to kill myself",
        "no i dont want to kill myself",
        "i would never, ever kill myself",
        "i never said i want to kill myself",
        "not that i want to kill myself",
        "dont worry, im not going to kill myself",
        "i, for one, do not want to kill myself",
    ],
)
def test_what_a_negation_carries_on_to_is_denied(text: str) -> None:
    assert priority(text) is Priority.P2


@pytest.mark.parametrize(
    ("text", "found"), [("not sold, bad", 1), ("not a bad", 0), ("not bad", 0)]
)
def test_a_comma_lets_a_cue_stand_that_a_negation_would_switch_off(text: str, found: int) -> None:
    assert len(evidence_in(text, rules(cue("bad", code=Code.DISTRESS)))) == found


def test_of_two_ways_to_read_it_the_more_urgent_counts() -> None:
    worse_when_denied = rules(
        cue("well", code=Code.HOPELESS, denied=Code.SELF_HARM_INTENT),
    )
    (evidence,) = evidence_in("not today, well", worse_when_denied)
    assert evidence.code is Code.SELF_HARM_INTENT


def test_a_disguised_comma_is_found_behind_emoji_and_apostrophes() -> None:
    assert priority("\U0001f62d i\u2019m n\u00f3t ok, i want to kill myself") is Priority.P0
