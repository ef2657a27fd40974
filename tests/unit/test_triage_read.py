from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.code import ClaimType, Code, Concern, Need
from bot.domain.ladder import CONCERN, RUNG, SAFETY_CONCERNS
from bot.domain.reading import Level, Priority, Source, Versions
from bot.triage.encoder import Encoder
from bot.triage.head import CONCERN_HEADS, HEADS, Head
from bot.triage.read import FEW_WORDS, Models, Said, Triage, Urgency
from bot.triage.words import HEAD, TAIL, Reader
from tests.support.build import NOON
from tests.support.hostile import text as hostile
from tests.support.models import LOUD, SURE, linear, models
from tests.support.network import SILENT, Words, encoder, session, tokenizer
from tests.support.rules import claim, cue, deadline, need, reading, region, rules, triage
from tests.support.sessions import Watched

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


# What the linear model hears at once, and what the encoder makes of it.
QUICK: Words = {"blade": {Head.SELF_HARM: LOUD}, "odd": {Head.ASKING: LOUD, Head.ABUSE: LOUD}}
FULL: Words = {
    "blade": {Head.SELF_HARM: 9.0},
    "dark": {Head.SELF_HARM: 5.5, Head.PAGE: -5_000.0},  # the second opinion differs
    "odd": {Head.ASKING: 9.0},
    "lovely": {Head.SELF_HARM: -90.0, Head.HARM_TO_OTHERS: -90.0},
}
ONLY_QUICK = models(QUICK)
BOTH = models(QUICK, encoder(FULL, earlier={"dark": {Head.SELF_HARM: 9.0}}))


def reading_with(made: Models | None) -> Triage:
    return Triage(RULES, reader=Reader(RULES.lexicon), models=made, known=None)


def heard(text: str, made: Models | None, *before: str) -> list[tuple[Code, Source]]:
    read = reading_with(made).read(text, sent_at=NOON, before=before)
    return [(e.code, e.source) for e in read.evidence]


SELF_HARM_MODEL = (Code.SELF_HARM_MODEL, Source.ENCODER)
INTENT_CUE = (Code.SELF_HARM_INTENT, Source.CUE)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("good morning", []),
        ("a blade", [SELF_HARM_MODEL]),
        ("a dark day", [(Code.SELF_HARM_UNSURE, Source.ENCODER)]),
        ("odd", [(Code.ASKING_MODEL, Source.ENCODER)]),
        ("see https://odd.example/odd", []),
        ("I want to end it all", [INTENT_CUE]),
        ("a blade and I want to end it all", [INTENT_CUE, SELF_HARM_MODEL]),
        ("> a blade", []),
    ],
)
def test_what_the_encoder_is_sure_of_is_said_and_what_it_is_not_sure_of_more_softly(
    text: str, expected: list[tuple[Code, Source]]
) -> None:
    assert heard(text, BOTH) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("good morning", []),
        ("a blade", [(Code.SELF_HARM_MODEL, Source.LINEAR)]),
        ("a dark day", []),
        ("odd?", [(Code.ABUSE_MODEL, Source.LINEAR), (Code.ASKING_MODEL, Source.LINEAR)]),
        ("a blade and I want to end it all", [INTENT_CUE, (Code.SELF_HARM_MODEL, Source.LINEAR)]),
    ],
)
def test_without_an_encoder_the_linear_model_speaks_by_lines_of_its_own(
    text: str, expected: list[tuple[Code, Source]]
) -> None:
    assert heard(text, ONLY_QUICK) == expected


def test_what_the_models_found_is_shown_with_its_words_head_and_score() -> None:
    text = "I have\na BLADE here"
    (by_encoder,) = reading_with(BOTH).read(text, sent_at=NOON).evidence
    (by_linear,) = reading_with(ONLY_QUICK).read(text, sent_at=NOON).evidence

    for evidence in (by_encoder, by_linear):
        assert text[evidence.start : evidence.end] == "BLADE"
        assert evidence.by == Head.SELF_HARM
    assert by_encoder.weight == 9 + SILENT
    assert by_linear.weight is not None
    assert by_linear.weight > SURE


def test_what_no_word_weighs_on_is_evidence_of_the_whole_message() -> None:
    always = replace(ONLY_QUICK, linear=linear({}, silent=9.0))
    found = reading_with(always).read("good morning", sent_at=NOON).safety.evidence

    assert {(e.start, e.end, e.source) for e in found} == {(0, 12, Source.LINEAR)}


def test_a_message_is_read_in_the_light_of_what_was_said_before() -> None:
    assert heard("yes", BOTH, "x: are you in a dark place") == [SELF_HARM_MODEL]
    assert heard("yes", BOTH, "x: are you well") == []
    assert heard("yes", ONLY_QUICK, "x: a blade") == []


@pytest.mark.parametrize(
    ("text", "urgency"),
    [
        ("good morning", Urgency.WAITS),
        ("a blade", Urgency.DOUBTFUL),
        ("a dark day", Urgency.WAITS),
        ("I want to end it all", Urgency.URGENT),
        ("a blade, I want to end it all", Urgency.URGENT),
        ("they make me pay a fee", Urgency.WAITS),
    ],
)
def test_the_first_step_tells_what_cannot_wait(text: str, urgency: Urgency) -> None:
    assert reading_with(BOTH).first(text, sent_at=NOON).urgency is urgency
    assert reading_with(BOTH).urgencies(["well", text]) == [Urgency.WAITS, urgency]


def test_each_head_has_a_gate_of_its_own_and_none_is_no_gate() -> None:
    narrow = models(QUICK, gate={Head.ASKING: 1.0})
    closed = models(QUICK, gate={})

    assert not reading_with(narrow).first("a blade", sent_at=NOON).is_doubtful
    assert reading_with(narrow).first("odd", sent_at=NOON).is_doubtful
    assert not reading_with(closed).first("a blade, odd", sent_at=NOON).is_doubtful


