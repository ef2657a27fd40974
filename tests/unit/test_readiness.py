import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.code import Code
from bot.domain.reading import Evidence, Level, Readiness, Source
from bot.triage.readiness import LEAST_WORDS, MOST, level, read_readiness

CAPABILITY = (Code.CAP_DMC, Code.CAP_CA, Code.CAP_EC, Code.CAP_ABS)
COMPLEXITY = (Code.CPX_ECON, Code.CPX_FAM, Code.CPX_SOC, Code.CPX_ORG)
HIGH, MODERATE, LOW = Level.HIGH, Level.MODERATE, Level.LOW
# Rows are the capability need, 0 to 3; columns the complexity, 0 to 3.
TWO_BY_TWO = (
    (HIGH, HIGH, MODERATE, MODERATE),
    (HIGH, HIGH, MODERATE, MODERATE),
    (MODERATE, MODERATE, LOW, LOW),
    (MODERATE, MODERATE, LOW, LOW),
)
CELLS = [(row, column) for row in range(4) for column in range(4)]


def found(*codes: Code, by: str = "a-cue") -> list[Evidence]:
    return [Evidence(code, n, n + 1, Source.CUE, by) for n, code in enumerate(codes)]


def read(
    *codes: Code, single: str = "single", by: str = "a-cue", asking: bool = False, words: int = 20
) -> Readiness:
    return read_readiness(found(*codes, by=by), single={single}, asking=asking, words=words)


@pytest.mark.parametrize(("capability", "complexity"), CELLS)
def test_each_cell_of_the_two_by_two(capability: int, complexity: int) -> None:
    expected = TWO_BY_TWO[capability][complexity]

    assert expected is level(capability, complexity)


@pytest.mark.parametrize(("capability", "complexity"), CELLS)
def test_one_debilitating_factor_makes_every_cell_low(capability: int, complexity: int) -> None:
    assert level(capability, complexity, debilitated=True) is LOW


@pytest.mark.parametrize(("capability", "complexity"), CELLS)
def test_a_message_is_read_into_its_cell(capability: int, complexity: int) -> None:
    reading = read(*CAPABILITY[:capability], *COMPLEXITY[:complexity], asking=True)

    assert (reading.capability, reading.complexity) == (capability, complexity)
    assert reading.level is TWO_BY_TWO[capability][complexity]


@pytest.mark.parametrize("capability", range(4))
def test_a_debilitating_cue_makes_the_situation_complex_by_itself(capability: int) -> None:
    reading = read(*CAPABILITY[:capability], Code.CPX_SOC, by="single")

    assert (reading.level, reading.complexity) == (LOW, MOST)


def test_a_code_that_is_repeated_counts_once() -> None:
    reading = read(*[Code.CAP_DMC] * 5, *[Code.CPX_ECON] * 5)

    assert (reading.capability, reading.complexity, reading.level) == (1, 1, HIGH)
    assert len(reading.evidence) == 10


def test_needs_end_at_three() -> None:
    reading = read(*(c for c in Code if c.startswith(("CAP-", "CPX-"))))

    assert (reading.capability, reading.complexity) == (MOST, MOST)


@pytest.mark.parametrize(
    ("words", "expected"),
    [(0, Level.UNCLEAR), (LEAST_WORDS - 1, Level.UNCLEAR), (LEAST_WORDS, LOW)],
)
def test_a_message_of_few_words_is_not_labelled(words: int, expected: Level) -> None:
    assert expected is read(*CAPABILITY, *COMPLEXITY, words=words).level


def test_a_short_message_keeps_no_readiness_evidence() -> None:
    assert read(*CAPABILITY, by="single", words=1) == Readiness()


def test_a_message_that_says_nothing_of_it_is_unclear() -> None:
    assert read() == Readiness()
    assert read(Code.HOPELESS, Code.ASKING) == Readiness()


def test_a_plain_question_is_of_high_readiness() -> None:
    assert read(asking=True) == Readiness(level=HIGH)


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        ((), None),
        ((Code.CASVE_V,), Code.CASVE_V),
        ((Code.CASVE_V, Code.CASVE_V), Code.CASVE_V),
        ((Code.CASVE_V, Code.CASVE_E), None),
    ],
)
def test_a_phase_is_named_only_when_it_is_the_only_one(
    codes: tuple[Code, ...], expected: Code | None
) -> None:
    assert expected is read(*codes, asking=True).phase


def test_missing_domains_are_listed_once_in_their_order() -> None:
    reading = read(Code.PYR_OPT, Code.PYR_SELF, Code.PYR_OPT)

    assert reading.missing == (Code.PYR_OPT, Code.PYR_SELF)


def test_codes_of_other_readings_are_not_its_evidence() -> None:
    reading = read(Code.HOPELESS, Code.CAP_CA, Code.ASKING)

    assert [e.code for e in reading.evidence] == [Code.CAP_CA]


def test_a_debilitating_cue_of_another_reading_does_not_count() -> None:
    evidence = [*found(Code.HOPELESS, by="single"), *found(Code.CAP_CA)]

    assert read_readiness(evidence, single={"single"}, asking=False, words=20).level is HIGH


@given(st.lists(st.sampled_from(list(Code))), st.lists(st.sampled_from(list(Code))))
def test_more_of_what_lowers_readiness_never_raises_it(some: list[Code], more: list[Code]) -> None:
    order = (HIGH, MODERATE, LOW)
    less = read(*some, asking=True).level

    assert order.index(read(*some, *more, asking=True).level) >= order.index(less)
