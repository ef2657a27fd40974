"""What was held back from one person, in plain words: no name of a member, no reason (I5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.cards.case import Names, standing
from bot.cards.count import figure
from bot.cards.moment import at_clock
from bot.domain.alert import Dossier, State
from bot.domain.card import Card, Field, Link
from bot.domain.page import Fate, Page

MOST: Final = 10


@dataclass(frozen=True, slots=True)
class Held:
    """A page that was not sent, with the alert that it was about."""

    page: Page
    dossier: Dossier


def digest_card(held: Sequence[Held], names: Names, most: int, zone: str) -> Card:
    """List them, those that nobody has closed first. `most` pages are what one person gets."""
    ordered = sorted(held, key=lambda one: (_is_closed(one), one.page.at))
    shown, more = ordered[:MOST], len(ordered) - MOST
    rest = (Field("And more", f"{more:,}"),) if more > 0 else ()
    return Card(
        title=f"You were not called for {figure(len(held), 'urgent alert')}",
        paragraphs=(*_reasons(held, most), "This is how they stand now."),
        fields=(
            *(Field(_where(one, zone), standing(one.dossier.case, names, zone)) for one in shown),
            *rest,
        ),
        links=tuple(
            Link(f"Open {_where(one, zone)}", one.dossier.about.link)
            for one in shown
            if one.dossier.about.link and not _is_closed(one)
        ),
        footer="Emergencies (P0) always reach you.",
    )


def _reasons(held: Sequence[Held], most: int) -> tuple[str, ...]:
    over = sum(one.page.fate is Fate.OVER_BUDGET for one in held)
    quiet = sum(one.page.fate is Fate.QUIET for one in held)
    lines = []
    if over:
        had = figure(most, "page")
        lines.append(f"{over:,} came when you had had {had} in 12 hours. That is your limit.")
    if quiet:
        lines.append(f"{quiet:,} came in your quiet hours.")
    return tuple(lines)


def _is_closed(one: Held) -> bool:
    return one.dossier.case.state is State.CLOSED


def _where(one: Held, zone: str) -> str:
    """Name the channel and the time. A thread's title is a member's own words."""
    place = one.dossier.about.ref.place
    channel = place.name.partition(" > ")[0] or place.channel
    return f"{channel}, {at_clock(one.dossier.about.sent_at, zone)}"
