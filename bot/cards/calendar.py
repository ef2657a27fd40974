"""What people are told of a calendar that holds the rota."""

from collections.abc import Iterator, Sequence
from typing import Final

from bot.cards.count import figure
from bot.cards.duty import MOST_GAPS
from bot.cards.moment import at_clock
from bot.domain.calendar import Obstacle, Subscription
from bot.domain.card import Card, Field
from bot.domain.duty import Gap

# What stood in the way, and what to do about it.
OBSTACLES: Final[dict[Obstacle, tuple[str, str]]] = {
    Obstacle.ADDRESS: (
        "This is no address that can be asked",
        "Write one that begins with https:// or webcal://.",
    ),
    Obstacle.PRIVATE: (
        "The address leads into a private network",
        "If the server is yours, name its host in WAYMARK_CALENDAR_HOSTS.",
    ),
    Obstacle.MOVED: (
        "The server leads from one address to another",
        "Copy the calendar's address again.",
    ),
    Obstacle.REFUSED: (
        "The server refuses to show the calendar",
        "Use its secret address (iCal), not the one in the browser.",
    ),
    Obstacle.GONE: (
        "There is no calendar at this address",
        "Copy its address again: a new secret address makes the old one useless.",
    ),
    Obstacle.BUSY: (
        "The server is busy or broken",
        "If this lasts, look at the server.",
    ),
    Obstacle.UNREACHABLE: (
        "The server cannot be reached, or its certificate is not valid",
        "If this lasts, look at the network and the server.",
    ),
    Obstacle.SLOW: (
        "The server did not answer in time",
        "If this lasts, look at the server.",
    ),
    Obstacle.HUGE: (
        "The calendar is too long",
        "Keep the rota in a calendar of its own, and let shifts repeat.",
    ),
    Obstacle.PAGE: (
        "A web page came instead of a calendar, perhaps one to log in",
        "Use the calendar's secret address (iCal), which needs no login.",
    ),
    Obstacle.BROKEN: (
        "What came is no calendar that can be read",
        "Open the address in a browser: it should begin with BEGIN:VCALENDAR.",
    ),
    Obstacle.EMPTY: (
        "No event in the calendar can be used as a shift",
        "Check that it is the right calendar, and that events name practitioners of the desk.",
    ),
    Obstacle.LOCKED: (
        "The key that its address was encrypted with is lost",
        "Put the old key back (README, Changing the key), or unsubscribe and subscribe again.",
    ),
}


def calendars_card(calendars: Sequence[Subscription], zone: str) -> Card:
    """Show when each calendar was read, and what stands in the way."""
    if not calendars:
        said = "The desk follows none. Who runs Waymark can type `waymark duty subscribe`."
        return Card("Calendars", (said,))
    fields = tuple(Field(one.name, " ".join(_state(one, zone))) for one in calendars)
    return Card("Calendars", fields=fields)


def _state(one: Subscription, zone: str) -> Iterator[str]:
    yield f"Last read {at_clock(one.read_at, zone)}."
    if one.obstacle is not None:
        why, mend = OBSTACLES[one.obstacle]
        yield f"{why}. {mend} The rota of then is in force."
    if one.unused:
        yield f"{figure(one.unused, 'event')} cannot be used."


def changed_card(one: Subscription, opened: Sequence[Gap], more_unused: int, zone: str) -> Card:
    """Tell ahead what a change in a calendar has made worse."""
    said: list[str] = []
    if opened:
        said.append(f"By {one.name} nobody is on duty at times when somebody was.")
        said.append("Urgent alerts then go to the last resort.")
    if len(opened) > MOST_GAPS:
        said.append(f"{len(opened) - MOST_GAPS} more come later.")
    if more_unused:
        said.append(
            f"Of {one.name} {figure(one.unused, 'event')} cannot be used, {more_unused} more than"
            " before. Who runs Waymark can type `waymark duty calendars`: it names each, with its"
            " mend."
        )
    fields = tuple(
        Field("Nobody", f"{at_clock(gap.start, zone)} to {at_clock(gap.end, zone)}")
        for gap in opened[:MOST_GAPS]
    )
    return Card("The calendar of the rota has changed", tuple(said), fields=fields)
