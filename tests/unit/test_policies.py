"""The small decisions: coalescing, routing, watching, retrying."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.alert import Case, Plan, Who
from bot.domain.decision import OpenAlert
from bot.domain.desk import ConsentMode
from bot.domain.ledger import Count
from bot.domain.message import AccountRef, Origin
from bot.domain.practitioner import Practitioner
from bot.domain.reading import Priority
from bot.policy.coalesce import WINDOW, joins
from bot.policy.retry import ATTEMPTS, LONGEST, next_delay
from bot.policy.routing import by_rota, call, staff
from bot.policy.watch import skip_reason
from tests.support.build import NOON, account, desk, message, place

FIRST, SECOND, LAST = account("101"), account("102"), account("199")
STAFFED = replace(
    desk(), practitioners=(Practitioner("Ada", FIRST), Practitioner("Bo", SECOND)), last_resort=LAST
)
OPEN = OpenAlert("key", "place", "author", NOON, Priority.P1)


@pytest.mark.parametrize(
    ("priority", "later", "joined"),
    [
        (Priority.P1, timedelta(), True),
        (Priority.P2, WINDOW, True),
        (Priority.P1, WINDOW + timedelta(seconds=1), False),
        (Priority.P0, timedelta(seconds=1), False),
    ],
)
def test_what_joins_an_open_alert(priority: Priority, later: timedelta, *, joined: bool) -> None:
    assert joins(OPEN, priority=priority, sent_at=NOON + later) is joined
    assert not joins(None, priority=priority, sent_at=NOON)


@pytest.mark.parametrize(
    ("who", "told", "meant"),
    [
        ((Who.EVERYONE,), (), (FIRST, SECOND)),
        ((Who.PRIMARY,), (), (FIRST,)),
        ((Who.BACKUP,), (), (SECOND,)),
        ((Who.NEXT,), (FIRST,), (SECOND,)),
        ((Who.NEXT,), (FIRST, SECOND), (LAST,)),
        ((Who.EVERYONE, Who.BACKUP), (), (FIRST, SECOND)),
        ((Who.LAST_RESORT,), (), (LAST,)),
    ],
)
def test_who_is_meant_by_a_role(
    who: tuple[Who, ...], told: tuple[AccountRef, ...], meant: tuple[AccountRef, ...]
) -> None:
    case = Case("north", "k", Priority.P0, Plan(()), told=told)

    assert call(who, staff(STAFFED, by_rota(STAFFED)(NOON)), case).to == meant


@pytest.mark.parametrize("who", Who)
def test_with_nobody_on_duty_every_role_is_the_last_resorts(who: Who) -> None:
    empty = replace(STAFFED, practitioners=())
    case = Case("north", "k", Priority.P0, Plan(()))

    assert call((who,), staff(empty, by_rota(empty)(NOON)), case).to == (LAST,)


@pytest.mark.parametrize(
    ("origin", "text", "author", "reason"),
    [
        (Origin.MEMBER, "hello", "me", None),
        (Origin.DELETED_MEMBER, "hello", "me", None),
        (Origin.MEMBER, " \n", "me", Count.SKIPPED_EMPTY),
        (Origin.BOT, "hello", "me", Count.SKIPPED_BOT),
        (Origin.SYSTEM, "hello", "me", Count.SKIPPED_SYSTEM),
        (Origin.MEMBER, "hello", "out", Count.SKIPPED_OPTED_OUT),
    ],
)
def test_what_is_skipped_and_why(
    origin: Origin, text: str, author: str, reason: Count | None
) -> None:
    said = replace(message(text=text), origin=origin)

    assert skip_reason(said, replace(desk(), opted_out=frozenset({"out"})), author=author) is reason


@pytest.mark.parametrize(
    ("watched", "read"),
    [((), True), (("job-search",), True), (("20",), True), (("general",), False)],
)
def test_a_watch_list_names_channels_by_name_or_id(watched: tuple[str, ...], *, read: bool) -> None:
    reason = skip_reason(message(), replace(desk(), watched=frozenset(watched)), author="me")

    assert (reason is None) is read


def test_a_thread_is_watched_with_its_channel() -> None:
    inside = message(where=place(thread="9", name="#job-search > Trades"))
    assert (
        skip_reason(inside, replace(desk(), watched=frozenset({"job-search"})), author="x") is None
    )


def test_with_opt_in_silence_is_no_consent() -> None:
    asked = replace(desk(), consent=ConsentMode.OPT_IN, opted_in=frozenset({"yes"}))

    assert skip_reason(message(), asked, author="yes") is None
    assert skip_reason(message(), asked, author="no") is Count.SKIPPED_NO_CONSENT


@given(st.integers(1, ATTEMPTS - 1), st.floats(0, 1), st.integers(0, 7_200))
def test_a_retry_never_comes_before_it_was_asked_for(
    attempts: int, chance: float, seconds: int
) -> None:
    asked = timedelta(seconds=seconds)
    delay = next_delay(attempts, retry_after=asked, chance=chance)

    assert delay is not None
    assert asked <= delay <= max(asked, LONGEST)
    assert delay > timedelta()


def test_in_the_end_it_gives_up() -> None:
    assert next_delay(ATTEMPTS, retry_after=None, chance=0.5) is None
