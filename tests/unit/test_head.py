import pytest

from bot.domain.code import Code, Concern
from bot.domain.ladder import CONCERN, RUNG
from bot.domain.reading import Priority
from bot.triage.head import CONCERN_HEADS, HEADS, Head, heads_of

NINE = [concern for concern in Concern if concern is not Concern.DEADLINE]


def test_the_first_heads_are_the_nine_concerns_by_their_names() -> None:
    assert [head.value for head in CONCERN_HEADS] == [concern.value for concern in NINE]
    assert HEADS[: len(NINE)] == CONCERN_HEADS
    assert len(NINE) == 9


@pytest.mark.parametrize("code", list(Code), ids=str)
def test_every_code_speaks_for_its_concern_and_for_no_other(code: Code) -> None:
    mine = heads_of([code]) & set(CONCERN_HEADS)
    concern = CONCERN.get(code)

    assert mine <= ({Head(concern.value)} if concern in NINE and concern else set())


@pytest.mark.parametrize(
    "code",
    [
        code
        for code, concern in CONCERN.items()
        if concern in NINE
        and code not in (Code.SELF_HARM_DENIED, Code.SELF_HARM_LAUGHED)
        and not code.startswith(("CASVE-", "PYR-", "SELF_HARM_THIRD"))
    ],
    ids=str,
)
def test_every_code_of_a_concern_speaks_for_it(code: Code) -> None:
    assert Head(CONCERN[code].value) in heads_of([code])


@pytest.mark.parametrize("code", list(Code), ids=str)
def test_a_code_that_calls_a_person_at_once_is_a_page_and_no_other_is(code: Code) -> None:
    is_page = code in RUNG and RUNG[code] <= Priority.P1

    assert (Head.PAGE in heads_of([code])) is is_page


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (Code.SELF_HARM_INTENT, {Head.SELF_HARM, Head.PAGE}),
        (Code.SELF_HARM_DENIED, set()),
        (Code.SELF_HARM_LAUGHED, set()),
        (Code.SELF_HARM_THIRD_PERSON, {Head.THIRD_PERSON, Head.PAGE}),
        (Code.STEREOTYPE, {Head.DISCRIMINATION, Head.STEREOTYPE}),
        (Code.DISCRIMINATION_REPORT, {Head.DISCRIMINATION, Head.REPORT}),
        (Code.HARASSMENT, {Head.DISCRIMINATION, Head.REPORT}),
        (Code.CAP_DMC, {Head.READINESS}),
        (Code.CASVE_C, set()),
        (Code.PYR_SELF, set()),
        (Code.DEADLINE_CLOSE, set()),
        (Code.CLAIM_KNOWN, {Head.CLAIM}),
        (Code.CUT, set()),
    ],
)
def test_what_a_message_with_a_reason_should_score_high_on(code: Code, expected: set[Head]) -> None:
    assert heads_of([code]) == expected


def test_several_reasons_speak_for_all_that_each_speaks_for() -> None:
    codes = (Code.ASKING, Code.STEREOTYPE, Code.CUT)

    assert heads_of(codes) == {Head.ASKING, Head.DISCRIMINATION, Head.STEREOTYPE}
    assert heads_of([]) == frozenset()
