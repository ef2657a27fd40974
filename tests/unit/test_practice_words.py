"""What the practice community says of an alarm that a model alone gives."""

from dataclasses import replace

import pytest

from bot.community import MAYBE_WRONG, caution
from bot.domain.code import Code
from bot.domain.reading import Safety, Source
from tests.support.build import evidence
from tests.support.rules import cue, reading, rules

PLAIN = reading("good morning", rules(cue("so lost", code=Code.HOPELESS)))
BY_CUE = evidence(Code.HOPELESS)
BY_MODEL = replace(BY_CUE, code=Code.SELF_HARM_MODEL, source=Source.ENCODER)


@pytest.mark.parametrize(
    ("found", "is_said"),
    [((), False), ((BY_CUE,), False), ((BY_CUE, BY_MODEL), False), ((BY_MODEL,), True)],
)
def test_what_a_model_alone_says_is_called_uncertain(
    found: tuple[object, ...],
    is_said: bool,  # noqa: FBT001 - a parameter of the table above
) -> None:
    kept = tuple(one for one in (BY_CUE, BY_MODEL) if one in found)
    told = caution(replace(PLAIN, safety=Safety(evidence=kept)))

    assert (MAYBE_WRONG in told) is is_said
