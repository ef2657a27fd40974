"""The tenant: one organisation's duty desk, and what its staff have chosen."""

from dataclasses import dataclass
from datetime import time
from enum import StrEnum

from bot.domain.message import AccountRef


class ConsentMode(StrEnum):
    OPT_IN = "opt_in"
    NOTICE_OPT_OUT = "notice_opt_out"


@dataclass(frozen=True, slots=True)
class Practitioner:
    """Any professional giving career help, with the account that alerts go to."""

    name: str
    account: AccountRef


@dataclass(frozen=True, slots=True)
class Desk:
    """`region` (ISO 3166: GB, GB-SCT) and `language` (ISO 639-1) hold where a message names none.

    `watched` are channel names or ids; empty means: every channel given (a replay's default).
    `opted_out` and `opted_in` are keyed hashes of accounts (`bot.policy.privacy`).
    `supervisor` hears what the auditor finds, and the daily statement when `statement_at` (a time
    in `time_zone`, an IANA name) asks for one; without a supervisor the last resort does.
    `pages_per_person` is the budget of P1 pages in 12 hours (Google SRE: two events a shift).
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
    supervisor: AccountRef | None = None
    statement_at: time | None = None
    time_zone: str = "UTC"

    @property
    def overseer(self) -> AccountRef:
        return self.supervisor or self.last_resort
