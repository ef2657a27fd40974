import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from bot.triage.head import HEADS, Head
from bot.triage.histogram import BINS, HIGHEST, LOWEST, Histogram

SCORES = st.lists(st.floats(-30, 30), min_size=1, max_size=60)
RATES = st.floats(0.0001, 1.0)


def of(scores: list[float]) -> Histogram:
    """Every head scores the same."""
    return Histogram.of(_rows(scores))


def _rows(scores: list[float]) -> NDArray[np.float64]:
    return np.repeat(np.array(scores, dtype=np.float64)[:, None], len(HEADS), axis=1)


def test_scores_of_each_head_are_counted_apart() -> None:
    rows = _rows([0.05, 0.05])
    rows[:, HEADS.index(Head.ABUSE)] = 3.17
    found = Histogram.of(rows).sparse()

    assert found[Head.SELF_HARM] == {150: 2}
    assert found[Head.ABUSE] == {181: 2}


def test_what_lies_outside_counts_at_the_ends() -> None:
    assert of([-99, 99, float("nan")]).sparse()[Head.CLAIM] == {0: 2, BINS - 1: 1}


@given(SCORES, SCORES)
def test_two_samples_add_up_to_the_sample_of_both(one: list[float], two: list[float]) -> None:
    both = of(one) + of(two)

    assert both.sparse() == of(one + two).sparse()
    assert both.messages == len(one) + len(two)


@given(SCORES)
def test_the_counts_come_back_as_they_were_written(scores: list[float]) -> None:
    found = of(scores)

    assert Histogram.from_sparse(found.sparse()).sparse() == found.sparse()


@given(SCORES, RATES, RATES)
def test_a_rarer_alarm_has_a_higher_line(scores: list[float], one: float, two: float) -> None:
    found, (rare, common) = of(scores), sorted((one, two))

    assert found.line(Head.ABUSE, rare) >= found.line(Head.ABUSE, common)


@given(SCORES, RATES)
def test_no_more_than_the_rate_lie_a_bin_above_the_line(scores: list[float], rate: float) -> None:
    line = of(scores).line(Head.ABUSE, rate)
    above = sum(score >= line + 0.1001 for score in scores if LOWEST <= score < HIGHEST)

    assert above <= rate * len(scores) + 1e-9


def test_half_of_the_scores_lie_above_the_line_of_one_half() -> None:
    assert of([n / 10 for n in range(100)]).line(Head.ABUSE, 0.5) == pytest.approx(5.0)


def test_of_no_messages_nothing_is_above_the_line() -> None:
    assert Histogram.empty().line(Head.ABUSE, 0.05) == HIGHEST
    assert Histogram.empty().messages == 0


@pytest.mark.parametrize(
    "sparse",
    [
        {head: {BINS: 1} for head in HEADS},
        {head: {-1: 1} for head in HEADS},
        {head: {7: -1} for head in HEADS},
        {Head.ABUSE: {7: 1}},
    ],
    ids=["past the last bin", "before the first", "less than none", "one head alone"],
)
def test_counts_that_cannot_be_are_refused(sparse: dict[Head, dict[int, int]]) -> None:
    with pytest.raises(ValueError, match=r"has -?\d+ scores in bin|different numbers"):
        Histogram.from_sparse(sparse)
