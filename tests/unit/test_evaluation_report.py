import io
import json
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings
from rich.console import Console

from bot.reports.evaluation import charts, page, ranking, table
from bot.reports.evaluation.found import Evaluation
from bot.reports.inert import inert
from bot.triage.alarms import ALARMS
from bot.triage.head import HEADS
from tests.support import hostile, pagecheck
from tests.support.evaluations import evaluation

WHOLE = evaluation("ours", "forum", chat=("chat-quiet", "chat-loud"), problems=("bad.jsonl:2",))


@cache
def whole() -> str:
    return page.render(WHOLE)


@cache
def read() -> pagecheck.Page:
    return pagecheck.read(whole())


def printed(found: Evaluation, width: int = 80) -> str:
    file = io.StringIO()
    table.render(found, Console(file=file, width=width))
    return file.getvalue()


def test_the_page_is_well_formed_and_loads_nothing() -> None:
    assert read().mistakes == []
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" in whole()


def test_every_chart_says_what_it_shows_and_is_followed_by_its_figures() -> None:
    assert whole().count('role="img" aria-label="') == read().tags["svg"] == 3
    for after in whole().split("</svg>")[1:]:
        assert after.split("<table>")[0].count("The same figures as a table") == 1


@pytest.mark.parametrize(
    "said",
    [
        "4,200 messages of 4 files read.",
        "12 of 20 grave messages would have paged someone.",
        "6 of 4,000 ordinary messages would have too.",
        "second language",
        "threatens to hurt someone",
        "bad.jsonl:2",
        "Read with care.",
        "Rule set cues-1, model model-1, policy ladder-1.",
    ],
)
def test_the_page_and_the_terminal_say(said: str) -> None:
    assert said in read().text
    assert said in " ".join(printed(WHOLE).split())


def test_no_order_is_shown_of_a_handful() -> None:
    (one, *_) = WHOLE.ranked
    few = replace(WHOLE, ranked=(replace(one, positives=ranking.LEAST - 1),))
    enough = replace(WHOLE, ranked=(replace(one, positives=ranking.LEAST),))

    def auc(found: Evaluation) -> str:
        return ranking.order(found).rows[0].cells[5].text

    assert (auc(few), auc(enough)) == (ranking.NOT_MEASURED, "0.50 0.40-0.60")


def test_an_evaluation_of_nothing_makes_a_sound_page_that_says_what_is_missing() -> None:
    empty = pagecheck.read(page.render(evaluation()))
    assert empty.mistakes == []
    assert empty.tags["svg"] == 0
    assert "This needs --chat FILE." in empty.text


def test_a_chart_tells_in_words_what_it_shows() -> None:
    drawn = charts.alarms(WHOLE)
    assert drawn is not None
    points = 2 * len(ALARMS)
    assert f"{points} of {points} points lie above it" in drawn.alternative


def test_files_are_told_apart_by_more_than_colour() -> None:
    drawn = charts.calibration(WHOLE)
    assert drawn is not None
    assert "stroke-dasharray" in drawn.svg


def test_the_recall_table_has_a_row_for_each_concern_and_file() -> None:
    grid = ranking.recall(WHOLE)
    assert len(grid.rows) == 2 * len(HEADS)
    assert grid.rows[0].cells[2].text == "0.50 0.40-0.60"


@pytest.mark.parametrize(
    ("rate", "said"),
    [(0.05, "5 %"), (0.0002, "0.02 %"), (0.00063984, "0.064 %"), (0.125, "12 %"), (1, "100 %"),
     (0, "0 %")],
)  # fmt: skip
def test_a_rate_is_named_with_the_figures_that_count(rate: float, said: str) -> None:
    assert ranking.percent(rate) == said


def test_the_alarms_of_all_communities_stand_beside_each_other() -> None:
    first, second, third = (row.cells for row in ranking.alarms(WHOLE).rows[:3])
    assert first[0].text == second[0].text != third[0].text
    assert (first[1].text, second[1].text) == ("chat-quiet", "chat-loud")


def test_nothing_is_cut_off_in_a_narrow_terminal() -> None:
    lines = printed(WHOLE).splitlines()
    assert max(map(len, lines)) <= 80
    assert not any("…" in line for line in lines)


def test_the_json_is_one_object_without_nan() -> None:
    told = json.loads(WHOLE.as_json(), parse_constant=pytest.fail)
    assert told["ranked"][0]["bins"][0] == {"messages": 50, "said": 0.2, "true": 0.4}


def test_the_same_figures_make_the_same_page() -> None:
    assert page.render(WHOLE) == whole()


@pytest.mark.parametrize("name", ["", "_hidden", hostile.MARKS[10] + hostile.MARKS[12]])
def test_a_name_that_breaks_a_legend_or_a_terminal_is_shown_harmlessly(name: str) -> None:
    found = evaluation(name, chat=(name,))
    assert pagecheck.read(page.render(found)).mistakes == []
    assert "\x1b" not in printed(found)


@settings(max_examples=4, deadline=None)
@given(hostile.text, hostile.text)
def test_hostile_names_stay_text(file: str, chat: str) -> None:
    found = evaluation(file, chat=(chat,), problems=(file,))
    told = pagecheck.read(page.render(found))
    assert told.mistakes == []
    assert told.tags["img"] == told.tags["base"] == 0
    assert inert(file) in told.text
    assert "\x1b" not in printed(found)
