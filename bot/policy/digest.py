"""When people hear what was held back from them."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.desk import Desk
from bot.domain.message import AccountRef
from bot.domain.page import Page
from bot.policy.budget import quiet_until


def last_digest(desk: Desk, now: datetime) -> datetime:
    """Give the moment at which the last digest was due: what was held back before it is in it."""
    zone = ZoneInfo(desk.time_zone)
    today = now.astimezone(zone).date()
    due = datetime.combine(today, desk.digest_at, zone).astimezone(UTC)
    if due <= now:
        return due
    yesterday = today - timedelta(days=1)
    return datetime.combine(yesterday, desk.digest_at, zone).astimezone(UTC)


def by_person(pages: Iterable[Page], desk: Desk) -> dict[AccountRef, tuple[Page, ...]]:
    """Sort what was held back by whom it is told to: each person in their first account.

    Who has left the desk is told nothing any more; the last resort hears it in their place.
    """
    homes = {account: one.account for one in desk.practitioners for account in one.accounts}
    found: dict[AccountRef, tuple[Page, ...]] = {}
    for page in pages:
        to = homes.get(page.who, desk.last_resort)
        found[to] = (*found.get(to, ()), page)
    return found


def told_at(desk: Desk, to: AccountRef, now: datetime) -> datetime:
    """Let a digest wait until the quiet hours of whom it is for are over."""
    person = next((one for one in desk.practitioners if one.account == to), None)
    return (quiet_until(person, desk.time_zone, now) if person is not None else None) or now
