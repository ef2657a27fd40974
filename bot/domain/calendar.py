"""A calendar that holds a desk's rota and is read again by itself, and what comes of asking."""

from dataclasses import field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeAlias

from bot.domain.value import value


class Obstacle(StrEnum):
    """What stands between a desk and its calendar."""

    ADDRESS = "address"  # nothing that can be asked
    PRIVATE = "private"  # leads into a private network
    MOVED = "moved"  # leads from address to address, or away from https
    REFUSED = "refused"  # who has the address may not read it
    GONE = "gone"  # nothing is there
    BUSY = "busy"  # asked us to wait, or is broken
    UNREACHABLE = "unreachable"
    SLOW = "slow"
    HUGE = "huge"
    PAGE = "page"  # a web page came instead, perhaps one to log in
    BROKEN = "broken"  # no calendar that can be read
    EMPTY = "empty"  # no event in it that can be used
    LOCKED = "locked"  # the key that its address was encrypted with is lost


@value
class Mark:
    """What a server calls an edition by, so that it can say that it has no other."""

    etag: str = ""
    modified: str = ""


@value
class Content:
    body: bytes
    mark: Mark = Mark()


@value
class Unchanged:
    pass


@value
class Unread:
    """It could not be read. `retry_after` is what its server asked for."""

    obstacle: Obstacle
    retry_after: timedelta | None = None


Fetched: TypeAlias = Content | Unchanged | Unread


@value
class Subscription:
    """`sealed` is its address, encrypted: who has that can read the calendar. `host` may be shown.

    `read_at` is when it was last read well, `due_at` when it is asked again; `failures` have come
    since then, the last for its `obstacle`. `mark` is the edition that was read, and `people` the
    digest of those whom it was read against. `edition` grows when its shifts change, `version` each
    time it is written. `unused` events are no shifts; which, and why, is in `sealed_why`: titles
    may name a client.
    """

    desk: str
    id: str
    sealed: str
    host: str
    added_at: datetime
    read_at: datetime
    due_at: datetime
    people: str = ""
    failures: int = 0
    obstacle: Obstacle | None = None
    mark: Mark = field(default_factory=Mark)
    unused: int = 0
    sealed_why: str = ""
    edition: int = 1
    version: int = 1

    @property
    def name(self) -> str:
        """What it is called where people look."""
        return f"{self.host} ({self.id})"
