"""An emergency waits for nothing less urgent on its way."""

from dataclasses import replace

import pytest

from bot.policy.lane import in_turn, is_held
from tests.support.build import delivery


def test_what_is_urgent_goes_first_and_all_else_keeps_its_order() -> None:
    lane = [replace(delivery(key), is_urgent=key in "bd") for key in "abcd"]

    assert [one.key for one in in_turn(lane)] == ["b", "d", "a", "c"]


@pytest.mark.parametrize(
    ("is_urgent", "by_urgent", "by_request", "held"),
    [
        (False, False, False, True),
        (False, True, True, True),
        (True, False, False, False),
        (True, True, False, True),
        (True, False, True, True),
    ],
)
def test_who_is_kept_back_by_what_was_put_off(
    *, is_urgent: bool, by_urgent: bool, by_request: bool, held: bool
) -> None:
    assert is_held(is_urgent=is_urgent, by_urgent=by_urgent, by_request=by_request) is held
