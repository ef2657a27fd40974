"""What a person is warned of before they use a community's own lines."""

from dataclasses import replace
from datetime import date, timedelta
from io import StringIO

import pytest
from rich.console import Console

from bot.domain.code import Code
from bot.domain.desk import Sensitivity
from bot.domain.ledger import Count
from bot.domain.practitioner import Practitioner
from bot.domain.reading import Priority
from bot.policy.forecast import Forecast
from bot.reports.calibration import (
    Measured,
    Trial,
    as_dict,
    grids,
    headline,
    remarks,
    verdict,
    warnings,
)
from bot.reports.table import render_grids
from bot.triage.alarms import ALARMS
from bot.triage.calibration import Calibration, Line, Setting, Why
from bot.triage.histogram import Histogram
from tests.support.build import account, desk

FIRST = date(2026, 3, 2)
ONE_ON_DUTY = replace(desk(), practitioners=(Practitioner("Aino", account()),))


def measured(
    messages: int = 60_000,
    *,
    days: int = 10,
    counts: dict[Code, int] | None = None,
    pages: dict[Setting, int] | None = None,
    why: dict[Code, Why] | None = None,
) -> Measured:
    """Ten days in which every alarm went off as often as meant, and nobody was paged."""
    meant = {alarm.code: round(alarm.rate * messages) for alarm in ALARMS} | (counts or {})
    lines = tuple(
        Line(alarm, 4.0, 4.0, (why or {}).get(alarm.code, Why.MEASURED)) for alarm in ALARMS
    )
    histogram = Histogram.empty()
    histogram.counts[:, 0] = messages
    by_day = {FIRST + timedelta(days=n): messages // days for n in range(days)}
    trials = []
    for setting in Setting:
        paged = (pages or {}).get(setting, 0)
        told = Forecast(meant, {Priority.P1: paged}, {(FIRST, Priority.P1): paged})
        trials.append(Trial(setting, lines, told))
    return Measured(
        desk=ONE_ON_DUTY,
        calibration=Calibration("model-1", "rules-1", FIRST, by_day, histogram, histogram),
        ledger={Count.SEEN: messages, Count.READ: messages},
        trials=tuple(trials),
        remarks=("Left out: 1 (why: direct messages are never read).",),
        problems=(),
        stopped=False,
    )


def with_sensitivity(found: Measured, thresholds: Sensitivity) -> Measured:
    return replace(found, desk=replace(found.desk, thresholds=thresholds))


def with_line(found: Measured, code: Code, score: float) -> Measured:
    def moved(trial: Trial) -> Trial:
        if trial.setting is not Setting.CALIBRATED:
            return trial
        return replace(
            trial,
            lines=tuple(
                replace(line, score=score) if line.alarm.code is code else line
                for line in trial.lines
            ),
        )

    return replace(found, trials=tuple(map(moved, found.trials)))


def test_a_community_like_others_is_warned_of_nothing() -> None:
    assert warnings(measured()) == ()


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (measured(), "your own lines are sound. They go from 0.0 to 0.0 alerts a day"),
        (measured(1_999), "keep the lines as shipped. There are too few messages"),
        (measured(why=dict.fromkeys((a.code for a in ALARMS), Why.TOO_FEW)), "too few messages"),
        (measured(pages={Setting.CALIBRATED: 41}), "go from 0.0 to 4.1 alerts a day, with more"),
        (measured(counts={Code.DISTRESS_MODEL: 181}), "look before you choose"),
        (replace(measured(), stopped=True), "not enough was read"),
    ],
)
def test_a_verdict_says_what_to_do(found: Measured, said: str) -> None:
    assert said in verdict(found)


@pytest.mark.parametrize(("messages", "is_warned"), [(1_999, True), (2_000, False)])
def test_a_small_export_is_called_small(messages: int, is_warned: bool) -> None:  # noqa: FBT001
    found = measured(messages, counts=dict.fromkeys((a.code for a in ALARMS), 0))
    assert any("are few" in line for line in warnings(found)) is is_warned


