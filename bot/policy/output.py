"""The life of what may be said in public, decided: an output and what happens to it.

Pure and total. What holds always: a note is approved by two different people or not at all, what
is at its end stays there, and what was posted is never forgotten before it is taken back.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, assert_never

from bot.domain.action import Delivery, Reply, Update, Withdraw
from bot.domain.alert import What
from bot.domain.card import Card
from bot.domain.desk import Desk
from bot.domain.message import AccountRef, MessageRef, Place
from bot.domain.output import (
    Approve,
    ByPerson,
    Delivered,
    Due,
    Input,
    Kind,
    MessageGone,
    Outdated,
    Output,
    Propose,
    Refusal,
    Refuse,
    Removal,
    Retract,
    Stage,
    Told,
    Undeliverable,
    Unwelcome,
    output_id,
)
from bot.policy.watch import asks_first

WAITING: Final = frozenset({Stage.SUGGESTED, Stage.PROPOSED})
OPEN: Final = WAITING | {Stage.APPROVED}
# Somebody said yes: it stands in public, perhaps before its receipt was noted.
SAID: Final = frozenset({Stage.APPROVED, Stage.POSTED})
ENDED: Final = frozenset({Stage.WITHDRAWN, Stage.REFUSED, Stage.LAPSED})
# A note that comes near 48 h has little effect (Slaughter et al., PNAS 2025); an answer to a
# question is wanted on the same day.
LASTS: Final = {Kind.NOTE: timedelta(hours=48), Kind.RESOURCES: timedelta(hours=24)}
# `shared/domain.md` requirements 5: three notes an author and day, and a limit for each channel.
NOTES_PER_AUTHOR: Final = 3
AUTHOR_WITHIN: Final = timedelta(hours=24)
PER_CHANNEL: Final = {Kind.NOTE: 2, Kind.RESOURCES: 4}
CHANNEL_WITHIN: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Step:
    """The output afterwards; `what` is for the audit, None when nothing was changed."""

    output: Output
    what: What | None = None
    by: AccountRef | None = None
    refusal: Refusal | None = None
    removal: Removal | None = None


def moved(output: Output, happened: Input, now: datetime) -> Step:
    """Decide what becomes of an output. Told twice, or late, it changes nothing."""
    match happened:
        case Propose() | Approve() | Refuse() | Retract():
            return _asked(output, happened, now)
        case Told(to=to):
            return _told(output, to)
        case Delivered(external_id=external_id):
            return _delivered(output, external_id)
        case Due() | Undeliverable():
            return _over(output, happened, now)
        case Outdated() | MessageGone() | Unwelcome():
            return _ended(output, _REMOVAL.get(type(happened)))
        case _:
            assert_never(happened)


_REMOVAL: Final = {Outdated: Removal.VISIBLY, MessageGone: Removal.WHOLLY}


def _asked(output: Output, asked: ByPerson, now: datetime) -> Step:
    match asked:
        case Propose(by=by):
            return _proposed(output, by)
        case Approve(by=by):
            return _approved(output, by, now)
        case Refuse(by=by):
            return _refused(output, by)
        case Retract(by=by):
            return _retracted(output, by)
        case _:
            assert_never(asked)


def _over(output: Output, happened: Due | Undeliverable, now: datetime) -> Step:
    """Let it lapse: nobody said yes in its time, or the platform would not post it."""
    is_due = output.stage in WAITING and now >= output.due_at
    is_stuck = output.stage is Stage.APPROVED
    is_over = is_due if isinstance(happened, Due) else is_stuck
    return _to(output, Stage.LAPSED, What.LAPSED) if is_over else Step(output)


def _to(output: Output, stage: Stage, what: What, by: AccountRef | None = None) -> Step:
    return Step(replace(output, stage=stage, version=output.version + 1), what, by)


def _proposed(output: Output, by: AccountRef) -> Step:
    if output.kind is not Kind.NOTE or output.stage is not Stage.SUGGESTED:
        same = output.stage is Stage.PROPOSED and output.proposed_by == by
        return Step(output, refusal=Refusal.SAME_PERSON if same else Refusal.TOO_LATE)
    step = _to(output, Stage.PROPOSED, What.PROPOSED, by)
    return replace(step, output=replace(step.output, proposed_by=by, told=()))


def _approved(output: Output, by: AccountRef | None, now: datetime) -> Step:
    if output.kind is Kind.NOTE and (refusal := _second(output, by)) is not None:
        return Step(output, refusal=refusal)
    if output.stage not in WAITING:
        return Step(output, refusal=Refusal.TOO_LATE)
    step = _to(output, Stage.APPROVED, What.APPROVED, by)
    return replace(step, output=replace(step.output, approved_by=by, approved_at=now))


def _second(output: Output, by: AccountRef | None) -> Refusal | None:
    """Say why this is not the second person's word on a note."""
    if output.stage is not Stage.PROPOSED:
        return Refusal.NOT_YET if output.stage is Stage.SUGGESTED else Refusal.TOO_LATE
    return Refusal.SAME_PERSON if by is None or by == output.proposed_by else None


