"""What was set up goes over the file, for as long as it differs from it."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.data.resources import load_resources
from bot.domain.action import Post
from bot.domain.alert import About, Case
from bot.domain.desk import ConsentMode
from bot.domain.message import PlatformName
from bot.domain.practitioner import Practitioner, Profile
from bot.domain.reading import Priority
from bot.domain.setup import Choosing, Found, Setting, SpaceSetup, Trouble
from bot.domain.space import Role, SpaceRef, Standing
from bot.domain.watch import Stage, Watch
from bot.policy.page import shared
from bot.policy.plan import plan_for
from bot.policy.privacy import asks_too_little
from bot.policy.role import may, roles
from bot.policy.setup import (
    agreeing,
    changes,
    held,
    latest,
    settled,
    to_be_pinned,
    troubles,
    unmatched,
    unready,
    unwatched,
)
from bot.settings import Settings
from tests.support.build import DISCORD, NOON, account, desk, place, ref
from tests.support.helplines import helpline

HERE, ELSEWHERE = SpaceRef(DISCORD, "10"), SpaceRef(DISCORD, "11")
BY = account("1")
FILE = desk()


def setting(
    choosing: Choosing, value: str | None, space: SpaceRef | None = None, minutes: int = 0
) -> Setting:
    return Setting(choosing, value, NOON + timedelta(minutes=minutes), BY, space)


def changed(wanted: dict[Choosing, str], now: tuple[Setting, ...] = ()) -> tuple[Setting, ...]:
    return changes(wanted, file=FILE, now=settled(FILE, now), space=HERE, at=NOON, by=BY)


@pytest.mark.parametrize(
    ("choosing", "value"),
    [
        (Choosing.NAME, "South desk"),
        (Choosing.CONSENT, "opt_in"),
        (Choosing.NOTICE, "We read here."),
        (Choosing.LAST_RESORT, "slack:U1"),
        (Choosing.PRACTITIONER, "70"),
        (Choosing.MODERATOR, "71"),
        (Choosing.SUPERVISOR, "72"),
        (Choosing.STAFF_CHANNEL, "25"),
    ],
)
def test_what_is_chosen_holds_and_can_be_taken_back(choosing: Choosing, value: str) -> None:
    (new,) = changed({choosing: value})
    now = settled(FILE, (new,))
    (back,) = changed({choosing: held(FILE, choosing, HERE)}, (new,))

    assert held(now, choosing, HERE) == value
    assert held(FILE, choosing, HERE) != value
    assert back.value is None
    assert latest((new, back)) == ()


def test_what_holds_already_changes_nothing() -> None:
    held_now = {choosing: held(FILE, choosing, HERE) for choosing in Choosing}

    assert changed(held_now) == ()


def test_a_space_has_its_own_and_the_desk_is_one() -> None:
    chosen = (
        setting(Choosing.PRACTITIONER, "70", HERE),
        setting(Choosing.PRACTITIONER, "80", ELSEWHERE),
        setting(Choosing.CONSENT, "opt_in"),
    )
    now = settled(FILE, chosen)

    assert now.setups[HERE] == SpaceSetup(practitioner="70")
    assert now.setups[ELSEWHERE] == SpaceSetup(practitioner="80")
    assert now.consent is ConsentMode.OPT_IN


def test_who_reads_follows_in_nothing_but_what_can_be_set_up() -> None:
    hashed = replace(FILE, opted_out=frozenset({"a hash"}), watched=frozenset({"jobs"}))
    now = settled(FILE, (setting(Choosing.NAME, "South desk"),))
    after = agreeing(hashed, now)

    assert after.name == "South desk"
    assert (after.opted_out, after.watched) == (hashed.opted_out, hashed.watched)


@pytest.mark.parametrize(
    ("held_roles", "space", "least", "allowed"),
    [
        ({"70"}, HERE, Role.PRACTITIONER, True),
        ({"70"}, ELSEWHERE, Role.PRACTITIONER, False),
        ({"70"}, None, Role.PRACTITIONER, False),
        ({"70"}, HERE, Role.MODERATOR, False),
        ({"71"}, HERE, Role.MODERATOR, True),
        ({"71"}, HERE, Role.PRACTITIONER, False),
        ({"72"}, HERE, Role.SUPERVISOR, True),
        ({"72"}, HERE, Role.OWNER, True),
        ({""}, ELSEWHERE, Role.PRACTITIONER, False),
        (set(), HERE, Role.PRACTITIONER, False),
    ],
)
def test_what_the_roles_of_a_platform_mean(
    held_roles: set[str], space: SpaceRef | None, least: Role, *, allowed: bool
) -> None:
    setups = {HERE: SpaceSetup("70", "71", "72"), ELSEWHERE: SpaceSetup()}
    standing = Standing(is_member=True, roles=frozenset(held_roles))
    found = roles(account("7"), standing, replace(FILE, setups=setups), space)

    assert may(found, least) is allowed


def test_who_left_keeps_no_role() -> None:
    setups = {HERE: SpaceSetup("70")}
    standing = Standing(is_member=False, roles=frozenset({"70"}))

    assert not may(
        roles(account("7"), standing, replace(FILE, setups=setups), HERE), Role.PRACTITIONER
    )


def test_the_troubles_of_a_desk_itself() -> None:
    late = Profile("Guide", "MA", "X", "https://example.org", date(2020, 1, 1), ("en",), ("GB",),
                   "All", (), "UTC", "Lee", date(2019, 1, 1))  # fmt: skip
    people = (Practitioner("Ada", account("101"), profile=late),)
    lost = replace(FILE, practitioners=people, last_resort=account("1"))
    found = {one.trouble for one in troubles(lost, frozenset({PlatformName("slack")}), NOON)}

    assert found == {Trouble.UNFIT, Trouble.NO_LAST_RESORT, Trouble.NOBODY, Trouble.GAP}


def test_a_sound_desk_has_none() -> None:
    people = (Practitioner("Ada", account("101")),)

    assert troubles(replace(FILE, practitioners=people), frozenset({DISCORD}), NOON) == ()


@pytest.mark.parametrize(
    ("priority", "space", "is_drill", "channels"),
    [
        (Priority.P0, "10", False, ["25"]),
        (Priority.P1, "10", False, ["25"]),
        (Priority.P2, "10", False, []),
        (Priority.P0, "12", False, []),
        (Priority.P1, "12", True, ["25", "35"]),
    ],
)
def test_urgent_cases_are_posted_in_the_staff_channel_of_their_space(
    priority: Priority, space: str, channels: list[str], *, is_drill: bool
) -> None:
    setups = {
        HERE: SpaceSetup(staff_channel="25"),
        ELSEWHERE: SpaceSetup(staff_channel="35"),
        SpaceRef(DISCORD, "12"): SpaceSetup(practitioner="70"),
    }
    where = replace(place(), space=space)
    case = Case("north", "key", priority, plan_for(priority, NOON), drill=is_drill)
    about = About(ref(where=where), "https://example.org", NOON)
    posts = shared(case, about, {}, replace(FILE, setups=setups), NOON)

    assert [one.action.place.channel for one in posts if isinstance(one.action, Post)] == channels
    assert len({one.key for one in posts}) == len(channels)


def test_what_is_to_be_read_and_is_seen_nowhere_is_named() -> None:
    watching = replace(FILE, watched=frozenset({"job-search", "20", "advice"}))

    assert unmatched(watching, (place(),)) == (Found(Trouble.MISNAMED, "#advice"),)
    assert unmatched(FILE, (place(),)) == ()


def test_that_no_channel_is_read_is_named_and_is_no_mistake_where_another_is() -> None:
    assert unwatched((), ()) == (Found(Trouble.UNWATCHED),)
    assert unwatched((), (place(),)) == (Found(Trouble.UNWATCHED_HERE),)
    assert unwatched((place(),), (place(),)) == ()


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"stage": Stage.WISHED}, True),
        ({"stage": Stage.ON, "notice": "20:1"}, True),
        ({"stage": Stage.ON, "notice": "20:1", "pinned": False}, True),
        ({"stage": Stage.ON, "notice": "20:1", "pinned": True}, False),
        ({"stage": Stage.ON}, False),
        ({"stage": Stage.OFF, "notice": "20:1", "pinned": False}, False),
        ({"place": replace(place(), space="11")}, False),
    ],
)
def test_a_notice_of_this_space_that_is_not_pinned_is_to_be(
    changes: dict[str, Any], *, wanted: bool
) -> None:
    watch = replace(Watch("north", place(), "key", BY, NOON), **changes)
    read = replace(FILE, watches={watch.place.key: watch})

    assert to_be_pinned(read, HERE) == ((place(),) if wanted else ())


@pytest.mark.parametrize(
    ("region", "advised"),
    [("FI", True), ("NO", True), ("GB-SCT", True), ("GB", True), ("CH", False), ("US", False)],
)
def test_where_a_yes_is_advised_the_check_says_that_members_are_read_without_one(
    region: str, *, advised: bool
) -> None:
    asked = replace(FILE, region=region, consent=ConsentMode.OPT_IN)
    unasked = replace(asked, consent=ConsentMode.NOTICE_OPT_OUT)

    assert asks_too_little(unasked) is advised
    assert (Found(Trouble.OPT_OUT) in unready(unasked, (), (), NOON.date())) is advised
    assert not asks_too_little(asked)


def test_what_waits_for_somebody_to_look_at_it_is_named() -> None:
    read = replace(FILE, consent=ConsentMode.OPT_IN)
    (row,) = load_resources(Settings().resources).resources[:1]
    today = row.vetted_on
    vetted = replace(row, vetted_by="Ada")
    line = helpline(checked_on=today, checked_by="Ada")
    starter = replace(line, checked_by="starter list, to be confirmed")

    assert set(unready(read, (row,), (starter,), today)) == {
        Found(Trouble.UNVETTED),
        Found(Trouble.UNCONFIRMED),
    }
    assert unready(read, (row, vetted), (line, starter), today) == ()
    assert unready(read, (vetted,), (), vetted.review_by) == ()
    late = vetted.review_by + timedelta(days=1)
    assert unready(read, (vetted,), (), late) == (Found(Trouble.UNVETTED),)
