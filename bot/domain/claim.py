"""A known inaccurate career claim, its correction, and where and when the correction holds."""

from datetime import date

from bot.domain.code import ClaimType, Validity
from bot.domain.value import value


@value
class Citation:
    """A vetted source. After `review_by` it is stale and may not be cited."""

    publisher: str
    title: str
    url: str
    as_of: date
    review_by: date


@value
class Claim:
    """`claim` is the inaccurate statement in neutral words; `wordings` are ways people put it.

    `about` are words of which at least one must stand in a message before its meaning is compared;
    `jurisdictions` are ISO 3166-1 codes, "EU" or "*".
    """

    id: str
    claim: str
    wordings: tuple[str, ...]
    about: tuple[str, ...]
    claim_type: ClaimType
    validity: tuple[Validity, ...]
    jurisdictions: tuple[str, ...]
    correction: str
    why_misleading: str
    unknown: str
    sources: tuple[Citation, ...]
    drafted_by: str
    approved_by: str
    approved_on: date
