"""Shifts keep their hours on the wall when clocks change, in both directions and hemispheres."""

from datetime import timedelta

import pytest

from bot.policy.duty import on_duty, turns
from bot.policy.recurrence import rule, wall_clock
from bot.policy.rota import gaps
from tests.support.rota import rota, shift, utc, wall

HOUR = timedelta(hours=1)
# The zone, the last midnight before its clocks change, and the hours that the night from 22:00 to
# 06:00 then has; 2026 and 2027.
NIGHTS = [
    ("Europe/London", "2027-03-27", 7),
    ("Europe/London", "2026-10-24", 9),
    ("Europe/Helsinki", "2027-03-27", 7),
    ("Europe/Helsinki", "2026-10-24", 9),
    ("America/New_York", "2027-03-13", 7),
    ("America/New_York", "2026-10-31", 9),
    ("Australia/Sydney", "2026-10-03", 7),
    ("Australia/Sydney", "2027-04-03", 9),
    ("Asia/Singapore", "2026-10-24", 8),
    ("Asia/Singapore", "2027-03-27", 8),
]


@pytest.mark.parametrize(("zone", "day", "hours"), NIGHTS)
def test_a_night_over_the_change_ends_at_six_by_the_clock(zone: str, day: str, hours: int) -> None:
    nights = shift("ada", "2026-01-01T22:00", "2026-01-02T06:00", "FREQ=DAILY", zone=zone)
    begins = wall(f"{day}T22:00")
    window = (utc(f"{day}T00:00") - 20 * HOUR, utc(f"{day}T00:00") + 60 * HOUR)
    lengths = {
        wall_clock(turn.start, zone): (turn.end - turn.start) / HOUR
        for turn in turns(rota(nights), *window)
    }
    ends = {wall_clock(turn.end, zone).time() for turn in turns(rota(nights), *window)}

    assert lengths[begins] == hours
    assert set(lengths.values()) <= {8.0, float(hours)}
    assert {end.hour for end in ends} == {6}


@pytest.mark.parametrize(("zone", "day", "hours"), NIGHTS)
def test_three_shifts_a_day_leave_no_gap_and_no_overlap(zone: str, day: str, hours: int) -> None:
    round_the_clock = rota(
        shift("ada", "2026-01-01T22:00", "2026-01-02T06:00", "FREQ=DAILY", zone=zone),
        shift("bo", "2026-01-01T06:00", "2026-01-01T14:00", "FREQ=DAILY", zone=zone),
        shift("cid", "2026-01-01T14:00", "2026-01-01T22:00", "FREQ=DAILY", zone=zone),
    )
    start = utc(f"{day}T00:00") - 30 * HOUR
    moments = [start + n * HOUR / 4 for n in range(4 * 90)]

    assert {len(on_duty(round_the_clock, at).everyone) for at in moments} == {1}
    assert all(gap.lack == "backup" for gap in gaps(round_the_clock, start, start + 90 * HOUR))
    assert hours in {7, 8, 9}


@pytest.mark.parametrize(("zone", "day", "hours"), NIGHTS)
def test_shifts_that_meet_inside_the_hour_of_the_change_leave_no_gap(
    zone: str, day: str, hours: int
) -> None:
    after = (wall(f"{day}T00:00") + timedelta(days=1)).date()
    for at in ("01:30", "02:00", "02:30", "03:00", "03:30"):
        both = rota(
            shift("ada", f"{day}T22:00", f"{after}T{at}", zone=zone),
            shift("bo", f"{after}T{at}", f"{after}T08:00", zone=zone),
        )
        whole = turns(both, utc(f"{day}T00:00") - 24 * HOUR, utc(f"{day}T00:00") + 72 * HOUR)
        start, end = min(turn.start for turn in whole), max(turn.end for turn in whole)

        assert all(gap.lack == "backup" for gap in gaps(both, start, end))
        assert (end - start) / HOUR == hours + 2


