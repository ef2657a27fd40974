"""When a calendar is read again, what its shifts are called, and what is told of it."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given

from bot.domain.audit import Failing, Finding
from bot.domain.calendar import Mark, Obstacle, Subscription, Unread
from bot.domain.duty import Rank, Rota, Shift
from bot.policy.calendar import (
    EVERY,
    LATE,
    LONGEST,
    MOST_ASKED,
    digest_of,
    findings,
    id_of,
    is_due,
    mark_for,
    new_gaps,
    not_read,
    own_shifts,
    read_well,
    wait,
    with_calendars,
)
from bot.policy.duty import on_duty
from tests.support.build import NOON, desk
from tests.support.rota import ADA, BO, any_rota, moments, person, rota, shift, utc

ONE = Subscription("north", "c1", "sealed", "example.org", NOON, NOON, NOON + EVERY, people="p")
MINUTE = timedelta(minutes=1)


def test_it_is_read_when_it_is_time_or_when_the_desk_has_other_people() -> None:
    assert not is_due(ONE, "p", NOON)
    assert is_due(ONE, "p", NOON + EVERY)
    assert is_due(ONE, "others", NOON)
    assert not is_due(replace(ONE, failures=1), "others", NOON)
    marked = replace(ONE, mark=Mark("1"))
    assert (mark_for(marked, "p"), mark_for(marked, "others")) == (Mark("1"), Mark())


@pytest.mark.parametrize("chance", [0.0, 0.5, 1.0])
def test_two_readings_lie_about_a_quarter_of_an_hour_apart(chance: float) -> None:
    failed = replace(ONE, failures=3, obstacle=Obstacle.PAGE)
    read = read_well(failed, NOON, chance)

    assert 0.9 * EVERY <= read.due_at - NOON <= 1.1 * EVERY
    assert (read.failures, read.obstacle, read.read_at) == (0, None, NOON)
    assert read.version == failed.version + 1


def test_what_could_not_be_read_is_tried_later_and_later() -> None:
    waits = [wait(n, None, 1.0) for n in range(1, 20)]

    assert waits[:3] == [MINUTE, 2 * MINUTE, 4 * MINUTE]
    assert all(a <= b for a, b in pairwise(waits))
    assert waits[-1] == LONGEST
    assert wait(1, None, 0.0) == MINUTE / 2


def test_what_a_server_asks_for_is_not_shortened_but_has_an_end() -> None:
    assert wait(1, timedelta(hours=3), 0.0) == timedelta(hours=3)
    assert wait(9, MINUTE, 1.0) == LONGEST
    assert wait(1, timedelta(days=99), 0.0) == MOST_ASKED
    missed = not_read(ONE, Unread(Obstacle.BUSY, timedelta(hours=3)), NOON, 0.5)
    assert missed.due_at == NOON + timedelta(hours=3)
    assert (missed.failures, missed.obstacle, missed.read_at) == (1, Obstacle.BUSY, NOON)


def test_the_people_are_others_when_a_calendar_would_call_them_so() -> None:
    same = digest_of([ADA, BO])

    assert digest_of([ADA, BO]) == same
    assert digest_of([person("ada", email="ada@example.org"), BO]) != same
    assert digest_of([ADA]) != same


def test_an_address_has_one_name_which_another_key_does_not_give() -> None:
    assert id_of("https://a", b"k") == id_of("https://a", b"k")
    assert id_of("https://a", b"k") not in {id_of("https://a", b"l"), id_of("https://b", b"k")}


def shifts_of_a_file() -> tuple[Shift, ...]:
    """Give shifts as a calendar's reader names them: of one UID all but the first are numbered."""
    series = shift("ada", "2026-01-05T09:00", "2026-01-05T12:00", "FREQ=DAILY", id="a" * 150)
    moved = [
        shift("ada", f"2026-01-0{day}T10:00", f"2026-01-0{day}T12:00", id=f"{'a' * 150}/{n}")
        for n, day in ((2, 6), (3, 7))
    ]
    return (series, *moved, shift("bo", "2026-01-05T09:00", "2026-01-05T12:00", id="https://x/1"))


