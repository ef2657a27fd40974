"""Who hears of an alert: everyone on duty for P0, the primary for P1, nobody is paged below."""

from datetime import datetime
from typing import assert_never

from bot.domain.action import Delivery, DirectMessage, Post, Reply
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
    """Choose what follows a delivery given up: a page goes to the last resort, once."""
    match delivery.action:
        case DirectMessage(to=to, card=card) if to != desk.last_resort:
            action = DirectMessage(desk.last_resort, card)
            return Delivery(f"{delivery.key}!", desk.id, action, attempts=0, due_at=due_at)
        case DirectMessage() | Post() | Reply():
            return None
        case _:
            assert_never(delivery.action)
