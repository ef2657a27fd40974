"""What Discord writes about a message, as far as it is read here.

https://docs.discord.com/developers/resources/message#message-object

msgspec reads these straight from the frame: a third of the time that it takes to make dictionaries
of all that stands in it, of which half is never looked at.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, Literal, TypeAlias

from msgspec import Struct, ValidationError, convert
from msgspec.json import Decoder

Raw: TypeAlias = Mapping[str, Any]

CREATED: Final = "MESSAGE_CREATE"


# Nothing in these can lead back to itself, so the collector need not look at them (`gc=False`).
class Thing(Struct, gc=False):
    """Something of which only that it is there matters."""


class UserObject(Struct, gc=False):
    id: str
    username: str | None = None
    global_name: str | None = None
    bot: bool | None = None


class Reference(Struct, gc=False):
    """What a message answers to, or forwards."""

    type: int | None = None
    message_id: str | None = None


class MessageObject(Struct, gc=False):
    """A message; in a DM it has no `guild_id`, and what history has of it has none either."""

    id: str
    channel_id: str
    author: UserObject
    content: str
    timestamp: datetime
    type: int = 0
    guild_id: str | None = None
    webhook_id: str | None = None
    edited_timestamp: datetime | None = None
    message_reference: Reference | None = None
    mentions: tuple[UserObject, ...] | None = ()
    attachments: tuple[Thing, ...] | None = ()
    embeds: tuple[Thing, ...] | None = ()
    sticker_items: tuple[Thing, ...] | None = ()
    message_snapshots: tuple[Thing, ...] | None = ()
    poll: Thing | None = None

    @property
    def is_empty(self) -> bool:
        """Tell whether it has nothing at all in it, as when the content intent is off."""
        return not (
            self.content
            or self.attachments
            or self.embeds
            or self.sticker_items
            or self.message_snapshots
            or self.poll
        )


class _Frame(Struct, gc=False):
    """https://docs.discord.com/developers/events/gateway-events#payload-structure."""

    t: Literal["MESSAGE_CREATE"]
    s: int
    d: MessageObject


_read: Final = Decoder(_Frame).decode


def created(frame: str) -> tuple[int, MessageObject] | None:
    """Read a frame and its sequence number; None unless it tells that a message was written.

    None as well where it cannot be read: whoever reads the frame otherwise finds out why.
    """
    try:
        found = _read(frame)
    except (ValueError, RecursionError):  # msgspec's errors are all of the first kind
        return None
    return found.s, found.d


def message_object(raw: Raw) -> MessageObject:
    """Take what was read as a dictionary. Raises ValueError where it is no message."""
    try:
        return convert(raw, MessageObject)
    except ValidationError as wrong:
        # Its words quote what was sent (I4).
        raise ValueError(type(wrong).__name__) from None
