"""Who is meant by a role, now: asked anew each time somebody is told (I7)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeAlias

from bot.domain.action import Delivery, DirectMessage
from bot.domain.alert import Who
from bot.domain.desk import Desk
from bot.domain.message import AccountRef
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
    """Everybody a case can concern. `people` may press buttons; not all of them are on duty."""

    duty: Duty
    last_resort: AccountRef
    people: frozenset[AccountRef]

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


def staff(desk: Desk, duty: Duty) -> Staff:
    people = {practitioner.account for practitioner in desk.practitioners}
    return Staff(duty, desk.last_resort, frozenset({*people, desk.last_resort}))


def accounts(
    who: Sequence[Who], staff: Staff, *, told: Sequence[AccountRef] = ()
) -> tuple[AccountRef, ...]:
    """Name the accounts, each once. A role that nobody fills falls to the last resort."""
    found = [account for role in who for account in _one(role, staff, told)]
    return tuple(dict.fromkeys(found)) or (staff.last_resort,)


def _one(who: Who, staff: Staff, told: Sequence[AccountRef]) -> Sequence[AccountRef]:
    on_duty, primary = staff.on_duty, staff.duty.primary
    if not on_duty:
        return (staff.last_resort,)
    match who:
        case Who.EVERYONE:
            return on_duty
        case Who.PRIMARY:
            return (primary,) if primary in on_duty and primary else on_duty[:1]
        case Who.NEXT:
            return tuple(account for account in on_duty if account not in told)[:1]
        case Who.BACKUP:
            return staff.backup
        case Who.LAST_RESORT:
            return (staff.last_resort,)


def instead_of(delivery: Delivery, last_resort: AccountRef, *, due_at: datetime) -> Delivery | None:
    """Choose what follows a notice to one person that is given up: the last resort gets it, once.

    A page of an alert is not meant: its case decides who is told instead.
    """
    action = delivery.action
    if not isinstance(action, DirectMessage) or action.to == last_resort:
        return None
    notice = DirectMessage(last_resort, action.card)
    return Delivery(f"{delivery.key}!", delivery.desk, notice, attempts=0, due_at=due_at)
