"""What the bot needs from the outside, and the two ways the outside may fail."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeAlias

from bot.domain.action import Action, Receipt
from bot.domain.event import Event
from bot.domain.message import Message, Place, PlatformName

Clock: TypeAlias = Callable[[], datetime]


class Temporary(Exception):  # noqa: N818 - it says what to do next, not that something is an error
    """It may not have happened. Trying again later, with the same key, may work."""

    def __init__(self, why: str, *, retry_after: timedelta | None = None) -> None:
        super().__init__(why)
        self.retry_after = retry_after


class Permanent(Exception):  # noqa: N818 - as above
    """It did not happen, and trying again cannot work."""


class Inbox(Protocol):
    """Where a platform hands over what it hears."""

    async def take(self, event: Event) -> Awaitable[None]:
        """Read and decide on `event`; wait here while too much is unwritten.

        The awaitable that comes back is done when all that follows from the event is on disk.
        A platform that acknowledges (Slack) awaits it first; one that does not may let it go.
        """
        ...


@dataclass(frozen=True, slots=True)
class Capabilities:
    """Declared, so that callers ask before they act. Without `history` a gap stays a gap."""

    threads: bool
    buttons: bool
    history: bool
    max_text: int


class Platform(Protocol):
    """A chat platform: Discord, Slack, the local community, or a file of the past."""

    @property
    def name(self) -> PlatformName: ...

    @property
    def capabilities(self) -> Capabilities: ...

    async def run(self, inbox: Inbox) -> None:
        """Stay connected and hand over events until cancelled, or until the past is read out."""
        ...

    async def perform(self, action: Action, *, key: str) -> Receipt:
        """Do it once. Raise Temporary or Permanent; the same key never does it twice."""
        ...

    def history(self, place: Place, *, after: str | None) -> AsyncIterator[Message]:
        """Read what was written in `place` after the position `after`, oldest first, once each.

        "" lies before every position. None asks for the newest message alone: it is where a
        reader begins who has read nothing. What counts with `place` when it comes live (see
        `Opened`) is among it, and nothing else. Pages are fetched as the reader comes to them: who
        stops early asks for no more. Raises Temporary or Permanent.
        """
        ...
