"""The tenant: one organisation's duty desk, and what its staff have chosen."""

from collections.abc import Mapping
from dataclasses import field
from datetime import time
from enum import StrEnum

from bot.domain.alert import ENDINGS, Step
from bot.domain.code import Code
from bot.domain.duty import Override, Rota, Shift, Swap
from bot.domain.message import AccountRef
from bot.domain.practitioner import Hours, Practitioner
from bot.domain.reading import Priority
from bot.domain.setup import SpaceSetup
from bot.domain.space import SpaceRef
from bot.domain.value import value
from bot.domain.watch import Watch

OFFICE_HOURS = (Hours(frozenset(range(5)), time(9), time(17)),)  # Monday to Friday


class ConsentMode(StrEnum):
    OPT_IN = "opt_in"
    NOTICE_OPT_OUT = "notice_opt_out"


@value
class Sensitivity:
    """How readily the models' alarms go off here. As it is by default: as in this release.

    `rates` are shares of messages (0.001: one in a thousand) by the code that an alarm says.
    `calibration` is the path of a file of counts (`waymark calibrate`), or empty. Without
    `stricter_pages` nothing makes a P0 or P1 alarm rarer than as shipped.
    """

    rates: Mapping[Code, float] = field(default_factory=dict)
    calibration: str = ""
    stricter_pages: bool = False


@value
class DrillTime:
    """When a drill comes by itself: on this day of each month (1 to 28), on the desk's clock.

    On a day without working hours it comes on the next day that has some.
    """

    day: int
    at: time


@value
class Desk:
    """`region` (ISO 3166-1 or -2: GB, GB-SCT) and `language` (ISO 639-1) hold where none is named.

    `watched` are channel names or ids; empty means: every channel, or with `reads_unlisted` false
    (a desk that is live) none. `watches` go over them: what moderators chose, by a channel's key.
    `opted_out` and `opted_in` are keyed hashes of accounts (`bot.policy.privacy`).
    `supervisor` hears what the auditor finds, and the daily statement when `statement_at` (a time
    in `time_zone`, an IANA name) asks for one; without a supervisor the last resort does.
    `pages_per_person` is the budget of P1 pages in 12 hours (Google SRE: two events a shift).
    `shifts` None: the desk has no rota, and every practitioner is always on duty.
    `working_hours` are the desk's own, in `time_zone`; `escalation` holds the steps of P0 and P1
    where the desk has its own. `digest_at` is when people hear what was held back from them.
    `endings` are the ways in which a case may end here, by code, in words. `remark_days`: how long
    free text about a case is kept, encrypted; 0: none may be written. `kept_days`: how long a case
    that ended and what was decided is kept, counted from its last message. `answers_by_itself`:
    ids of channels in which a plain question is answered with resources without a person's word.
    `for_young_people`: whether helplines for them are shown first.
    `notice`: what a channel is told before it is read, in the moderators' own words; empty: the
    standard text. `setups` are what was chosen for single spaces, by the space.
    """

    id: str
    name: str
    region: str
    language: str
    practitioners: tuple[Practitioner, ...]
    last_resort: AccountRef
    watched: frozenset[str] = frozenset()
    consent: ConsentMode = ConsentMode.NOTICE_OPT_OUT
    opted_out: frozenset[str] = frozenset()
    opted_in: frozenset[str] = frozenset()
    pages_per_person: int = 2
    thresholds: Sensitivity = field(default_factory=Sensitivity)
    supervisor: AccountRef | None = None
    statement_at: time | None = None
    time_zone: str = "UTC"
    shifts: tuple[Shift, ...] | None = None
    overrides: tuple[Override, ...] = ()
    working_hours: tuple[Hours, ...] = OFFICE_HOURS
    escalation: Mapping[Priority, tuple[Step, ...]] = field(default_factory=dict)
    digest_at: time = time(8)
    drill: DrillTime | None = None
    swaps: tuple[Swap, ...] = ()
    endings: Mapping[str, str] = field(default_factory=lambda: ENDINGS)
    remark_days: int = 0
    kept_days: int = 180
    answers_by_itself: frozenset[str] = frozenset()
    for_young_people: bool = False
    notice: str = ""
    setups: Mapping[SpaceRef, SpaceSetup] = field(default_factory=dict)
    reads_unlisted: bool = True
    watches: Mapping[str, Watch] = field(default_factory=dict)

    @property
    def overseer(self) -> AccountRef:
        return self.supervisor or self.last_resort

    @property
    def rota(self) -> Rota:
        return Rota(self.practitioners, self.shifts, self.overrides, self.swaps)
