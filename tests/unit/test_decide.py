"""The worst reading wins, and every reason is named."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.data.claims import load_claims
from bot.data.resources import load_resources
from bot.domain.code import ClaimType, Code, Need
from bot.domain.decision import Alert, Decision, ProposeNote, Recommend
from bot.domain.ladder import CONCERN, RUNG, SAFETY_CONCERNS
from bot.domain.reading import (
    Asking,
    ClaimMatch,
    Deadline,
    Evidence,
    Information,
    Level,
    Priority,
    Readiness,
    Reading,
    Safety,
    Source,
    Strength,
    Versions,
)
from bot.policy.decide import VERSION, Shelf, decide, priority_of
from tests.support.build import NOON, desk
from tests.support.waymark import ROOT

CLAIMS = {claim.id: claim for claim in load_claims(ROOT / "bot/data/claims.yaml").claims}
RESOURCES = load_resources(ROOT / "bot/data/resources.yaml").resources
SHELF = Shelf(RESOURCES, CLAIMS, date(2026, 11, 23))
NOTED = "nursing-men"
CV = Asking((Need.CV,))


def evidence(code: Code) -> Evidence:
    return Evidence(code, 0, 4, Source.CUE, "a-cue")


def reading(
    *codes: Code,
    level: Level = Level.UNCLEAR,
    asking: Asking | None = None,
    information: Information | None = None,
    deadline: Code | None = None,
) -> Reading:
    found = tuple(map(evidence, codes))
    safety = tuple(e for e in found if CONCERN[e.code] in SAFETY_CONCERNS)
    ready = tuple(e for e in found if e.code.startswith(("CAP-", "CPX-", "CASVE-", "PYR-")))
    return Reading(
        safety=Safety(min((RUNG[e.code] for e in safety), default=None), safety),
        readiness=Readiness(level=level, evidence=ready),
        information=information or Information(),
        asking=asking,
        deadline=Deadline(NOON, evidence(deadline)) if deadline else None,
        versions=Versions("rules-1", "model-1"),
    )


def decided(read: Reading) -> Decision:
    return decide(read, desk=desk(), shelf=SHELF, likeness={})


def claimed(claim_type: ClaimType | None = None) -> Information:
    match = ClaimMatch(NOTED, Strength.MATCH, 0.9)
    found = Evidence(Code.CLAIM_KNOWN, 0, 4, Source.MEANING, NOTED, 0.9)
    return Information(claim_type=claim_type, matches=(match,), evidence=(found,))


CLAIM = claimed()
CODES = st.lists(st.sampled_from([code for code in Code if code in CONCERN and code in RUNG]))


@given(CODES, st.sampled_from(Level), st.sampled_from((None, CV)), st.sampled_from((None, CLAIM)))
def test_any_reading_gets_a_decision_whose_codes_give_its_priority(
    codes: list[Code], level: Level, asking: Asking | None, information: Information | None
) -> None:
    mine = [code for code in codes if CONCERN[code] in SAFETY_CONCERNS]
    read = reading(*mine, level=level, asking=asking, information=information)
    decision = decided(read)

    assert decision.priority == priority_of(decision.because)
    assert len(decision.because) == len(set(decision.because))
    if read.safety.priority is not None:
        assert decision.priority is not None
        assert decision.priority <= read.safety.priority


@given(CODES)
def test_no_public_word_is_proposed_to_the_author_of_a_p0_or_p1(codes: list[Code]) -> None:
    mine = [code for code in codes if CONCERN[code] in SAFETY_CONCERNS]
    decision = decided(reading(*mine, asking=CV, information=claimed()))

    if decision.priority is not None and decision.priority <= Priority.P1:
        assert [type(outcome) for outcome in decision.outcomes] == [Alert]


@pytest.mark.parametrize(
    ("read", "priority"),
    [
        (reading(), None),
        (reading(Code.SELF_HARM_INTENT, Code.JOB_SCAM), Priority.P0),
        (reading(Code.HOPELESS, level=Level.HIGH), Priority.P1),
        (reading(Code.STEREOTYPE), Priority.P2),
        (reading(Code.CAP_DMC, Code.CPX_ECON, level=Level.LOW), Priority.P2),
        (reading(Code.CAP_DMC, level=Level.MODERATE), None),
        (reading(asking=CV), Priority.P3),
        (reading(deadline=Code.DEADLINE_CLOSE), None),
        (reading(asking=CV, deadline=Code.DEADLINE_CLOSE), Priority.P2),
        (reading(asking=CV, deadline=Code.DEADLINE), Priority.P3),
        (reading(information=claimed()), Priority.P3),
    ],
)
def test_the_ladder(read: Reading, priority: Priority | None) -> None:
    assert decided(read).priority == priority


def test_a_plain_question_gets_resources_and_pages_nobody() -> None:
    (outcome,) = decided(reading(asking=CV, level=Level.HIGH)).outcomes

    assert isinstance(outcome, Recommend)
    assert 1 <= len(outcome.recommendations) <= 3


def test_low_readiness_is_offered_a_person_and_no_list() -> None:
    decision = decided(reading(Code.CAP_DMC, Code.CPX_ECON, asking=CV, level=Level.LOW))

    assert [type(outcome) for outcome in decision.outcomes] == [Alert]
    assert Code.LOW_READINESS in decision.because


def test_whoever_asks_for_a_person_gets_one_and_no_list() -> None:
    asking = replace(CV, evidence=(evidence(Code.PERSON_ASKED),))
    decision = decided(reading(asking=asking, level=Level.HIGH))

    assert decision.priority is Priority.P2
    assert decision.because == (Code.PERSON_ASKED, Code.ASKING)
    assert [type(outcome) for outcome in decision.outcomes] == [Alert]


@pytest.mark.parametrize("own", [ClaimType.EXPERIENCE, ClaimType.OPINION, ClaimType.ADVICE])
def test_what_people_call_their_own_is_never_noted(own: ClaimType) -> None:
    assert decided(reading(information=claimed(own))).outcomes == ()


def test_a_claim_that_is_not_on_the_shelf_is_left_out() -> None:
    unknown = Information(matches=(ClaimMatch("withdrawn", Strength.MATCH, 0.9),))

    assert decided(reading(information=unknown, asking=CV)).priority is Priority.P3


def test_a_message_gets_one_note_at_most() -> None:
    two = Information(matches=(ClaimMatch(NOTED, Strength.MATCH, 0.9),) * 2)
    notes = [o for o in decided(reading(information=two, asking=CV)).outcomes
             if isinstance(o, ProposeNote)]  # fmt: skip

    assert len(notes) == 1


def test_versions_and_the_deadline_are_carried() -> None:
    decision = decided(reading(asking=CV, deadline=Code.DEADLINE_CLOSE))

    assert decision.versions == Versions("rules-1", "model-1", VERSION)
    assert decision.due_at == NOON
