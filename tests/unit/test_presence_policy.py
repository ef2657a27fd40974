"""Which spaces count as left, and who is told where some are shut."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.audit import Failing, Finding
from bot.domain.event import SpacesNamed
from bot.domain.message import AccountRef, PlatformName
from bot.domain.practitioner import Practitioner
from bot.domain.setup import Found, Trouble
from bot.domain.space import Joined, SpaceRef
from bot.policy.presence import (
    GRACE,
    findings,
    is_left,
    is_to_be_asked,
    parting,
    refused,
    told,
    unnamed,
)
from tests.support.build import DISCORD, NOON, account, desk

SLACK = PlatformName("slack")
TEN, ELEVEN = (SpaceRef(DISCORD, id_) for id_ in ("10", "11"))
WORKSPACE = SpaceRef(SLACK, "T1")


def test_only_what_the_same_platform_does_not_speak_of_is_missing() -> None:
    kept = [Joined(TEN, "900"), Joined(ELEVEN, "900"), Joined(WORKSPACE, "T1/U1")]
    named = SpacesNamed(DISCORD, {"900": frozenset({TEN})})

    assert unnamed(kept, named) == [kept[1]]


def test_what_another_account_of_the_bot_is_in_is_not_missing() -> None:
    assert unnamed([Joined(TEN, "900")], SpacesNamed(DISCORD, {"901": frozenset({TEN})})) == []


@pytest.mark.parametrize(("account_of_bot", "is_asked"), [("900", True), ("901", False)])
def test_an_account_that_is_not_heard_of_was_not_removed(
    account_of_bot: str,
    is_asked: bool,  # noqa: FBT001 - both ways
) -> None:
    named = SpacesNamed(DISCORD, {"900": frozenset()})

    assert is_to_be_asked(Joined(TEN, account_of_bot), named) is is_asked


@pytest.mark.parametrize(
    ("errors", "missed"),
    [
        ((), 0),
        ((Trouble.TOKEN, Trouble.SUSPENDED), 0),
        ((Trouble.REMOVED,), 0),
        ((Trouble.REMOVED, Trouble.REMOVED), 3),
    ],
)
def test_a_refused_token_that_could_be_of_one_space_or_another_says_nothing(
    errors: tuple[Trouble, ...], missed: int
) -> None:
    """Two spaces of an organisation hang on one token."""
    missing = [
        Joined(SpaceRef(SLACK, team), entry)
        for team, entry in (("T2", "E1"), ("T3", "E1"), ("T4", "T4/U1"), ("T5", "T1/U1"))
    ]
    named = SpacesNamed(SLACK, {"T1/U1": frozenset()}, tuple(Found(one) for one in errors))

    assert len(refused(missing, named)) == missed


@pytest.mark.parametrize(
    ("after", "left"),
    [(timedelta(), False), (GRACE - timedelta(seconds=1), False), (GRACE, True)],
)
def test_a_token_that_is_refused_has_a_week(
    after: timedelta,
    left: bool,  # noqa: FBT001 - both ways
) -> None:
    assert is_left(Joined(WORKSPACE, "T1/U1", NOON), NOON + after) is left
    assert not is_left(Joined(WORKSPACE, "T1/U1"), NOON + after)


def test_a_scope_has_a_finding_of_its_own_and_a_space_has_one() -> None:
    found = [
        Found(Trouble.REMOVED, "Town", "why"),
        Found(Trouble.SCOPE, detail="im:write"),
        Found(Trouble.GAP, detail="no bar"),
    ]

    assert findings("slack:T1:", found) == [
        Finding(Failing.BARRED, "slack:T1:", "why"),
        Finding(Failing.SCOPE, "slack:T1:im:write", "im:write"),
    ]


def test_who_oversees_the_desk_is_told_by_an_account_that_can_be_reached() -> None:
    ada, ada_too, bo = AccountRef(SLACK, "UADA"), account("101"), account("102")
    people = (Practitioner("Bo", bo), Practitioner("Ada", ada, others=(ada_too,)))
    of = replace(desk(), practitioners=people, supervisor=ada, last_resort=AccountRef(SLACK, "UL"))
    without_her = replace(of, practitioners=people[:1])

    assert told(of, ()) == ada
    assert told(of, {SLACK}) == ada_too
    assert told(without_her, {SLACK}) == bo
    assert told(of, {SLACK, DISCORD}) == ada


def test_the_last_line_says_each_thing_once() -> None:
    found = [Found(Trouble.TOKEN, name, "Do this") for name in ("A", "B")]

    assert parting(SLACK, found) == "Slack: Do this. Then start Waymark again."
