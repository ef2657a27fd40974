"""Who may be called for a P1, who is passed over, and that nobody is passed over for good."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.data.practitioner import read_hours
from bot.domain.alert import Case, Due, State, What
from bot.domain.desk import Desk
from bot.domain.message import AccountRef
from bot.domain.page import Fate, Page
from bot.domain.practitioner import Practitioner
from bot.domain.reading import Priority
from bot.policy.alert import Change, Withhold, changed, opened
from bot.policy.budget import pages_of, quiet_until, spared
from bot.policy.plan import plan_for
from bot.policy.routing import InOrder, Staff
from tests.support.build import DESK, NOON, account, at
from tests.support.build import desk as plain_desk

ADA, BO, LAST = account("101"), account("102"), account("199")
STAFF = Staff(InOrder((ADA, BO)), LAST, frozenset({ADA, BO, LAST}))
OVER = Fate.OVER_BUDGET
NIGHT = read_hours("mon-sun 22:00-07:00")


def a_desk() -> Desk:
    return replace(plain_desk(), practitioners=(Practitioner("Ada", ADA), Practitioner("Bo", BO)))


def sent(alert: str, minutes: float, who: AccountRef = ADA, fate: Fate = Fate.SENT) -> Page:
    return Page(DESK, alert, who, at(minutes), fate)


def new(staff: Staff, priority: Priority = Priority.P1) -> Change:
    return opened(Case(DESK, "k", priority, plan_for(priority, NOON)), NOON, staff)


def sparing(**fates: Fate) -> Staff:
    return replace(STAFF, spared={{"ada": ADA, "bo": BO}[who]: why for who, why in fates.items()})


@pytest.mark.parametrize(
    ("pages", "is_spared"),
    [
        ((sent("1", 0),), False),
        ((sent("1", 0), sent("2", 1)), True),
        ((sent("1", 0), sent("1", 1)), False),  # the same alert
        ((sent("1", 0), sent("2", 1, fate=OVER)), False),
        ((sent("1", 0), sent("2", 1, who=BO)), False),
        ((sent("1", -718), sent("2", 1)), True),
        ((sent("1", -719), sent("2", 1)), False),  # twelve hours ago
    ],
)
def test_two_alerts_in_twelve_hours_are_enough(pages: tuple[Page, ...], *, is_spared: bool) -> None:
    assert (spared(a_desk(), pages, at(1)).get(ADA) is OVER) == is_spared


def test_the_desk_chooses_how_many_and_all_accounts_of_a_person_share_them() -> None:
    other = account("1010")
    people = (Practitioner("Ada", ADA, others=(other,)),)
    desk = replace(a_desk(), practitioners=people, pages_per_person=3)
    pages = [sent("1", 0), sent("2", 0, who=other), sent("3", 0)]

    assert spared(desk, pages, at(1)) == {ADA: OVER, other: OVER}
    assert spared(desk, pages[:2], at(1)) == {}


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-01-05T22:00", "2026-01-06T05:00"),  # midnight in Helsinki
        ("2026-01-05T19:59", None),
        ("2026-01-05T20:00", "2026-01-06T05:00"),
        ("2026-01-06T04:59", "2026-01-06T05:00"),
        ("2026-01-06T05:00", None),
    ],
)
def test_quiet_hours_are_on_the_persons_clock_and_go_over_midnight(
    now: str, until: str | None
) -> None:
    ada = Practitioner("Ada", ADA, quiet=(NIGHT,))
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    ends = quiet_until(ada, "Europe/Helsinki", moment)

    assert ends == (datetime.fromisoformat(until).replace(tzinfo=UTC) if until else None)


def test_quiet_hours_end_by_the_wall_clock_when_clocks_change() -> None:
    ada = Practitioner("Ada", ADA, quiet=(NIGHT,))
    night = datetime(2026, 3, 28, 23, tzinfo=UTC)  # the clocks go forward in London

    assert quiet_until(ada, "Europe/London", night) == datetime(2026, 3, 29, 6, tzinfo=UTC)


def test_who_had_enough_is_passed_over_for_the_next_and_that_is_counted() -> None:
    change = new(sparing(ada=OVER))

    assert [tell.to for tell in change.tells] == [(BO,)]
    assert change.withheld == (Withhold(ADA, OVER),)
    assert pages_of(Case(DESK, "k", Priority.P1, plan_for(Priority.P1, NOON)), change, NOON) == (
        Page(DESK, "k", ADA, NOON, OVER), Page(DESK, "k", BO, NOON, Fate.SENT),
    )  # fmt: skip


def test_when_everybody_had_enough_nobody_is_called_and_the_plan_goes_on_to_the_last_resort() -> (
    None
):
    staff = sparing(ada=OVER, bo=Fate.QUIET)
    change, told = new(staff), []
    first = change
    for minutes in (15, 30, 45):
        assert change.case.due_at == at(minutes)
        change = changed(change.case, Due(), at(minutes), staff)
        told.append([to for tell in change.tells for to in tell.to])

    assert (first.tells, first.case.state, first.case.last and first.case.last.what) == (
        (), State.OPEN, What.WITHHELD,
    )  # fmt: skip
    assert told == [[], [], [LAST]]


def test_an_emergency_knows_neither_budget_nor_night() -> None:
    change = new(sparing(ada=OVER, bo=Fate.QUIET), Priority.P0)

    assert [tell.to for tell in change.tells] == [(ADA, BO)]
    assert change.withheld == ()
    assert pages_of(change.case, change, NOON) == ()


def test_to_be_told_again_of_the_same_alert_costs_nothing_but_nobody_is_woken_for_it() -> None:
    case = changed(new(STAFF).case, Due(), at(15), STAFF).case
    over = changed(case, Due(), at(30), sparing(ada=OVER, bo=OVER))
    night = changed(case, Due(), at(30), sparing(ada=Fate.QUIET))

    assert [tell.to for tell in over.tells] == [(ADA, BO)]
    assert pages_of(case, over, at(30)) == ()
    assert [tell.to for tell in night.tells] == [(BO,)]


def test_the_last_resort_is_never_spared() -> None:
    alone = Staff(InOrder(()), LAST, frozenset({LAST}), {LAST: OVER})

    assert [tell.to for tell in new(alone).tells] == [(LAST,)]


def test_a_drill_costs_nothing() -> None:
    case = Case(DESK, "k", Priority.P1, plan_for(Priority.P1, NOON), drill=True)

    assert pages_of(case, opened(case, NOON, sparing(ada=OVER)), NOON) == ()


def test_twelve_hours_later_the_budget_is_whole_again() -> None:
    pages = [sent("1", 0), sent("2", 1)]
    later = NOON + timedelta(hours=12)

    assert spared(a_desk(), pages, later - timedelta(seconds=1)) == {ADA: OVER}
    assert spared(a_desk(), pages, later) == {}
