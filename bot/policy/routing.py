"""Who hears of an alert: everyone on duty for P0, the primary for P1, nobody is paged below."""

from datetime import datetime
from typing import assert_never

from bot.domain.action import Delivery, DirectMessage, Post, Reply
from bot.domain.card import Card
from bot.domain.desk import Desk
from bot.domain.message import AccountRef
from bot.domain.reading import Priority
from bot.policy.duty import on_duty


def recipients(priority: Priority, desk: Desk, at: datetime) -> tuple[AccountRef, ...]:
    """Name the accounts to page `at` a time, by the rota. Nobody on duty: the last resort."""
    if priority > Priority.P1:
        return ()
    there = _on_duty(desk, at) or (desk.last_resort,)
    return there if priority is Priority.P0 else there[:1]


def page_key(alert: str, to: AccountRef, desk: Desk) -> str:
    """Give the key of the page of `alert` to somebody: of one person always the same.

    It does not hang on who else is on duty, so that whoever comes on duty cannot take the key of
    somebody who was paged before.
    """
    listed = _listed(desk)
    return f"{alert}#{listed.index(to)}" if to in listed else f"{alert}!"


def instead_of(delivery: Delivery, desk: Desk, *, due_at: datetime) -> Delivery | None:
    """Choose what follows a delivery given up: the next person on duty, after all the last resort.

    Who is next may have been paged already, as everyone is for a P0; the key is then that page's,
    and the store keeps what it has: nobody is told twice.
    """
    match delivery.action:
        case DirectMessage(to=to, card=card):
            return _next(delivery.key, to, card, desk=desk, due_at=due_at)
        case Post() | Reply():
            return None
        case _:
            assert_never(delivery.action)


def _next(key: str, to: AccountRef, card: Card, *, desk: Desk, due_at: datetime) -> Delivery | None:
    """Go down the desk's list, to those on it who are on duty: the rota may turn meanwhile.

    Where its order decided, a page could come round to somebody who did not get it, and end there.
    """
    if to == desk.last_resort and to not in _listed(desk):
        return None
    there = _on_duty(desk, due_at)
    line = [one for one in _listed(desk) if one in there or one == to]
    line = list(dict.fromkeys([*line, desk.last_resort]))
    after = line[line.index(to) + 1 :] if to in line else [desk.last_resort]
    if not after:
        return None
    alert = key.rpartition("#")[0] or key.removesuffix("!")
    action = DirectMessage(after[0], card)
    return Delivery(page_key(alert, after[0], desk), desk.id, action, attempts=0, due_at=due_at)


def _listed(desk: Desk) -> list[AccountRef]:
    return [practitioner.account for practitioner in desk.practitioners]


def _on_duty(desk: Desk, at: datetime) -> tuple[AccountRef, ...]:
    return tuple(person.account for person in on_duty(desk.rota, at).everyone)
