"""Write a rota as an iCalendar file that other calendars read.

It holds the shifts, which are the plan. What people changed for a while is not in it.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress, vRecur, vText

from bot.data.attendance import WHO
from bot.domain.desk import Desk
from bot.domain.duty import Rank, Shift
from bot.domain.practitioner import Practitioner
from bot.policy import recurrence

_ROLES = {Rank.PRIMARY: "REQ-PARTICIPANT", Rank.BACKUP: "OPT-PARTICIPANT"}
_YEARS_AHEAD = timedelta(days=5 * 366)  # how far the rules of time zones are written out


def write_calendar(desk: Desk, at: datetime) -> bytes:
    """Write the desk's shifts, as of `at`. A shift of nobody at the desk is left out."""
    people = {person.key: person for person in desk.practitioners}
    calendar = Calendar()
    calendar.add("PRODID", "-//Waymark//Duty rota//EN")
    calendar.add("VERSION", "2.0")
    calendar.add("X-WR-CALNAME", f"{desk.name}: who is on duty")
    shifts = [shift for shift in desk.shifts or () if shift.who in people]
    for shift in shifts:
        calendar.add_component(_event(desk, shift, people[shift.who], at))
    if shifts:
        first = min(shift.starts for shift in shifts).date()
        calendar.add_missing_timezones(first_date=first, last_date=(at + _YEARS_AHEAD).date())
    content: bytes = calendar.to_ical()
    return content


def _event(desk: Desk, shift: Shift, who: Practitioner, at: datetime) -> Event:
    zone = ZoneInfo(shift.zone)
    event = Event()
    event.add("UID", shift.id if "@" in shift.id else f"{shift.id}@{desk.id}.waymark")
    event.add("DTSTAMP", at)
    event.add("DTSTART", shift.starts.replace(tzinfo=zone))
    event.add("DTEND", shift.ends.replace(tzinfo=zone))
    event.add("SUMMARY", f"On duty: {who.name} ({shift.rank})")
    event.add("CATEGORIES", [shift.rank.value])
    event.add(WHO, who.key)
    event.add("TRANSP", "TRANSPARENT")  # being on duty is not being in a meeting
    if shift.repeats:
        event.add("RRULE", _rule(shift))
    for skip in shift.skips:
        event.add("EXDATE", skip.replace(tzinfo=zone))
    if who.email:
        event.add("ATTENDEE", _attendee(who, shift.rank))
    return event


def _rule(shift: Shift) -> vRecur:
    """Give the rule as a calendar has it: its end in UTC."""
    rule: vRecur = vRecur.from_ical(shift.repeats)
    if "UNTIL" in rule:
        rule["UNTIL"] = [recurrence.moment(rule["UNTIL"][0], ZoneInfo(shift.zone)).astimezone(UTC)]
    return rule


def _attendee(who: Practitioner, rank: Rank) -> vCalAddress:
    address = vCalAddress(f"mailto:{who.email}")
    address.params["CN"] = vText(who.name)
    address.params["ROLE"] = vText(_ROLES[rank])
    return address
