"""The count of everything that passed: seen = skipped by reason + read. It must add up (I1)."""

from collections.abc import Mapping
from dataclasses import field
from datetime import date, datetime
from enum import StrEnum

from bot.domain.message import Place
from bot.domain.value import value


class Count(StrEnum):
    """What became of a message. SEEN is all; each SKIPPED_ reason and READ share it out."""

    SEEN = "seen"
    READ = "read"
    SKIPPED_NOT_WATCHED = "skipped_not_watched"
    SKIPPED_OPTED_OUT = "skipped_opted_out"
    SKIPPED_NO_CONSENT = "skipped_no_consent"
    SKIPPED_BOT = "skipped_bot"
    SKIPPED_SYSTEM = "skipped_system"
    SKIPPED_EMPTY = "skipped_empty"
    UNASSESSED = "unassessed"  # read without the encoder, because it was missing or broke


SHARES = tuple(count for count in Count if count not in (Count.SEEN, Count.UNASSESSED))


@value
class Stretch:
    """A run of messages of one place that is accounted for, both ends included."""

    first: str
    last: str


@value
class Run:
    """Positions of one place that were counted together, at the end of what was counted there.

    A neighbour that came late may still be missing after the position `after`. `at` is when
    the last of them was counted; of earlier runs those before `kept_from` are done with.
    """

    after: str
    positions: tuple[str, ...]
    at: datetime
    kept_from: datetime


@value
class Tally:
    """What to add to one place's ledger, and how far its cursor has come, in one transaction."""

    place: Place
    stretch: Stretch | None
    counts: Mapping[tuple[date, Count], int] = field(default_factory=dict)
    run: Run | None = None
