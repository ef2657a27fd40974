"""What whoever comes on duty is told: where things stand. No reason and no label (I5)."""

from typing import Final

from bot.cards.case import Names
from bot.cards.moment import at_clock
from bot.cards.reason import PRIORITY_NAMES
from bot.domain.alert import Dossier, State
from bot.domain.card import Card, Field
from bot.policy.handover import Summary

MOST: Final = 10


def handover_card(summary: Summary, total: int, names: Names, zone: str) -> Card:
    """List the most urgent; the rest is behind a command."""
    if not total and not summary.promised:
        return Card("You are on duty now", ("Nothing is open.",))
    put_off = sum(one.case.state is State.SNOOZED for one in summary.open)
    said = [f"Open: {total}. Put off: {put_off}. To be asked after soon: {len(summary.promised)}."]
    if total > MOST:
        said.append("These are the most urgent. Type /case list for all.")
    lines = (_line(one, names, zone) for one in summary.open[:MOST])
    later = (Field("Ask if it helped", at_clock(one.due_at, zone)) for one in summary.promised)
    return Card("You are on duty now", tuple(said), fields=(*lines, *tuple(later)[:MOST]))


def _line(dossier: Dossier, names: Names, zone: str) -> Field:
    case, about = dossier.case, dossier.about
    channel = about.ref.place.name.partition(" > ")[0] or about.ref.place.channel
    holder = names.get(case.holder, "Somebody") if case.holder else ""
    match case.state:
        case State.SNOOZED if case.due_at is not None:
            standing = f"{holder} put it off until {at_clock(case.due_at, zone)}."
        case _:
            standing = f"With {holder}." if holder else "Nobody has it."
    said = f"{channel}, {at_clock(about.sent_at, zone)}. {standing}"
    return Field(PRIORITY_NAMES[case.priority], said)
