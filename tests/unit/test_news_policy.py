"""What follows when somebody wants a person to look at a message."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.alert import Case, Close, Ending, Wanted
from bot.domain.code import Code
from bot.domain.reading import Priority
from bot.policy.alert import Change, changed, opened
from bot.policy.news import asked_for, is_told, noted, told_by, with_request
from bot.policy.plan import plan_for
from bot.policy.routing import InOrder, Staff
from tests.support.build import NOON, account, decision, desk, ref

ADA, LAST = account("101"), account("199")
STAFF = Staff(InOrder((ADA,)), LAST, frozenset({ADA, LAST}))
LATER = NOON + timedelta(hours=1)


def case(priority: Priority) -> Case:
    new = Case("north", ref().key, priority, plan_for(priority, NOON))
    return opened(new, NOON, STAFF).case


def test_a_request_stands_before_all_that_is_no_more_urgent() -> None:
    assert with_request((Code.HOPELESS, Code.DISTRESS)) == (
        Code.HOPELESS,
        Code.PERSON_ASKED,
        Code.DISTRESS,
    )
    assert with_request((Code.PERSON_ASKED, Code.ASKING)) == (Code.PERSON_ASKED, Code.ASKING)


def test_what_is_in_a_case_keeps_its_priority_and_what_is_in_none_becomes_p2() -> None:
    urgent = decision(Priority.P1)

    assert noted(urgent) == replace(urgent, because=(Code.HOPELESS, Code.PERSON_ASKED))
    assert asked_for(urgent, urgent.versions).priority is Priority.P2
    assert asked_for(None, urgent.versions).because == (Code.PERSON_ASKED,)


@pytest.mark.parametrize("hour", [0, 6, 100])  # in the working day, after it, at the weekend
def test_somebody_is_told_by_when_the_case_comes_up_by_itself(hour: int) -> None:
    at = NOON + timedelta(hours=hour)
    new = Case("north", ref().key, Priority.P2, plan_for(Priority.P2, at))

    assert opened(new, at, STAFF).case.due_at == told_by(desk(), at)
    assert opened(new, at, STAFF).tells == ()


@pytest.mark.parametrize("priority", [Priority.P0, Priority.P2])
def test_a_case_that_ended_begins_its_plan_anew_and_one_that_is_open_goes_on(
    priority: Priority,
) -> None:
    before = case(priority)
    wanted = Wanted(plan_for(priority, LATER))
    closed = changed(before, Close(ADA, Ending.HELPED), NOON, STAFF).case
    again = changed(closed, wanted, LATER, STAFF)

    assert changed(before, wanted, LATER, STAFF) == Change(before)
    assert (again.case.ending, again.case.acknowledged_at) == (None, None)
    assert again.case.version > closed.version
    is_paged = priority is Priority.P0
    assert [one.to for one in again.tells] == ([(ADA,)] if is_paged else [])
    assert is_told(again.case) is is_paged


def test_who_was_told_before_it_ended_is_not_told_of_the_request() -> None:
    open_ = replace(case(Priority.P2), told=(ADA,))

    assert not is_told(open_)
    assert is_told(replace(open_, step=1))
    assert is_told(replace(open_, holder=ADA))
    assert not is_told(replace(open_, step=1, unreached=(ADA,)))
