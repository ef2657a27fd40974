"""From a change of a case to the messages that tell of it."""

from datetime import datetime

from bot.cards.case import Names, case_card, refusal_card
from bot.domain.action import Delivery, DirectMessage, Post, ShowPrivately
from bot.domain.alert import About, Case
from bot.domain.card import Card
from bot.domain.desk import Desk
from bot.domain.event import Asking
from bot.domain.message import Place
from bot.domain.reading import Priority
from bot.domain.space import SpaceRef
from bot.policy.alert import Change


def pages(
    change: Change, about: About, names: Names, zone: str, now: datetime
) -> tuple[Delivery, ...]:
    """Send everyone who is told the card as it stands after the change."""
    case = change.case
    sent = [(to, tell.notice) for tell in change.tells for to in tell.to]
    return tuple(
        Delivery(
            key=f"{case.desk}/{case.key}#{case.version}.{number}",
            desk=case.desk,
            action=DirectMessage(to, case_card(case, about, names, zone=zone, notice=notice)),
            attempts=0,
            due_at=now,
            alert=case.key,
            version=case.version,
        )
        for number, (to, notice) in enumerate(sent)
    )


def shared(
    case: Case, about: About, names: Names, desk: Desk, now: datetime
) -> tuple[Delivery, ...]:
    """Post an urgent case in the staff channel of its space, where one is set up.

    The card is the one that people are sent: it holds no word of the member. A drill goes to all.
    """
    if case.priority > Priority.P1:
        return ()
    where = about.ref.place
    own = SpaceRef(where.platform, where.space)
    spaces = list(desk.setups) if case.drill else [one for one in desk.setups if one == own]
    return tuple(
        Delivery(
            key=f"{case.desk}/{case.key}#{case.version}.{space.platform}:{space.id}",
            desk=case.desk,
            action=Post(
                Place(space.platform, space.id, desk.setups[space].staff_channel),
                case_card(case, about, names, zone=desk.time_zone),
            ),
            attempts=0,
            due_at=now,
            alert=case.key,
            version=case.version,
        )
        for space in spaces
        if desk.setups[space].staff_channel
    )


def answer(asking: Asking, card: Card, *, desk: str, alert: str | None, now: datetime) -> Delivery:
    """Show a card to the one who pressed, commanded or sent."""
    return Delivery(
        key=f"{desk}/press/{asking.id}",
        desk=desk,
        action=ShowPrivately(asking.by, asking.id, card),
        attempts=0,
        due_at=now,
        alert=alert,
    )


def refused(asking: Asking, change: Change, now: datetime) -> tuple[Delivery, ...]:
    """Say privately why nothing was changed, if nothing was."""
    if change.refusal is None:
        return ()
    case, card = change.case, refusal_card(change.refusal)
    return (answer(asking, card, desk=case.desk, alert=case.key, now=now),)


def names_of(desk: Desk) -> Names:
    """Names of practitioners; the last resort is called that."""
    people = {practitioner.account: practitioner.name for practitioner in desk.practitioners}
    return {desk.last_resort: "The last resort", **people}
