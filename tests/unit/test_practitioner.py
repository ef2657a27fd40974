"""Who may serve, and how a second account is linked."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.domain.duty import Refused
from bot.domain.message import AccountRef, PlatformName
from bot.domain.practitioner import Fitness
from bot.policy.practitioner import (
    CODE_LASTS,
    expire_soon,
    expires_at,
    fitness,
    link,
    make_code,
    may_serve,
)  # fmt: skip
from tests.support.rota import ADA, BO, person, profile, utc

NOW = utc("2026-12-02T12:00")
DISCORD = AccountRef(PlatformName("discord"), "7")
CHANCE = bytes(range(100, 110))


def test_the_operator_vouches_for_whom_they_list_without_a_profile() -> None:
    assert fitness(ADA, NOW) is Fitness.FIT
    assert may_serve(ADA, utc("2099-01-01T00:00"))


def test_a_credential_holds_to_the_end_of_its_day_where_the_person_is() -> None:
    for zone, ends in (("Australia/Sydney", "2026-12-01T13:00"), ("UTC", "2026-12-02T00:00")):
        ada = person("ada", profile(expires=date(2026, 12, 1), zone=zone))
        assert expires_at(ada) == utc(ends)
        assert fitness(ada, utc(ends) - timedelta(seconds=1)) is Fitness.FIT
        assert fitness(ada, utc(ends)) is Fitness.EXPIRED


def test_a_profile_that_nobody_verified_is_not_fit_even_when_it_expired() -> None:
    assert fitness(person("ada", profile(verified_on=None)), NOW) is Fitness.UNVERIFIED
    nameless = replace(profile(), verified_by="")
    assert fitness(person("ada", nameless), NOW) is Fitness.UNVERIFIED


def test_who_expires_within_a_month_is_named_ahead() -> None:
    soon = person("ada", profile(expires=date(2026, 12, 31)))
    later = person("bo", profile(expires=date(2027, 1, 2)))
    over = person("cid", profile(expires=date(2026, 12, 1)))

    assert expire_soon((soon, later, over), NOW) == (soon,)


def test_a_code_from_the_first_account_links_the_second_once() -> None:
    shown, kept = make_code(ADA, CHANCE, NOW)
    linked = link((ADA, BO), (kept,), shown, account=DISCORD, at=NOW)

    assert not isinstance(linked, Refused)
    who, left = linked
    assert who == replace(ADA, others=(DISCORD,))
    assert who.accounts == (ADA.account, DISCORD)
    assert left == ()
    assert isinstance(link((who, BO), left, shown, account=DISCORD, at=NOW), Refused)
    assert shown not in repr(kept)


def test_a_code_may_be_typed_as_people_type() -> None:
    shown, kept = make_code(ADA, CHANCE, NOW)
    typed = f" {shown[:5].lower()}-{shown[5:]} "

    assert not isinstance(link((ADA,), (kept,), typed, account=DISCORD, at=NOW), Refused)


@pytest.mark.parametrize(
    ("typed", "after", "people", "account", "why"),
    [
        ("WRONG", timedelta(0), (ADA, BO), DISCORD, "is wrong"),
        (None, CODE_LASTS, (ADA, BO), DISCORD, "older than ten minutes"),
        (None, -timedelta(seconds=1), (ADA, BO), DISCORD, "is wrong"),
        (None, timedelta(0), (ADA, BO), BO.account, "linked already"),
        (None, timedelta(0), (BO,), DISCORD, "has left"),
    ],
)
def test_a_code_that_does_not_hold_is_refused(
    typed: str | None, after: timedelta, people: tuple[object, ...], account: AccountRef, why: str
) -> None:
    shown, kept = make_code(ADA, CHANCE, NOW)
    asked = link(people, (kept,), typed or shown, account=account, at=NOW + after)  # type: ignore[arg-type]

    assert isinstance(asked, Refused)
    assert why in asked.why


def test_codes_of_different_chance_differ_and_need_enough_of_it() -> None:
    one, _ = make_code(ADA, CHANCE, NOW)
    other, _ = make_code(ADA, bytes(10), NOW)

    assert one != other
    assert len(one) == 10
    with pytest.raises(ValueError, match="10 random bytes"):
        make_code(ADA, b"short", NOW)
