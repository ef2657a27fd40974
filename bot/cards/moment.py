"""Moments in words, on the clock of whoever reads them."""

from datetime import datetime
from zoneinfo import ZoneInfo


def at_clock(at: datetime, zone: str) -> str:
    """Say a moment as the wall of `zone` shows it, with the zone's short name."""
    return f"{at.astimezone(ZoneInfo(zone)):%a %d %b %H:%M %Z}"


def hour_at(at: datetime, zone: str) -> str:
    """Say the hour alone, of what happened just now."""
    return f"{at.astimezone(ZoneInfo(zone)):%H:%M %Z}"
