"""What the auditor finds: that something may have fallen through, as data."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.domain.value import value


class Failing(StrEnum):
    LEDGER = "ledger"  # seen is not skipped + read
    BEHIND = "behind"  # history has what the cursor has not passed
    UNREADABLE = "unreadable"  # history cannot be asked
    STOPPED = "stopped"  # a worker has not come round
    OVERDUE = "overdue"  # a delivery that is due is not tried
    HELD_BACK = "held_back"  # a delivery was put off, and far
    BURIED = "buried"  # a delivery was given up
    UNREACHED = "unreached"  # somebody of the desk gets no direct messages
    NO_STEP = "no_step"  # an alert that nothing will happen to
    BARRED = "barred"  # a space does not let the bot in
    DEAF = "deaf"  # a platform sends nothing
    SCOPE = "scope"  # a space gave the bot less than it needs
    CALENDAR = "calendar"  # a calendar that holds the rota is not read
    EVENTS = "events"  # some of its events are no shifts


@value
class Finding:
    """`subject` is a key (of a place, worker, delivery or alert), `detail` figures in words.

    Two are the same when they are the same failing of the same subject. Neither part may hold
    what a member wrote (I4).
    """

    failing: Failing
    subject: str
    detail: str = ""

    @property
    def key(self) -> str:
        return f"{self.failing}/{self.subject}"


@value
class Heartbeat:
    """When `worker`, who comes round about `every` so often, last did."""

    worker: str
    every: timedelta
    last: datetime


@value
class Sums:
    """What one channel's ledger says of one day."""

    place: str
    day: date
    seen: int
    shared: int


@value
class Stuck:
    """A delivery that is not on its way as it should be."""

    key: str
    failing: Failing
    due_at: datetime
    attempts: int


@value
class Changes:
    """What an audit found beside what was known: `new` to be told, `gone` to be struck off."""

    found: tuple[Finding, ...]
    new: tuple[Finding, ...]
    gone: tuple[str, ...]
