"""The tenant: one organisation's duty desk, and what its staff have chosen."""

from dataclasses import dataclass
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
    """`region` (ISO 3166-1 or -2: GB, GB-SCT) and `language` (ISO 639-1) hold where none is named.

    `watched` are channel names or ids; empty means: every channel given (a replay's default).
    `opted_out` and `opted_in` are keyed hashes of accounts (`bot.policy.privacy`).
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
