"""Who hears when a page cannot be delivered: the next on duty, and last of all the last resort."""

from dataclasses import replace

import pytest

from bot.domain.action import Delivery, DirectMessage
from bot.domain.card import Card
from bot.domain.desk import Desk
from bot.domain.message import AccountRef
from bot.domain.practitioner import Practitioner
from bot.policy.routing import instead_of
from tests.support.build import NOON, account, desk

ADA, BO, CY, LAST = account("1"), account("2"), account("3"), account("9")
CARD = Card("P1 in #job-search")


def staffed(*people: AccountRef) -> Desk:
    practitioners = tuple(Practitioner("Someone", each) for each in people)
    return replace(desk(), practitioners=practitioners, last_resort=LAST)


def line_of(first: Delivery, here: Desk) -> list[tuple[str, AccountRef]]:
    """Follow a page that everybody fails to get."""
    found = []
    page: Delivery | None = first
    while page is not None:
        assert isinstance(page.action, DirectMessage)
        found.append((page.key, page.action.to))
        page = instead_of(page, here, due_at=NOON)
    return found


def page(number: int, to: AccountRef) -> Delivery:
    return Delivery(f"d/m#{number}", "d", DirectMessage(to, CARD), attempts=8, due_at=NOON)


def test_the_next_on_duty_is_told_before_the_last_resort() -> None:
    here = staffed(ADA, BO, CY)
    expected = [("d/m#0", ADA), ("d/m#1", BO), ("d/m#2", CY), ("d/m!", LAST)]
    assert line_of(page(0, ADA), here) == expected


def test_who_was_paged_already_is_not_paged_under_another_key() -> None:
    here = staffed(ADA, BO)
    instead = instead_of(page(0, ADA), here, due_at=NOON)
    assert instead is not None
    assert instead.key == page(1, BO).key


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        ((), [LAST]),
        ((LAST,), [LAST]),
        ((LAST, BO), [LAST, BO]),
        ((ADA, ADA, BO), [ADA, BO, LAST]),
    ],
)
def test_the_line_ends_and_names_nobody_twice(
    people: tuple[AccountRef, ...], expected: list[AccountRef]
) -> None:
    first = page(0, people[0] if people else LAST)
    assert [to for _, to in line_of(first, staffed(*people))] == expected


def test_who_has_gone_off_duty_is_followed_by_the_last_resort() -> None:
    assert [to for _, to in line_of(page(0, CY), staffed(ADA, BO))] == [CY, LAST]
