"""What a member chose about being read."""

from datetime import datetime
from enum import StrEnum

from bot.domain.value import value


class Consent(StrEnum):
    IN = "in"
    OUT = "out"


@value
class Consented:
    """`author` is the keyed hash of an account (`bot.policy.privacy`). The latest choice counts.

    `formerly` are its hashes by older keys: what is kept under them is meant as well.
    """

    author: str
    consent: Consent
    at: datetime
    formerly: tuple[str, ...] = ()
