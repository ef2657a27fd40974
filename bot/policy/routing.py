"""Who hears of an alert: everyone on duty for P0, the primary for P1, nobody is paged below."""

from datetime import datetime
from typing import assert_never

from bot.domain.action import Delivery, DirectMessage, Post, Reply
from bot.domain.card import Card
from bot.domain.desk import Desk
from bot.domain.message import AccountRef
from bot.domain.reading import Priority


def recipients(priority: Priority, desk: Desk) -> tuple[AccountRef, ...]:
    """Name the accounts to page, in the order of the desk. Nobody on duty: the last resort."""
    if priority > Priority.P1:
        return ()
    on_duty = tuple(practitioner.account for practitioner in desk.practitioners)
    if not on_duty:
        return (desk.last_resort,)
    return on_duty if priority is Priority.P0 else on_duty[:1]


def instead_of(delivery: Delivery, desk: Desk, *, due_at: datetime) -> Delivery | None:
    """Choose what follows a delivery given up: the next person on duty, after all the last resort.

    The key of a page ends in "#" and its place in the desk's order. Who is next may have been paged
    already, as everyone is for a P0; the key is then that page's, and the store keeps what it has:
    nobody is told twice.
    """
    match delivery.action:
        case DirectMessage(to=to, card=card):
            return _next(delivery.key, to, card, desk=desk, due_at=due_at)
        case Post() | Reply():
            return None
        case _:
            assert_never(delivery.action)


def _next(key: str, to: AccountRef, card: Card, *, desk: Desk, due_at: datetime) -> Delivery | None:
    on_duty = [practitioner.account for practitioner in desk.practitioners]
    line = list(dict.fromkeys([*on_duty, desk.last_resort]))
    after = line[line.index(to) + 1 :] if to in line else [desk.last_resort]
    if not after:
        return None
    base = key.rpartition("#")[0] or key
    own = f"{base}#{on_duty.index(after[0])}" if after[0] in on_duty else f"{base}!"
    return Delivery(own, desk.id, DirectMessage(after[0], card), attempts=0, due_at=due_at)
