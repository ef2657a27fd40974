from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.domain.claim import Citation, Claim
from bot.domain.code import ClaimType, Validity
from bot.domain.reading import ClaimMatch, Priority, Strength
from bot.policy.note import may_note, nearest_claims

TODAY = date(2026, 11, 23)
YESTERDAY = TODAY - timedelta(days=1)
FRESH = Citation("A body", "A page", "https://body.example/", date(2026, 1, 1), TODAY)
STALE = replace(FRESH, review_by=YESTERDAY)
CLAIM = Claim(
    id="trial-unpaid",
    claim="Trial shifts need not be paid.",
    wordings=("trials are free",),
    about=("trial",),
    claim_type=ClaimType.FACTUAL,
    validity=(Validity.CONTEXT,),
    jurisdictions=("GB",),
    correction="Long trials must be paid.",
    why_misleading="Short ones can be unpaid.",
    unknown="How long is fair.",
    sources=(FRESH,),
    drafted_by="starter list",
    approved_by="A. Practitioner",
    approved_on=date(2026, 2, 1),
)
MATCH = ClaimMatch("trial-unpaid", Strength.MATCH, 0.91)
SUGGEST = ClaimMatch("trial-unpaid", Strength.SUGGEST, 0.71)


def allowed(
    claim: Claim = CLAIM,
    match: ClaimMatch = MATCH,
    *,
    jurisdiction: str = "GB",
    safety: Priority | None = None,
) -> Strength | None:
    return may_note(claim, match, jurisdiction=jurisdiction, today=TODAY, safety=safety)


@pytest.mark.parametrize("match", [MATCH, SUGGEST])
def test_an_allowed_note_is_as_strong_as_its_match(match: ClaimMatch) -> None:
    assert allowed(match=match) is match.strength


@pytest.mark.parametrize(
    ("safety", "expected"),
    [
        (Priority.P0, None),
        (Priority.P1, None),
        (Priority.P2, Strength.MATCH),
        (Priority.P3, Strength.MATCH),
        (None, Strength.MATCH),
    ],
)
def test_an_author_in_danger_is_never_corrected(
    safety: Priority | None, expected: Strength | None
) -> None:
    assert allowed(safety=safety) is expected


@pytest.mark.parametrize(
    ("claim_type", "expected"),
    [
        (ClaimType.FACTUAL, Strength.MATCH),
        (ClaimType.PROMOTION, Strength.MATCH),
        (ClaimType.EXPERIENCE, None),
        (ClaimType.OPINION, None),
        (ClaimType.ADVICE, None),
    ],
)
def test_only_facts_and_promotions_may_get_a_note(
    claim_type: ClaimType, expected: Strength | None
) -> None:
    assert allowed(replace(CLAIM, claim_type=claim_type)) is expected


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        ((FRESH,), Strength.MATCH),  # its review day itself still counts
        ((STALE,), None),
        ((STALE, STALE), None),
        ((STALE, FRESH), Strength.MATCH),
        ((), None),
    ],
)
def test_a_claim_needs_one_source_that_is_not_stale(
    sources: tuple[Citation, ...], expected: Strength | None
) -> None:
    assert allowed(replace(CLAIM, sources=sources)) is expected


@pytest.mark.parametrize(
    ("jurisdictions", "jurisdiction", "expected"),
    [
        (("GB",), "GB", Strength.MATCH),
        (("GB",), "US", None),
        (("GB",), "", None),
        (("*",), "US", Strength.MATCH),
        (("*",), "", Strength.MATCH),
        (("EU",), "IE", Strength.MATCH),
        (("EU",), "GB", None),
        (("FI",), "EU", None),
        (("US", "CA"), "CA", Strength.MATCH),
    ],
)
def test_a_note_holds_only_where_its_facts_hold(
    jurisdictions: tuple[str, ...], jurisdiction: str, expected: Strength | None
) -> None:
    claim = replace(CLAIM, jurisdictions=jurisdictions)

    assert allowed(claim, jurisdiction=jurisdiction) is expected


@pytest.mark.parametrize("code", Validity)
def test_why_a_claim_misleads_does_not_decide_whether_it_may_be_noted(code: Validity) -> None:
    assert allowed(replace(CLAIM, validity=(code,))) is Strength.MATCH


def test_the_claims_nearest_to_a_message_are_those_that_share_its_rare_words() -> None:
    gap = replace(CLAIM, id="cv-gap", claim="A gap in a CV ends all.", wordings=())
    page = replace(CLAIM, id="cv-page", claim="A CV is one page in all.", wordings=())
    told = replace(CLAIM, id="story", claim_type=ClaimType.EXPERIENCE)
    old = replace(CLAIM, id="old", sources=(STALE,))
    claims = (CLAIM, page, gap, told, old)
    found = nearest_claims(claims, "is the GAP of a year the end of it all?", TODAY)

    assert [one.id for one in found] == ["cv-gap", "cv-page", "trial-unpaid"]
    assert nearest_claims(claims, "", TODAY) == [CLAIM, page, gap]