def test_alarms_too_rare_to_be_measured_are_named_with_what_it_takes() -> None:
    (line,) = warnings(measured(why={Code.ABUSE_MODEL: Why.TOO_FEW}))

    assert line.startswith("Beware: a rate can be told only where 5 messages or more")
    assert "ABUSE_MODEL. For all of them it takes 2,500 messages." in line


@pytest.mark.parametrize(("count", "is_warned"), [(180, False), (181, True)])
def test_a_troubled_community_is_told_from_one_that_is_not(count: int, *, is_warned: bool) -> None:
    found = warnings(measured(counts={Code.DISTRESS_MODEL: count}))

    assert any("worse off" in line and "DISTRESS_MODEL" in line for line in found) is is_warned


@pytest.mark.parametrize(("count", "is_warned"), [(20, False), (19, True)])
def test_a_quiet_community_is_told_from_one_that_is_not(count: int, *, is_warned: bool) -> None:
    found = warnings(measured(counts={Code.DISTRESS_MODEL: count}))

    assert any("is quiet" in line and "DISTRESS_MODEL" in line for line in found) is is_warned


def test_questions_do_not_make_a_community_troubled() -> None:
    assert warnings(measured(counts={Code.ASKING_MODEL: 30_000})) == ()


@pytest.mark.parametrize("why", [Why.PAGE, Why.CEILING])
def test_held_lines_go_off_more_often_and_that_is_said(why: Why) -> None:
    (line,) = warnings(measured(why={Code.ABUSE_MODEL: why}))

    assert (
        line == "Beware: these lines are held, so they go off more often than meant: ABUSE_MODEL."
    )


def test_more_pages_than_people_can_carry_are_said() -> None:
    assert warnings(measured(pages={Setting.CALIBRATED: 40})) == ()
    (line,) = warnings(measured(pages={Setting.CALIBRATED: 41}))

    assert "4.1 pages a day are more than the 4" in line


def test_stricter_pages_are_told_with_what_they_leave_out() -> None:
    asked = Sensitivity(stricter_pages=True)
    found = with_sensitivity(measured(pages={Setting.SHIPPED: 9, Setting.CALIBRATED: 7}), asked)
    (line,) = warnings(with_line(found, Code.ABUSE_MODEL, 4.5))

    assert "ABUSE_MODEL. Pages go from 9 to 7." in line
    assert "It changes nothing here yet" in warnings(found)[0]


def test_that_it_is_a_budget_is_always_said() -> None:
    said = remarks(measured())

    assert "alert budget, not an error rate" in said[0]
    assert "60,000 messages seen: 60,000 read." in said
    assert said[-1].startswith("Left out: 1")


def test_the_tables_fit_a_terminal_of_eighty_columns() -> None:
    found = measured(pages={Setting.CALIBRATED: 12})
    out = StringIO()
    render_grids(headline(found), grids(found), remarks(found), Console(file=out, width=80))
    lines = out.getvalue().splitlines()

    assert lines[0] == "60,000 messages read on 10 days, 2026-03-02 to 2026-03-11."
    assert max(map(len, lines)) <= 80
    (row,) = (line.split() for line in lines if line.startswith("calibrated"))
    assert " ".join(row) == "calibrated 0.0 (0) 1.2 (12) 0.0 (0) 1.2 (12) 12 30 %"
    assert any(line.startswith("P1 sounds") for line in lines)


def test_the_same_is_given_to_a_program() -> None:
    found = as_dict(measured(pages={Setting.LOOSER: 12}))
    by_code = {alarm["code"]: alarm for alarm in found["alarms"]}

    assert found["settings"]["looser"]["messages"] == {"P0": 0, "P1": 12, "P2": 0, "P3": 0}
    assert found["settings"]["looser"]["a_day"]["P1"] == 1.2
    assert by_code["ABUSE_MODEL"]["rate"] == 0.002
    assert by_code["ABUSE_MODEL"]["messages"]["strict"] == 120
    assert len(by_code) == len(ALARMS) > 0


def test_nothing_read_is_no_division_by_zero() -> None:
    found = measured(0, days=1)
    empty = replace(found, calibration=replace(found.calibration, days={}))

    assert headline(empty) == "0 messages read on 0 days."
    assert as_dict(empty)["settings"]["shipped"]["a_day"]["P0"] == 0
    assert len(grids(empty)) == 3
