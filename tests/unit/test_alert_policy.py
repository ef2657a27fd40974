"""The steps of the life of an alert, one by one. Their interleavings: `test_alert_machine.py`."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.alert import (
    Acknowledge,
    Asked,
    CallBackup,
    Case,
    Close,
    Due,
    Ending,
    HandOver,
    Notice,
    Plan,
    Refusal,
    Snooze,
    State,
    Step,
    Take,
    Undelivered,
    What,
    Who,
)
from bot.domain.message import AccountRef
from bot.domain.reading import Priority
from bot.policy.alert import Change, Tell, changed, opened
from bot.policy.plan import plan_for
from bot.policy.routing import InOrder, Staff
from tests.support.build import DESK, NOON, account, at

ADA, BO, LAST, STRANGER = account("101"), account("102"), account("199"), account("666")
STAFF = Staff(InOrder((ADA, BO)), LAST, frozenset({ADA, BO, LAST}))
EMPTY = replace(STAFF, duty=InOrder(()))


def new(priority: Priority = Priority.P0, staff: Staff = STAFF) -> Change:
    return opened(Case(DESK, "k", priority, plan_for(priority, NOON)), NOON, staff)


def after(*happened: tuple[float, Asked | Due | Undelivered], of: Priority = Priority.P0) -> Case:
    """Let things happen, each so many minutes after noon."""
    case = new(of).case
    for minutes, one in happened:
        case = changed(case, one, at(minutes), STAFF).case
    return case


@pytest.mark.parametrize(
    ("priority", "minutes", "who"),
    [
        (Priority.P0, (0, 5, 10, 25, 40), ("AB", "AB", "L", "ABL", "ABL")),
        (Priority.P1, (0, 15, 30, 45, 105, 165), ("A", "B", "AB", "L", "ABL", "ABL")),
    ],
)
def test_who_is_told_and_when(
    priority: Priority, minutes: tuple[int, ...], who: tuple[str, ...]
) -> None:
    change = new(priority)
    told = [change]
    while len(told) < len(minutes):
        assert change.case.due_at == at(minutes[len(told)])
        change = changed(change.case, Due(), at(minutes[len(told)]), STAFF)
        told.append(change)

    letters = {ADA: "A", BO: "B", LAST: "L"}
    assert ["".join(letters[to] for to in change.tells[0].to) for change in told] == list(who)


def test_after_the_bot_was_away_one_step_is_done_and_the_next_waits_its_time() -> None:
    case = changed(new().case, Due(), at(300), STAFF).case

    assert (case.step, case.due_at) == (2, at(305))


def test_repeats_of_a_step_come_before_the_next_one() -> None:
    first, last = (
        Step((Who.PRIMARY,), timedelta(minutes=1), repeats=2),
        Step((Who.LAST_RESORT,), timedelta(minutes=9)),
    )

    assert [Plan((first, last)).at(n) for n in range(5)] == [first] * 3 + [last] * 2


@pytest.mark.parametrize(
    ("opened_at", "zone", "due"),
    [
        (datetime(2026, 1, 5, 12, tzinfo=UTC), "UTC", datetime(2026, 1, 5, 17, tzinfo=UTC)),
        (datetime(2026, 1, 5, 17, tzinfo=UTC), "UTC", datetime(2026, 1, 6, 17, tzinfo=UTC)),
        (datetime(2026, 1, 9, 18, tzinfo=UTC), "UTC", datetime(2026, 1, 12, 17, tzinfo=UTC)),
        (datetime(2026, 1, 5, 12, tzinfo=UTC), "Asia/Tokyo", datetime(2026, 1, 6, 8, tzinfo=UTC)),
        # The clocks go forward on Sunday 29 March: Monday's evening is an hour earlier in UTC.
        (
            datetime(2026, 3, 27, 18, tzinfo=UTC),
            "Europe/London",
            datetime(2026, 3, 30, 16, tzinfo=UTC),
        ),
    ],
)
def test_a_p2_has_a_named_owner_at_the_end_of_the_desks_working_day(
    opened_at: datetime, zone: str, due: datetime
) -> None:
    plan = plan_for(Priority.P2, opened_at, zone=ZoneInfo(zone))
    change = opened(Case(DESK, "k", Priority.P2, plan), opened_at, STAFF)
    named = changed(change.case, Due(), due, STAFF)

    assert (change.tells, change.case.due_at) == ((), due)
    assert named.tells == (Tell((ADA,), Notice.YOURS),)
    assert named.case.holder == ADA


def test_an_owner_who_cannot_be_reached_is_not_named_again_and_nothing_goes_in_circles() -> None:
    case, named = after(of=Priority.P2), []
    case = changed(case, Due(), at(300), STAFF).case
    for _ in range(6):
        named.append(case.holder)
        assert case.holder is not None
        case = changed(case, Undelivered(case.holder), at(301), STAFF).case

    assert named == [ADA, BO, LAST, LAST, LAST, LAST]
    assert case.due_at is not None


def test_with_nobody_on_duty_it_is_unattended_until_somebody_takes_it() -> None:
    change = new(Priority.P1, EMPTY)
    taken = changed(change.case, Take(LAST), at(1), EMPTY)

    assert change.tells == (Tell((LAST,), Notice.NEW),)
    assert (change.case.unattended, taken.case.unattended) == (True, False)
    assert new(Priority.P2, EMPTY).case.unattended


ADA_LOOKS, ADA_TAKES = (1, Acknowledge(ADA)), (1, Take(ADA))
ADA_SNOOZES, ADA_CLOSES = (1, Snooze(ADA, at(9))), (1, Close(ADA, Ending.HELPED))


@pytest.mark.parametrize(
    ("before", "asked", "refusal"),
    [
        ((), Take(STRANGER), Refusal.NOT_STAFF),
        ((), Close(STRANGER, Ending.HELPED), Refusal.NOT_STAFF),
        ((), HandOver(ADA, STRANGER), Refusal.NOT_STAFF),
        ((), HandOver(ADA, ADA), Refusal.YOURS),
        ((), Snooze(ADA, at(2)), Refusal.PAST),
        ((ADA_LOOKS,), Acknowledge(BO), Refusal.HELD),
        ((ADA_LOOKS,), Close(BO, Ending.NO_CONCERN), Refusal.HELD),
        ((ADA_LOOKS,), Take(BO), None),
        ((ADA_SNOOZES,), Take(BO), None),
        ((ADA_TAKES,), Take(BO), Refusal.HELD),
        ((ADA_TAKES,), HandOver(BO, BO), Refusal.HELD),
        ((ADA_TAKES,), Snooze(BO, at(9)), Refusal.HELD),
        ((ADA_TAKES,), CallBackup(BO), None),
        ((ADA_TAKES,), Take(ADA), Refusal.YOURS),
        ((ADA_TAKES,), Acknowledge(ADA), Refusal.YOURS),
        ((ADA_CLOSES,), Take(BO), Refusal.CLOSED),
        ((ADA_CLOSES,), Acknowledge(ADA), Refusal.CLOSED),
        ((ADA_CLOSES,), CallBackup(BO), Refusal.CLOSED),
    ],
)
def test_what_is_refused(
    before: tuple[tuple[float, Asked], ...], asked: Asked, refusal: Refusal | None
) -> None:
    change = changed(after(*before), asked, at(2), STAFF)

    assert change.refusal is refusal


@pytest.mark.parametrize(
    ("priority", "most"),
    [
        (Priority.P0, timedelta(minutes=15)),
        (Priority.P1, timedelta(hours=4)),
        (Priority.P2, timedelta(days=3)),
    ],
)
def test_a_snooze_has_an_end_that_fits_the_urgency(priority: Priority, most: timedelta) -> None:
    case = after((1, Snooze(ADA, NOON + timedelta(days=365))), of=priority)

    assert case.due_at == at(1) + most


def test_looking_again_lasts_anew() -> None:
    case = after(ADA_LOOKS, (20, Acknowledge(ADA)))

    assert changed(case, Due(), at(44), STAFF) == Change(case)
    assert changed(case, Due(), at(45), STAFF).tells == (Tell((ADA,), Notice.REMINDER),)


def test_a_taken_one_is_asked_after_and_stays_taken() -> None:
    change = changed(after(ADA_TAKES), Due(), at(121), STAFF)

    assert change.tells == (Tell((ADA,), Notice.ASKED_AFTER),)
    assert (change.case.state, change.case.holder) == (State.TAKEN, ADA)


def test_who_leaves_the_desk_holds_nothing_any_more() -> None:
    gone = Staff(InOrder((ADA, BO)), LAST, frozenset({BO, LAST}))
    change = changed(after(ADA_TAKES), Due(), at(121), gone)

    assert (change.case.state, change.case.holder) == (State.OPEN, None)
    assert change.tells == (Tell((BO,), Notice.AGAIN),)  # and no page goes to who left


def test_backup_is_somebody_else() -> None:
    def called(by: AccountRef, staff: Staff) -> tuple[AccountRef, ...]:
        return changed(new().case, CallBackup(by), at(1), staff).tells[0].to

    assert [called(ADA, STAFF), called(BO, STAFF)] == [(BO,), (ADA,)]
    alone = Staff(InOrder((ADA,)), LAST, frozenset({ADA, LAST}))
    assert [called(ADA, alone), called(LAST, EMPTY)] == [(LAST,), (LAST,)]


def test_a_bounced_page_is_shown_but_tells_nobody_once_somebody_has_it() -> None:
    change = changed(after(ADA_TAKES), Undelivered(BO), at(2), STAFF)

    assert change.tells == ()
    assert change.case.unreached == (BO,)
    assert change.case.last is not None
    assert change.case.last.what is What.UNREACHED
