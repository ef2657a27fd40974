"""Somebody's own page (Slack's App Home): what is theirs to know, by what they are here."""

from collections.abc import Sequence
from typing import Final

from bot.cards.case import Names, standing
from bot.cards.duty import on_duty_card, turn_words
from bot.cards.privacy import CHOICES, READ, watched_words
from bot.cards.reason import PRIORITY_NAMES
from bot.domain.alert import Dossier
from bot.domain.card import Card, Field, Link
from bot.domain.desk import Desk
from bot.domain.duty import Gap, OnDuty, Spell, Turn
from bot.domain.message import Place
from bot.domain.watch import Seen

MOST_CASES: Final = 5
MOST_PLACES: Final = 20


def queue_home_card(dossiers: Sequence[Dossier], total: int, names: Names, zone: str) -> Card:
    """Show what is open, the most urgent first; no reason and no label, as on a page (I5)."""
    if not total:
        return Card("Your queue", ("Nothing is open.",))
    shown = dossiers[:MOST_CASES]
    fields = tuple(
        Field(
            f"{PRIORITY_NAMES[one.case.priority]}, {_channel(one.about.ref.place)}",
            standing(one.case, names, zone),
        )
        for one in shown
    )
    links = tuple(
        Link(f"Open {number} of {len(shown)}", one.about.link)
        for number, one in enumerate(shown, start=1)
        if one.about.link
    )
    more = f" The first {len(shown)} are here." if total > len(shown) else ""
    return Card("Your queue", (f"{total} open.{more} For all, type /case list.",), fields, links)


def duty_home_card(
    now: OnDuty, gap: Gap | None, following: Spell | None, mine: Turn | None, zone: str
) -> Card:
    card = on_duty_card(now, gap, following, zone)
    next_turn = turn_words(mine, zone) if mine else "None in the next four weeks."
    fields = (*card.fields, Field("Your next shift", next_turn))
    return Card(card.title, card.paragraphs, fields)


def watched_card(places: Sequence[Place]) -> Card:
    """List for a moderator what is being read here."""
    if not places:
        return Card("Watched places", ("Nothing is read here.",))
    names = sorted({_channel(place) for place in places})
    shown = ", ".join(names[:MOST_PLACES])
    more = len(names) - MOST_PLACES
    said = f"{shown}, and {more} more." if more > 0 else f"{shown}."
    return Card("Watched places", (said,))


def member_card(seen: Seen, desk: Desk, *, is_read: bool) -> Card:
    """Tell anybody what is read, by whom, whether they are, and how they choose."""
    where = watched_words(seen) or "nothing here"
    people = ", ".join(one.name for one in desk.practitioners) or "nobody yet"
    return Card(
        "What is read here, and by whom",
        (
            "A program reads new messages to find who needs a person. It keeps no text of them.",
            " ".join((READ[is_read], CHOICES[is_read])),
            "To talk to a person, type /help-now. To see what is kept, type /privacy.",
        ),
        (
            Field("Read", where),
            Field("Desk", desk.name),
            Field("People who may be told", people),
        ),
    )


def _channel(place: Place) -> str:
    """Name the channel alone: a thread's title is a member's own words."""
    return place.name.partition(" > ")[0] or place.channel
