"""A drill: a test alert that goes the whole way of a real one, and is marked as none."""

from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.alert import About, Case
from bot.domain.decision import Alert, Decision, Recorded
from bot.domain.desk import Desk
from bot.domain.message import MessageRef, Place, PlatformName
from bot.domain.reading import Priority, Versions
from bot.policy.alert import opened
from bot.policy.decide import VERSION
from bot.policy.page import names_of, pages, shared
from bot.policy.plan import is_working, plan_of
from bot.policy.routing import Staff

# A drill calls as a P1 does: it escalates, but wakes nobody in their quiet hours.
PRIORITY: Final = Priority.P1
# How long after its time a drill may still come, if the bot was away or nobody works on that day.
LATEST: Final = timedelta(days=7)
NOWHERE: Final = PlatformName("drill")


def drill_due(desk: Desk, now: datetime) -> str | None:
    """Give the id of the drill that is due now by the desk file; None when none is."""
    if desk.drill is None:
        return None
    zone = ZoneInfo(desk.time_zone)
    local = now.astimezone(zone)
    day = local.date().replace(day=desk.drill.day)
    due = datetime.combine(day, desk.drill.at, zone).astimezone(UTC)
    is_time = due <= now < due + LATEST
    return f"{day:%Y-%m}" if is_time and is_working(now, zone, desk.working_hours) else None


def drilled(desk: Desk, id_: str, now: datetime, staff: Staff) -> Recorded:
    """Make the test alert `id_`, as a message that deserves a P1 would make it: one an id."""
    ref = MessageRef(Place(NOWHERE, desk.id, "drill", name="a drill"), id_)
    new = Case(desk.id, ref.key, PRIORITY, plan_of(desk, PRIORITY, now), drill=True)
    change = opened(new, now, staff)
    about = About(ref, "", now)
    return Recorded(
        desk=desk.id,
        ref=ref,
        link="",
        author="",
        sent_at=now,
        decision=Decision(PRIORITY, (), (Alert(PRIORITY),), (), Versions("", "", VERSION)),
        alert=ref.key,
        deliveries=(
            *pages(change, about, names_of(desk), desk.time_zone, now),
            *shared(change.case, about, names_of(desk), desk, now),
        ),
        case=change.case,
    )
