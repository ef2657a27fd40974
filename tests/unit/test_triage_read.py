from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.code import ClaimType, Code, Concern, Need
from bot.domain.ladder import CONCERN, RUNG, SAFETY_CONCERNS
from bot.domain.reading import Level, Priority, Source, Versions
from bot.triage.alarms import RATES, alarms
from bot.triage.linear import LinearModel
from bot.triage.read import Alarm, Triage
from bot.triage.words import HEAD, TAIL, Reader
from tests.support.build import NOON
from tests.support.hostile import text as hostile
from tests.support.rules import claim, cue, deadline, need, reading, region, rules, triage

INTENT = cue("end it all", code=Code.SELF_HARM_INTENT, denied=Code.SELF_HARM_DENIED)
SCAM = cue("pay a fee", code=Code.JOB_SCAM)
STUCK = cue("no idea where to start", code=Code.CAP_DMC)
AFRAID = cue("wrong choice", code=Code.CAP_CA)
BROKE = cue("no money", code=Code.CPX_ECON)
CARER = cue("sole carer", code=Code.CPX_FAM)
BARRED = cue("refused for my faith", code=Code.CPX_SOC, single=True)
CLOSING = deadline("interview", unless=["interview went"])
OPINION = claim(ClaimType.OPINION, "i think")
RULES = rules(
    INTENT, SCAM, STUCK, AFRAID, BROKE, CARER, BARRED, CLOSING, OPINION, need(Need.CV, "cv"),
    region("FI", "finland"), negations=("not", "dont"), idioms=["end it all on a high"],
)  # fmt: skip
LOW = "no idea where to start, afraid of the wrong choice, no money and sole carer"


@pytest.mark.parametrize(
    ("text", "priority"),
    [
        ("I want to end it all", Priority.P0),
        ("they say pay a fee", Priority.P2),
        ("pay a fee? I want to end it all", Priority.P0),
        ("I dont want to end it all", Priority.P2),
        ("we end it all on a high", None),
        ("> I want to end it all", None),
        ("no money", None),
        ("hello", None),
        ("", None),
    ],
)
def test_the_worst_safety_evidence_gives_the_priority(text: str, priority: Priority | None) -> None:
    assert priority == reading(text, RULES).safety.priority


def test_three_readings_and_two_facts_are_read_apart() -> None:
    text = f"I think they make me pay a fee. {LOW}. my CV? interview tomorrow in Finland"
    read = reading(text, RULES)

    assert read.safety.priority is Priority.P2
    assert [e.code for e in read.safety.evidence] == [Code.JOB_SCAM]
    assert (read.readiness.level, read.readiness.capability) == (Level.LOW, 2)
    assert read.information.claim_type is ClaimType.OPINION
    assert read.asking is not None
    assert read.asking.needs == (Need.CV,)
    assert read.deadline is not None
    assert read.deadline.evidence.code is Code.DEADLINE_CLOSE
    assert read.regions == ("FI",)


def test_a_message_in_which_nothing_is_found_costs_no_reading() -> None:
    bot = triage(RULES)

    assert bot.read("good morning all", sent_at=NOON) is bot.nothing
    assert bot.nothing.evidence == ()


def test_versions_are_carried_with_every_reading() -> None:
    assert reading("hello", RULES).versions == Versions("rules-1", "none")
    assert reading("end it all", RULES).versions == Versions("rules-1", "none")


def test_a_cue_marked_single_makes_readiness_low_by_itself() -> None:
    assert reading("I was refused for my faith", RULES).readiness.level is Level.LOW


@pytest.mark.parametrize("text", ["sole carer!!!!", "sole\ncarer\n\n\n.", "sole carer ok"])
def test_stops_are_not_words_that_make_a_message_long_enough_to_label(text: str) -> None:
    assert reading(text, RULES).readiness.level is Level.UNCLEAR


@pytest.mark.parametrize(
    ("text", "expected"),
    [("interview tomorrow", True), ("the interview went well, more tomorrow", False)],
)
def test_an_exception_of_a_deadline_holds_where_nothing_else_is_said(
    text: str,
    expected: bool,  # noqa: FBT001 - a table's column
) -> None:
    assert (reading(text, RULES).deadline is not None) is expected


def test_a_deadline_is_reckoned_from_when_the_message_was_sent() -> None:
    one = reading("interview in 2 hours", RULES)
    later = reading("interview in 2 hours", RULES, sent_at=NOON + timedelta(days=400))

    assert one.deadline is not None
    assert later.deadline is not None
    assert later.deadline.at - one.deadline.at == timedelta(days=400)


