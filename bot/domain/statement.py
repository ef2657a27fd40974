"""What a desk can say of one day: how much was seen, and that nothing fell through."""

from collections.abc import Mapping
from dataclasses import field
from datetime import date, datetime, timedelta

from bot.domain.audit import Finding
from bot.domain.ledger import SHARES, Count
from bot.domain.page import Fate
from bot.domain.reading import Priority
from bot.domain.value import value


@value
class Drill:
    """A test alert, and how long it took until somebody answered; None: nobody has."""

    at: datetime
    answered_after: timedelta | None = None


@value
class Statement:
    """The figures of one day in UTC, as they stood when they were taken.

    `unbalanced` are the channels whose counts do not add up on this day. `waiting` are messages
    that came in and are not accounted for yet, None where no bot is running. `pending` and
    `buried` are deliveries. `slowest` is the longest that an alert of the day took to be
    acknowledged, None when it is not known. `pages` are urgent pages of the day, by their fate;
    `drill` is the last drill up to the end of the day. `shadows` are alerts of places in shadow
    mode, of which one person alone was told; they are not among `alerts`.
    """

    desk: str
    day: date
    counts: Mapping[Count, int]
    alerts: Mapping[Priority, int]
    findings: tuple[Finding, ...] = ()
    unbalanced: int = 0
    waiting: int | None = None
    deliveries: Mapping[str, int] = field(default_factory=dict)
    slowest: timedelta | None = None
    pages: Mapping[Fate, int] = field(default_factory=dict)
    drill: Drill | None = None
    shadows: Mapping[Priority, int] = field(default_factory=dict)

    @property
    def seen(self) -> int:
        return self.counts.get(Count.SEEN, 0)

    @property
    def accounted(self) -> int:
        return sum(self.counts.get(share, 0) for share in SHARES)

    @property
    def adds_up(self) -> bool:
        """Look at each channel: what is missing in one must not make up for another."""
        return self.seen == self.accounted and not self.unbalanced
