"""The end of a working day, on the desk's own clock and by its own hours."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.data.practitioner import read_hours
from bot.domain.alert import Step, Who
from bot.domain.reading import Priority
from bot.policy.plan import STEPS, day_end, is_working, plan_for
from tests.support.build import NOON

LONDON = ZoneInfo("Europe/London")


def utc(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "at", "end"),
    [
        (("mon-fri 09:00-17:00",), "2026-01-05T03:00", "2026-01-05T17:00"),  # before it begins
        (("mon-fri 09:00-12:00", "mon-fri 13:00-18:00"), "2026-01-05T11:00", "2026-01-05T18:00"),
        (("sat 10:00-12:00",), "2026-01-05T11:00", "2026-01-10T12:00"),
        (("mon-fri 14:00-01:00",), "2026-01-06T00:30", "2026-01-06T01:00"),  # of the day before
        (("mon-sun 00:00-24:00",), "2026-01-05T11:00", "2026-01-06T00:00"),
        (("mon-fri 09:00-17:00",), "2026-07-06T12:00", "2026-07-06T16:00"),  # summer time
    ],
)
def test_the_day_ends_by_the_desks_hours(hours: tuple[str, ...], at: str, end: str) -> None:
    assert day_end(utc(at), LONDON, tuple(map(read_hours, hours))) == utc(end)


def test_working_hours_have_a_beginning_and_an_end() -> None:
    hours = (read_hours("mon-fri 09:00-17:00"),)
    times = ("2026-01-05T08:59", "2026-01-05T09:00", "2026-01-05T16:59", "2026-01-05T17:00")

    assert [is_working(utc(at), LONDON, hours) for at in times] == [False, True, True, False]
    assert not is_working(utc("2026-01-10T12:00"), LONDON, hours)


def test_a_desks_own_steps_take_the_place_of_those_of_this_release() -> None:
    own = (Step((Who.EVERYONE,), timedelta()), Step((Who.LAST_RESORT,), timedelta(minutes=3)))
    steps = {**STEPS, Priority.P0: own}

    assert plan_for(Priority.P0, NOON, steps=steps).steps == own
    assert plan_for(Priority.P1, NOON, steps=steps).steps == STEPS[Priority.P1]
