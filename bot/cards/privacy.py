"""What a member is told about what is kept of them, and about their own choice."""

from collections.abc import Sequence
from typing import Final

from bot.domain.card import Card, Field
from bot.domain.message import Place
from bot.domain.privacy import Consent

_CHOICES = "Type /optout to be left out, or /optin to be read again."
_READ = {
    True: "Now: your messages are read in the watched channels.",
    False: "Now: your messages are not read.",
}


MOST_PLACES: Final = 20


def privacy_card(places: Sequence[Place], days: int, *, is_read: bool) -> Card:
    """`places` are those that are read where it is asked; a case is kept for so many `days`."""
    names = sorted({place.name.partition(" > ")[0] or place.channel for place in places})
    more = f", and {len(names) - MOST_PLACES} more" if len(names) > MOST_PLACES else ""
    return Card(
        "Your privacy",
        (
            _READ[is_read],
            "I read the watched channels to find out who needs help. I am a bot.",
            "I do not keep what you write.",
            "If a message needs a person, I keep its place, its time, the reason, and a code.",
            f"The code stands for your name. All this goes after {days} days.",
            "I keep no score about you.",
            "Your choice is kept under that code, so that I can follow it.",
            _CHOICES,
        ),
        (Field("Watched here", f"{', '.join(names[:MOST_PLACES])}{more}"),) if names else (),
    )


def chosen_card(consent: Consent) -> Card:
    """Say from when the choice counts, and what it does not change."""
    if consent is Consent.IN:
        return Card(
            "You are in",
            ("From now on I read what you write in the watched channels.", _CHOICES),
        )
    return Card(
        "You are out",
        (
            "From your next message on, I do not read what you write. I only count it.",
            "I have erased your code from what I kept, and what people noted about you in words.",
            "If somebody was already told about a message of yours, that stays with them.",
            "If you need help, /help-now still works.",
            _CHOICES,
        ),
    )
