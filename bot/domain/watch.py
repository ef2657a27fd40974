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
    `link` opens it, `pinned` None: not known yet. `drawn` marks what the notice shows.

    `told` is whose messages are read (a ConsentMode) as the channel heard it last; empty: as the
    desk has it. `telling` names what tells it that this has changed, as "opt_in#4"; without a
    number it was refused. `opens` is the position of what told it that more people are read: what
    stands before that is read as before.
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
    drawn: str = ""
    told: str = ""
    telling: str = ""
    opens: str = ""

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
    def telling_key(self) -> str:
        return f"{self.key}/word/{self.telling}"

    @property
    def is_telling(self) -> bool:
        """Tell whether word that other people are read is on its way to the channel."""
        return "#" in self.telling

    @property
    def is_settled(self) -> bool:
        """Tell whether nothing that was sent for it is still to be heard of."""
        if self.stage is Stage.ON:
            is_pin_known = self.notice is None or self.pinned is not None
            return is_pin_known and not self.is_telling
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

    `position` and `link` are the notice's own, `why` is the platform's reason for a refusal. `told`
    is what became of word that other people are read, and `told_at` where that stands.
    """

    watch: Watch
    posted: bool | None
    pinned: bool | None
    external_id: str | None = None
    position: str = ""
    link: str = ""
    at: datetime | None = None
    why: str = ""
    told: bool | None = None
    told_at: str = ""


def prefix(desk: str, place: str) -> str:
    """Begin the keys of what is sent for a place, or for all places that begin so."""
    return f"{desk}/watch/{place}"
