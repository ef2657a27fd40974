"""How far a channel is accounted for: stretches of it, because there may be gaps between them."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.ledger import Stretch


@dataclass(frozen=True, slots=True)
class Cursor:
    """`done` are stretches read before; `now` is the one being read, None until it has a message.

    A message that lies in `done` was seen before. `now` may reach only as far as messages came in
    order: one that comes late is read, and read again after a restart, rather than taken as seen.
    """

    done: tuple[Stretch, ...] = ()
    now: Stretch | None = None

    def covers(self, position: str) -> bool:
        return any(stretch.first <= position <= stretch.last for stretch in self.done)

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


def merged(stretches: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """Join what overlaps, in order."""
    joined: list[Stretch] = []
    for stretch in sorted(stretches, key=lambda s: (s.first, s.last)):
        if joined and stretch.first <= joined[-1].last:
            joined[-1] = Stretch(joined[-1].first, max(joined[-1].last, stretch.last))
        else:
            joined.append(stretch)
    return tuple(joined)
