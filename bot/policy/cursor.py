"""How far a channel is accounted for: stretches of it, because there may be gaps between them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import TypeAlias

from bot.domain.ledger import Stretch


@dataclass(frozen=True, slots=True)
class Gap:
    """What lies between the positions `after` and `before`, both left out, is not accounted for.

    `before` None: whatever came since.
    """

    after: str
    before: str | None


@dataclass(frozen=True, slots=True)
class Cursor:
    """`done` are stretches read before; `now` is the one being read, None until it has a message.

    A message that lies in `done` was seen before. `now` may reach only as far as messages came in
    order: one that comes late is read, and read again after a restart, rather than taken as seen.
    """

    done: tuple[Stretch, ...] = ()
    now: Stretch | None = None

    def covers(self, position: str) -> bool:
        return bool(self.done) and any(s.first <= position <= s.last for s in self.done)

    def around(self, position: str) -> Stretch | None:
        """Give the stretch that `position` lies in, the one being read included."""
        for stretch in self.done:
            if stretch.first <= position <= stretch.last:
                return stretch
        now = self.now
        return now if now is not None and now.first <= position <= now.last else None

    def is_live(self, position: str) -> bool:
        """Tell whether the connection of now brings what stands at `position`, or has brought it.

        History reads up to here and no further, so that the two never count the same message.
        """
        return self.now is not None and position >= self.now.first

    @property
    def is_begun(self) -> bool:
        """Tell whether anything is known of the channel: if not, no gap can be seen."""
        return bool(self.done) or self.now is not None

    @property
    def first(self) -> str | None:
        """Give the earliest position that is known of; None when nothing is."""
        stretches = self.done if self.now is None else (*self.done, self.now)
        return min((stretch.first for stretch in stretches), default=None)

    def moved(self, position: str) -> "Cursor":
        """Come as far as `position`, or stay where a late message finds us."""
        if self.now is None:
            return Cursor(self.done, Stretch(position, position))
        if position <= self.now.last:
            return self
        return Cursor(self.done, Stretch(self.now.first, position))

    def reopened(self) -> "Cursor":
        """Begin a new stretch: a new file, or a connection after a gap."""
        if self.now is None:
            return self
        return Cursor(merged((*self.done, self.now)))

    def begun(self, position: str) -> "Cursor":
        """Set where the first reading of a channel begins: what came before is not asked for."""
        return self if self.is_begun else Cursor((Stretch(position, position),))

    def filled(self, after: str, position: str) -> "Cursor":
        """Close the gap from `after` up to `position`: history has nothing between them.

        What is not joined to a known stretch proves nothing, and changes nothing.
        """
        start = self.around(after)
        if start is None or start == self.now or position <= start.last:
            return self
        done = merged((*self.done, Stretch(start.first, position)))
        if self.now is None:
            return Cursor(done)
        return _joined(done, self.now)

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """What to ask history for, the latest first: it is what someone may be waiting for.

        Nothing is asked before the first stretch: there nobody was watching.
        """
        known = sorted(
            self.done if self.now is None else (*self.done, self.now),
            key=lambda stretch: stretch.first,
        )
        between = [Gap(a.last, b.first) for a, b in pairwise(known)]
        if known and self.now is None:
            between.append(Gap(known[-1].last, None))
        return tuple(reversed(between))


Move: TypeAlias = Callable[[Cursor], Cursor]


def way(seen: Cursor, position: str, after: str | None) -> tuple[Move, str]:
    """Say how a message moves its cursor, and how far it brings it.

    `after` is given when history has the message. History stops where the live stretch ends: what
    comes then is for the connection to bring.
    """
    if after is None:
        return partial(Cursor.moved, position=position), position
    reached = position if seen.now is None else min(position, seen.now.last)
    return partial(Cursor.filled, after=after, position=reached), reached


def merged(stretches: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """Join what overlaps, in order."""
    joined: list[Stretch] = []
    for stretch in sorted(stretches, key=lambda s: (s.first, s.last)):
        if joined and stretch.first <= joined[-1].last:
            joined[-1] = Stretch(joined[-1].first, max(joined[-1].last, stretch.last))
        else:
            joined.append(stretch)
    return tuple(joined)


def _joined(done: tuple[Stretch, ...], now: Stretch) -> Cursor:
    """Let the stretch being read begin where the one that was filled up to it begins."""
    apart = tuple(s for s in done if s.last < now.first or now.last < s.first)
    touching = [s for s in done if s not in apart]
    first = min([now.first, *(s.first for s in touching)])
    return Cursor(apart, Stretch(first, now.last))
