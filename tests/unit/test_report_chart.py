import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest

from bot.domain.code import Code
from bot.reports import chart
from bot.reports.drawing import BLUE, GREY, ORANGE, RED, Chart
from bot.reports.summary import Summary
from tests.support import hostile
from tests.support.reports import START, alerting, eight_days, place, recorded, summary

Draw = Callable[[Summary], Chart | None]
DRAWINGS: list[Draw] = [chart.days, chart.hours, chart.reasons, chart.places]
WEEK = eight_days(120)
LIGHT_GROUND, DARK_GROUND = "#ffffff", "#14171b"


def drawn(draw: Draw, told: Summary = WEEK) -> Chart:
    made = draw(told)
    assert made is not None
    return made


def words_in(made: Chart) -> list[str]:
    return ["".join(each.itertext()) for each in ET.fromstring(made.svg).iter("text")]  # noqa: S314 - our own


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("draw", DRAWINGS)
def test_the_same_figures_make_the_same_drawing(draw: Draw) -> None:
    assert drawn(draw).svg == drawn(draw).svg


@pytest.mark.parametrize("draw", DRAWINGS)
def test_a_drawing_has_no_date_no_fixed_ink_and_nothing_from_outside(draw: Draw) -> None:
    svg = drawn(draw).svg
    assert "currentColor" in svg
    assert not [
        word for word in ("#010203", "metadata", "<style", "http", "DOCTYPE") if word in svg
    ]


@pytest.mark.parametrize("draw", DRAWINGS)
def test_a_drawing_is_named_for_those_who_cannot_see_it(draw: Draw) -> None:
    made = drawn(draw)
    root = ET.fromstring(made.svg)  # noqa: S314 - our own
    assert (root.get("role"), root.get("aria-label")) == ("img", made.alternative)
    assert len(made.alternative) > 40


def test_ids_of_several_drawings_never_meet() -> None:
    ids = [
        each.get("id")
        for draw in DRAWINGS
        for each in ET.fromstring(drawn(draw).svg).iter()  # noqa: S314 - our own
        if each.get("id")
    ]
    assert len(ids) == len(set(ids)) > 100


@pytest.mark.parametrize("draw", DRAWINGS)
def test_nothing_to_draw_makes_no_drawing(draw: Draw) -> None:
    assert draw(replace(summary([]), days=())) is None


@pytest.mark.parametrize("colour", [BLUE, RED, ORANGE, GREY])
@pytest.mark.parametrize("ground", [LIGHT_GROUND, DARK_GROUND])
def test_each_colour_stands_out_on_light_and_on_dark(colour: str, ground: str) -> None:
    assert contrast(colour, ground) >= 3


def test_the_days_are_drawn_with_the_budget_named() -> None:
    told = words_in(drawn(chart.days))
    assert {"Budget for pages", "Read", "Pages", "02 Mar"} <= set(told)


def test_days_without_messages_leave_a_gap() -> None:
    late = START + timedelta(days=9)
    told = summary([alerting(1, Code.THREAT, at=late)])
    assert "11 Mar" in words_in(drawn(chart.days, told))
    assert "07 Mar" in words_in(drawn(chart.days, told))


def test_many_years_are_drawn_by_the_busiest_of_several_days() -> None:
    messages = [
        alerting(n, Code.THREAT, at=START + timedelta(days=n // 2 * 2000)) for n in range(6)
    ]
    made = drawn(chart.days, summary(messages))
    assert any("busiest of 11 days" in word for word in words_in(made))
    assert len(made.svg) < 80_000  # three panels of the same days


def test_reasons_are_drawn_in_words_with_their_numbers() -> None:
    made = drawn(chart.reasons, summary([recorded(n, [Code.WAGES_WITHHELD]) for n in range(17)]))
    assert {"wages held back", "17"} <= set(words_in(made))
    assert made.alternative.endswith("wages held back: 17.")


def test_priorities_are_told_apart_by_pattern_and_not_by_colour_alone() -> None:
    assert drawn(chart.places).svg.count("<pattern") == 3
    assert {"P0 emergency", "P1 urgent", "P2 soon", "P3 routine"} <= set(
        words_in(drawn(chart.places))
    )


def test_the_hour_with_most_alerts_is_named() -> None:
    messages = [alerting(n, Code.THREAT, at=START + timedelta(hours=23)) for n in range(3)]
    assert (
        "Monday, 23:00 to 00:00 UTC, with 3." in drawn(chart.hours, summary(messages)).alternative
    )


@pytest.mark.parametrize("name", hostile.MARKS)
def test_a_hostile_channel_name_is_drawn_as_text(name: str) -> None:
    made = drawn(chart.places, summary([recorded(1, [Code.ASKING], where=place(name))]))
    tags = {each.tag for each in ET.fromstring(made.svg).iter()}  # noqa: S314 - our own
    assert not tags & {"script", "img", "a", "foreignObject", "image"}


def test_a_long_channel_name_is_shortened_in_the_drawing() -> None:
    made = drawn(chart.places, summary([recorded(1, [Code.ASKING], where=place("#" + "x" * 90))]))
    assert "#" + "x" * 24 + "…" in words_in(made)


def test_a_report_without_a_page_does_not_load_the_drawing_library() -> None:
    code = (
        "import sys, bot.reports.chart, bot.reports.table, bot.reports.lines;"
        "sys.exit('matplotlib' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0  # noqa: S603 - our own code
