"""Read an iCalendar file as shifts, and name every event that cannot be one, with its mend.

Only times, repetition and who are read. What else an event says (notes, places, links) is not kept.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Any

from icalendar import Calendar, Event

from bot.data.attendance import Attendance, Unusable
from bot.data.practitioner import is_zone
from bot.data.rota import EARLIEST, LATEST
from bot.domain.duty import Shift
from bot.domain.practitioner import Practitioner
from bot.policy import recurrence
from bot.policy.rota import LONGEST_STRETCH
from bot.reports.inert import inert

MOST_BYTES = 1_000_000
MOST_EVENTS = 1_000
MOST_EXTRA = 366  # times that one event adds to its rule
MOST_DEPTH = 8  # components in components
_BOUNDARY = re.compile(rb"^(BEGIN|END):", re.MULTILINE | re.IGNORECASE)
_LONGEST_ID = 150
_LONGEST_NAME = 60


class BadCalendar(Exception):  # noqa: N818 - a value-like outcome for the command line, exit code 65
    """A file is no calendar that can be read. Its text is one line that says what to do."""


class NoEvents(BadCalendar):
    """A calendar is whole, and there is nothing in it to read."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of a calendar. `cancelled` events were left out because they say so."""

    shifts: tuple[Shift, ...]
    problems: tuple[str, ...]
    cancelled: int


