"""What has been decided and counted since the last write."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from bot.domain.decision import Batch, Recorded
from bot.domain.ledger import Count, Stretch, Tally
from bot.domain.message import Place
from bot.policy.cursor import Cursor
from bot.workers.backlog import Entry


@dataclass(slots=True)
class Unwritten:
    """It travels in one transaction: a cursor never without the counts of what it has passed.

    A place may have come on in several stretches at once: live, and in a gap that is read back.
    """

    written: asyncio.Future[None]
    held: list[asyncio.Future[None]] = field(default_factory=list)
    recorded: list[Recorded] = field(default_factory=list)
    counts: dict[Place, Counter[tuple[date, Count]]] = field(default_factory=dict)
    stretches: dict[tuple[Place, str], Stretch] = field(default_factory=dict)

    def account(self, entry: Entry, place: Place, cursor: Cursor) -> None:
        """Count an entry, and note how far it has brought the `cursor` of its `place`."""
        stretch = None if entry.reached is None else cursor.around(entry.reached)
        if stretch is not None:
            self.stretches[place, stretch.first] = stretch
        message = entry.message
        if message is None:
            return
        self.held.append(entry.written)
        counts = self.counts.setdefault(place, Counter())
        day = message.sent_at.date()
        counts[day, Count.SEEN] += 1
        counts[day, entry.skipped or Count.READ] += 1
        if not entry.is_assessed:
            counts[day, Count.UNASSESSED] += 1

    def batch(self, desk: str) -> Batch:
        counted = (Tally(place, None, counts) for place, counts in self.counts.items())
        moved = (Tally(place, stretch) for (place, _), stretch in self.stretches.items())
        return Batch(desk, tuple(self.recorded), (*counted, *moved))