def test_a_message_that_is_cut_says_so_and_is_read_at_both_ends() -> None:
    text = f"pay a fee{' word' * (HEAD + TAIL)} end it all"
    read = reading(text, RULES)

    assert read.cut
    assert {e.code for e in read.safety.evidence} == {Code.JOB_SCAM, Code.SELF_HARM_INTENT}
    assert {text[e.start : e.end] for e in read.evidence} == {"pay a fee", "end it all"}
    assert reading("word " * (HEAD + TAIL), RULES).cut


sayings = st.sampled_from((LOW, "end it all", "my cv?", "interview tomorrow", "I think", ". ", "x"))


@given(st.lists(sayings | hostile, max_size=6).map(" ".join))
def test_all_evidence_lies_in_the_message_and_is_of_its_own_reading(text: str) -> None:
    read = reading(text, RULES)

    assert all(0 <= e.start <= e.end <= len(text) for e in read.evidence)
    assert all(CONCERN[e.code] in SAFETY_CONCERNS for e in read.safety.evidence)
    assert all(CONCERN[e.code] is Concern.READINESS for e in read.readiness.evidence)


@given(st.lists(sayings | hostile, max_size=6).map(" ".join))
def test_the_same_message_is_always_read_the_same(text: str) -> None:
    assert reading(text, RULES) == triage(RULES).read(text, sent_at=NOON)


@pytest.mark.parametrize(
    "code", [code for code in Code if CONCERN.get(code) in SAFETY_CONCERNS], ids=str
)
def test_every_safety_code_stands_on_a_rung(code: Code) -> None:
    assert RUNG[code] <= Priority.P2
    assert reading("so lost", rules(cue("so lost", code=code))).safety.priority is RUNG[code]


HEADS = (Concern.SELF_HARM, Concern.ASKING)


def model(*biases: float) -> LinearModel:
    """Build a model whose heads always say the same: their bias."""
    return LinearModel(
        table=np.zeros((16, len(HEADS)), dtype=np.int8),
        scale=np.ones(len(HEADS), dtype=np.float32),
        bias=np.array(biases, dtype=np.float32),
        heads=HEADS,
        version="model-1",
    )


def heard(text: str, *biases: float) -> list[Code]:
    speaking = (Alarm(0, Code.SELF_HARM_MODEL, 2.0), Alarm(1, Code.ASKING_MODEL, 2.0))
    bot = Triage(
        RULES, reader=Reader(RULES.lexicon), linear=model(*biases), alarms=speaking, known=None
    )
    read = bot.read(text, sent_at=NOON)
    assert read.versions.model == "model-1"
    return [e.code for e in read.evidence]


@pytest.mark.parametrize(
    ("text", "biases", "expected"),
    [
        ("good morning", (1.5, 0), []),
        ("good morning", (2.0, 0), [Code.SELF_HARM_MODEL]),
        ("good morning", (0, 9), []),
        ("good morning?", (0, 9), [Code.ASKING_MODEL]),
        ("see https://x.example/?a=1", (0, 9), []),
        ("I want to end it all", (0, 0), [Code.SELF_HARM_INTENT]),
        ("I want to end it all", (9, 0), [Code.SELF_HARM_INTENT, Code.SELF_HARM_MODEL]),
    ],
)
def test_a_head_of_the_model_speaks_up_from_its_threshold_on(
    text: str, biases: tuple[float, float], expected: list[Code]
) -> None:
    assert expected == heard(text, *biases)


def test_what_no_word_weighs_on_is_evidence_of_the_whole_message() -> None:
    bot = Triage(
        RULES,
        reader=Reader(RULES.lexicon),
        linear=model(9, 0),
        alarms=[Alarm(0, Code.SELF_HARM_MODEL, 2.0)],
        known=None,
    )
    (evidence,) = bot.read("good morning", sent_at=NOON).evidence

    assert (evidence.start, evidence.end, evidence.source) == (0, 12, Source.LINEAR)
    assert evidence.weight == 9


def test_alarms_pair_each_head_that_has_a_rate_with_its_threshold() -> None:
    heads = (Concern.ASKING, Concern.READINESS, Concern.SELF_HARM)
    thresholds = {head: {rate: 3.5} for head, (_, rate) in RATES.items()}

    assert alarms(heads, thresholds) == (
        Alarm(0, Code.ASKING_MODEL, 3.5),
        Alarm(2, Code.SELF_HARM_MODEL, 3.5),
    )


def test_without_models_the_triage_says_that_it_is_not_complete() -> None:
    assert not triage(RULES).is_complete
