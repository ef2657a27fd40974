import tracemalloc
from datetime import date, timedelta
from itertools import pairwise

import pytest

from bot.domain.code import Code
from bot.domain.decision import Alert, Outcome
from bot.domain.ledger import Count
from bot.domain.reading import Priority
from bot.reports.summary import Summary, Tallying
from tests.support.reports import (
    START,
    alerting,
    place,
    propose,
    recommend,
    recorded,
    run,
    summary,
)

VENT = place("#vent", channel="7")
TUESDAY = START + timedelta(days=1)


@pytest.fixture(scope="module")
def ten() -> Summary:
    """Give ten messages of two days, counted by hand in the tests below."""
    first = alerting(1, Code.SELF_HARM_INTENT, Code.HOPELESS, at=START + timedelta(hours=9))
    messages = [
        first,
        alerting(2, Code.HOPELESS, at=START + timedelta(hours=9, minutes=3), joins=first.ref.key),
        alerting(3, Code.THREAT, at=START + timedelta(hours=23)),
        alerting(4, Code.ABUSE_PAST, at=START + timedelta(hours=9, minutes=59)),
        alerting(5, Code.WAGES_WITHHELD, at=TUESDAY),
        alerting(6, Code.SELF_HARM_PASSIVE, at=START + timedelta(hours=22)),
        alerting(7, Code.ABUSE_CONTROL, at=START + timedelta(hours=21)),
        recorded(8, [Code.ASKING], outcomes=[recommend("cv-guide", "find-adviser")], where=VENT),
        recorded(9, [Code.ASKING, Code.CLAIM_KNOWN], outcomes=[recommend("cv-guide"), propose()]),
        recorded(10),
    ]
    by_day = {START.date(): {Count.READ: 7}, TUESDAY.date(): {Count.READ: 3}}
    return summary(messages, run(by_day=by_day))


def test_messages_are_counted_by_priority(ten: Summary) -> None:
    expected = {Priority.P0: 2, Priority.P1: 4, Priority.P2: 1, Priority.P3: 2}
    assert expected == ten.by_priority


def test_messages_are_counted_by_place(ten: Summary) -> None:
    expected = {
        ("#job-search", Priority.P0): 2,
        ("#job-search", Priority.P1): 4,
        ("#job-search", Priority.P2): 1,
        ("#job-search", Priority.P3): 1,
        ("#vent", Priority.P3): 1,
    }
    assert expected == ten.by_place


def test_each_reason_of_a_message_counts_once(ten: Summary) -> None:
    assert ten.by_code[Code.HOPELESS] == 2
    assert ten.by_code[Code.ASKING] == 2
    assert ten.by_code[Code.THREAT] == 1
    assert sum(ten.by_code.values()) == 11


def test_an_alert_is_raised_once_and_joined_by_later_messages(ten: Summary) -> None:
    assert (ten.raised, ten.joined) == (6, 1)


def test_alerts_raised_are_counted_by_hour_of_the_week_in_utc(ten: Summary) -> None:
    assert ten.by_hour == {(0, 9): 2, (0, 21): 1, (0, 22): 1, (0, 23): 1, (1, 0): 1}


def test_resources_and_claims_are_counted(ten: Summary) -> None:
    assert ten.by_resource == {"cv-guide": 2, "find-adviser": 1}
    assert ten.by_claim == {"two-page-cv": 1}


def test_only_p0_and_p1_alerts_raised_count_as_pages_of_a_day(ten: Summary) -> None:
    told = [(day.on, day.read, day.alerts, day.pages) for day in ten.days]
    assert told == [(START.date(), 7, 5, 5), (TUESDAY.date(), 3, 1, 0)]


def test_the_budget_is_pages_a_person_for_two_spans_of_twelve_hours(ten: Summary) -> None:
    assert ten.run.budget == 1 * 2 * 2
    assert [day.over for day in ten.days] == [True, False]
    assert ten.days_over == 1


