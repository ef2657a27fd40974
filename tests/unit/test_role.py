from dataclasses import replace

import pytest

from bot.domain.kept import Linked
from bot.domain.practitioner import Practitioner
from bot.domain.space import Role, Standing
from bot.policy.role import Ties, has_left, may, roles
from bot.policy.roster import changed_by, found_by, principal
from tests.support.build import NOON, account, desk

ADA, HERS, LAST, ELSE = (account(n) for n in ("101", "102", "199", "666"))
DESK = replace(desk(), practitioners=(Practitioner("Ada", ADA, id="ada"),), last_resort=LAST)
HERE = Standing(is_member=True)
BOTH, MEMBER, NEITHER = Ties(is_member=True, has_role=True), Ties(is_member=True), Ties()


@pytest.mark.parametrize(
    ("who", "standing", "least", "allowed"),
    [
        (ELSE, HERE, Role.MEMBER, True),
        (ELSE, HERE, Role.PRACTITIONER, False),
        (ELSE, Standing(is_member=True, moderates=True), Role.PRACTITIONER, False),
        (ELSE, Standing(is_member=True, owns=True), Role.PRACTITIONER, False),
        (ELSE, Standing(is_member=True, moderates=True), Role.MODERATOR, True),
        (ELSE, Standing(is_member=True, owns=True), Role.MODERATOR, True),
        (ELSE, Standing(is_member=True, owns=True), Role.OWNER, True),
        (ADA, HERE, Role.PRACTITIONER, True),
        (ADA, None, Role.PRACTITIONER, True),
        (ADA, Standing(is_member=False), Role.PRACTITIONER, False),
        (ADA, HERE, Role.SUPERVISOR, False),
        (LAST, HERE, Role.PRACTITIONER, True),
        (LAST, HERE, Role.SUPERVISOR, True),
    ],
)
def test_who_may_what(
    who: object, standing: Standing | None, least: Role, *, allowed: bool
) -> None:
    assert isinstance(who, type(ADA))
    assert may(roles(who, standing, DESK), least) is allowed


def test_an_account_of_the_file_stays_its_persons() -> None:
    linked = [Linked("bo", ADA, NOON, ""), Linked("ada", HERS, NOON, "")]
    now = changed_by(DESK, linked, (), ())

    assert now.practitioners[0].accounts == (ADA, HERS)
    assert principal(now, HERS) == ADA
    assert principal(now, ELSE) == ELSE


@pytest.mark.parametrize("typed", ["ada", "Ada", " @ADA", "101", "discord:101"])
def test_a_person_is_found_by_key_name_or_account(typed: str) -> None:
    found = found_by(DESK, typed)

    assert found is not None
    assert found.account == ADA


def test_nobody_is_found_by_nothing() -> None:
    assert found_by(DESK, "") is None


@pytest.mark.parametrize(
    ("before", "now", "named", "guest"),
    [
        (BOTH, BOTH, False, False),
        (BOTH, MEMBER, True, True),
        (MEMBER, MEMBER, False, True),
        (MEMBER, BOTH, False, False),
        (MEMBER, NEITHER, True, True),
        (NEITHER, NEITHER, False, True),
        (NEITHER, BOTH, False, False),
    ],
)
def test_who_is_of_the_desk_no_more(before: Ties, now: Ties, *, named: bool, guest: bool) -> None:
    assert has_left(before, now, is_named=True) is named
    assert has_left(before, now, is_named=False) is guest
