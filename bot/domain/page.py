"""Calls for a person that the budget is about, and those that were held back instead."""

from datetime import datetime
from enum import StrEnum

from bot.domain.message import AccountRef
from bot.domain.value import value


class Fate(StrEnum):
    """What became of an urgent page (P1) to one person."""

    SENT = "sent"
    OVER_BUDGET = "over_budget"  # the person has had their share
    QUIET = "quiet"  # it is their night


@value
class Page:
    """One alert and one person it was meant for. However often they are told of it, it is one."""

    desk: str
    alert: str
    who: AccountRef
    at: datetime
    fate: Fate
