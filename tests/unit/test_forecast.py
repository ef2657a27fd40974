"""A message's priority at any setting is the worst of the alarms that go off there."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.code import Code
from bot.domain.reading import Priority
from bot.knowledge import Knowledge
from bot.policy.decide import Shelf, decide
from bot.policy.forecast import Could, Weighed, forecast
from bot.triage.alarms import ALARMS, Alarm, Loud
from bot.triage.head import HEADS
from tests.support import world
from tests.support.build import desk

MONDAY, TUESDAY = date(2026, 1, 5), date(2026, 1, 6)
NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
LINES = {Code.ABUSE_MODEL: 4.0, Code.ABUSE_UNSURE: 2.0}
ALARM_SETS = st.sets(st.sampled_from(ALARMS), max_size=5)
# Each meets a rule that looks at more than one reason: deadlines, questions, claims, few words.
TEXTS = (
    "ok then",
    "the course closes on friday",
    "should i take the offer, it expires tomorrow?",
    "you need a degree to get any apprenticeship",
    "i hate my job and i want to die",
    "cannot decide and my parents want me to be a doctor, we are behind on rent",
)


def could(code: Code, score: float, priority: Priority) -> Could:
    return Could(code, score, priority)


def test_an_alarm_counts_from_its_line_on() -> None:
    weighed = [
        Weighed(MONDAY, None, (could(Code.ABUSE_UNSURE, 2.0, Priority.P2),)),
        Weighed(MONDAY, None, (could(Code.ABUSE_UNSURE, 1.9, Priority.P2),)),
    ]
    found = forecast(weighed, LINES)

    assert found.by_alarm == {Code.ABUSE_UNSURE: 1}
    assert found.by_priority == {Priority.P2: 1}


def test_the_worst_reason_wins_and_cues_stay_as_they_are() -> None:
    both = (could(Code.ABUSE_UNSURE, 5, Priority.P2), could(Code.ABUSE_MODEL, 5, Priority.P1))
    weighed = [
        Weighed(MONDAY, Priority.P3, both),
        Weighed(TUESDAY, Priority.P0, both),
        Weighed(TUESDAY, Priority.P1),
    ]
    found = forecast(weighed, LINES)

    assert found.by_priority == {Priority.P0: 1, Priority.P1: 2}
    assert found.by_alarm == {Code.ABUSE_UNSURE: 2, Code.ABUSE_MODEL: 2}
    assert found.total(Priority) == 3
    assert found.most_on_a_day([Priority.P0, Priority.P1]) == 2
    assert found.most_on_a_day([Priority.P3]) == 0


@given(st.lists(st.tuples(st.floats(-5, 5), st.sampled_from(list(Priority))), max_size=20))
def test_looser_lines_never_alert_on_fewer(scores: list[tuple[float, Priority]]) -> None:
    weighed = [Weighed(MONDAY, None, (could(Code.ABUSE_UNSURE, s, p),)) for s, p in scores]
    looser, stricter = (forecast(weighed, {Code.ABUSE_UNSURE: line}) for line in (0.0, 1.0))

    assert looser.total(Priority) >= stricter.total(Priority)


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return world.knowledge()


@given(text=st.sampled_from(TEXTS), off=ALARM_SETS)
def test_alarms_that_go_off_together_give_the_worst_of_what_each_gives(
    text: str, off: set[Alarm], knowledge: Knowledge
) -> None:
    shelf = knowledge.shelf(MONDAY)
    each = [priority_of(knowledge, shelf, text, [alarm]) for alarm in off]
    alone = priority_of(knowledge, shelf, text, [])
    found = [priority for priority in (alone, *each) if priority is not None]
    together = priority_of(knowledge, shelf, text, [a for a in ALARMS if a in off])

    assert together == min(found, default=None)


def priority_of(knowledge: Knowledge, shelf: Shelf, text: str, off: list[Alarm]) -> Priority | None:
    first = knowledge.triage.first(text, sent_at=NOW)
    loud = [Loud(HEADS.index(alarm.head), alarm.code, 5.0) for alarm in off]
    reading = knowledge.triage.hearing(first, loud, None)
    return decide(reading, desk=desk(), shelf=shelf, likeness={}).priority
