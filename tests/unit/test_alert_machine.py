"""Thousands of lives of an alert: people press, clocks turn, messages fail, people come and go.

What must hold after every single thing that happens: the case is closed, or it has a moment at
which it moves by itself; and if nobody holds it, that moment is a step that tells somebody.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.domain.alert import (
    Acknowledge,
    Asked,
    CallBackup,
    Case,
    Close,
    Due,
    Ending,
    Gone,
    HandOver,
    Input,
    Left,
    Redraw,
    Snooze,
    State,
    Take,
    Undelivered,
    Unwatched,
    Wanted,
    Who,
    Worse,
)
from bot.domain.message import AccountRef
from bot.domain.page import Fate
from bot.domain.reading import Priority
from bot.policy.alert import (
    ACKNOWLEDGED_FOR,
    SNOOZED_FOR,
    Change,
    changed,
    next_step,
    opened,
)
from bot.policy.plan import plan_for
from bot.policy.routing import InOrder, Staff
from tests.support.build import DESK, NOON, account

ADA, BO, CY, LAST, STRANGER = (account(n) for n in ("1", "2", "3", "9", "666"))
EVERYBODY = (ADA, BO, CY)
ANYBODY = st.sampled_from((*EVERYBODY, LAST, STRANGER))
# The longest that any case may rest: what is named of an evening comes back after a weekend.
LONGEST_REST = timedelta(days=4)


def with_on_duty(*on_duty: AccountRef, people: tuple[AccountRef, ...] = EVERYBODY) -> Staff:
    return Staff(InOrder(on_duty), LAST, frozenset({*people, LAST}))


class Life(RuleBasedStateMachine):
    case: Case
    now: datetime
    staff: Staff

    @initialize(
        priority=st.sampled_from((Priority.P0, Priority.P1, Priority.P2)),
        hours=st.integers(0, 24 * 7),
        on_duty=st.sampled_from(((ADA, BO, CY), (ADA,), ())),
    )
    def open(self, priority: Priority, hours: int, on_duty: tuple[AccountRef, ...]) -> None:
        self.now = NOON + timedelta(hours=hours)
        self.staff = with_on_duty(*on_duty)
        new = Case(DESK, "k", priority, plan_for(priority, self.now))
        change = opened(new, self.now, self.staff)
        self.case = change.case
        assert bool(change.tells or change.withheld) == (priority < Priority.P2)

    def happens(self, happened: Input) -> Change:
        before = self.case
        change = changed(before, happened, self.now, self.staff)
        self.check(before, change)
        self.case = change.case
        return change

    def check(self, before: Case, change: Change) -> None:
        after = change.case
        if before.state is State.CLOSED:
            assert replace(after, version=before.version) == before
            assert change.tells == ()
        if change.refusal is not None:
            assert (after, change.tells) == (before, ())
        assert after.version >= before.version
        assert (after == before) == (after.version == before.version)
        assert all(tell.to for tell in change.tells)
        assert {to for tell in change.tells for to in tell.to} <= set(after.told)
        assert {to for tell in change.tells for to in tell.to} <= self.staff.people  # I7
        assert (after.plan, after.key) == (before.plan, before.key)
        held = {one.to for one in change.withheld}
        assert held <= set(self.staff.spared)
        assert not held & {LAST, *(to for tell in change.tells for to in tell.to)}
        assert not held or before.priority is Priority.P1  # P0 passes everything

    @rule(by=ANYBODY)
    def acknowledge(self, by: AccountRef) -> None:
        self.press(Acknowledge(by), twice=False)

    @rule(by=ANYBODY)
    def take(self, by: AccountRef) -> None:
        before = self.case
        change = self.press(Take(by), twice=True)
        if before.state is State.TAKEN and before.holder != by:
            assert change.refusal is not None  # exclusive

    @rule(by=ANYBODY, minutes=st.integers(-5, 6_000))
    def snooze(self, by: AccountRef, minutes: int) -> None:
        self.press(Snooze(by, self.now + timedelta(minutes=minutes)), twice=True)
        if self.case.state is State.SNOOZED and self.case.due_at is not None:
            most = SNOOZED_FOR[self.case.priority]
            assert timedelta() < self.case.due_at - self.now <= most

    @rule(by=ANYBODY, to=ANYBODY)
    def hand_over(self, by: AccountRef, to: AccountRef) -> None:
        change = self.press(HandOver(by, to), twice=False)
        if change.refusal is None:
            assert self.case.holder == to

    @rule(by=ANYBODY)
    def call_backup(self, by: AccountRef) -> None:
        change = self.press(CallBackup(by), twice=False)
        if change.refusal is None:
            (tell,) = change.tells
            assert by not in tell.to or by == LAST

    @rule(news=st.sampled_from([Gone(), Unwatched()]))
    def news(self, news: Gone | Unwatched) -> None:
        before = self.case
        change = self.happens(news)
        assert (change.case.state, change.case.due_at) == (before.state, before.due_at)

    @rule(who=ANYBODY)
    def leave(self, who: AccountRef) -> None:
        """Let somebody be of the desk no more: what they had is not theirs, nor called to them."""
        before = self.case
        change = self.happens(Left(who))
        if before.state is State.CLOSED or before.holder != who:
            assert change == Change(before)
        elif who != LAST:
            assert who not in {to for tell in change.tells for to in tell.to}
            assert self.case.holder != who

    @rule(priority=st.sampled_from((Priority.P0, Priority.P1, Priority.P2)))
    def worse(self, priority: Priority) -> None:
        """Let a message be changed: that opens a closed case again."""
        before = self.case
        change = changed(
            before, Worse(priority, plan_for(priority, self.now)), self.now, self.staff
        )
        after = self.case = change.case
        assert after.priority <= before.priority
        assert after.state is not State.CLOSED
        assert (after.version > before.version) == (after != before)
        assert {to for tell in change.tells for to in tell.to} <= self.staff.people & {*after.told}

    @rule()
    def want(self) -> None:
        """Let somebody ask for a person: what ended begins anew, all else goes on."""
        before = self.case
        wanted = Wanted(plan_for(before.priority, self.now))
        change = changed(before, wanted, self.now, self.staff)
        after = self.case = change.case
        assert after.priority is before.priority
        assert after.state is not State.CLOSED
        if before.state is not State.CLOSED:
            assert change == Change(before)

    @precondition(lambda self: self.case.version > 4)
    @rule(by=ANYBODY, ending=st.sampled_from(Ending))
    def close(self, by: AccountRef, ending: Ending) -> None:
        self.press(Close(by, ending), twice=True)

    def press(self, asked: Asked, *, twice: bool) -> Change:
        change = self.happens(asked)
        if asked.by not in self.staff.people:
            assert change.refusal is not None  # I7
        if twice:
            once = self.case
            self.happens(asked)
            assert replace(self.case, version=0, last=None) == replace(once, version=0, last=None)
        return change

    @rule(to=ANYBODY)
    def bounce(self, to: AccountRef) -> None:
        if to in self.case.told:
            self.happens(Undelivered(to))
            assert self.case.state is State.CLOSED or to in self.case.unreached

    @rule(minutes=st.integers(0, 60 * 24 * 100))
    def turn(self, minutes: int) -> None:
        """The bot may have been away for months: what is due is done when it is back."""
        self.now += timedelta(minutes=minutes)
        self.happens(Due())

    @rule()
    def turn_to_the_minute(self) -> None:
        """Nothing moves a moment too early, and what is due moves on the minute."""
        if self.case.due_at is None:
            return
        early = max(self.now, self.case.due_at - timedelta(seconds=1))
        if early < self.case.due_at:
            assert next_step(self.case, early, self.staff) == Change(self.case)
        self.now = max(self.now, self.case.due_at)
        change = self.happens(Due())
        assert change.tells or (change.withheld and self.case.due_at is not None)
        assert self.case.holder is None or self.case.holder in self.staff.people

    @rule()
    def write_again(self) -> None:
        self.happens(Redraw())

    @rule(
        spared=st.dictionaries(
            st.sampled_from(EVERYBODY), st.sampled_from((Fate.OVER_BUDGET, Fate.QUIET))
        )
    )
    def spare_some(self, spared: dict[AccountRef, Fate]) -> None:
        """Everybody may have had enough, or sleep: the case goes on all the same."""
        self.staff = replace(self.staff, spared=spared)

    @rule(on_duty=st.lists(st.sampled_from(EVERYBODY), unique=True, max_size=3))
    def change_shifts(self, on_duty: list[AccountRef]) -> None:
        self.staff = replace(self.staff, duty=InOrder(tuple(on_duty)))

    @rule(who=st.sampled_from(EVERYBODY))
    def leave_the_desk(self, who: AccountRef) -> None:
        on_duty = tuple(one for one in self.staff.duty.everyone if one != who)
        people = tuple(one for one in self.staff.people - {LAST} if one != who)
        left = with_on_duty(*on_duty, people=people)
        self.staff = replace(left, spared=self.staff.spared)

    @rule()
    def join_the_desk(self) -> None:
        self.staff = replace(self.staff, people=frozenset({*EVERYBODY, LAST}))

    @invariant()
    def never_without_an_owner_a_pending_step_or_an_end(self) -> None:
        case = self.case
        if case.state is State.CLOSED:
            assert case.ending is not None
            assert case.holder is not None
            assert case.due_at is None
            return
        assert case.due_at is not None
        assert case.due_at - self.now <= LONGEST_REST
        assert case.ending is None
        if case.state is not State.OPEN:
            assert case.holder is not None
        if case.state is State.ACKNOWLEDGED and case.acknowledged_at is not None:
            assert case.due_at <= case.acknowledged_at + ACKNOWLEDGED_FOR

    @rule()
    def left_alone_it_reaches_the_last_resort(self) -> None:
        """Press no button from here on: the last resort hears of it, or it has an owner."""
        case, now, heard = self.case, self.now, set(self.case.told)
        for _ in range(12):
            if case.due_at is None or LAST in heard:
                return
            now = max(now, case.due_at)
            case = next_step(case, now, self.staff).case
            heard |= set(case.told)
        owned = case.holder in self.staff.people
        pages = any(Who.LAST_RESORT in step.who for step in case.plan.steps)
        assert LAST in heard if pages and case.state is State.OPEN else owned


Life.TestCase.settings = settings(max_examples=400, stateful_step_count=30, deadline=None)
TestLifeOfAnAlert = Life.TestCase
