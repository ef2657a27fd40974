"""May an accuracy note be proposed under this message? Requirements 2 and 5 of the domain paper."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Final

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


def edition(claim: Claim) -> str:
    """Name what a note on this claim says in public: another wording is another edition."""
    said = [claim.claim_type, claim.correction, claim.why_misleading, *claim.jurisdictions]
    for source in claim.sources:
        said += [source.publisher, source.title, source.url, source.as_of.isoformat()]
    return hashlib.sha256("\x1f".join(said).encode()).hexdigest()[:16]


def is_current(claim: Claim | None, noted: str, today: date) -> bool:
    """Tell whether the registry still says what was `noted` (an edition), and may be cited."""
    return (
        claim is not None
        and claim.claim_type in CORRECTABLE
        and edition(claim) == noted
        and _has_fresh_source(claim, today)
    )


def found_claims(claims: Iterable[Claim], typed: str) -> list[Claim]:
    """Find the claims that may be noted and that somebody means by an id or by some words."""
    wanted = typed.casefold().split()
    may = [claim for claim in claims if claim.claim_type in CORRECTABLE]
    exact = [claim for claim in may if claim.id.casefold() == typed.strip().casefold()]
    if exact or not wanted:
        return exact
    return [claim for claim in may if all(word in _words(claim) for word in wanted)]


def nearest_claims(claims: Iterable[Claim], text: str, today: date) -> list[Claim]:
    """Give the claims that may be noted now: first those that share most with a text.

    A word counts for the more, the fewer claims have it.
    """
    may = [
        claim
        for claim in claims
        if claim.claim_type in CORRECTABLE and _has_fresh_source(claim, today)
    ]
    held = {claim.id: frozenset(_WORD.findall(_words(claim))) for claim in may}
    claims_with = Counter(word for words in held.values() for word in words)
    said = frozenset(_WORD.findall(text.casefold()))

    def likeness(claim: Claim) -> float:
        return sum(1 / claims_with[word] for word in sorted(held[claim.id] & said))

    return sorted(may, key=likeness, reverse=True)


_WORD: Final = re.compile(r"\w{3,}")


def _words(claim: Claim) -> str:
    return " ".join((claim.id, claim.claim, *claim.wordings)).casefold()
