"""The card that pages a practitioner: where to look and how soon, nothing about the author (I5)."""

from datetime import datetime

from bot.cards.moment import at_clock
from bot.cards.reason import PRIORITY_CLOCKS, PRIORITY_NAMES, neutral
from bot.domain.card import Button, Card, Field, Link
from bot.domain.message import MessageRef, Place
from bot.domain.reading import Priority

# Static ids, looked up when pressed, so that a button still works after a restart.
_BUTTONS = (
    Button("alert.take", "Take it"),
    Button("alert.snooze", "Snooze"),
    Button("alert.no_concern", "Not a concern"),
    Button("alert.more", "More"),
)


def alert_card(
    ref: MessageRef, link: str, *, priority: Priority, sent_at: datetime, zone: str
) -> Card:
    """Build the page for one alert. The reason in words is behind "More", for checked roles."""
    return Card(
        title=f"{PRIORITY_NAMES[priority]}: a message {neutral(priority)}",
        paragraphs=(PRIORITY_CLOCKS[priority],),
        fields=(
            Field("Where", _where(ref.place)),
            Field("When", at_clock(sent_at, zone)),
        ),
        links=(Link("Open the message", link),) if link else (),
        buttons=_BUTTONS,
    )


def _where(place: Place) -> str:
    """Name the channel. A thread's title is a member's own words, often a message's first."""
    channel = place.name.partition(" > ")[0] or place.channel
    return channel if place.thread is None else f"{channel}, in a thread"
