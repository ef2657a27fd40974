"""One message of the practice community, and how it is written in its journal."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from bot.domain.card import Button, Card, Field, Link

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Said:
    """`id` counts up, padded to 12 digits, so it sorts in time as text does.

    `where` is a channel, or the conversation of two people. `only_for` alone sees it, if set.
    """

    id: str
    where: str
    author: str
    text: str
    at: datetime
    thread: str | None = None
    card: Card | None = None
    only_for: str | None = None
    edited_at: datetime | None = None

    @property
    def is_public(self) -> bool:
        return self.only_for is None and not self.where.startswith("@")


def written(said: Said) -> Record:
    moments = {"at": said.at.isoformat(), "edited_at": None}
    if said.edited_at is not None:
        moments["edited_at"] = said.edited_at.isoformat()
    return asdict(said) | moments


def read(record: Record) -> Said:
    """Give back what `written` wrote."""
    edited = record["edited_at"]
    return Said(
        **record
        | {
            "at": datetime.fromisoformat(record["at"]),
            "edited_at": None if edited is None else datetime.fromisoformat(edited),
            "card": None if record["card"] is None else read_card(record["card"]),
        }
    )


def read_card(record: Record) -> Card:
    return Card(
        title=record["title"],
        paragraphs=tuple(record["paragraphs"]),
        fields=tuple(Field(**one) for one in record["fields"]),
        links=tuple(Link(**one) for one in record["links"]),
        buttons=tuple(Button(**one) for one in record["buttons"]),
        footer=record["footer"],
    )
