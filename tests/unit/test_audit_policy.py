"""What counts as a failing, and which day a statement is about."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest

from bot.domain.audit import Failing, Finding, Heartbeat, Stuck, Sums
from bot.domain.message import Place
from bot.policy.audit import (
    GRACE,
    behind,
    changes,
    is_behind,
    ledger_findings,
    stopped_workers,
    stuck_deliveries,
)
from bot.policy.cursor import Gap
from bot.policy.statement import day_to_state
from tests.support.build import NOON, desk, message, place


def test_a_day_that_does_not_add_up_is_a_failing_and_one_that_does_is_none() -> None:
    good, bad = Sums("a", NOON.date(), 5, 5), Sums("b", NOON.date(), 5, 6)

    assert ledger_findings([good, bad]) == [
        Finding(Failing.LEDGER, "b/2026-01-05", "5 seen, 6 shared")
    ]


def test_a_message_in_a_gap_is_missed_when_there_was_time_to_read_it() -> None:
    gap, one = Gap(f"{3:020}", f"{9:020}"), message(5)
    late = one.sent_at + GRACE + timedelta(seconds=1)

    assert is_behind(gap, one, late)
    assert not is_behind(gap, one, one.sent_at + GRACE)
    assert not is_behind(gap, None, late)
    assert not is_behind(gap, message(9), late + timedelta(days=1))
    assert is_behind(replace(gap, before=None), message(9), late + timedelta(days=1))


def test_a_threads_title_is_a_members_own_words_and_is_not_told() -> None:
    where = place(thread="33", name="#job-search > nobody must know")

    assert behind(where, message(1)).detail == "#job-search since 2026-01-05 12:01 UTC"


@pytest.mark.parametrize(
    ("every", "silent", "is_stopped"),
    [(0.25, 119, False), (0.25, 121, True), (30, 599, False), (30, 601, True)],
)
def test_a_worker_has_stopped_after_twenty_rounds_but_not_in_two_minutes(
    every: float, silent: float, *, is_stopped: bool
) -> None:
    beat = Heartbeat("courier", timedelta(seconds=every), NOON)
    found = stopped_workers([beat], NOON + timedelta(seconds=silent))

    assert [one.subject for one in found] == (["courier"] if is_stopped else [])


def test_the_desks_own_notices_are_one_failing_together() -> None:
    keys = ("north/discord:10:20:1#0", "north/desk/finding/a", "north/desk/statement/b")
    found = stuck_deliveries([Stuck(key, Failing.BURIED, NOON, 8) for key in keys], "north")

    assert [one.subject for one in found] == ["north/discord:10:20:1#0", "north/desk/"]


def test_what_is_known_is_not_new_and_what_is_no_longer_found_is_gone() -> None:
    a, b = Finding(Failing.BEHIND, "a"), Finding(Failing.BEHIND, "b")
    changed = changes([a, b, a], {a.key, "behind/c"})

    assert (changed.found, changed.new, changed.gone) == ((a, b), (b,), ("behind/c",))


def test_the_same_failing_with_other_figures_is_the_same() -> None:
    older = Finding(Failing.STOPPED, "courier", "last round 12:00")

    assert changes([replace(older, detail="last round 13:00")], {older.key}).new == ()


# which day


def stating(at_time: time | None, zone: str, now: datetime) -> date | None:
    return day_to_state(replace(desk(), statement_at=at_time, time_zone=zone), now)


def test_no_time_no_statement() -> None:
    assert stating(None, "UTC", NOON) is None


@pytest.mark.parametrize(
    ("zone", "now", "day"),
    [
        ("UTC", datetime(2026, 1, 6, 7, 59, tzinfo=UTC), date(2026, 1, 4)),
        ("UTC", datetime(2026, 1, 6, 8, 0, tzinfo=UTC), date(2026, 1, 5)),
        ("UTC", datetime(2026, 1, 6, 23, 59, tzinfo=UTC), date(2026, 1, 5)),
        # Eight in the morning in Auckland is seven in the evening before, in UTC.
        ("Pacific/Auckland", datetime(2026, 1, 5, 19, 0, tzinfo=UTC), date(2026, 1, 4)),
        ("America/Los_Angeles", datetime(2026, 1, 6, 16, 0, tzinfo=UTC), date(2026, 1, 5)),
        # Summer time: eight in London is seven in UTC.
        ("Europe/London", datetime(2026, 7, 6, 6, 59, tzinfo=UTC), date(2026, 7, 4)),
        ("Europe/London", datetime(2026, 7, 6, 7, 0, tzinfo=UTC), date(2026, 7, 5)),
    ],
)
def test_the_day_is_the_last_that_was_over_at_the_desks_time(
    zone: str, now: datetime, day: date
) -> None:
    assert stating(time(8), zone, now) == day


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"])
def test_over_a_year_with_its_clock_changes_every_day_is_stated_once(zone: str) -> None:
    """One night of spring does not have half past two, and one of autumn has it twice."""
    start = datetime(2026, 1, 1, tzinfo=UTC)
    hours = (start + timedelta(minutes=30 * n) for n in range(2 * 24 * 365))
    days = [stating(time(2, 30), zone, now) for now in hours]
    changed = [b for a, b in pairwise(days) if a != b]

    assert days == sorted(days, key=str)
    assert len(changed) == len(set(changed)) >= 364


@pytest.mark.parametrize("where", [place(), place(thread="33"), place("a.b")])
def test_a_place_is_found_again_by_its_key(where: Place) -> None:
    assert Place.of_key(where.key) == where
