"""Where the lines of a community lie, and which limits nothing moves."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.code import Code
from bot.triage.alarms import ALARMS, RATES, Alarm, Lines
from bot.triage.calibration import (
    Line,
    Setting,
    Why,
    floor_rate,
    is_page,
    least_messages,
    levels,
    lines_from,
    lowest,
    settings,
    shifted,
    version,
    with_rates,
)
from bot.triage.head import HEADS, Head
from bot.triage.histogram import Histogram

# Of ordinary chat: the rarer, the higher. From 2 (1 in 20) to 10 (1 in 10,000).
SHIPPED: Lines = {
    head: {rate: 10.0 - number for number, rate in enumerate(RATES)} for head in HEADS
}
PAGE, QUEUE = Code.SELF_HARM_MODEL, Code.SELF_HARM_UNSURE


def sample(scores: Sequence[float]) -> Histogram:
    return Histogram.of(np.repeat(np.array(scores, dtype=np.float64)[:, None], len(HEADS), axis=1))


def around(mean: float, messages: int, *, spread: float = 1.0, seed: int = 7) -> Histogram:
    return sample(np.random.default_rng(seed).normal(mean, spread, messages).tolist())


def by_code(lines: Sequence[Line]) -> dict[Code, Line]:
    return {line.alarm.code: line for line in lines}


def test_without_counts_the_lines_are_those_of_this_release() -> None:
    for line in lines_from(None, SHIPPED):
        assert line.score == line.shipped == SHIPPED[line.alarm.head][line.alarm.rate]
        assert line.why is Why.SHIPPED


@pytest.mark.parametrize(("rate", "messages"), [(0.01, 500), (0.001, 5_000), (0.0001, 50_000)])
def test_a_rate_needs_five_messages_above_its_line(rate: float, messages: int) -> None:
    alarm = Alarm(Head.DISTRESS, Code.DISTRESS_MODEL, rate)
    (few,) = lines_from(around(4, messages - 1), SHIPPED, [alarm])
    (enough,) = lines_from(around(4, messages), SHIPPED, [alarm])

    assert least_messages(rate) == messages
    assert (few.why, few.score) == (Why.TOO_FEW, SHIPPED[Head.DISTRESS][rate])
    assert enough.why is not Why.TOO_FEW


def test_a_line_is_drawn_where_the_community_has_it() -> None:
    alarm = Alarm(Head.DISTRESS, Code.DISTRESS_MODEL, 0.01)
    (line,) = lines_from(around(2, 20_000), SHIPPED, [alarm])

    assert line.why is Why.MEASURED
    assert line.score == pytest.approx(2 + 2.326, abs=0.1)  # the normal distribution's 99 %


@pytest.mark.parametrize("seed", range(8))
def test_a_rate_from_two_thousand_messages_holds_on_the_next_twenty_thousand(seed: int) -> None:
    chance = np.random.default_rng(seed)
    ours, theirs = (chance.normal(1.8, 1.2, count) for count in (2_000, 20_000))
    alarm = Alarm(Head.DISTRESS, Code.DISTRESS_MODEL, 0.01)
    (line,) = lines_from(sample(ours.tolist()), SHIPPED, [alarm])

    assert line.why is Why.MEASURED
    assert 0.005 <= (theirs >= line.score).mean() <= 0.015


def test_a_quiet_community_is_not_made_to_alert_on_anything() -> None:
    for line in lines_from(around(-9, 60_000, spread=0.1), SHIPPED):
        assert line.why is Why.FLOOR
        assert line.score == SHIPPED[line.alarm.head][floor_rate(line.alarm.rate)]


def test_in_a_troubled_community_what_scores_very_high_speaks_up_all_the_same() -> None:
    for line in lines_from(around(14, 60_000, spread=0.1), SHIPPED):
        if is_page(line.alarm.code):
            assert (line.score, line.why) == (line.shipped, Why.PAGE)
        else:
            assert (line.score, line.why) == (SHIPPED[line.alarm.head][RATES[0]], Why.CEILING)


def test_pages_become_rarer_only_when_a_person_asks() -> None:
    troubled = around(14, 60_000, spread=0.1)
    asked = by_code(lines_from(troubled, SHIPPED, stricter_pages=True))
    unasked = by_code(lines_from(troubled, SHIPPED))

    assert asked[PAGE].score == SHIPPED[Head.SELF_HARM][RATES[0]]
    assert asked[PAGE].is_stricter_page
    assert not asked[QUEUE].is_stricter_page
    assert not any(line.is_stricter_page for line in unasked.values())


@given(
    mean=st.floats(-14, 14),
    spread=st.floats(0.05, 6),
    messages=st.integers(0, 60_000),
    rates=st.dictionaries(st.sampled_from([a.code for a in ALARMS]), st.sampled_from(RATES)),
    stricter=st.booleans(),
)
def test_no_counts_move_a_line_past_its_limits(
    *, mean: float, spread: float, messages: int, rates: dict[Code, float], stricter: bool
) -> None:
    alarms = with_rates(rates)
    found = around(mean, messages, spread=spread)
    least = lowest(SHIPPED, alarms)
    for lines in settings(found, SHIPPED, alarms, stricter_pages=stricter).values():
        assert len(lines) == len(ALARMS)
        for line in lines:
            assert least[line.alarm.code] <= line.score <= SHIPPED[line.alarm.head][RATES[0]]
    for line in lines_from(found, SHIPPED, alarms):
        assert not line.is_stricter_page


@given(mean=st.floats(-14, 14), messages=st.integers(0, 60_000))
def test_the_settings_stand_in_their_order(mean: float, messages: int) -> None:
    found = settings(around(mean, messages), SHIPPED, ALARMS)
    rows = zip(*found.values(), strict=True)
    for strict, shipped, calibrated, looser in rows:
        assert strict.score >= shipped.score
        assert calibrated.score >= looser.score
    assert list(found) == list(Setting)


def test_a_rate_may_grow_ten_times_looser_and_no_more() -> None:
    assert [floor_rate(rate) for rate in RATES] == [
        *(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.05, 0.05, 0.05)
    ]


def test_a_step_past_the_last_rate_stays_on_it() -> None:
    alarms = shifted(ALARMS, -20)
    assert {alarm.rate for alarm in alarms} == {RATES[0]}
    assert {alarm.rate for alarm in shifted(alarms, 20)} == {RATES[-1]}


def test_lines_are_named_by_what_they_are() -> None:
    shipped, mine = lines_from(None, SHIPPED), lines_from(around(4, 60_000), SHIPPED)

    assert version(shipped) == ""
    assert version(mine).startswith("lines-")
    assert version(mine) == version(lines_from(around(4, 60_000), SHIPPED))
    assert version(mine) != version(lines_from(around(3, 60_000), SHIPPED))


def test_the_alarms_go_off_at_the_lines_that_were_drawn() -> None:
    lines = lines_from(around(4, 60_000), SHIPPED)
    queue = by_code(lines)[QUEUE]
    scores = np.full(len(HEADS), -15.0)
    heard = levels(lines)
    scores[HEADS.index(Head.SELF_HARM)] = queue.score
    (loud,) = heard.loud(scores)
    scores[HEADS.index(Head.SELF_HARM)] -= 0.001

    assert loud.code is QUEUE
    assert heard.loud(scores) == ()
