"""When a desk states its day, and which day that is."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.desk import Desk


def day_to_state(desk: Desk, now: datetime) -> date | None:
    """Give the day whose statement was due last, or None when the desk wants none.

    It is the last day that was over, in UTC, when the clock of the desk's wall came to
    `statement_at`. A bot that was down at that moment states the day when it is back.
    """
    if desk.statement_at is None:
        return None
    zone = ZoneInfo(desk.time_zone)
    today = now.astimezone(zone).date()
    due = datetime.combine(today, desk.statement_at, zone)
    if due.astimezone(UTC) > now:
        due = datetime.combine(today - timedelta(days=1), desk.statement_at, zone)
    return due.astimezone(UTC).date() - timedelta(days=1)


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """Give the moment at which a day of the ledger begins, and the one at which it is over."""
    start = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return start, start + timedelta(days=1)
