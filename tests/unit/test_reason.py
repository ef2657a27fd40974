import re

import pytest

from bot.cards import reason
from bot.domain.code import Code, Concern
from bot.domain.ladder import CONCERN, RUNG
from bot.domain.reading import Priority
from tests.support.readability import grade, mean_sentence

HEALTH_LABELS = (
    "suicid|self-harm|harm|hurt|life|death|die|depress|anxi|distress|hope|abuse|mental|health|crisis"
    "|danger|emergency|threat|violen|discriminat|readiness|ill|risk"
)


def without_the_fields_own_term(phrase: str) -> str:
    return re.sub(r" \([^)]*\)", "", phrase)


@pytest.mark.parametrize("code", Code)
def test_every_code_has_a_short_plain_phrase(code: Code) -> None:
    phrase = reason.in_words(code)

    assert phrase == phrase.strip().rstrip(".")
    assert len(phrase.split()) <= 12
    assert code not in phrase
    sentence = f"The person {without_the_fields_own_term(phrase)}."
    assert grade(sentence) <= 8


def test_no_two_codes_read_the_same() -> None:
    assert len({reason.in_words(code) for code in Code}) == len(Code)


@pytest.mark.parametrize("priority", Priority)
def test_a_neutral_reason_has_no_health_label_and_no_quotation(priority: Priority) -> None:
    told = reason.neutral(priority)

    assert not re.search(rf"\b(?:{HEALTH_LABELS})", told)
    assert not set(told) & set("\"'\u201c\u201d\u2018\u2019")


def test_the_more_urgent_priority_is_told_apart_in_the_neutral_reason() -> None:
    assert len({reason.neutral(priority) for priority in Priority}) == len(Priority)


@pytest.mark.parametrize(
    "words",
    [
        reason.PRIORITY_NAMES,
        reason.PRIORITY_MEANINGS,
        reason.PRIORITY_HEARERS,
        reason.PRIORITY_CLOCKS,
    ],
)
def test_every_priority_is_explained_in_plain_words(words: dict[Priority, str]) -> None:
    assert set(words) == set(Priority)
    assert len(set(words.values())) == len(Priority)


@pytest.mark.parametrize("priority", Priority)
def test_what_a_priority_means_can_be_read_at_grade_eight(priority: Priority) -> None:
    told = (
        f"{reason.PRIORITY_MEANINGS[priority]} {reason.PRIORITY_HEARERS[priority]} "
        f"{reason.PRIORITY_CLOCKS[priority]} It {reason.neutral(priority)}."
    )

    assert grade(told) <= 8
    assert mean_sentence(told) <= 15


def test_the_name_of_a_priority_starts_with_its_rung() -> None:
    assert all(reason.PRIORITY_NAMES[p].startswith(f"{p.name} ") for p in Priority)


def test_of_two_reasons_that_say_the_same_the_surer_one_is_shown() -> None:
    said = (Code.ASKING_MODEL, Code.SELF_HARM_UNSURE, Code.ASKING, Code.SELF_HARM_MODEL)

    assert reason.surest(said) == (Code.ASKING, Code.SELF_HARM_MODEL)
    assert reason.surest((*said, Code.SELF_HARM_INTENT)) == (Code.ASKING, Code.SELF_HARM_INTENT)


@pytest.mark.parametrize("code", Code)
def test_a_reason_that_stands_alone_is_shown(code: Code) -> None:
    assert reason.surest((code, code)) == (code,)


def test_no_reason_hides_one_that_is_more_urgent_or_of_another_concern() -> None:
    for code in Code:
        for other in Code:
            if code not in reason.surest((code, other)):
                assert RUNG[other] <= RUNG[code] or CONCERN[code] is Concern.ABUSE
                assert CONCERN[other] is CONCERN[code]


@pytest.mark.parametrize(
    ("codes", "hard"),
    [
        ((Code.ASKING, Code.PYR_OPT), False),
        ((Code.PERSON_ASKED, Code.DEADLINE_CLOSE, Code.LOW_READINESS), False),
        ((Code.ASKING, Code.DISTRESS_MODEL), True),
        ((Code.SELF_HARM_INTENT,), True),
        ((Code.HARASSMENT,), True),
        ((), False),
    ],
)
def test_only_danger_harm_and_distress_are_hard_to_read(
    codes: tuple[Code, ...], *, hard: bool
) -> None:
    assert reason.is_hard(codes) is hard