def test_a_day_that_meets_the_budget_exactly_is_not_over_it() -> None:
    told = summary([alerting(n, Code.THREAT) for n in range(4)])
    assert [(day.pages, day.over) for day in told.days] == [(4, False)]


def test_rows_are_ordered_by_priority_and_then_by_time(ten: Summary) -> None:
    numbers = [int(row.ref.id[-2:]) for row in ten.alerts.rows]
    assert numbers == [1, 3, 2, 4, 7, 6, 5]


def test_a_message_with_two_outcomes_stands_in_both_lists(ten: Summary) -> None:
    assert [row.ref.id[-2:] for row, _ in ten.recommended.rows] == ["08", "09"]
    assert [row.ref.id[-2:] for row, _ in ten.notes.rows] == ["09"]


def test_the_most_urgent_rows_are_kept_whatever_the_order_they_came_in() -> None:
    codes = [Code.WAGES_WITHHELD, Code.THREAT, Code.HOPELESS]
    messages = [alerting(n, codes[n % 3], at=START + timedelta(minutes=50 - n)) for n in range(50)]
    tallying = Tallying(alerts=20)
    for one in messages:
        tallying.add(one)

    kept = tallying.summary(run()).alerts

    best = sorted(messages, key=lambda one: (one.decision.priority, one.sent_at))[:20]
    assert [one.ref for one in kept.rows] == [one.ref for one in best]
    assert kept.left_out == 30
    assert all(a.sent_at <= b.sent_at for a, b in pairwise(kept.rows[:17]))


def test_among_equals_the_first_to_come_is_kept() -> None:
    tallying = Tallying(alerts=1)
    for number in (5, 3, 9):
        tallying.add(alerting(number, Code.THREAT))
    assert [row.ref.id[-1] for row in tallying.summary(run()).alerts.rows] == ["5"]


@pytest.mark.parametrize("most", [0, 1, 3])
def test_what_is_left_out_of_each_list_is_counted(most: int) -> None:
    tallying = Tallying(alerts=most, recommended=most, notes=most)
    for number in range(5):
        outcomes: list[Outcome] = [Alert(Priority.P0), recommend("cv-guide"), propose()]
        tallying.add(recorded(number, [Code.THREAT], outcomes=outcomes, alert="own"))
    told = tallying.summary(run())
    lists = (told.alerts, told.recommended, told.notes)
    assert [(len(each.rows), each.left_out) for each in lists] == [(most, 5 - most)] * 3


def test_memory_does_not_grow_with_messages() -> None:
    tallying = Tallying(alerts=10)
    for number in range(500):
        tallying.add(alerting(number, Code.THREAT))
    tracemalloc.start()
    try:
        for number in range(500, 5_500):
            tallying.add(alerting(number, Code.THREAT))
        grown, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert grown < 100_000  # 5,000 kept decisions would be several million bytes


def test_a_day_with_alerts_only_is_shown_too() -> None:
    told = summary([alerting(1, Code.THREAT, at=START + timedelta(days=40))])
    assert [day.on for day in told.days] == [START.date(), date(2026, 4, 11)]


@pytest.mark.parametrize(
    ("ledger", "adds_up"),
    [
        ({Count.SEEN: 10, Count.READ: 7, Count.SKIPPED_BOT: 2, Count.SKIPPED_EMPTY: 1}, True),
        ({Count.SEEN: 10, Count.READ: 7, Count.SKIPPED_BOT: 2}, False),
        ({Count.SEEN: 10, Count.READ: 10, Count.UNASSESSED: 4}, True),
        ({Count.SEEN: 9, Count.READ: 10}, False),
    ],
)
def test_the_count_adds_up_when_every_message_is_accounted_for(
    ledger: dict[Count, int], *, adds_up: bool
) -> None:
    assert run(ledger=ledger).adds_up is adds_up


def test_a_place_without_a_name_is_told_by_its_id() -> None:
    told = summary([recorded(1, [Code.ASKING], where=place("", channel="42"))])
    assert told.by_place == {("42", Priority.P3): 1}