def test_the_names_of_shifts_are_short_differ_and_do_not_hang_on_the_order() -> None:
    series, first, second, other = shifts_of_a_file()
    named = own_shifts("c1", (series, first, second, other))
    swapped = own_shifts(
        "c1", (other, replace(second, id=first.id), replace(first, id=second.id), series)
    )

    assert len({one.id for one in named}) == 4
    assert all(len(one.id) < 40 and one.id.startswith("c1/") for one in named)
    assert {replace(one, id=""): one.id for one in named} == {
        replace(one, id=""): one.id for one in swapped
    }
    assert {replace(one, id="") for one in named} == {
        replace(one, id="") for one in shifts_of_a_file()
    }


def test_a_turn_that_is_given_to_somebody_else_has_another_name() -> None:
    series = shifts_of_a_file()[0]
    (before,), (after,), (backup,) = (
        own_shifts("c1", [one])
        for one in (series, replace(series, who="bo"), replace(series, rank=Rank.BACKUP))
    )

    assert len({before.id, after.id, backup.id}) == 3


def test_the_same_event_twice_makes_two_names() -> None:
    one = shifts_of_a_file()[3]

    assert len({each.id for each in own_shifts("c1", [one, one])}) == 2


def test_a_calendar_stands_beside_the_file_and_makes_a_rota_where_there_is_none() -> None:
    first, second = shifts_of_a_file()[:2]

    assert with_calendars(desk(), []).shifts is None
    assert with_calendars(desk(), [()]).shifts == ()
    assert with_calendars(replace(desk(), shifts=(first,)), [(second,)]).shifts == (first, second)


def test_new_gaps_are_those_that_were_none_before() -> None:
    day = shift("ada", "2026-01-05T08:00", "2026-01-05T20:00", "FREQ=DAILY")
    short = replace(day, ends=day.ends - timedelta(hours=2), id="short")
    noon = shift("bo", "2026-01-06T10:00", "2026-01-06T12:00")
    found = new_gaps(rota(day), rota(short, noon), utc("2026-01-05T12:00"))

    assert found[0].start == utc("2026-01-05T18:00")
    assert found[0].end == utc("2026-01-05T20:00")
    assert len(found) == 14
    assert new_gaps(rota(short, noon), rota(day), utc("2026-01-05T12:00")) == ()


@given(any_rota(), any_rota(), moments())
def test_in_a_new_gap_somebody_was_there_before_and_nobody_is_after(
    before: Rota, after: Rota, now: datetime
) -> None:
    for gap in new_gaps(before, after, now):
        middle = gap.start + (gap.end - gap.start) / 2
        assert on_duty(before, middle).everyone
        assert not on_duty(after, middle).everyone


@pytest.mark.parametrize(
    ("one", "found"),
    [
        (ONE, []),
        (replace(ONE, failures=2, obstacle=Obstacle.BUSY), []),
        (
            replace(ONE, failures=1, obstacle=Obstacle.GONE),
            [Finding(Failing.CALENDAR, "example.org (c1)", "since 2026-01-05 12:00 UTC: gone")],
        ),
        (replace(ONE, unused=2), [Finding(Failing.EVENTS, "example.org (c1)", "2 not used")]),
    ],
)
def test_what_passes_by_itself_is_not_told_at_once(one: Subscription, found: object) -> None:
    assert findings([one], NOON + LATE) == found


def test_what_nobody_reads_is_told_though_nothing_failed() -> None:
    found = findings([ONE], NOON + LATE + MINUTE)

    assert found == [
        Finding(Failing.CALENDAR, "example.org (c1)", "since 2026-01-05 12:00 UTC")
    ]  # fmt: skip
