"""May an accuracy note be proposed under this message? Requirements 2 and 5 of the domain paper."""

from datetime import date

from bot.domain.claim import Claim
from bot.domain.code import ClaimType
from bot.domain.reading import ClaimMatch, Priority, Strength
from bot.domain.region import covers

CORRECTABLE = frozenset({ClaimType.FACTUAL, ClaimType.PROMOTION})


def may_note(
    claim: Claim,
    match: ClaimMatch,
    *,
    jurisdiction: str,
    today: date,
    safety: Priority | None,
) -> Strength | None:
    """Give how strongly a note may be proposed, or None when it may not be proposed at all.

    `jurisdiction` is the region that the message names, or else the desk's. `safety` is the
    priority of the safety reading: an author in danger (P0, P1) is helped, never corrected.
    """
    allowed = (
        not _in_danger(safety)
        and claim.claim_type in CORRECTABLE
        and covers(claim.jurisdictions, jurisdiction)
        and _has_fresh_source(claim, today)
    )
    return match.strength if allowed else None


def _in_danger(safety: Priority | None) -> bool:
    return safety is not None and safety <= Priority.P1


def _has_fresh_source(claim: Claim, today: date) -> bool:
    """Look for one that may still be cited: up to and on its `review_by` day."""
    return any(today <= source.review_by for source in claim.sources)
