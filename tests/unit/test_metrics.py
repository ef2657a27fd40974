import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reports import metrics
from bot.reports.metrics import Floats

# Few different values, so that ties are the rule.
samples = st.lists(st.integers(-3, 3), min_size=1, max_size=25).map(
    lambda drawn: np.array(drawn, dtype=np.float64)
)
rates = st.floats(0, 1)


def array(*values: float) -> Floats:
    return np.array(values, dtype=np.float64)


@pytest.mark.parametrize(
    ("positive", "negative", "expected"),
    [
        ((3, 4), (1, 2), 1.0),
        ((1, 2), (3, 4), 0.0),
        ((1,), (1,), 0.5),
        ((2, 4), (1, 3), 0.75),
        ((2, 3), (2, 1), 0.875),
    ],
)
def test_auc_is_the_share_of_pairs_in_order(
    positive: tuple[float, ...], negative: tuple[float, ...], expected: float
) -> None:
    assert metrics.auc(array(*positive), array(*negative)) == expected


@pytest.mark.parametrize(
    ("positive", "negative", "expected"),
    [
        ((3, 4), (1, 2), 1.0),
        ((4, 2), (3, 1), (1 / 1 + 2 / 3) / 2),
        ((1,), (2, 3, 4), 0.25),
        ((2, 2), (2, 2), 0.5),
    ],
)
def test_average_precision_is_the_mean_precision_where_positives_stand(
    positive: tuple[float, ...], negative: tuple[float, ...], expected: float
) -> None:
    found = metrics.average_precision(array(*positive), array(*negative))
    assert found == pytest.approx(expected)


@given(samples, samples)
def test_auc_counts_every_pair(positive: Floats, negative: Floats) -> None:
    pairs = [(p > n) + (p == n) / 2 for p in positive for n in negative]
    assert metrics.auc(positive, negative) == pytest.approx(sum(pairs) / len(pairs))


@given(samples, samples)
def test_average_precision_is_the_area_under_the_steps(positive: Floats, negative: Floats) -> None:
    area, recall = 0.0, 0.0
    for line in sorted({*positive, *negative}, reverse=True):
        hits, false = (positive >= line).sum(), (negative >= line).sum()
        area += (hits / len(positive) - recall) * hits / (hits + false)
        recall = hits / len(positive)
    assert metrics.average_precision(positive, negative) == pytest.approx(area)


@given(samples, samples)
def test_what_keeps_the_order_keeps_the_ranking(positive: Floats, negative: Floats) -> None:
    assert metrics.auc(np.exp(positive), np.exp(negative)) == metrics.auc(positive, negative)
    assert metrics.auc(-negative, -positive) == pytest.approx(metrics.auc(positive, negative))


def test_the_line_leaves_the_allowed_share_of_chat_above_it() -> None:
    chat = np.arange(100, dtype=np.float64)
    assert metrics.line_for(chat, 0.05) == 94  # 95 to 99 are the five above
    assert metrics.line_for(chat, 0.01) == 98
    assert metrics.line_for(chat, 0.0002) == 99  # less than one message: all stay below
    assert metrics.line_for(chat, 1) == 0


@given(samples, rates)
def test_never_more_chat_than_allowed_is_above_the_line(chat: Floats, rate: float) -> None:
    line = metrics.line_for(chat, rate)
    assert (chat > line).mean() <= rate + 1e-6
    lower = chat[chat < line]
    if len(lower):  # the next lower line would let too many through
        assert (chat > lower.max()).mean() > rate


def test_recall_is_the_share_of_positives_above_each_line() -> None:
    chat = np.arange(100, dtype=np.float64)
    found = metrics.recalls(array(50, 95, 99, 120), chat, (0.05, 0.01, 0.0002))
    assert found.tolist() == [0.75, 0.5, 0.25]


@given(samples, samples)
def test_a_stricter_rate_never_finds_more(positive: Floats, chat: Floats) -> None:
    found = metrics.recalls(positive, chat, (0.5, 0.1, 0.01))
    assert found.tolist() == sorted(found, reverse=True)


def mean_gap(first: Floats, second: Floats) -> Floats:
    return np.array([first.mean() - second.mean()])


def test_the_same_seed_gives_the_same_interval() -> None:
    first, second = np.arange(40.0), np.arange(30.0)
    one, two, other = (
        metrics.interval(mean_gap, first, second, np.random.default_rng(seed), rounds=50)
        for seed in (1, 1, 2)
    )
    assert [end.tolist() for end in one] == [end.tolist() for end in two]
    assert [end.tolist() for end in one] != [end.tolist() for end in other]


def test_the_interval_of_a_mean_is_that_of_theory() -> None:
    sample = np.random.default_rng(7).normal(size=400)
    low, high = metrics.interval(
        mean_gap, sample, array(0.0), np.random.default_rng(8), rounds=2_000
    )
    half = 1.96 * sample.std() / 20
    assert low[0] == pytest.approx(sample.mean() - half, abs=0.015)
    assert high[0] == pytest.approx(sample.mean() + half, abs=0.015)


def test_what_never_varies_has_an_interval_of_no_width() -> None:
    low, high = metrics.interval(
        mean_gap, array(2, 2, 2), array(1, 1), np.random.default_rng(1), rounds=20
    )
    assert (low[0], high[0]) == (1, 1)


def test_a_score_of_zero_gives_the_share_of_positives_itself() -> None:
    assert metrics.probabilities(array(0), 0.5)[0] == pytest.approx(0.5)
    assert metrics.probabilities(array(0), 0.01)[0] == pytest.approx(0.01)
    # Ten times likelier in odds: 1:99 becomes 10:99.
    assert metrics.probabilities(array(np.log(10)), 0.01)[0] == pytest.approx(10 / 109)


def test_huge_scores_are_certain_and_warn_of_nothing() -> None:
    assert metrics.probabilities(array(-1e6, 1e6), 0.5).tolist() == pytest.approx([0, 1])


def test_bins_are_of_equal_size_and_hold_what_was_said_and_what_was_true() -> None:
    bins = metrics.reliability(array(0.1, 0.2, 0.8, 0.9), array(0, 0, 1, 0), most=2)
    assert [(b.messages, b.true) for b in bins] == [(2, 0.0), (2, 0.5)]
    assert [b.said for b in bins] == pytest.approx([0.15, 0.85])
    # (2 x 0.15 + 2 x 0.35) / 4
    assert metrics.calibration_error(bins) == pytest.approx(0.25)


chances = st.lists(st.tuples(st.integers(0, 10), st.booleans()), min_size=1, max_size=60)


@given(chances)
def test_bins_lose_no_message_and_do_not_depend_on_the_order(
    drawn: list[tuple[int, bool]],
) -> None:
    shuffled = sorted(drawn)
    ones, twos = (
        metrics.reliability(
            np.array([chance / 10 for chance, _ in rows]),
            np.array([float(label) for _, label in rows]),
        )
        for rows in (drawn, shuffled)
    )
    assert sum(b.messages for b in ones) == len(drawn)
    assert [b.messages for b in ones] == [b.messages for b in twos]
    assert 0 <= metrics.calibration_error(ones) <= 1
    assert metrics.calibration_error(ones) == pytest.approx(metrics.calibration_error(twos))


def test_chances_that_come_true_as_often_as_they_say_are_honest() -> None:
    said = np.repeat([0.25, 0.75], 4)
    bins = metrics.reliability(said, array(1, 0, 0, 0, 1, 1, 1, 0))
    assert metrics.calibration_error(bins) == 0
