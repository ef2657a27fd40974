"""What a member chose about being read."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Consent(StrEnum):
    IN = "in"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class Consented:
    """`author` is the keyed hash of an account (`bot.policy.privacy`). The latest choice counts."""

    author: str
    consent: Consent
    at: datetime
