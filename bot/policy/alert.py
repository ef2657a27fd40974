"""The life of an alert, decided: a case and what happens to it -> the case, and what follows.

Pure and total: everything may happen in every state, at any time, twice and late. What holds
always: a case that is not closed has a holder or a step to come, and a moment at which it moves
by itself if nobody moves it; one that is closed stays closed, unless its message is changed for the
worse or somebody asks for a person.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, TypeAlias, assert_never

from bot.domain.alert import (
    Acknowledge,
    Asked,
    CallBackup,
    Case,
    Close,
    Deed,
    Due,
    Gone,
    HandOver,
    Input,
    Left,
    Notice,
    Plan,
    Redraw,
    Refusal,
    Snooze,
    State,
    Take,
    Undelivered,
    Unwatched,
    Wanted,
    What,
    Who,
    Worse,
)
from bot.domain.message import AccountRef
from bot.domain.page import Fate
from bot.domain.reading import Priority
from bot.domain.value import value
from bot.policy.routing import Called, Staff, call

# An acknowledgement lasts half an hour; five minutes before its end the holder is reminded.
ACKNOWLEDGED_FOR: Final = timedelta(minutes=30)
REMINDED_AFTER: Final = timedelta(minutes=25)
# How long what was handed over may wait for its new holder before the plan goes on.
HANDED_FOR: Final = {
    Priority.P0: timedelta(minutes=5),
    Priority.P1: timedelta(minutes=15),
    Priority.P2: timedelta(hours=4),
    Priority.P3: timedelta(hours=4),
}
# How long one may be snoozed at most, and after how long a taken one is asked after.
SNOOZED_FOR: Final = {
    Priority.P0: timedelta(minutes=15),
    Priority.P1: timedelta(hours=4),
    Priority.P2: timedelta(days=3),
    Priority.P3: timedelta(days=3),
}
ASKED_AFTER: Final = {
    Priority.P0: timedelta(hours=2),
    Priority.P1: timedelta(hours=4),
    Priority.P2: timedelta(days=1),
    Priority.P3: timedelta(days=1),
}


@value
class Tell:
    """Send these people the card, with the notice above it."""

    to: tuple[AccountRef, ...]
    notice: Notice


@value
class Withhold:
    """This person is not called, though the plan names them: counted, and said in the digest."""

    to: AccountRef
    why: Fate


Effect: TypeAlias = Tell | Withhold | Refusal


@value
class Change:
    """The case afterwards, and what follows. Every copy of its card is edited to show it."""

    case: Case
    effects: tuple[Effect, ...] = ()

    @property
    def tells(self) -> tuple[Tell, ...]:
        return tuple(effect for effect in self.effects if isinstance(effect, Tell))

    @property
    def withheld(self) -> tuple[Withhold, ...]:
        return tuple(effect for effect in self.effects if isinstance(effect, Withhold))

    @property
    def refusal(self) -> Refusal | None:
        return next((effect for effect in self.effects if isinstance(effect, Refusal)), None)


def opened(case: Case, now: datetime, staff: Staff) -> Change:
    """Begin a new case: its first step is done at once if it is not to wait."""
    due_at = now + case.plan.at(0).wait
    unattended = not staff.on_duty
    return next_step(replace(case, due_at=due_at, unattended=unattended), now, staff)


def changed(  # noqa: C901, PLR0911 - one arm an input
    case: Case, happened: Input, now: datetime, staff: Staff
) -> Change:
    """Decide what follows from `happened`. What comes after the end changes nothing."""
    match happened:
        case Due():
            return next_step(case, now, staff)
        case Undelivered(to=to):
            return _undelivered(case, to, now, staff)
        case Redraw():
            return Change(replace(case, version=case.version + 1))
        case Gone() | Unwatched():
            return _news(case, happened, now, staff)
        case Left(who=who):
            return _left(case, who, now, staff)
        case Worse():
            return _worse(case, happened, now, staff)
        case Wanted(plan=plan):
            return _wanted(case, plan, now, staff)
        case Acknowledge() | Take() | Snooze() | HandOver() | CallBackup() | Close():
            return _asked(case, happened, now, staff)
        case _:
            assert_never(happened)


def next_step(case: Case, now: datetime, staff: Staff) -> Change:
    """Do what is due by now; nothing when nothing is."""
    if case.due_at is None or case.due_at > now or case.state is State.CLOSED:
        return Change(case)
    if case.holder is not None and case.holder not in staff.people:
        return _released(case, now, staff)  # who holds it has left the desk
    if case.state is State.OPEN:
        return _step(case, now, staff)
    if case.holder is None or _is_expired(case, now):
        return _released(case, now, staff)
    return _reminded(case, case.holder, now)


def _reminded(case: Case, holder: AccountRef, now: datetime) -> Change:
    """Come back to the holder. Only an acknowledgement runs out; what is taken is asked after."""
    deed = Deed(What.REMINDED, now, to=holder)
    if case.state is State.SNOOZED:
        back = _held(case, State.ACKNOWLEDGED, holder, now, now + REMINDED_AFTER)
        return _told(back, (holder,), Notice.BACK, replace(deed, what=What.CAME_BACK))
    if case.state is State.TAKEN:
        later = replace(case, due_at=now + ASKED_AFTER[case.priority])
        return _told(later, (holder,), Notice.ASKED_AFTER, deed)
    later = replace(case, due_at=_acknowledged_at(case, now) + ACKNOWLEDGED_FOR)
    return _told(later, (holder,), Notice.REMINDER, deed)


def _acknowledged_at(case: Case, now: datetime) -> datetime:
    return case.acknowledged_at or now


def _is_expired(case: Case, now: datetime) -> bool:
    ends_at = _acknowledged_at(case, now) + ACKNOWLEDGED_FOR
    return case.state is State.ACKNOWLEDGED and now >= ends_at


def _step(case: Case, now: datetime, staff: Staff) -> Change:
    step = case.plan.at(case.step)
    called = call(step.who, staff, case)
    to = called.to
    if step.names_owner:
        to = _owner(case, to) or (staff.last_resort,)
    moved = replace(
        case,
        step=case.step + 1,
        due_at=now + case.plan.at(case.step + 1).wait,
        holder=to[0] if step.names_owner else None,
        unattended=not staff.on_duty,
    )
    if step.names_owner:
        notice = Notice.WANTED if _is_reopened(case) else Notice.YOURS
        return _told(moved, to, notice, Deed(What.NAMED, now, to=to[0]))
    if not to:  # everybody has had enough, or sleeps: the plan goes on at its own pace
        return _held_back(_noted(moved, Deed(What.WITHHELD, now)), called)
    return _held_back(_told(moved, to, _notice(case, to), Deed(What.TOLD, now)), called)


def _owner(case: Case, on_duty: tuple[AccountRef, ...]) -> tuple[AccountRef, ...]:
    """Choose whom a message can reach; whoever was named before stays named."""
    before = (case.holder,) if case.holder else ()
    return tuple(one for one in (*before, *on_duty) if one not in case.unreached)[:1]


def _notice(case: Case, to: Sequence[AccountRef]) -> Notice:
    if case.step == 0:
        return Notice.WANTED if _is_reopened(case) else Notice.NEW
    return Notice.AGAIN if set(to) <= set(case.told) else Notice.NEXT


def _is_reopened(case: Case) -> bool:
    """Tell whether a case that had ended was asked for, and nobody was told of that yet."""
    return case.step == 0 and case.last is not None and case.last.what is What.ASKED_FOR


def _released(case: Case, now: datetime, staff: Staff) -> Change:
    """Take it away from a holder who does not answer, and go on with the plan at once."""
    open_ = replace(case, state=State.OPEN, holder=None, acknowledged_at=None, due_at=now)
    change = _step(open_, now, staff)
    return replace(change, case=replace(change.case, last=Deed(What.EXPIRED, now, case.holder)))


def _left(case: Case, who: AccountRef, now: datetime, staff: Staff) -> Change:
    """Go on with the plan without whoever has left, whatever the rota still says."""
    if case.holder != who or case.state is State.CLOSED:
        return Change(case)
    others = replace(staff, people=staff.people - {who})
    change = _released(case, now, others)
    told = tuple(
        Tell(one.to, Notice.LEFT) if isinstance(one, Tell) else one for one in change.effects
    )
    return Change(replace(change.case, last=Deed(What.LEFT, now, to=who)), told)


def _undelivered(case: Case, to: AccountRef, now: datetime, staff: Staff) -> Change:
    """Tell the next person and the last resort at once, whatever else is still to come."""
    if case.state is State.CLOSED:
        return Change(case)
    known = case.unreached if to in case.unreached else (*case.unreached, to)
    case = replace(case, unreached=known)
    if case.holder == to and to != staff.last_resort:
        return _released(case, now, staff)
    if case.holder is not None and case.state is not State.OPEN:
        return _noted(case, Deed(What.UNREACHED, now, to=to))
    called = call((Who.NEXT, Who.LAST_RESORT), staff, case)
    new = tuple(one for one in called.to if one not in case.told)
    change = _told(case, new, Notice.UNREACHED, Deed(What.UNREACHED, now, to=to))
    return _held_back(change, called)


def _news(case: Case, news: Gone | Unwatched, now: datetime, staff: Staff) -> Change:
    """Tell whoever has it, or else whoever was paged, if they are of the desk still."""
    if case.state is State.CLOSED:
        return Change(case)
    to = case.told if case.holder is None else (case.holder,)
    is_gone = isinstance(news, Gone)
    notice = Notice.GONE if is_gone else Notice.UNWATCHED
    deed = Deed(What.GONE if is_gone else What.UNWATCHED, now)
    return _told(case, tuple(one for one in to if one in staff.people), notice, deed)


def _worse(case: Case, worse: Worse, now: datetime, staff: Staff) -> Change:
    """Begin its plan anew, or tell the one who has it. A closed one is opened again."""
    if worse.priority >= case.priority and case.state is not State.CLOSED:
        return Change(case)
    rung = min(worse.priority, case.priority)
    plan = worse.plan if worse.priority == rung else case.plan
    raised = replace(case, priority=rung, plan=plan)
    deed = Deed(What.RAISED, now)
    holder = case.holder
    if case.state in (State.OPEN, State.CLOSED) or holder not in staff.people or holder is None:
        change = opened(_begun(raised), now, staff)
        tells = tuple(Tell(tell.to, Notice.WORSE) for tell in change.tells)
        told = replace(change.case, last=deed, version=case.version + 1)
        return Change(told, tells)
    if case.state is State.TAKEN:
        kept = replace(raised, due_at=now + ASKED_AFTER[rung])
    else:
        kept = _held(raised, State.ACKNOWLEDGED, holder, now, now + REMINDED_AFTER)
    return _told(kept, (holder,), Notice.WORSE, deed)


def _wanted(case: Case, plan: Plan, now: datetime, staff: Staff) -> Change:
    """Open one that ended again, or nobody would hear it. One that is open goes on as it was."""
    if case.state is not State.CLOSED:
        return Change(case)
    deed = Deed(What.ASKED_FOR, now)
    change = opened(_begun(replace(case, plan=plan, last=deed)), now, staff)
    again = replace(change.case, last=deed, version=case.version + 1)
    return replace(change, case=again)


def _begun(case: Case) -> Case:
    """Put a case back before the first step of its plan."""
    return replace(case, state=State.OPEN, holder=None, ending=None, step=0, acknowledged_at=None)


def _asked(case: Case, asked: Asked, now: datetime, staff: Staff) -> Change:
    refusal = _refusal(case, asked, now, staff)
    if refusal is not None:
        return Change(case, (refusal,))
    by = asked.by
    match asked:
        case Acknowledge() | Take() | Snooze():
            return _kept(case, asked, now)
        case HandOver(to=to):
            due_at = now + HANDED_FOR[case.priority]
            given = replace(_held(case, State.OPEN, to, now, due_at), acknowledged_at=None)
            return _told(given, (to,), Notice.HANDED, Deed(What.HANDED_OVER, now, by, to))
        case CallBackup():
            backup = _backup(by, staff)
            deed = Deed(What.BACKUP_CALLED, now, by, backup)
            return _told(case, (backup,), Notice.BACKUP, deed)
        case Close(ending=ending):
            closed = replace(case, state=State.CLOSED, holder=by, due_at=None, ending=ending)
            return _noted(replace(closed, unattended=False), Deed(What.CLOSED, now, by))
        case _:
            assert_never(asked)


def _kept(case: Case, asked: Acknowledge | Take | Snooze, now: datetime) -> Change:
    """Give it to the one who asked, until its time comes."""
    match asked:
        case Acknowledge():
            state, what, due_at = State.ACKNOWLEDGED, What.ACKNOWLEDGED, now + REMINDED_AFTER
        case Take():
            state, what, due_at = State.TAKEN, What.TAKEN, now + ASKED_AFTER[case.priority]
        case Snooze(until=until):
            state, what = State.SNOOZED, What.SNOOZED
            due_at = min(until, now + SNOOZED_FOR[case.priority])
        case _:
            assert_never(asked)
    return _noted(_held(case, state, asked.by, now, due_at), Deed(what, now, asked.by))


def _refusal(case: Case, asked: Asked, now: datetime, staff: Staff) -> Refusal | None:
    if asked.by not in staff.people:
        return Refusal.NOT_STAFF
    if case.state is State.CLOSED:
        return Refusal.CLOSED
    if (
        case.state is not State.OPEN
        and case.holder != asked.by
        and not _is_open_to_all(case, asked)
    ):
        return Refusal.HELD
    return _senseless(case, asked, now, staff)


def _is_open_to_all(case: Case, asked: Asked) -> bool:
    """Let another take what is only looked at, or put off; what is taken nobody else may."""
    return isinstance(asked, CallBackup) or (
        isinstance(asked, Take) and case.state is not State.TAKEN
    )


def _senseless(case: Case, asked: Asked, now: datetime, staff: Staff) -> Refusal | None:
    match asked:
        case Acknowledge() | Take() if case.state is State.TAKEN:
            return Refusal.YOURS
        case Snooze(until=until) if until <= now:
            return Refusal.PAST
        case HandOver(to=to) if to not in staff.people:
            return Refusal.NOT_STAFF
        case HandOver(by=by, to=to) if to == by:
            return Refusal.YOURS
        case _:
            return None


def _backup(by: AccountRef, staff: Staff) -> AccountRef:
    others = [one for one in (*staff.backup, *staff.on_duty) if one != by]
    return others[0] if others else staff.last_resort


def _held(case: Case, state: State, by: AccountRef, now: datetime, due_at: datetime) -> Case:
    return replace(
        case, state=state, holder=by, acknowledged_at=now, due_at=due_at, unattended=False
    )


def _told(case: Case, to: tuple[AccountRef, ...], notice: Notice, deed: Deed) -> Change:
    told = tuple(dict.fromkeys((*case.told, *to)))
    change = _noted(replace(case, told=told), deed)
    return replace(change, effects=(Tell(to, notice),) if to else ())


def _held_back(change: Change, called: Called) -> Change:
    held = tuple(Withhold(to, why) for to, why in called.withheld.items())
    return replace(change, effects=(*change.effects, *held))


def _noted(case: Case, deed: Deed) -> Change:
    return Change(replace(case, last=deed, version=case.version + 1))
