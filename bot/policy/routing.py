"""Who is meant by a role, now: asked anew each time somebody is told (I7)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeAlias

from bot.domain.alert import Who
from bot.domain.desk import Desk
from bot.domain.message import AccountRef


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
    """A desk without a rota: all are on duty always, in the order in which they are listed."""

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


def in_order(desk: Desk) -> OnDutyAt:
    duty = InOrder(tuple(practitioner.account for practitioner in desk.practitioners))
    return lambda _now: duty


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
