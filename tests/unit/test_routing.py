"""Who is meant by a role according to a desk's rota, and who gets a notice that cannot arrive."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.action import Delivery, DirectMessage, Post
from bot.domain.alert import Case, Plan, Who
from bot.domain.card import Card
from bot.domain.desk import Desk
from bot.domain.duty import Rank, Shift
from bot.domain.message import AccountRef
from bot.domain.practitioner import Practitioner
from bot.domain.reading import Priority
from bot.policy.routing import by_rota, call, instead_of, staff
from tests.support.build import NOON, account, desk, place
from tests.support.rota import ADA, BO, CID, person, profile, shift, utc

LAST = account("9")
MORNING, EVENING, NIGHT = (utc(f"2026-03-02T{hour}:00") for hour in ("10", "18", "23"))
DAY = shift("bo", "2026-03-02T09:00", "2026-03-02T20:00")
BACKUP = shift("ada", "2026-03-02T09:00", "2026-03-02T13:00", rank=Rank.BACKUP)


def staffed(*shifts: Shift, people: Sequence[Practitioner] = (ADA, BO, CID)) -> Desk:
    return replace(desk(), practitioners=tuple(people), last_resort=LAST, shifts=shifts)


def meant(who: Who, here: Desk, at: datetime) -> tuple[AccountRef, ...]:
    case = Case(here.id, "k", Priority.P1, Plan(()))
    return call((who,), staff(here, by_rota(here)(at)), case).to


def test_the_rota_says_who_is_meant_and_the_primary_comes_first() -> None:
    here = staffed(DAY, BACKUP)

    assert meant(Who.EVERYONE, here, MORNING) == (BO.account, ADA.account)
    assert meant(Who.PRIMARY, here, MORNING) == (BO.account,)
    assert meant(Who.BACKUP, here, MORNING) == (ADA.account,)
    assert meant(Who.EVERYONE, here, EVENING) == (BO.account,)


def test_in_a_gap_of_the_rota_every_role_is_the_last_resorts() -> None:
    for who in Who:
        assert meant(who, staffed(DAY), NIGHT) == (LAST,)


def test_who_is_not_verified_is_not_meant() -> None:
    bo = person("bo", profile(verified_on=None))

    assert meant(Who.EVERYONE, staffed(DAY, people=(ADA, bo)), EVENING) == (LAST,)


def test_without_a_rota_everybody_is_on_duty_always() -> None:
    here = replace(staffed(), shifts=None)

    assert meant(Who.EVERYONE, here, NIGHT) == (ADA.account, BO.account, CID.account)


def notice(to: AccountRef) -> Delivery:
    action = DirectMessage(to, Card("The audit found something"))
    return Delivery("north/desk/finding", "north", action, attempts=8, due_at=NOON)


def test_a_notice_that_cannot_be_delivered_goes_to_the_last_resort_once() -> None:
    instead = instead_of(notice(BO.account), LAST, due_at=NOON)

    assert instead is not None
    assert instead.key == "north/desk/finding!"
    assert instead.action == notice(LAST).action
    assert instead_of(instead, LAST, due_at=NOON) is None


def test_a_buried_public_post_is_followed_by_nothing() -> None:
    post = Delivery("k", "north", Post(place(), Card("x")), attempts=8, due_at=NOON)

    assert instead_of(post, LAST, due_at=NOON) is None
