"""Who is on duty, and when: the rota and what comes of it."""

from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.practitioner import Fitness, Practitioner
from bot.domain.value import value


class Rank(StrEnum):
    PRIMARY = "primary"
    BACKUP = "backup"


@value
class Shift:
    """One person's times of duty, as a clock on the wall of `zone` (an IANA name) shows them.

    `starts`, `ends` and `skips` are without a zone: a shift keeps its hours when clocks change.
    `repeats` is an RRULE as `bot.policy.recurrence.rule` gives it, or empty; `skips` are starts
    left out.
    """

    id: str
    who: str
    starts: datetime
    ends: datetime
    zone: str
    rank: Rank = Rank.PRIMARY
    repeats: str = ""
    skips: tuple[datetime, ...] = ()


@value
class Turn:
    """One time that a shift comes round. `start` and `end` are UTC."""

    shift: str
    who: str
    rank: Rank
    start: datetime
    end: datetime


class Change(StrEnum):
    """What an override does to its time."""

    ON = "on"  # joins as backup, or in the rank of a shift of theirs
    OFF = "off"
    COVER = "cover"  # takes the place of `instead_of`, in their rank


@value
class Override:
    """A change to the rota that holds for a while. Of two, the one made later counts."""

    who: str
    change: Change
    start: datetime
    end: datetime
    made_at: datetime
    instead_of: str = ""


@value
class Swap:
    """Two people took each other's turn. A turn is named by its shift and its start (UTC)."""

    shift: str
    start: datetime
    other_shift: str
    other_start: datetime


@value
class Rota:
    """Everything that says who is on duty. `shifts` None: there is no rota, everybody always is.

    The order of `people` decides where nothing else does.
    """

    people: tuple[Practitioner, ...]
    shifts: tuple[Shift, ...] | None = None
    overrides: tuple[Override, ...] = ()
    swaps: tuple[Swap, ...] = ()


@value
class Unfit:
    """Somebody whom the rota names but who may not be on duty, and why."""

    who: Practitioner
    why: Fitness


@value
class OnDuty:
    """Who is on duty at one moment. Nobody is a state to be shown, not an error.

    A backup with no primary beside them is the primary.
    """

    at: datetime
    everyone: tuple[Practitioner, ...]
    unfit: tuple[Unfit, ...] = ()

    @property
    def primary(self) -> Practitioner | None:
        return self.everyone[0] if self.everyone else None

    @property
    def backup(self) -> Practitioner | None:
        return self.everyone[1] if len(self.everyone) > 1 else None


@value
class Spell:
    """A time through which the same people are on duty, in the same order."""

    start: datetime
    end: datetime
    everyone: tuple[Practitioner, ...]

    @property
    def length(self) -> timedelta:
        return self.end - self.start


class Lack(StrEnum):
    NOBODY = "nobody"
    BACKUP = "backup"


@value
class Gap:
    """A time in which somebody is missing. `next` is who comes after it, and `next_at` when.

    That is its end, unless all that was looked at ends before.
    """

    start: datetime
    end: datetime
    lack: Lack
    next: Practitioner | None = None
    next_at: datetime | None = None


class Burden(StrEnum):
    STRETCH = "stretch"  # longer on duty without a break than anybody should be
    SHARE = "share"  # too much of all the time


@value
class Overload:
    """Somebody who is on duty too long. `hours` within the time from `start` to `end`."""

    who: Practitioner
    burden: Burden
    start: datetime
    end: datetime
    hours: float


@value
class Quality:
    """What a rota is worth in a stretch of time. `covered` and `backed` are shares from 0 to 1.

    `outside` are turns outside the hours that the person publishes.
    """

    start: datetime
    end: datetime
    covered: float
    backed: float
    gaps: tuple[Gap, ...]
    overloads: tuple[Overload, ...]
    unfit: tuple[Unfit, ...]
    outside: tuple[Turn, ...]


@value
class Refused:
    """What was asked for cannot be: why, and what to do instead."""

    why: str
    mend: str