def test_both_steps_apart_give_what_read_gives() -> None:
    bot = reading_with(BOTH)
    texts = ["a blade", "good morning", "odd? I want to end it all", ""]
    firsts = [bot.first(text, sent_at=NOON) for text in texts]
    settled = [bot.settle(f, e) for f, e in zip(firsts, bot.encode(firsts), strict=True)]

    assert settled == [bot.read(text, sent_at=NOON) for text in texts]
    assert settled[1] is bot.nothing


def test_messages_begun_together_read_as_each_alone() -> None:
    bot = reading_with(BOTH)
    texts = ["a blade", "", "good morning", "odd? I want to end it all", "caf\u00e9?", "a blade"]
    together = bot.firsts([Said(text, NOON) for text in texts])
    alone = [bot.first(text, sent_at=NOON) for text in texts]

    assert [(f.found, tuple(f.linear), f.is_doubtful, f.urgency) for f in together] == [
        (f.found, tuple(f.linear), f.is_doubtful, f.urgency) for f in alone
    ]
    assert together[0].is_doubtful
    assert together[3].urgency is Urgency.URGENT
    assert bot.firsts([]) == []


def test_a_message_that_the_encoder_could_not_read_is_settled_by_the_quick_lines() -> None:
    bot = reading_with(BOTH)
    first = bot.first("a blade", sent_at=NOON)

    assert [e.source for e in bot.settle(first, None).evidence] == [Source.LINEAR]
    assert reading_with(ONLY_QUICK).encode([first, first]) == [None, None]


def test_without_models_the_cues_decide_alone() -> None:
    bot = reading_with(None)
    first = bot.first("a blade. I want to end it all", sent_at=NOON)

    assert first.urgency is Urgency.URGENT
    assert not first.is_doubtful
    assert bot.encode([first]) == [None]
    assert bot.settle(first, None).safety.priority is Priority.P0
    assert bot.versions == Versions("rules-1", "none")


@pytest.mark.parametrize("made", [None, ONLY_QUICK, BOTH], ids=["none", "quick", "both"])
def test_no_model_ever_lowers_what_the_cues_say(made: Models | None) -> None:
    bot = reading_with(made)

    @given(st.lists(sayings | hostile | st.sampled_from((*QUICK, *FULL)), max_size=6))
    def check(said: list[str]) -> None:
        text = " ".join(said)
        cues = reading(text, RULES)
        read = bot.read(text, sent_at=NOON, before=("x: lovely lovely",))

        assert set(cues.evidence) <= set(read.evidence)
        assert all(0 <= e.start <= e.end <= len(text) for e in read.evidence)
        if cues.safety.priority is not None:
            assert read.safety.priority is not None
            assert read.safety.priority <= cues.safety.priority

    check()


@pytest.mark.parametrize(
    ("made", "version"),
    [
        (None, "none"),
        (ONLY_QUICK, "linear-1+no-encoder+fusion-1"),
        (BOTH, "linear-1+small-1+fusion-1"),
    ],
    ids=["none", "quick", "both"],
)
def test_a_reading_names_all_that_read_it(made: Models | None, version: str) -> None:
    assert reading_with(made).read("hello", sent_at=NOON).versions.model == version


@pytest.mark.parametrize("made", [None, ONLY_QUICK, BOTH], ids=["none", "quick", "both"])
def test_without_all_models_the_triage_says_that_it_is_not_complete(made: Models | None) -> None:
    bot = reading_with(made)

    assert bot.has_encoder is (made is BOTH)
    assert not bot.is_complete


def test_scores_are_one_row_of_figures_a_concern_in_the_order_of_the_texts() -> None:
    scores = reading_with(BOTH).scores(["a blade", "hello", "I want to end it all"])

    assert set(scores) == {str(head) for head in CONCERN_HEADS}
    assert scores["self_harm"].tolist() == [9 + SILENT, SILENT, SILENT + 1]
    assert scores["asking"].tolist() == [SILENT] * 3


def test_scores_are_the_same_alone_and_together_and_of_nothing_there_are_none() -> None:
    bot = reading_with(BOTH)
    texts = ["a blade", "a dark day", "lovely", "my cv?"]
    alone = [bot.scores([text])["self_harm"][0] for text in texts]

    assert bot.scores(texts)["self_harm"].tolist() == alone
    assert bot.scores([])["self_harm"].shape == (0,)


def test_without_models_the_cues_are_the_scores() -> None:
    scores = reading_with(None).scores(["I want to end it all", "hello"])

    assert scores["self_harm"].tolist() == [1, 0]


def test_fused_scores_of_what_was_not_encoded_are_the_quick_ones() -> None:
    bot = reading_with(BOTH)
    firsts = [bot.first(text, sent_at=NOON) for text in ("a blade", "hello")]
    quick = reading_with(ONLY_QUICK).fused(firsts)

    assert bot.fused(firsts, [None, None]).tolist() == quick.tolist()
    assert bot.fused(firsts).tolist() != quick.tolist()
    assert bot.fused(firsts).shape == (2, len(HEADS))


def test_a_message_of_more_than_a_few_words_is_read_alone() -> None:
    words: Words = {"word": {}, "gone": {}}
    watched = Watched(session(words))
    net = Encoder(watched, tokenizer(words), heads=HEADS, version="e")
    bot = Triage(RULES, reader=Reader(RULES.lexicon), models=models({}, net), known=None)
    for count in (FEW_WORDS, FEW_WORDS + 1):
        bot.read("word " * count, sent_at=NOON, before=("x: gone",))

    assert [bool(feed["types"].any()) for feed in watched.feeds] == [True, False]