def test_a_weekly_shift_keeps_its_hour_in_winter_and_summer() -> None:
    weekly = rota(
        shift("ada", "2026-01-05T09:00", "2026-01-05T10:00", "FREQ=WEEKLY", zone="Europe/London")
    )

    assert on_duty(weekly, utc("2026-01-12T09:30")).primary is not None
    assert on_duty(weekly, utc("2026-07-06T08:30")).primary is not None
    assert on_duty(weekly, utc("2026-07-06T09:30")).primary is None


def test_a_time_that_the_clock_leaves_out_is_no_turn_of_less_than_nothing() -> None:
    # In London 01:00 to 02:00 is left out on this night: 01:30 is 02:30 by the new clock.
    short = rota(shift("ada", "2027-03-28T01:30", "2027-03-28T02:00", zone="Europe/London"))

    assert turns(short, utc("2027-03-27T00:00"), utc("2027-03-29T00:00")) == ()


@pytest.mark.parametrize(
    ("written", "zone", "expected"),
    [
        ("FREQ=DAILY", "UTC", "FREQ=DAILY"),
        ("freq=weekly;byday=mo", "UTC", "FREQ=WEEKLY;BYDAY=MO"),
        ("FREQ=MONTHLY;BYDAY=-1MO", "UTC", "FREQ=MONTHLY;BYDAY=-1MO"),
        ("FREQ=MONTHLY;BYDAY=+5MO", "UTC", "FREQ=MONTHLY;BYDAY=+5MO"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "UTC", "FREQ=MONTHLY;BYMONTHDAY=-1"),
        ("FREQ=DAILY;COUNT=3", "UTC", "FREQ=DAILY;UNTIL=20261202T090000"),
        ("FREQ=DAILY;UNTIL=20261231", "UTC", "FREQ=DAILY;UNTIL=20261231T235959"),
        (
            "FREQ=DAILY;UNTIL=20261231T070000Z",
            "Europe/Helsinki",
            "FREQ=DAILY;UNTIL=20261231T090000",
        ),
    ],
)
def test_a_rule_is_kept_by_the_wall_clock(written: str, zone: str, expected: str) -> None:
    kept = rule(written, starts=wall("2026-11-30T09:00"), zone=zone)

    assert kept == expected
    assert rule(kept, starts=wall("2026-11-30T09:00"), zone=zone) == kept


@pytest.mark.parametrize(
    ("written", "mend"),
    [
        ("every monday", "FREQ has to be"),
        ("", "FREQ has to be"),
        ("FREQ=DAILY;BYDAY=ZZ", "not an RRULE"),
        ("FREQ=SECONDLY", "FREQ has to be"),
        ("FREQ=DAILY;BYHOUR=1,2,3", "has no BYHOUR"),
        ("FREQ=DAILY;INTERVAL=0", "1 or more"),
        ("FREQ=DAILY;COUNT=0", "1 or more"),
        ("FREQ=DAILY;INTERVAL=999999999", "366 at most"),
        ("FREQ=DAILY;COUNT=2;UNTIL=20261231", "exclude each other"),
        ("FREQ=DAILY;UNTIL=20261129", "before the start"),
        ("FREQ=WEEKLY;BYDAY=TU", "its own first time"),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "has no BYMONTH"),
        ("FREQ=MONTHLY;BYMONTHDAY=29", "its own first time"),
        ("FREQ=MONTHLY;BYDAY=4MO", "its own first time"),
        ("FREQ=MONTHLY;BYDAY=MO;BYMONTHDAY=30", "exclude each other"),
        ("FREQ=WEEKLY;BYDAY=1MO", "only in a MONTHLY"),
        ("FREQ=DAILY;INTERVAL=7;BYDAY=TU", "not both"),
        ("FREQ=DAILY;COUNT=9999", "past five years"),
        ("FREQ=YEARLY;COUNT=90", "past five years"),
    ],
)
def test_a_rule_that_is_not_for_a_rota_is_refused_with_its_mend(written: str, mend: str) -> None:
    with pytest.raises(ValueError, match=mend):
        rule(written, starts=wall("2026-11-30T09:00"), zone="UTC")
