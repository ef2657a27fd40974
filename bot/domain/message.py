"""What a person said, once, and where."""

from dataclasses import field
from datetime import datetime
from enum import StrEnum
from typing import NewType

from bot.domain.value import value

PlatformName = NewType("PlatformName", str)


@value
class Place:
    """A channel, or a thread in one. Two places are equal when their ids are, whatever their name.

    `space` is the Discord server's or Slack workspace's id. `name` is for people to read
    ("#job-search") and may change.
    """

    platform: PlatformName
    space: str
    channel: str
    thread: str | None = None
    name: str = field(default="", compare=False)
    key: str = field(init=False, repr=False, compare=False)
    """Names the place in all that is kept. Worked out once: it is asked for at every turn."""

    def __post_init__(self) -> None:
        parts = (self.platform, self.space, self.channel, self.thread)
        key = ":".join(part for part in parts if part is not None)
        object.__setattr__(self, "key", key)

    @classmethod
    def of_key(cls, key: str, name: str = "") -> "Place":
        """Give the place that `key` is the key of."""
        platform, space, channel, *thread = key.split(":", 3)
        return cls(PlatformName(platform), space, channel, next(iter(thread), None), name)

    @property
    def channel_key(self) -> str:
        """The key of the channel, whichever of its threads this is."""
        if self.thread is None:
            return self.key
        return f"{self.platform}:{self.space}:{self.channel}"


@value
class MessageRef:
    """Where a message can be fetched again. `id` is the platform's own."""

    place: Place
    id: str

    @property
    def key(self) -> str:
        return f"{self.place.key}:{self.id}"


@value
class AccountRef:
    """One account on one platform. A person may have several."""

    platform: PlatformName
    id: str


class Origin(StrEnum):
    """Who or what made a message. Only a member's message is read."""

    MEMBER = "member"
    DELETED_MEMBER = "deleted_member"  # the account is gone, the words are not: they are read
    BOT = "bot"  # another bot, this one, or a webhook
    SYSTEM = "system"  # joins, pins, boosts, topic changes


@value
class Message:
    """One message as plain text: no markup, no escapes, mentions as names.

    `position` sorts messages of one channel in time as text does (a Discord snowflake padded to
    20 digits, a Slack timestamp padded to 17 characters). `link` opens it on its platform.
    """

    ref: MessageRef
    author: AccountRef
    origin: Origin
    text: str
    sent_at: datetime
    position: str
    reply_to: str | None = None
    edited_at: datetime | None = None
    attachments: int = 0
    mentions: tuple[str, ...] = ()
    link: str = ""
