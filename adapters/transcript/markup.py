"""A card to plain text: who spoke in a file sees no buttons. Pure."""

from adapters.wording.text import tidy
from bot.domain.card import Card


def draw(card: Card) -> str:
    """Draw it without buttons: what they do has to be said in the card's words."""
    return tidy(card.text)
