"""What the desk is told of a space that the bot had to leave."""

from bot.domain.card import Card


def closed_card() -> Card:
    """Take the place of a page whose space is left: where it was about is not known any more."""
    said = "The bot was removed from the place that this was about, so it is closed."
    return Card("Closed", (said, "What was known of it is erased."))


def left_card(cases: int) -> Card:
    """Name no space: what was known of it is erased."""
    open_ = "One open case is" if cases == 1 else f"{cases} open cases are"
    ended = f"{open_} closed: nobody can be reached there through the bot."
    said = "The bot was removed from a server or workspace that this desk watched."
    erased = "What was known of it is erased. So is its watch list, and what /setup chose for it."
    again = (
        "Was this a mistake? Invite the bot again, and set it up anew: type /setup, then /watch add"
        " for each channel."
    )
    return Card("Removed from a space", (said, *((ended,) if cases else ()), erased, again))
