"""Who is meant by a role, now: asked anew each time somebody is told (I7)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeAlias, assert_never

from bot.domain.action import Delivery, DirectMessage
from bot.domain.alert import Case, Who
from bot.domain.desk import Desk
from bot.domain.message import AccountRef
from bot.domain.page import Fate
from bot.domain.reading import Priority
from bot.policy.duty import on_duty


class Duty(Protocol):
    """Who is on duty at one moment; the accounts that messages go to."""

    @property
    def primary(self) -> AccountRef | None: ...

    @property
    def backup(self) -> AccountRef | None: ...

    @property
    def everyone(self) -> Sequence[AccountRef]: ...


OnDutyAt: TypeAlias = Callable[[datetime], Duty]


@dataclass(frozen=True, slots=True)
class InOrder:
    """The accounts of those on duty, the primary first."""

    everyone: tuple[AccountRef, ...]

    @property
    def primary(self) -> AccountRef | None:
        return self.everyone[0] if self.everyone else None

    @property
    def backup(self) -> AccountRef | None:
        return self.everyone[1] if len(self.everyone) > 1 else None


@dataclass(frozen=True, slots=True)
class Staff:
    """Everybody a case can concern. `people` may press buttons; not all of them are on duty.

    `spared` are those whom no P1 should call now, and why (`bot.policy.budget`).
    """

    duty: Duty
    last_resort: AccountRef
    people: frozenset[AccountRef]
    spared: Mapping[AccountRef, Fate] = field(default_factory=dict)

    @property
    def on_duty(self) -> tuple[AccountRef, ...]:
        """Give those of the rota who are of this desk still (I7)."""
        return tuple(one for one in self.duty.everyone if one in self.people)

    @property
    def backup(self) -> tuple[AccountRef, ...]:
        backup = self.duty.backup
        return (backup,) if backup is not None and backup in self.people else ()


def by_rota(desk: Desk) -> OnDutyAt:
    """Ask the desk's rota each time. Without one all who are fit are on duty, in their order."""
    return lambda now: InOrder(tuple(person.account for person in on_duty(desk.rota, now).everyone))


def staff(desk: Desk, duty: Duty, spared: Mapping[AccountRef, Fate] | None = None) -> Staff:
    people = {practitioner.account for practitioner in desk.practitioners}
    return Staff(duty, desk.last_resort, frozenset({*people, desk.last_resort}), spared or {})


@dataclass(frozen=True, slots=True)
class Called:
    """Whom a step tells, and whom it would have told but for their budget or their night."""

    to: tuple[AccountRef, ...]
    withheld: Mapping[AccountRef, Fate]


def call(who: Sequence[Who], staff: Staff, case: Case) -> Called:
    """Name the accounts that a step tells, each once. A role nobody fills falls to the last resort.

    A P1 passes over those who are spared: where one person is meant, the next takes their place,
    and where there is no next, nobody is told. The last resort is never spared.
    """
    spared = _spared(staff, case)
    found: list[AccountRef] = []
    withheld: dict[AccountRef, Fate] = {}
    for role in who:
        order, most = _candidates(role, staff, case.told)
        free = [one for one in order if one not in spared or one == staff.last_resort]
        chosen = free[:most]
        found += chosen
        passed = order[: order.index(chosen[-1])] if most == 1 and chosen else order
        withheld |= {one: spared[one] for one in passed if one in spared}
    to = tuple(dict.fromkeys(found))
    withheld = {one: why for one, why in withheld.items() if one not in to}
    return Called(to or (() if withheld else (staff.last_resort,)), withheld)


def _spared(staff: Staff, case: Case) -> Mapping[AccountRef, Fate]:
    """Say who is not to be called for this case. Whoever was told of it has paid for it."""
    if case.priority is not Priority.P1:
        return {}
    return {
        who: why
        for who, why in staff.spared.items()
        if not (why is Fate.OVER_BUDGET and who in case.told)
    }


def _candidates(
    role: Who, staff: Staff, told: Sequence[AccountRef]
) -> tuple[list[AccountRef], int]:
    """Give those who may fill a role, the first choice first, and how many of them are told."""
    on_duty, primary = list(staff.on_duty), staff.duty.primary
    if not on_duty:
        return [staff.last_resort], 1
    match role:
        case Who.EVERYONE:
            return on_duty, len(on_duty)
        case Who.PRIMARY:
            first = [primary] if primary in on_duty and primary else []
            return list(dict.fromkeys((*first, *on_duty))), 1
        case Who.NEXT:
            return [one for one in on_duty if one not in told], 1
        case Who.BACKUP:
            return list(staff.backup), 1
        case Who.LAST_RESORT:
            return [staff.last_resort], 1
        case _:
            assert_never(role)


def instead_of(delivery: Delivery, last_resort: AccountRef, *, due_at: datetime) -> Delivery | None:
    """Choose what follows a notice to one person that is given up: the last resort gets it, once.

    A page of an alert is not meant: its case decides who is told instead.
    """
    action = delivery.action
    if not isinstance(action, DirectMessage) or action.to == last_resort:
        return None
    notice = DirectMessage(last_resort, action.card)
    return Delivery(f"{delivery.key}!", delivery.desk, notice, attempts=0, due_at=due_at)
