"""Which part of the past is asked for."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Window:
    """From `since` (included) to `until` (left out), both aware; `channels` by name or id.

    A name may begin with "#"; case does not matter. No channels means: every channel.
    """

    since: datetime | None = None
    until: datetime | None = None
    channels: frozenset[str] = frozenset()

    @property
    def is_bounded(self) -> bool:
        return self.since is not None or self.until is not None

    def admits(self, at: datetime) -> bool:
        after = self.since is None or at >= self.since
        return after and (self.until is None or at < self.until)

    def names(self, *spellings: str) -> bool:
        """Whether a channel that goes by these names and ids was asked for by one of them."""
        asked = {_bare(channel) for channel in self.channels}
        return any(_bare(spelling) in asked for spelling in spellings if spelling)


def _bare(name: str) -> str:
    return name.strip().removeprefix("#").casefold()
