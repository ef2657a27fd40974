"""A channel that moderators chose to have read: what they wished, and since when it is so."""

from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.domain.message import AccountRef, Place
from bot.domain.value import value

LEAVE: Final = "/over"  # ends the key of what a channel is told when it is read no longer


class Mode(StrEnum):
    """In SHADOW messages are read and counted, but only whoever set it hears of them."""

    WATCH = "watch"
    SHADOW = "shadow"


class Stage(StrEnum):
    """Only where it is ON messages are read. The last two may be wished for again."""

    WISHED = "wished"  # the notice is on its way
    ON = "on"
    OFF = "off"
    FAILED = "failed"  # the notice could not be posted


@value
class Watch:
    """One channel of the watch list; its threads are read with it.

    `key` names this watching and no other, also after the bot was removed and invited again. It
    begins the keys of its deliveries.
    `answers` None: as the desk's file says. `begins` is the notice's position: what stands before
    it is not read; "" for a channel that the desk's file lists. `notice` is the notice's receipt,
    `link` opens it, `pinned` None: not known yet.
    """

    desk: str
    place: Place
    key: str
    set_by: AccountRef
    set_at: datetime
    mode: Mode = Mode.WATCH
    answers: bool | None = None
    stage: Stage = Stage.WISHED
    since: datetime | None = None
    begins: str = ""
    notice: str | None = None
    link: str = ""
    pinned: bool | None = None
    version: int = 1

    @property
    def is_on(self) -> bool:
        return self.stage is Stage.ON

    @property
    def notice_key(self) -> str:
        return f"{self.key}/notice"

    @property
    def pin_key(self) -> str:
        return f"{self.key}/pin"

    @property
    def is_settled(self) -> bool:
        """Tell whether nothing that was sent for it is still to be heard of."""
        if self.stage is Stage.ON:
            return self.notice is None or self.pinned is not None
        return self.stage is not Stage.WISHED


@value
class Seen:
    """The channels that are read in a space, as far as one person may know.

    `others` counts those that they cannot be presumed to see.
    """

    channels: tuple[Place, ...] = ()
    others: int = 0


@value
class Sent:
    """What became of the notice, or of pinning it: None while it is on its way or was not sent.

    `position` and `link` are the notice's own, `why` is the platform's reason for a refusal.
    """

    watch: Watch
    posted: bool | None
    pinned: bool | None
    external_id: str | None = None
    position: str = ""
    link: str = ""
    at: datetime | None = None
    why: str = ""


def prefix(desk: str, place: str) -> str:
    """Begin the keys of what is sent for a place, or for all places that begin so."""
    return f"{desk}/watch/{place}"
