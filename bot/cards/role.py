"""What the supervisor is told of somebody who is of the desk no more."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.cards.caseload import line
from bot.cards.count import figure
from bot.cards.moment import at_clock
from bot.domain.alert import Dossier
from bot.domain.card import Card, Field

MOST: Final = 10


def gone_card(
    name: str, until: datetime | None, cases: Sequence[Dossier], zone: str, *, is_named: bool
) -> Card:
    """Say who, and which cases. `until` is when they would be on duty again; None: they were not.

    No name of a member, no reason (I5).
    """
    said = [f"{name} has lost the practitioner's role, or has left."]
    if until is not None:
        said.append(f"They are off duty until {at_clock(until, zone)}.")
    if cases:
        said.append(f"They had {figure(len(cases), 'open case')}. Others are called for them now.")
    if is_named:
        said.append("The desk's file still names them: take them out there if they do not return.")
    more = len(cases) - MOST
    rest = (Field("And more", f"{more:,}"),) if more > 0 else ()
    fields = (*(line(one, {}, zone, has_it="offered to others") for one in cases[:MOST]), *rest)
    return Card(f"{name} is off the desk", tuple(said), fields=fields)
