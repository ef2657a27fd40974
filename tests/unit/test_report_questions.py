"""How a report speaks of questions, answered and open, and of what waits to be read."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from io import StringIO

import pytest
from rich.console import Console

from bot.domain.code import Code
from bot.domain.decision import Answer, Recorded
from bot.domain.ledger import Count
from bot.domain.reading import NO_MODEL, Versions
from bot.reports import page, table, words
from bot.reports.lines import line
from bot.reports.lists import questions
from bot.reports.summary import Run, Summary, Tallying
from tests.support import pagecheck
from tests.support.readability import grade
from tests.support.reports import START, alerting, recommend, recorded, run, summary


def asked(number: int = 1, *, after: float | None = None, because: Sequence[Code] = ()) -> Recorded:
    """A question, answered so many minutes later, or open."""
    one = recorded(number, because or (Code.ASKING,), at=START + timedelta(hours=number))
    if after is None:
        return one
    answer = Answer(one.ref.key, "discord:1:2:99", one.sent_at + timedelta(minutes=after))
    return replace(one, answered=answer)


def printed(told: Summary, width: int = 100) -> str:
    out = StringIO()
    table.render(told, Console(file=out, width=width))
    return " ".join(out.getvalue().split())


def shown(told: Summary) -> str:
    found = pagecheck.read(page.render(told))
    assert found.mistakes == []
    return " ".join(found.text.split())


@pytest.mark.parametrize("show", [printed, shown])
def test_answered_and_open_questions_are_counted_and_told_apart(show) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001 - one of two above
    told = show(summary([asked(1, after=12), asked(2), asked(3)]))

    assert "3 questions were asked: 1 answered in the chat, 2 open." in told
    assert "answered in the chat after 12 min" in told
    assert "2 can wait (P3 routine). 1 more was answered in the chat." in told


def test_the_open_questions_come_first() -> None:
    grid = questions(summary([asked(1, after=5), asked(2), asked(3, after=5), asked(4)]))

    answers = [row.cells[3].text for row in grid.rows]
    assert answers == ["open", "open", *["answered in the chat after 5 min"] * 2]
    assert [row.cells[1].text[-5:] for row in grid.rows] == ["02:00", "04:00", "01:00", "03:00"]


def test_no_more_questions_are_listed_than_asked_for_and_the_answered_give_way() -> None:
    tallying = Tallying(questions=2)
    for one in (asked(1, after=5), asked(2), asked(3), asked(4, after=1)):
        tallying.add(one)
    grid = questions(tallying.summary(run()))

    assert [row.cells[3].text for row in grid.rows] == ["open", "open"]
    assert "2 less urgent left out here." in grid.note


def test_a_resource_for_an_answered_question_says_so() -> None:
    one = asked(1, after=7)
    offered = replace(one, decision=replace(one.decision, outcomes=(recommend("cv-guide"),)))

    assert printed(summary([offered])).count("answered in the chat after 7 min") == 2


def test_a_claim_to_check_still_waits_when_its_question_is_answered() -> None:
    both = asked(1, after=7, because=(Code.CLAIM_KNOWN, Code.ASKING))
    told = summary([both])

    assert both.is_waiting
    assert (told.answered, told.done) == (1, 0)
    assert "1 can wait (P3 routine)." in words.headline(told)


def test_what_is_more_urgent_is_no_question() -> None:
    told = summary([alerting(1, Code.ASKING, Code.DISTRESS)])

    assert (told.asked, told.answered, told.done) == (0, 0, 0)


@pytest.mark.parametrize(("after", "minutes"), [(0, 1), (0.4, 1), (1.6, 2), (61, 61)])
def test_minutes_are_whole_and_at_least_one(after: float, minutes: int) -> None:
    assert words.answer_words(asked(1, after=after)) == (
        f"answered in the chat after {minutes} min"
    )


def test_a_line_has_the_answer_of_a_question_and_null_while_it_is_open() -> None:
    answered = json.loads(line(asked(1, after=12), place_name="#a"))
    still = json.loads(line(asked(1), place_name="#a"))
    other = json.loads(line(alerting(1, Code.THREAT), place_name="#a"))

    assert answered["answered"] == {
        "in_words": "answered in the chat after 12 min",
        "after_min": 12,
        "at": "2026-03-02T01:12:00+00:00",
        "by": "discord:1:2:99",
    }
    assert still["answered"] is None
    assert "answered" not in other


def unread(waiting: int, model: str = "m-1") -> Run:
    about = run(ledger={Count.SEEN: 3, Count.READ: 3, Count.UNASSESSED: 2})
    return replace(about, waiting=waiting, versions=Versions("r-1", model, "p-1"))


@pytest.mark.parametrize("show", [printed, shown])
def test_what_waits_is_in_the_account(show) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001 - as above
    assert "1,204 messages were taken in and not read; run again." in show(
        summary([], unread(1_204))
    )
    assert "taken in" not in show(summary([], unread(0)))


@pytest.mark.parametrize(
    ("model", "by"),
    [
        ("m-1", "cues and the quick model alone"),
        (NO_MODEL, "the cues alone, without a model"),
    ],
)
def test_how_well_messages_were_read_is_said(model: str, by: str) -> None:
    assert f"2 messages were read by {by}." in words.account_lines(unread(0, model))


def test_the_new_sentences_can_be_read_at_grade_eight() -> None:
    told = summary([asked(1, after=5), asked(2)], unread(2))
    sentences = [words.question_line(told), *words.account_lines(told.run), words.headline(told)]
    assert grade(" ".join(sentences)) <= 8
