"""What a member is told about what is kept of them, and about their own choice."""

from typing import Final

from bot.domain.card import Card, Field
from bot.domain.privacy import Consent
from bot.domain.watch import Seen

READ: Final = {
    True: "Now: your messages are read in the watched channels.",
    False: "Now: your messages are not read.",
}
CHOICES: Final = {
    True: "Type /optout to be left out.",
    False: "Type /optin if you want them to be read.",
}
MOST_PLACES: Final = 20


def privacy_card(seen: Seen, days: int, *, is_read: bool) -> Card:
    """`seen` is what is read where it is asked; a case is kept for so many `days`."""
    watched = watched_words(seen)
    return Card(
        "Your privacy",
        (
            READ[is_read],
            "I read the watched channels to find out who needs help. I am a bot.",
            "I do not keep what you write.",
            "If a message needs a person, I keep its place, its time, the reason, and a code.",
            f"The code stands for your name. All this goes after {days} days.",
            "I keep no score about you.",
            "Your choice is kept under that code, so that I can follow it.",
            CHOICES[is_read],
        ),
        (Field("Watched here", watched),) if watched else (),
    )


def watched_words(seen: Seen) -> str:
    """Name what is read as far as it may be named; empty where nothing is."""
    names = list(dict.fromkeys(one.name or one.channel for one in seen.channels))
    said = [", ".join(names[:MOST_PLACES])] if names else []
    if len(names) > MOST_PLACES:
        said.append(f"{len(names) - MOST_PLACES} more")
    if seen.others:
        many = f"{seen.others} channels that are" if seen.others > 1 else "1 channel that is"
        said.append(f"{many} not open to all")
    return ", and ".join(said)


def chosen_card(consent: Consent) -> Card:
    """Say from when the choice counts, and what it does not change."""
    if consent is Consent.IN:
        return Card(
            "You are in",
            ("From now on I read what you write in the watched channels.", CHOICES[True]),
        )
    return Card(
        "You are out",
        (
            "From your next message on, I do not read what you write. I only count it.",
            "I have erased your code from what I kept, and what people noted about you in words.",
            "If somebody was already told about a message of yours, that stays with them.",
            "If you need help, /help-now still works.",
            "Type /optin if you want to be read.",
        ),
    )
