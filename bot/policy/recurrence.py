"""Times on a wall clock that come round again, as moments. Pure: the past and future of a rule.

The RRULE itself is read by icalendar and unrolled by recurring-ical-events, on times without a
zone; the zone is added to each turn afterwards. So a shift from 22:00 to 06:00 ends at six by the
clock on every night of the year, and lasts seven or nine hours when clocks change.
"""

from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from icalendar import Calendar, Event, vRecur
from recurring_ical_events import CalendarQuery, of

from bot.domain.duty import Shift, Turn

# What a rota needs. All else is refused: of a rule by the second, or of one that never comes round
# (30 February), a calendar never reaches the end.
PARTS = {
    "DAILY": frozenset({"BYDAY"}),
    "WEEKLY": frozenset({"BYDAY"}),
    "MONTHLY": frozenset({"BYDAY", "BYMONTHDAY"}),
    "YEARLY": frozenset[str](),
}
ALWAYS = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"})
MOST_INTERVAL = 366
LONGEST_COUNT = timedelta(days=5 * 366)
_A_DAY = timedelta(days=1)
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_DAY_END = time(23, 59, 59)


def rule(written: str, *, starts: datetime, zone: str) -> str:
    """Give an RRULE as a shift holds it: checked, UNTIL by the wall clock, no COUNT.

    Raises ValueError that says what to write instead.
    """
    parts = _parts(written)
    wanted = parts.pop("COUNT", [None])[0]
    if "UNTIL" in parts:
        parts["UNTIL"] = [_last(parts["UNTIL"][0], zone)]
        if parts["UNTIL"][0] < starts:
            raise ValueError("UNTIL lies before the start; write a later date")
    if not _names(parts, starts):
        raise ValueError("the rule leaves out its own first time; start on a day that it names")
    if wanted is not None:
        counted = _times(parts, starts, until=starts + LONGEST_COUNT)[:wanted]
        if len(counted) < wanted:
            raise ValueError("COUNT reaches past five years; write UNTIL with a date instead")
        parts["UNTIL"] = [counted[-1]]
    return _text(parts)


def turns(shift: Shift, start: datetime, stop: datetime) -> tuple[Turn, ...]:
    """Give the turns of a shift that touch the time from `start` to `stop`, the earliest first.

    A turn that clocks going forward leave no time for is none.
    """
    zone = ZoneInfo(shift.zone)
    # A day more on either side: wall clocks differ from UTC by up to 14 hours.
    early = start.astimezone(UTC).replace(tzinfo=None) - _A_DAY
    late = stop.astimezone(UTC).replace(tzinfo=None) + _A_DAY
    found = (
        Turn(shift.id, shift.who, shift.rank, moment(starts, zone), moment(ends, zone))
        for starts, ends in _wall_clock_times(shift, early, late)
    )
    return tuple(
        sorted(
            (t for t in found if t.start < t.end and t.start < stop and t.end > start),
            key=lambda turn: turn.start,
        )
    )


def moment(at: datetime, zone: ZoneInfo) -> datetime:
    """Give the moment of a wall-clock time: of two, the first; in an hour left out, as if not."""
    return at.replace(tzinfo=zone).astimezone(UTC)


def wall_clock(at: datetime, zone: str) -> datetime:
    """Give what the clock on the wall shows at a moment; a time without a zone is one already."""
    return at if at.tzinfo is None else at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def _wall_clock_times(
    shift: Shift, early: datetime, late: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """Give the times of a shift; one that comes once needs no calendar, and a feed has many."""
    if shift.repeats:
        yield from ((each.start, each.end) for each in _series(shift).between(early, late))
    elif shift.starts not in shift.skips and shift.starts < late and shift.ends > early:
        yield shift.starts, shift.ends


@lru_cache(maxsize=2048)
def _series(shift: Shift) -> CalendarQuery:
    event = Event()
    event.add("uid", shift.id)
    event.add("dtstart", shift.starts)
    event.add("dtend", shift.ends)
    event.add("rrule", vRecur.from_ical(shift.repeats))
    for skip in shift.skips:
        event.add("exdate", skip)
    calendar = Calendar()
    calendar.add_component(event)
    return of(calendar)


def _parts(written: str) -> vRecur:
    try:
        parts: vRecur = vRecur.from_ical(written)
    except ValueError:
        raise ValueError("not an RRULE; write one such as FREQ=WEEKLY;BYDAY=MO,WE") from None
    frequency = str(parts.get("FREQ", [""])[0])
    if frequency not in PARTS:
        raise ValueError(f"FREQ has to be one of {', '.join(PARTS)}")
    unknown = sorted({str(name).upper() for name in parts} - PARTS[frequency] - ALWAYS)
    if unknown:
        raise ValueError(f"a {frequency} rota has no {unknown[0]}; leave it out")
    if "COUNT" in parts and "UNTIL" in parts:
        raise ValueError("COUNT and UNTIL exclude each other; leave one out")
    if any(number < 1 for name in ("INTERVAL", "COUNT") for number in parts.get(name, [1])):
        raise ValueError("INTERVAL and COUNT have to be 1 or more")
    if parts.get("INTERVAL", [1])[0] > MOST_INTERVAL:
        raise ValueError(f"INTERVAL has to be {MOST_INTERVAL} at most")
    _refuse_seldom(parts, frequency)
    return parts


def _refuse_seldom(parts: vRecur, frequency: str) -> None:
    """Refuse what icalendar takes but what would come round seldom, or never."""
    days = [str(day) for day in parts.get("BYDAY", [])]
    if frequency != "MONTHLY" and any(len(day) > len("MO") for day in days):
        raise ValueError("days have numbers only in a MONTHLY rota; leave the number out")
    if frequency == "DAILY" and days and parts.get("INTERVAL", [1])[0] > 1:
        raise ValueError("DAILY takes INTERVAL or BYDAY, not both; write WEEKLY with BYDAY")
    if days and "BYMONTHDAY" in parts:
        raise ValueError("BYDAY and BYMONTHDAY exclude each other; leave one out")


def _last(until: date, zone: str) -> datetime:
    if isinstance(until, datetime):
        return wall_clock(until, zone)
    return datetime.combine(until, _DAY_END)


def _text(parts: vRecur) -> str:
    written: bytes = parts.to_ical()  # type: ignore[no-untyped-call]  # it ships half its types
    return written.decode()


def _names(parts: vRecur, day: datetime) -> bool:
    """Say whether a rule names a day, without unrolling it."""
    left = monthrange(day.year, day.month)[1] - day.day
    in_month = parts.get("BYMONTHDAY", [day.day])
    nth = {"", f"{day.day // 7 + (day.day % 7 > 0)}", f"-{left // 7 + 1}"}
    named = {f"{n}{_WEEKDAYS[day.weekday()]}" for n in nth}
    by_day = {str(each).removeprefix("+") for each in parts.get("BYDAY", [*named])}
    return bool({day.day, -left - 1} & set(in_month)) and bool(named & by_day)


def _times(parts: vRecur, starts: datetime, *, until: datetime) -> list[datetime]:
    """Unroll a rule no further than `until`: a rule that never comes round ends there too."""
    last = min(until, parts["UNTIL"][0]) if "UNTIL" in parts else until
    bounded = vRecur({**parts, "UNTIL": [last]})
    try:
        return list(rrulestr(_text(bounded), dtstart=starts))
    except ValueError:
        raise ValueError("not an RRULE; write one such as FREQ=WEEKLY;BYDAY=MO,WE") from None
