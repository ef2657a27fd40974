"""What a member chose about being read."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Consent(StrEnum):
    IN = "in"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class Consented:
    """`author` is the keyed hash of an account (`bot.policy.privacy`). The latest choice counts.

    `formerly` are its hashes by older keys: what is kept under them is meant as well.
    """

    author: str
    consent: Consent
    at: datetime
    formerly: tuple[str, ...] = ()
