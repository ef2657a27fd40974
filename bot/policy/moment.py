"""Times and lengths as people type them. What cannot be read is None, never a guess."""

import re
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

HOW_TO_TYPE = "Type a time such as 17:30 or 2026-11-30T17:30, or a length such as 3h or 45m."
HOW_TO_TYPE_DAY = "Type a length such as 3d or 2w, or a day such as 2026-11-30."
FARTHEST = timedelta(days=366)
_LENGTH = re.compile(r"(\d{1,3})\s*([mhdw])")
_CLOCK = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)")
_UNITS = {
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(days=7),
}
_MORNING = time(9)


def read_moment(typed: str, now: datetime, zone: str) -> datetime | None:
    """Read a length from now, a time on the wall of `zone` (the next to come), or a whole date."""
    written = typed.strip().lower()
    if length := _LENGTH.fullmatch(written):
        return _near(now + int(length[1]) * _UNITS[length[2]], now)
    if clock := _CLOCK.fullmatch(written):
        return _next(time(int(clock[1]), int(clock[2])), now, ZoneInfo(zone))
    return _whole(written, now, ZoneInfo(zone))


def _next(clock: time, now: datetime, zone: ZoneInfo) -> datetime:
    local = now.astimezone(zone)
    found = datetime.combine(local.date(), clock, zone)
    if found <= local:
        found = datetime.combine(local.date() + timedelta(days=1), clock, zone)
    return found.astimezone(UTC)


def _whole(written: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    """Read a date, at nine in the morning if it names no time."""
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        return None
    if len(written) <= len("2026-11-30"):
        found = datetime.combine(found.date(), _MORNING)
    if found.tzinfo is None:
        found = found.replace(tzinfo=zone)
    return _near(found.astimezone(UTC), now)


def _near(found: datetime, now: datetime) -> datetime | None:
    return found if abs(found - now) <= FARTHEST else None
