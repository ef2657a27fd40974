"""From a change of a case to the messages that tell of it."""

from datetime import datetime

from bot.cards.case import Names, case_card, refusal_card
from bot.domain.action import Delivery, DirectMessage, ShowPrivately
from bot.domain.alert import About
from bot.domain.card import Card
from bot.domain.desk import Desk
from bot.domain.event import Asking
from bot.policy.alert import Change


def pages(change: Change, about: About, names: Names, now: datetime) -> tuple[Delivery, ...]:
    """Send everyone who is told the card as it stands after the change."""
    case = change.case
    sent = [(to, tell.notice) for tell in change.tells for to in tell.to]
    return tuple(
        Delivery(
            key=f"{case.desk}/{case.key}#{case.version}.{number}",
            desk=case.desk,
            action=DirectMessage(to, case_card(case, about, names, notice=notice)),
            attempts=0,
            due_at=now,
            alert=case.key,
            version=case.version,
        )
        for number, (to, notice) in enumerate(sent)
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
