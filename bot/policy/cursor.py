"""How far a channel is accounted for: stretches of it, because there may be gaps between them."""

from collections.abc import Callable, Iterable
from functools import partial
from itertools import pairwise
from typing import TypeAlias

from bot.domain.ledger import Stretch
from bot.domain.value import value


@value
class Gap:
    """What lies between the positions `after` and `before`, both left out, is not accounted for.

    `before` None: whatever came since.
    """

    after: str
    before: str | None


@value
class Cursor:
    """`done` are stretches read before; `now` is the one being read, None until it has a message.

    A message that lies in `done` was seen before. `now` may reach only as far as messages came in
    order: one that comes late is read, and read again after a restart, rather than taken as seen.

    `again` is an end of `done` that history is asked for once more: neighbours overtake each other,
    so what was still under way when the connection ended lies before what had come. It is told from
    what was counted by the positions in a `Tail`.
    """

    done: tuple[Stretch, ...] = ()
    now: Stretch | None = None
    again: Gap | None = None

    def covers(self, position: str) -> bool:
        for stretch in self.done:  # noqa: SIM110 - asked thrice of every message; `any` costs double
            if stretch.first <= position <= stretch.last:
                return True
        return False

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

    @property
    def last(self) -> str | None:
        """Give the latest position that is known of; None when nothing is."""
        stretches = self.done if self.now is None else (*self.done, self.now)
        return max((stretch.last for stretch in stretches), default=None)

    def moved(self, position: str) -> "Cursor":
        """Come as far as `position`, or stay where a late message finds us."""
        if self.now is None:
            return Cursor(self.done, Stretch(position, position), self.again)
        if position <= self.now.last:
            return self
        return Cursor(self.done, Stretch(self.now.first, position), self.again)

    def reopened(self, since: str | None = None) -> "Cursor":
        """Begin a new stretch: a new file, or a connection after a gap.

        What lies after `since` is looked through again. None: nothing is.
        """
        done = self.done if self.now is None else merged((*self.done, self.now))
        again, end = self.again, max((stretch.last for stretch in done), default="")
        if since is not None and since < end:
            again = Gap(since if again is None else min(since, again.after), end)
        return Cursor(done, again=again)

    def looked(self) -> "Cursor":
        """Have read to the end of history: there is nothing to look through again."""
        return Cursor(self.done, self.now)

    def begun(self, position: str) -> "Cursor":
        """Set where the first reading of a channel begins: what came before is not asked for."""
        return self if self.is_begun else Cursor((Stretch(position, position),))

    def filled(self, after: str, position: str) -> "Cursor":
        """Close the gap from `after` up to `position`: history has nothing between them.

        What is not joined to a known stretch proves nothing, and changes nothing.
        """
        start, again = self.around(after), _left(self.again, after, position)
        if start is None or start == self.now or position <= start.last:
            return self if again is self.again else Cursor(self.done, self.now, again)
        done = merged((*self.done, Stretch(start.first, position)))
        if self.now is None:
            return Cursor(done, again=again)
        return _joined(done, self.now, again)

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
        if self.again is not None:
            between = _with(self.again, between)
        return tuple(reversed(between))


Move: TypeAlias = Callable[[Cursor], Cursor]


def way(
    seen: Cursor, position: str, after: str | None, *, is_late: bool = False
) -> tuple[Move, str]:
    """Say how a message moves its cursor, and how far it brings it.

    `after` is given when history has the message. History stops where the live stretch ends: what
    comes then is for the connection to bring. One that is late, or lies in what was read before,
    says nothing of where the live stretch begins.
    """
    if after is None and ((is_late and seen.is_begun) or seen.covers(position)):
        return _stays, position
    if after is None:
        return partial(Cursor.moved, position=position), position
    reached = position if seen.now is None else min(position, seen.now.last)
    return partial(Cursor.filled, after=after, position=reached), reached


def _stays(seen: Cursor) -> Cursor:
    return seen


def merged(stretches: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """Join what overlaps, in order."""
    joined: list[Stretch] = []
    for stretch in sorted(stretches, key=lambda s: (s.first, s.last)):
        if joined and stretch.first <= joined[-1].last:
            joined[-1] = Stretch(joined[-1].first, max(joined[-1].last, stretch.last))
        else:
            joined.append(stretch)
    return tuple(joined)


def _with(again: Gap, gaps: Iterable[Gap]) -> list[Gap]:
    """Ask for what is looked through again and for the gaps that touch it in one go."""
    apart: list[Gap] = []
    before = again.before
    for gap in gaps:
        if again.before is None or not again.after <= gap.after <= again.before:
            apart.append(gap)
        elif gap.before is None or before is None:
            before = None
        else:
            before = max(before, gap.before)
    return sorted([*apart, Gap(again.after, before)], key=lambda gap: gap.after)


def _left(again: Gap | None, after: str, position: str) -> Gap | None:
    """Give what is still to be looked through when all from `after` to `position` has been."""
    if again is None or not after <= again.after < position:
        return again
    is_through = again.before is not None and position >= again.before
    return None if is_through else Gap(position, again.before)


def _joined(done: tuple[Stretch, ...], now: Stretch, again: Gap | None) -> Cursor:
    """Let the stretch being read begin where the one that was filled up to it begins."""
    apart = tuple(s for s in done if s.last < now.first or now.last < s.first)
    touching = [s for s in done if s not in apart]
    first = min([now.first, *(s.first for s in touching)])
    return Cursor(apart, Stretch(first, now.last), again)
