"""What a supervisor reads at eight in the morning: figures that can be checked, nothing made up."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.cards.finding import MOST, finding_card
from bot.cards.statement import in_time, statement_card
from bot.domain.audit import Failing, Finding
from bot.domain.card import Card
from bot.domain.ledger import Count
from bot.domain.reading import Priority
from bot.domain.statement import Statement
from tests.support.readability import grade

GOOD = Statement(
    desk="North desk",
    day=date(2026, 1, 5),
    counts={
        Count.SEEN: 8214, Count.READ: 8000, Count.SKIPPED_BOT: 200, Count.SKIPPED_EMPTY: 14,
        Count.UNASSESSED: 3,
    },
    alerts={Priority.P1: 2, Priority.P0: 1},
    waiting=0,
    deliveries={"pending": 0, "delivered": 5, "buried": 0},
)  # fmt: skip


def fields(card: Card) -> dict[str, str]:
    return {field.name: field.value for field in card.fields}


def test_the_sentence_says_what_was_seen_what_became_of_it_and_how_slow_it_was() -> None:
    known = replace(GOOD, slowest=timedelta(minutes=2, seconds=10))

    assert statement_card(known).title == (
        "North desk, Monday 5 January 2026: 8,214 seen, 8,214 accounted for, 3 alerts,"
        " slowest acknowledgement 2 min 10 s."
    )


def test_what_is_not_known_is_left_out() -> None:
    assert statement_card(GOOD).title.endswith("8,214 accounted for, 3 alerts.")
    assert "waits" not in statement_card(replace(GOOD, waiting=None)).text


def test_the_figures_are_named_by_what_they_are_and_every_reason_has_its_own() -> None:
    assert fields(statement_card(GOOD)) == {
        "Alerts": "P0 emergency 1, P1 urgent 2",
        "Read": "8,000",
        "Not read": "200 by bots, 14 without words",
        "Read without the full model": "3",
        "Came in and waits to be read": "0",
    }


def test_a_day_without_anything_says_so() -> None:
    quiet = Statement("North desk", date(2026, 1, 6), counts={}, alerts={})

    assert statement_card(quiet).title.endswith("0 seen, 0 accounted for, 0 alerts.")
    assert statement_card(quiet).paragraphs == ()


def test_what_waits_and_what_could_not_be_delivered_is_shown() -> None:
    shown = fields(statement_card(replace(GOOD, deliveries={"pending": 2, "buried": 1})))

    assert shown["Notices that wait"] == "2"
    assert shown["Notices that could not be delivered, so far"] == "1"


@pytest.mark.parametrize(
    ("read", "unbalanced", "adds_up"), [(8000, 0, True), (7986, 1, False), (8000, 2, False)]
)
def test_it_never_says_that_all_is_well_when_a_channel_does_not_add_up(
    read: int, unbalanced: int, *, adds_up: bool
) -> None:
    counts = {**GOOD.counts, Count.READ: read}
    statement = replace(GOOD, counts=counts, unbalanced=unbalanced)

    assert statement.adds_up is adds_up
    assert ("It does not add up" in statement_card(statement).text) is not adds_up


def test_findings_are_named_and_more_than_ten_are_counted() -> None:
    found = tuple(Finding(Failing.BEHIND, f"discord:10:{n}", "since noon") for n in range(MOST + 3))
    card = finding_card(found)

    assert "found 13 failings" in card.title
    assert "discord:10:0 (since noon)" in card.text
    assert f"discord:10:{MOST}" not in card.text
    assert fields(card)["And more"] == "3"
    assert "And more: 3" in statement_card(replace(GOOD, findings=found)).text


@pytest.mark.parametrize("failing", Failing)
def test_every_failing_has_words_and_something_to_do_that_a_tired_person_understands(
    failing: Failing,
) -> None:
    card = finding_card([Finding(failing, "courier")])

    assert "found 1 failing" in card.title
    assert len(card.paragraphs) == 2
    assert grade(" ".join(card.paragraphs)) <= 8


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 s"), (59, "59 s"), (130, "2 min 10 s"), (3600, "1 h 0 min"), (90_061, "25 h 1 min")],
)
def test_a_span_is_written_in_two_units(seconds: int, words: str) -> None:
    assert in_time(timedelta(seconds=seconds)) == words
