"""What a member is told who wants a person: hours, the likely wait, and where to go now."""

from dataclasses import replace

from bot.cards.moment import at_clock
from bot.domain.card import Card, Link
from bot.domain.duty import Spell
from bot.policy.hours import Route


def hours_card(following: Spell | None, route: Route, zone: str, *, is_here: bool) -> Card:
    """Say who is there without a name. It is no promise: they may be busy with somebody else."""
    if is_here:
        when = "Somebody is on duty now. Write here what you need. They may be busy for a while."
    elif following is None:
        when = "Nobody is on duty now, and we do not know yet when somebody will be."
    else:
        when = f"Nobody is on duty now. Somebody is here from {at_clock(following.start, zone)}."
    danger = "If you or somebody else is in danger, do not wait for us."
    where = (
        f"Call {route.number} now." if route.number else "Call the emergency number where you are."
    )
    return Card(
        "Talk to a person",
        (when, f"{danger} {where}", "I am a bot. I do not watch over anybody."),
        links=(Link("Find a helpline near you", route.directory),),
    )


def asked_card(following: Spell | None, route: Route, zone: str, *, is_here: bool) -> Card:
    """Say that it stands in the queue, and what is said to everybody who wants a person."""
    card = hours_card(following, route, zone, is_here=is_here)
    when = card.paragraphs[0].replace(" Write here what you need.", "")
    said = ("The desk will see this message in its queue.", when, *card.paragraphs[1:])
    return replace(card, title="A practitioner is asked", paragraphs=said)
