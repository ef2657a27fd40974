"""What the bot needs from the outside, and the two ways the outside may fail."""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeAlias

from bot.domain.action import Action, Receipt
from bot.domain.calendar import Fetched, Mark
from bot.domain.command import Choice
from bot.domain.event import Event, Typing
from bot.domain.message import AccountRef, Message, MessageRef, Place, PlatformName
from bot.domain.setup import Found, Need
from bot.domain.space import SpaceRef, Standing

Clock: TypeAlias = Callable[[], datetime]


class Temporary(Exception):  # noqa: N818 - it says what to do next, not that something is an error
    """It may not have happened. Trying again later, with the same key, may work."""

    def __init__(self, why: str, *, retry_after: timedelta | None = None) -> None:
        super().__init__(why)
        self.retry_after = retry_after


class Permanent(Exception):  # noqa: N818 - as above
    """It did not happen, and trying again cannot work."""


class Shut(Permanent):
    """A space does not let the bot in. Somebody else may be told; and somebody can mend it.

    `space` is the one, where that is known.
    """

    def __init__(self, why: str, space: SpaceRef | None = None) -> None:
        super().__init__(why)
        self.space = space


class Unreachable(Permanent):
    """Somebody takes no direct messages from the bot: they alone can change that."""


class Misconfigured(Exception):  # noqa: N818 - as above
    """A platform cannot start before somebody changes a setting. Its text says which, and where."""


class Fetcher(Protocol):
    """The web, as far as it is asked for a calendar."""

    async def fetch(self, address: str, mark: Mark, now: datetime) -> Fetched:
        """Ask for what is at `address`, unless it is still what `mark` names. Raises nothing."""
        ...


class Inbox(Protocol):
    """Where a platform hands over what it hears."""

    async def take(self, event: Event) -> Awaitable[None]:
        """Read and decide on `event`; wait here while too much is unwritten.

        The awaitable that comes back is done when all that follows from the event is on disk. For
        a message that history keeps it may be done sooner: once it is known not to be urgent, while
        the cursor that is on disk stands before it (I1).
        A platform that acknowledges (Slack) awaits it first; one that does not may let it go.
        """
        ...

    async def suggest(self, typing: Typing) -> tuple[Choice, ...]:
        """Give choices for what is being typed, best first. Empty when there are none."""
        ...


@dataclass(frozen=True, slots=True)
class Capabilities:
    """Declared, so that callers ask before they act. Without `history` a gap stays a gap."""

    threads: bool
    buttons: bool
    history: bool
    max_text: int
    forms: bool = False
    ephemeral: bool = False
    home: bool = False
    pins: bool = False


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

    async def find(self, action: Action, *, key: str, since: datetime) -> Receipt | None:
        """Look whether an action was done under `key`, after `since`, without doing it.

        None: it was not. Only what lasts is found (`bot.domain.action.is_lasting`), by any
        process, however the one that did it ended. Raises Temporary or Permanent.
        """
        ...

    def history(self, place: Place, *, after: str | None) -> AsyncIterator[Message]:
        """Read what was written in `place` after the position `after`, oldest first, once each.

        "" lies before every position. None asks for the newest message alone: it is where a
        reader begins who has read nothing. What counts with `place` when it comes live (see
        `Opened`) is among it, and nothing else. Pages are fetched as the reader comes to them: who
        stops early asks for no more. Raises Temporary or Permanent.
        """
        ...

    async def fetch(self, ref: MessageRef) -> Message | None:
        """Give a message as it is now, None when it is gone. Raises Temporary or Permanent."""
        ...

    async def called(self, space: SpaceRef, ids: Collection[str]) -> Mapping[str, str]:
        """Give the names of roles (or user groups) and channels of a space, now, by their ids.

        What is not found, or may not be seen, is left out. Raises Temporary or Permanent.
        """
        ...

    async def inspect(self, space: SpaceRef, needs: Sequence[Need]) -> tuple[Found, ...]:
        """Name what is missing in a space, and in each place for what it is wanted for, now.

        Nothing is said or changed there. Raises Temporary or Permanent.
        """
        ...

    async def standing(self, who: AccountRef, space: SpaceRef) -> Standing:
        """Say what somebody is in a space now (I7). Raises Temporary or Permanent."""
        ...

    def shows(self, place: Place, to: AccountRef) -> bool:
        """Tell whether a member of its space can be presumed to see a channel.

        False where that is not known: it is told from what came already, nothing is asked. A thread
        counts as its channel.
        """
        ...