def load_calendar(path: Path, people: Sequence[Practitioner]) -> Imported:
    """Read the calendar at `path`. Raises BadCalendar."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as failure:
        raise BadCalendar(f"{path}: {failure.strerror}. Check the path.") from None
    try:
        return read_calendar(content, people)
    except BadCalendar as bad:
        raise BadCalendar(f"{path}: {bad}") from None


def read_calendar(
    content: bytes,
    people: Sequence[Practitioner],
    *,
    since: date | None = None,
    most_bytes: int = MOST_BYTES,
) -> Imported:
    """Read a calendar. Raises BadCalendar; a single event that is no shift is only a problem.

    What was over before `since` is left out: a calendar that is kept for years grows.
    """
    calendar = _parse(content, most_bytes)
    events = [one for one in calendar.events if since is None or not _is_over(one, since)]
    if not events:
        ago = " that is not over" if calendar.events else ""
        raise NoEvents(f"there is no event in it{ago}. Export the calendar that holds the rota.")
    if len(events) > MOST_EVENTS:
        raise BadCalendar(
            f"{len(events):,} events, {MOST_EVENTS:,} are the most."
            " Export a shorter time, or let shifts repeat."
        )
    zone = str(calendar.get("X-WR-TIMEZONE", ""))
    return _Reading(Attendance(people), zone if is_zone(zone) else "").all(events)


def _parse(content: bytes, most_bytes: int) -> Calendar:
    if len(content) > most_bytes:
        raise BadCalendar(f"more than {most_bytes // 1_000_000} MB. Export a shorter time.")
    depth = deepest = 0
    for boundary in _BOUNDARY.finditer(content):
        depth += 1 if boundary[1].upper() == b"BEGIN" else -1
        deepest = max(deepest, depth)
    if deepest > MOST_DEPTH:
        raise BadCalendar("parts in parts too deep to be a calendar. Export it again.")
    try:
        calendar = Calendar.from_ical(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise BadCalendar("not UTF-8. Export it again as iCalendar (.ics).") from None
    except (ValueError, IndexError, KeyError):
        raise BadCalendar("not one whole iCalendar file. Export it again as .ics.") from None
    if not isinstance(calendar, Calendar):
        raise BadCalendar("no VCALENDAR in it. Export it again as iCalendar (.ics).")
    if str(calendar.get("CALSCALE", "GREGORIAN")).upper() != "GREGORIAN":
        raise BadCalendar("another calendar than the Gregorian. Export it with Gregorian dates.")
    return calendar


@dataclass(slots=True)
class _Reading:
    """One calendar on its way. `zone` holds for times that name none."""

    attendance: Attendance
    zone: str
    problems: list[str] = field(default_factory=list)
    cancelled: int = 0
    ids: set[str] = field(default_factory=set)

    def all(self, events: Sequence[Event]) -> Imported:
        series: dict[str, list[tuple[int, Event]]] = {}
        for number, event in enumerate(events, start=1):
            uid = inert(str(event.get("UID", "")))[:_LONGEST_ID]
            series.setdefault(uid or f"event-{number}", []).append((number, event))
        shifts = tuple(chain.from_iterable(self._series(*each) for each in series.items()))
        return Imported(shifts, tuple(self.problems), self.cancelled)

    def _series(self, uid: str, events: Sequence[tuple[int, Event]]) -> Iterator[Shift]:
        """Give the shifts of one UID: its rule, and single times of it that were changed."""
        whole = [(n, e) for n, e in events if "RECURRENCE-ID" not in e]
        moved = [(n, e) for n, e in events if "RECURRENCE-ID" in e]
        for number, event in whole[1:]:
            self._problem(number, event, "its UID stands twice. Give each event its own.")
        for number, event in whole[:1]:
            yield from self._shifts(uid, number, event, instead=[e for _, e in moved])
        for number, event in moved:
            yield from self._shifts(uid, number, event, instead=())

    def _shifts(
        self, uid: str, number: int, event: Event, *, instead: Sequence[Event]
    ) -> Iterator[Shift]:
        if str(event.get("STATUS", "")).upper() == "CANCELLED":
            self.cancelled += 1
            return
        found: list[Shift] = []
        try:
            _refuse_broken(event)
            for who, rank in self.attendance.of(event):
                times = _Times.of(event, zone=self.zone or who.zone)
                skips = (*times.skips(event), *(times.replaced(each) for each in instead))
                rule = times.rule(event)
                shift = Shift(
                    "", who.key, times.starts, times.ends, times.zone, rank, rule,
                    tuple(sorted(set(skips))) if rule else (),
                )  # fmt: skip
                found += [_begun(shift, at) for at in (times.starts, *times.added(event))]
        except Unusable as why:
            self._problem(number, event, str(why))
            return
        yield from (self._named(uid, shift) for shift in found)

    def _named(self, uid: str, shift: Shift) -> Shift:
        name, count = uid, 1
        while name in self.ids:
            count += 1
            name = f"{uid}/{count}"
        self.ids.add(name)
        return replace(shift, id=name)

    def _problem(self, number: int, event: Event, why: str) -> None:
        summary = inert(str(event.get("SUMMARY", "")))[:_LONGEST_NAME]
        name = f' "{summary}"' if summary else ""
        self.problems.append(f"Event {number}{name}: {inert(why)}")


def _begun(shift: Shift, starts: datetime) -> Shift:
    """Give the shift, or a single time of it that its rule does not name."""
    if starts == shift.starts:
        return shift
    ends = starts + (shift.ends - shift.starts)
    return replace(shift, starts=starts, ends=ends, repeats="", skips=())


def _is_over(event: Event, since: date) -> bool:
    """Tell whether a single event ended before; of a series and its changes nobody can say."""
    if event.errors or any(name in event for name in ("RRULE", "RDATE", "RECURRENCE-ID")):
        return False
    when = getattr(event.get("DTEND", event.get("DTSTART")), "dt", None)
    day = when.date() if isinstance(when, datetime) else when
    return isinstance(day, date) and day < since


def _refuse_broken(event: Event) -> None:
    for name, _ in event.errors:
        raise Unusable(f"its {name} cannot be read. Correct it in the calendar.")
    for name in ("DTSTART", "DTEND", "DURATION", "RRULE", "RECURRENCE-ID"):
        if isinstance(event.get(name), list):
            raise Unusable(f"its {name} stands twice. Make two events of it.")


@dataclass(frozen=True, slots=True)
class _Times:
    """When an event is, by the wall clock of `zone`."""

    starts: datetime
    ends: datetime
    zone: str

    @classmethod
    def of(cls, event: Event, *, zone: str) -> "_Times":
        start = _time(event, "DTSTART")
        zone = _zone(event, start) or zone
        end = _end(event, start)
        times = cls(_local(start, zone), _local(end, zone), zone)
        if times.ends <= times.starts:
            raise Unusable("it ends at or before its start. Correct its times.")
        if times.ends - times.starts > LONGEST_STRETCH:
            raise Unusable("it is longer than 12 hours. Split it between two people.")
        if not EARLIEST <= times.starts < LATEST:
            raise Unusable("it lies outside 2000 to 2099. Correct the year.")
        return times

    def rule(self, event: Event) -> str:
        if "RRULE" not in event:
            return ""
        try:
            return recurrence.rule(_text(event["RRULE"]), starts=self.starts, zone=self.zone)
        except ValueError as wrong:
            raise Unusable(f"its repetition cannot be used: {wrong}.") from None

    def skips(self, event: Event) -> Iterator[datetime]:
        """Give the times that EXDATE leaves out; a whole day leaves out its time."""
        for when in _dates(event, "EXDATE"):
            if isinstance(when, datetime):
                yield _local(when, self.zone)
            else:
                yield datetime.combine(when, self.starts.time())

    def replaced(self, event: Event) -> datetime:
        """Give the time of this series that another event of it stands for."""
        if "RANGE" in event["RECURRENCE-ID"].params:
            raise Unusable("one change is for all later times. Make a series of its own of them.")
        when = getattr(event["RECURRENCE-ID"], "dt", None)
        if isinstance(when, datetime):
            return _local(when, self.zone)
        if isinstance(when, date):
            return datetime.combine(when, self.starts.time())
        raise Unusable("one of its changes cannot be read. Correct it in the calendar.")

    def added(self, event: Event) -> Iterator[datetime]:
        """Give the times that RDATE adds."""
        for number, when in enumerate(_dates(event, "RDATE")):
            if not isinstance(when, datetime) or number >= MOST_EXTRA:
                raise Unusable("its extra dates cannot be used. Make events of their own of them.")
            yield _local(when, self.zone)


def _time(event: Event, name: str) -> datetime:
    when = getattr(event.get(name), "dt", None)
    if when is None:
        raise Unusable("it has no start. Give it a date and a time.")
    if not isinstance(when, datetime):
        raise Unusable("it is for whole days. Give it a start and an end of 12 hours at most.")
    return when


def _end(event: Event, start: datetime) -> datetime:
    if "DTEND" in event:
        end = _time(event, "DTEND")
        if (end.tzinfo is None) != (start.tzinfo is None):
            raise Unusable("only one of its times names a zone. Give both the same.")
        return end
    length: Any = getattr(event.get("DURATION"), "dt", None)
    if not isinstance(length, timedelta) or abs(length) > timedelta(days=366):
        raise Unusable("it has no end. Give it one.")
    return start + length


def _zone(event: Event, start: datetime) -> str:
    """Name the time zone that an event is in; empty: it names none."""
    written = str(event["DTSTART"].params.get("TZID", ""))
    known = "UTC" if start.tzinfo is UTC else str(getattr(start.tzinfo, "key", ""))
    if start.tzinfo is not None and is_zone(known):
        return known
    if written or start.tzinfo is not None:
        raise Unusable(f"its time zone {written!r} is not known. Choose a city's, or UTC.")
    return ""


def _local(when: datetime, zone: str) -> datetime:
    return recurrence.wall_clock(when, zone)


def _text(rule: Any) -> str:  # noqa: ANN401 - as icalendar has it
    written: bytes = rule.to_ical()
    return written.decode()


def _dates(event: Event, name: str) -> Iterator[Any]:
    """Give what stands in a property that may stand several times, each with several dates."""
    found = event.get(name, [])
    for each in found if isinstance(found, list) else [found]:
        for when in each.dts:
            yield when.dt
