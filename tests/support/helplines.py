"""Helplines of made-up names and numbers, so that no test depends on the starter list."""

from datetime import date

from bot.domain.code import Concern
from bot.domain.helpline import Helpline
from tests.support.build import NOON

TODAY = NOON.date()


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
