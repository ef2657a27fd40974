from collections import defaultdict

import numpy as np
import pytest

from bot.domain.code import Code
from bot.domain.ladder import CONCERN, RUNG
from bot.triage.alarms import ALARMS, RATES, Alarm, Levels, Loud
from bot.triage.head import HEADS, Head

SELF_HARM, ASKING = HEADS.index(Head.SELF_HARM), HEADS.index(Head.ASKING)
# What the finer heads are about.
FINER = {
    Head.THIRD_PERSON: Head.SELF_HARM,
    Head.STEREOTYPE: Head.DISCRIMINATION,
    Head.REPORT: Head.DISCRIMINATION,
}
TWO = (
    Alarm(Head.SELF_HARM, Code.SELF_HARM_MODEL, 0.001),
    Alarm(Head.SELF_HARM, Code.SELF_HARM_UNSURE, 0.01),
    Alarm(Head.ASKING, Code.ASKING_MODEL, 0.01),
)
LINES = {Head.SELF_HARM: {0.001: 5.0, 0.01: 2.0}, Head.ASKING: {0.001: 9.0, 0.01: 0.0}}


def scores(self_harm: float = -9.0, asking: float = -9.0) -> np.ndarray:
    figures = np.full(len(HEADS), -9.0)
    figures[SELF_HARM], figures[ASKING] = self_harm, asking
    return figures


@pytest.mark.parametrize(
    ("self_harm", "asking", "expected"),
    [
        (-9.0, -9.0, []),
        (1.999, -0.001, []),
        (2.0, -9.0, [Loud(SELF_HARM, Code.SELF_HARM_UNSURE, 2.0)]),
        (4.999, -9.0, [Loud(SELF_HARM, Code.SELF_HARM_UNSURE, 4.999)]),
        (5.0, -9.0, [Loud(SELF_HARM, Code.SELF_HARM_MODEL, 5.0)]),
        (99.0, -9.0, [Loud(SELF_HARM, Code.SELF_HARM_MODEL, 99.0)]),
        (-9.0, 0.0, [Loud(ASKING, Code.ASKING_MODEL, 0.0)]),
        (5.0, 0.5, [Loud(SELF_HARM, Code.SELF_HARM_MODEL, 5.0),
                    Loud(ASKING, Code.ASKING_MODEL, 0.5)]),
    ],
)  # fmt: skip
def test_a_head_says_its_strictest_code_that_fits_and_says_it_once(
    self_harm: float, asking: float, expected: list[Loud]
) -> None:
    assert list(Levels(LINES, TWO).loud(scores(self_harm, asking))) == expected


def test_a_head_that_has_no_lines_never_speaks() -> None:
    only = Levels({Head.ASKING: LINES[Head.ASKING]}, TWO)

    assert [one.code for one in only.loud(scores(99.0, 99.0))] == [Code.ASKING_MODEL]
    assert Levels({}, TWO).loud(scores(99.0, 99.0)) == ()


def test_a_head_with_lines_and_no_alarm_never_speaks() -> None:
    lines = {Head.PAGE: dict.fromkeys(RATES, -99.0)}

    assert Levels(lines).loud(scores(99.0, 99.0)) == ()


def test_a_line_that_an_alarm_needs_and_that_is_not_there_is_named() -> None:
    with pytest.raises(KeyError, match=r"0\.001"):
        Levels({Head.SELF_HARM: {0.01: 2.0}}, TWO)


def test_no_figure_no_alarm() -> None:
    assert Levels(LINES, TWO).loud(scores(float("nan"), float("-inf"))) == ()


def test_every_alarm_of_this_release_is_measured_and_raises_what_its_head_is_about() -> None:
    for alarm in ALARMS:
        assert alarm.rate in RATES
        assert alarm.code in RUNG
        assert CONCERN[alarm.code].value == FINER.get(alarm.head, alarm.head), alarm


def test_of_one_head_the_strictest_alarm_stands_first_and_is_the_most_urgent() -> None:
    of_head = defaultdict(list)
    for alarm in ALARMS:
        of_head[alarm.head].append(alarm)
    for alarms in of_head.values():
        assert alarms == sorted(alarms, key=lambda alarm: alarm.rate)
        assert alarms == sorted(alarms, key=lambda alarm: RUNG[alarm.code])


def test_a_page_takes_two_heads_of_which_one_alone_bounds_its_rate() -> None:
    """All pages together cannot pass the rate of the head that asks nothing but whether to call."""
    pages = [alarm for alarm in ALARMS if RUNG[alarm.code] <= 1]

    assert {alarm.page_rate for alarm in pages} == {0.001}
    assert {alarm.rate for alarm in pages} == {0.002}


def test_a_head_that_errs_alone_calls_nobody() -> None:
    lines = {head: dict.fromkeys(RATES, 2.0) for head in (Head.ABUSE, Head.PAGE)}
    scores = np.zeros(len(HEADS))
    scores[HEADS.index(Head.ABUSE)] = 9.0
    alone = [one.code for one in Levels(lines).loud(scores)]
    scores[HEADS.index(Head.PAGE)] = 2.0
    together = [one.code for one in Levels(lines).loud(scores)]

    assert alone == [Code.ABUSE_UNSURE]
    assert together == [Code.ABUSE_MODEL]


def test_no_model_alone_calls_everyone() -> None:
    assert all(RUNG[alarm.code] >= 1 for alarm in ALARMS)