def _refused(output: Output, by: AccountRef) -> Step:
    if output.stage not in WAITING:
        return Step(output, refusal=Refusal.TOO_LATE)
    return _to(output, Stage.REFUSED, What.DECLINED, by)


def _retracted(output: Output, by: AccountRef) -> Step:
    if output.stage in ENDED:
        return Step(output, refusal=Refusal.TOO_LATE)
    step = _to(output, Stage.WITHDRAWN, What.WITHDRAWN, by)
    return replace(step, removal=Removal.VISIBLY if output.stage is Stage.POSTED else None)


def _told(output: Output, to: AccountRef) -> Step:
    if output.stage not in WAITING or to in output.told:
        return Step(output)
    step = _to(output, output.stage, What.TOLD)
    return replace(step, output=replace(step.output, told=(*output.told, to)))


def _ended(output: Output, removal: Removal | None) -> Step:
    """End what waits; take back what stands there, unless nothing is to be removed."""
    if output.stage in OPEN:
        return _to(output, Stage.LAPSED, What.LAPSED)
    if output.stage is Stage.POSTED and removal is not None:
        return replace(_to(output, Stage.WITHDRAWN, What.WITHDRAWN), removal=removal)
    return Step(output)


def _delivered(output: Output, external_id: str) -> Step:
    """Note where it stands. What was stopped too late is taken away again."""
    if output.external_id is not None or output.stage in WAITING:
        return Step(output)
    stopped = output.stage in ENDED
    stage = output.stage if stopped else Stage.POSTED
    step = _to(output, stage, What.WITHDRAWN if stopped else What.POSTED)
    standing = replace(step.output, external_id=external_id)
    return replace(step, output=standing, removal=Removal.WHOLLY if stopped else None)


def deliveries(
    step: Step, before: Output, said: Callable[[], Card], taken_back: Card, now: datetime
) -> tuple[Delivery, ...]:
    """Post what was approved just now, or take back what stands there."""
    output = step.output
    if output.stage is Stage.APPROVED and before.stage is not Stage.APPROVED:
        return (_delivery(output.post_key, output, Reply(output.ref, said()), now),)
    if step.removal is None or output.external_id is None:
        return ()
    platform, id_ = output.ref.place.platform, output.external_id
    action = (
        Update(platform, id_, taken_back)
        if step.removal is Removal.VISIBLY
        else Withdraw(platform, id_)
    )
    key = f"{output.desk}/output/{output.id}/back#{output.version}"
    return (_delivery(key, output, action, now),)


def _delivery(
    key: str, output: Output, action: Reply | Update | Withdraw, now: datetime
) -> Delivery:
    return Delivery(key, output.desk, action, attempts=0, due_at=now, alert=output.ref.key)


def suggested(  # noqa: PLR0913 - it is what an output is made of
    kind: Kind,
    *,
    desk: str,
    ref: MessageRef,
    link: str,
    author: str,
    sent_at: datetime,
    subjects: tuple[str, ...],
    edition: str,
    now: datetime,
) -> Output:
    """Begin one. Its time runs from when the message was sent: what is old is not answered."""
    id_ = output_id(kind, ref)
    due_at = sent_at + LASTS[kind]
    return Output(desk, id_, kind, ref, link, author, subjects, edition, now, due_at)


def may_author(author: str, place: Place, desk: Desk) -> bool:
    """Tell whether something may be said under what an author wrote. `author` is their hash."""
    is_in = not asks_first(place, desk) or author in desk.opted_in
    return is_in and author not in desk.opted_out
