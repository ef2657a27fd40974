"""The plan of a new alert: whom to tell, when. It is frozen into the alert when it is opened."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final, assert_never
from zoneinfo import ZoneInfo

from bot.domain.alert import Plan, Step, Who
from bot.domain.desk import OFFICE_HOURS, Desk
from bot.domain.practitioner import Hours
from bot.domain.reading import Priority

_QUARTER: Final = timedelta(minutes=15)
# The steps of a desk that names none of its own. The last is repeated until somebody answers.
STEPS: Final[Mapping[Priority, tuple[Step, ...]]] = {
    Priority.P0: (
        Step((Who.EVERYONE,), timedelta()),
        Step((Who.EVERYONE, Who.BACKUP), timedelta(minutes=5)),
        Step((Who.LAST_RESORT,), timedelta(minutes=5)),
        Step((Who.EVERYONE, Who.LAST_RESORT), _QUARTER),
    ),
    Priority.P1: (
        Step((Who.PRIMARY,), timedelta()),
        Step((Who.NEXT,), _QUARTER),
        Step((Who.EVERYONE,), _QUARTER),
        Step((Who.LAST_RESORT,), _QUARTER),
        Step((Who.EVERYONE, Who.LAST_RESORT), timedelta(hours=1)),
    ),
}
_A_DAY: Final = timedelta(days=1)
_TWO_WEEKS: Final = 15


def plan_of(desk: Desk, priority: Priority, opened_at: datetime) -> Plan:
    """Make the plan of a new case of `desk`, by its own steps and hours."""
    return plan_for(
        priority,
        opened_at,
        zone=ZoneInfo(desk.time_zone),
        hours=desk.working_hours,
        steps={**STEPS, **desk.escalation},
    )


def plan_for(
    priority: Priority,
    opened_at: datetime,
    *,
    zone: tzinfo = UTC,
    hours: Sequence[Hours] = OFFICE_HOURS,
    steps: Mapping[Priority, tuple[Step, ...]] = STEPS,
) -> Plan:
    match priority:
        case Priority.P0 | Priority.P1:
            return Plan(steps[priority])
        case Priority.P2 | Priority.P3:
            until_evening = day_end(opened_at, zone, hours) - opened_at
            named = Step((Who.PRIMARY, Who.EVERYONE), until_evening, names_owner=True)
            return Plan((named, replace(named, wait=_A_DAY)))
        case _:
            assert_never(priority)


def day_end(at: datetime, zone: tzinfo, hours: Sequence[Hours] = OFFICE_HOURS) -> datetime:
    """Give the end of the working day that `at` is in, or of the next one."""
    return min(end for _, end in _days(at, zone, hours) if end > at)


def is_working(at: datetime, zone: tzinfo, hours: Sequence[Hours]) -> bool:
    """Say whether `at` lies between the first and the last hour of a working day."""
    return any(start <= at < end for start, end in _days(at, zone, hours))


def _days(
    at: datetime, zone: tzinfo, hours: Sequence[Hours]
) -> Iterator[tuple[datetime, datetime]]:
    """Give the working days around `at`, from the first opening of each to its last closing."""
    first = at.astimezone(zone).date() - _A_DAY
    for day in (first + n * _A_DAY for n in range(_TWO_WEEKS)):
        spans = []
        for each in hours:
            if day.weekday() in each.days:
                over = each.until <= each.since
                opens = datetime.combine(day, each.since, zone)
                spans.append((opens, datetime.combine(day + over * _A_DAY, each.until, zone)))
        if spans:
            opens, closes = min(s[0] for s in spans), max(s[1] for s in spans)
            yield opens.astimezone(UTC), closes.astimezone(UTC)
