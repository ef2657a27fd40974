"""What a platform tells the bot: a closed union, so that a new case breaks the type check.

More cases (edited, deleted, command, form ...) join with the first platform that sends them.
"""

from dataclasses import dataclass
from typing import TypeAlias

from bot.domain.message import AccountRef, Message, Place, PlatformName


@dataclass(frozen=True, slots=True)
class Posted:
    """A message was written."""

    message: Message


@dataclass(frozen=True, slots=True)
class Opened:
    """A place is read from here on, in order: a file begins, or a connection is new.

    What came before the next message of this place may be missing, so its cursor starts a new
    stretch instead of reaching over the gap. Messages in threads of a place that was not itself
    opened are counted with their channel (Slack keeps both in one history, Discord does not).
    """

    place: Place


@dataclass(frozen=True, slots=True)
class Reconnected:
    """A connection was cut and is back: every place that it had opened may have missed messages.

    `space` None: all spaces of the platform hang on this connection.
    """

    platform: PlatformName
    space: str | None = None


@dataclass(frozen=True, slots=True)
class ReadBack:
    """A message that `Platform.history` gave for a gap, in its order.

    Between the position `after` and the message there is nothing: that closes the gap up to here.
    """

    message: Message
    after: str


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button was pressed. `id` is the press's own: the same one twice is one press.

    `on` is the external id of the delivered message that carries the button: it says which alert
    is meant, so that the button's own id stays short and static.
    """

    id: str
    by: AccountRef
    button: str
    on: str


Event: TypeAlias = Posted | Opened | Reconnected | ReadBack | Pressed
