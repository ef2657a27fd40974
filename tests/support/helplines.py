"""Helplines of made-up names and numbers, so that no test depends on the starter list."""

from datetime import date
from typing import Any

from bot.domain.code import Concern
from bot.domain.helpline import Helpline
from tests.support.build import NOON

TODAY = NOON.date()
# A line as people write it down in their own file.
ROW: dict[str, Any] = {
    "id": "listen",
    "name": "Listen",
    "regions": ["FI"],
    "languages": ["fi"],
    "concerns": ["distress"],
    "call": ["09 123"],
    "hours": "Any time, day or night",
    "cost": "free",
    "source": "https://listen.example/",
    "seen_in": "its own page",
    "checked_by": "A. Practitioner",
    "checked_on": "2026-11-28",
}


def helpline(id_: str = "listen", **changes: object) -> Helpline:
    """Give a line in the United Kingdom that was checked today and that nobody has confirmed."""
    row: dict[str, object] = {
        "name": id_.title(),
        "regions": ("GB",),
        "languages": ("en",),
        "concerns": frozenset({Concern.DISTRESS, Concern.SELF_HARM}),
        "is_for_young": False,
        "who": "",
        "call": ("0123 456",),
        "text": "",
        "chat": "",
        "hours": "Any time, day or night",
        "cost": "free",
        "source": "https://listen.example/",
        "seen_in": "its own page",
        "checked_by": "starter list, to be confirmed",
        "checked_on": TODAY,
        "expires": None,
    }
    return Helpline(id=id_, **{**row, **changes})  # type: ignore[arg-type]


def day(text: str) -> date:
    return date.fromisoformat(text)
