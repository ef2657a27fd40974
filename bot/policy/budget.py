"""How often one person is called, and when not: `shared/domain.md` section 7.

Two urgent pages in 12 hours are what a person can carry (Google SRE: two incidents a shift). The
budget counts alerts, not messages: to be told again of the same one costs nothing. P0 knows neither
budget nor night.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.alert import Case
from bot.domain.desk import Desk
from bot.domain.message import AccountRef
from bot.domain.page import Fate, Page
from bot.domain.practitioner import Practitioner
from bot.domain.reading import Priority
from bot.policy.alert import Change

WINDOW: Final = timedelta(hours=12)
_A_DAY: Final = timedelta(days=1)


def spared(desk: Desk, sent: Iterable[Page], now: datetime) -> dict[AccountRef, Fate]:
    """Say whom no P1 should call now, and why. `sent` are the pages of the last 12 hours."""
    counted = [page for page in sent if now - WINDOW < page.at <= now and page.fate is Fate.SENT]
    found: dict[AccountRef, Fate] = {}
    for person in desk.practitioners:
        alerts = {page.alert for page in counted if page.who in person.accounts}
        if quiet_until(person, desk.time_zone, now) is not None:
            found |= dict.fromkeys(person.accounts, Fate.QUIET)
        elif len(alerts) >= desk.pages_per_person:
            found |= dict.fromkeys(person.accounts, Fate.OVER_BUDGET)
    return found


def quiet_until(person: Practitioner, zone: str, now: datetime) -> datetime | None:
    """Give the end of the quiet hours that a person has now; None when they have none.

    Their clock is that of their profile's zone, or else `zone`.
    """
    clock = ZoneInfo(person.profile.zone if person.profile is not None else zone)
    today = now.astimezone(clock).date()
    ends = []
    for day in (today - _A_DAY, today):
        for hours in person.quiet:
            if day.weekday() in hours.days:
                over = hours.until <= hours.since
                starts = datetime.combine(day, hours.since, clock).astimezone(UTC)
                end = datetime.combine(day + over * _A_DAY, hours.until, clock).astimezone(UTC)
                ends += [end] if starts <= now < end else []
    return max(ends, default=None)


def pages_of(before: Case, change: Change, now: datetime) -> tuple[Page, ...]:
    """List what a change costs whom: new pages, and those held back. Only a P1 costs anything."""
    case = change.case
    if case.priority is not Priority.P1 or case.drill:
        return ()
    new = [to for tell in change.tells for to in tell.to if to not in before.told]
    fates = {
        **{held.to: held.why for held in change.withheld},
        **dict.fromkeys(new, Fate.SENT),
    }
    return tuple(Page(case.desk, case.key, who, now, fate) for who, fate in fates.items())
