"""The tenant: one organisation's duty desk, and what its staff have chosen."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.duty import Override, Rota, Shift
from bot.domain.message import AccountRef
from bot.domain.practitioner import Practitioner


class ConsentMode(StrEnum):
    OPT_IN = "opt_in"
    NOTICE_OPT_OUT = "notice_opt_out"


@dataclass(frozen=True, slots=True)
class Desk:
    """`region` (ISO 3166: GB, GB-SCT) and `language` (ISO 639-1) hold where a message names none.

    `watched` are channel names or ids; empty means: every channel given (a replay's default).
    `opted_out` and `opted_in` are keyed hashes of accounts (`bot.policy.privacy`).
    `pages_per_person` is the budget of P1 pages in 12 hours (Google SRE: two events a shift).
    `shifts` None: the desk has no rota, and every practitioner is always on duty.
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
    shifts: tuple[Shift, ...] | None = None
    overrides: tuple[Override, ...] = ()

    @property
    def rota(self) -> Rota:
        return Rota(self.practitioners, self.shifts, self.overrides)
