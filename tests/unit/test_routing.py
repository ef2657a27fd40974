"""Whom a page reaches by a desk's rota, and whom when it cannot be delivered."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.action import Delivery, DirectMessage
from bot.domain.card import Card
from bot.domain.desk import Desk
from bot.domain.duty import Rank, Shift
from bot.domain.practitioner import Practitioner
from bot.domain.reading import Priority
from bot.policy.routing import instead_of, page_key, recipients
from tests.support.build import account, desk
from tests.support.rota import ADA, BO, CID, person, profile, shift, utc

LAST = account("9")
MORNING, EVENING, NIGHT = (utc(f"2026-03-02T{hour}:00") for hour in ("10", "18", "23"))
DAY = shift("bo", "2026-03-02T09:00", "2026-03-02T20:00")
BACKUP = shift("ada", "2026-03-02T09:00", "2026-03-02T13:00", rank=Rank.BACKUP)


def staffed(*shifts: Shift, people: Sequence[Practitioner] = (ADA, BO, CID)) -> Desk:
    return replace(desk(), practitioners=tuple(people), last_resort=LAST, shifts=shifts)


def page(to: Practitioner, here: Desk, at: datetime) -> Delivery:
    action = DirectMessage(to.account, Card("P1 in #job-search"))
    return Delivery(page_key("d/m", to.account, here), here.id, action, attempts=8, due_at=at)


def test_the_rota_says_who_is_paged_and_the_primary_comes_first() -> None:
    here = staffed(DAY, BACKUP)

    assert recipients(Priority.P0, here, MORNING) == (BO.account, ADA.account)
    assert recipients(Priority.P1, here, MORNING) == (BO.account,)
    assert recipients(Priority.P0, here, EVENING) == (BO.account,)


def test_in_a_gap_of_the_rota_the_last_resort_is_paged() -> None:
    for priority in (Priority.P0, Priority.P1):
        assert recipients(priority, staffed(DAY), NIGHT) == (LAST,)


def test_who_is_not_verified_is_not_paged() -> None:
    bo = person("bo", profile(verified_on=None))

    assert recipients(Priority.P0, staffed(DAY, people=(ADA, bo)), EVENING) == (LAST,)


def test_a_page_has_the_same_key_whoever_else_is_on_duty() -> None:
    assert page(BO, staffed(DAY), EVENING).key == page(BO, staffed(DAY, BACKUP), MORNING).key


def test_after_the_last_on_duty_comes_the_last_resort() -> None:
    here = staffed(DAY, BACKUP)
    second = instead_of(page(ADA, here, MORNING), here, due_at=MORNING)
    assert second is not None
    third = instead_of(second, here, due_at=MORNING)

    assert second == replace(page(BO, here, MORNING), attempts=0)
    assert third is not None
    assert isinstance(third.action, DirectMessage)
    assert third.action.to == LAST
    assert instead_of(third, here, due_at=MORNING) is None


def test_nobody_off_duty_is_told_instead() -> None:
    here = staffed(DAY, BACKUP)
    instead = instead_of(page(ADA, here, NIGHT), here, due_at=NIGHT)

    assert instead is not None
    assert isinstance(instead.action, DirectMessage)
    assert instead.action.to == LAST


@given(st.permutations([ADA, BO, CID]), st.lists(st.sampled_from([ADA, BO, CID]), max_size=6))
def test_a_page_that_nobody_gets_ends_with_the_last_resort_however_the_rota_turns(
    people: list[Practitioner], primaries: list[Practitioner]
) -> None:
    """Whoever is primary next, no key comes twice: the store would keep what was given up."""
    turns = [
        shift(who.key, f"2026-03-02T{hour:02}:00", f"2026-03-02T{hour + 1:02}:00")
        for hour, who in enumerate(primaries)
    ]
    here, at = staffed(*turns, people=people), utc("2026-03-02T00:30")
    delivery: Delivery | None = page(people[0], here, at)
    keys, told = [], []
    while delivery is not None:
        assert isinstance(delivery.action, DirectMessage)
        keys.append(delivery.key)
        told.append(delivery.action.to)
        at += timedelta(hours=1)
        delivery = instead_of(delivery, here, due_at=at)

    assert len(set(keys)) == len(keys)
    assert told[-1] == LAST
