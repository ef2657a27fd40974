"""The career clock: "offer expires Friday", "interview tomorrow at 9", "closes on 12 December".

A deadline is read only where a phrase of the cue file says that something ends; then the nearest
expression of time in that sentence is taken, reckoned from when the message was sent.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from dateutil.parser import ParserError, parse
from dateutil.relativedelta import FR, MO, SA, SU, TH, TU, WE, relativedelta

from bot.domain.code import Code
from bot.domain.reading import Deadline, Evidence, Source
from bot.triage.cues import Exceptions
from bot.triage.phrasebook import Hit
from bot.triage.ruleset import Kind, Mark
from bot.triage.words import Plain

# Three days leave one working day to act in, even over a weekend.
CLOSE = timedelta(days=3)
# Bounds what one message costs: nobody names more, and each may search a whole long sentence.
MOST_PHRASES = 40
_FARTHEST = timedelta(days=366)
_WEEKDAYS = {
    **dict.fromkeys(("monday", "mon"), MO),
    **dict.fromkeys(("tuesday", "tues", "tue"), TU),
    **dict.fromkeys(("wednesday", "weds", "wed"), WE),
    **dict.fromkeys(("thursday", "thurs", "thur", "thu"), TH),
    **dict.fromkeys(("friday", "fri"), FR),
    **dict.fromkeys(("saturday", "sat"), SA),
    **dict.fromkeys(("sunday", "sun"), SU),
}
_NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "couple of": 2}
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]*"
# Alternatives start with different words and hold no repetition within a repetition: linear time.
_TIME = re.compile(
    r"\b(?:(?P<today>today|tonight|eod|end of (?:the )?day|midnight"
    r"|this (?:morning|afternoon|evening))"
    r"|(?P<tomorrow>tomorrow|tmrw|tmr|tomoz)"
    r"|(?:with)?in (?:a |the next )?(?P<n>\d{1,3}|couple of|an?|one|two|three|four|five)"
    r" (?P<unit>hour|hr|day|week)s?"
    r"|(?P<next>next )?(?P<day>mon(?:day)?|tue(?:s|sday)?|wed(?:s|nesday)?|thu(?:r|rs|rsday)?"
    r"|fri(?:day)?|sat(?:urday)?|sun(?:day)?)"
    r"|(?P<week>end of (?:the |this )?week|this week)"
    rf"|(?P<date>\d{{4}} \d{{2}} \d{{2}}|\d{{1,2}}(?:st|nd|rd|th)? (?:of )?{_MONTH}(?: \d{{4}})?"
    rf"|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?(?: \d{{4}})?))\b"
)

_YEAR = re.compile(r"\d{4}")


@dataclass(frozen=True, slots=True)
class _Found:
    at: datetime
    start: int
    end: int


def read_deadline(plain: Plain, hits: Sequence[Hit[Mark]], *, sent_at: datetime) -> Deadline | None:
    """Find the nearest deadline that the message names, or None."""
    named = [hit for hit in hits if hit.name.kind is Kind.DEADLINE]
    if not named:
        return None
    exceptions = Exceptions(plain.text, hits)
    found = [
        (time, hit)
        for hit in islice((h for h in named if not exceptions.cover(h)), MOST_PHRASES)
        if (time := _time_near(plain.text, hit, sent_at)) is not None
    ]
    if not found:
        return None
    time, hit = min(found, key=lambda pair: pair[0].at)
    start, end = plain.span(min(time.start, hit.start), max(time.end, hit.end))
    code = Code.DEADLINE_CLOSE if time.at - sent_at <= CLOSE else Code.DEADLINE
    return Deadline(time.at, Evidence(code, start, end, Source.RULE, hit.name.id))


def _time_near(text: str, hit: Hit[Mark], sent_at: datetime) -> _Found | None:
    """Look in the hit's own sentence: first from the phrase on, then before it."""
    start = text.rfind(" . ", 0, hit.start) + 1
    stop = text.find(" . ", max(hit.start, hit.end - 1))
    stop = len(text) if stop < 0 else stop
    after = _first_time(text, hit.start, stop, sent_at)
    return after or _first_time(text, start, hit.start, sent_at)


def _first_time(text: str, start: int, stop: int, sent_at: datetime) -> _Found | None:
    for match in _TIME.finditer(text, start, stop):
        at = _reckon(match, sent_at)
        if at is not None and sent_at - timedelta(days=1) < at <= sent_at + _FARTHEST:
            return _Found(at, match.start(), match.end())
    return None


def _reckon(match: re.Match[str], sent_at: datetime) -> datetime | None:
    tonight = sent_at.replace(hour=23, minute=59, second=0, microsecond=0)
    if match["today"]:
        return tonight
    if match["tomorrow"]:
        return tonight + timedelta(days=1)
    if match["unit"]:
        return _later(match["n"], match["unit"], sent_at, tonight)
    if match["day"]:
        return _weekday(match["day"], sent_at, tonight, next_week=bool(match["next"]))
    if match["week"]:
        return tonight + relativedelta(weekday=FR)
    return _on_date(match["date"], tonight)


def _later(number: str, unit: str, sent_at: datetime, tonight: datetime) -> datetime:
    count = _NUMBERS.get(number) or int(number)
    if unit in ("hour", "hr"):
        return sent_at + timedelta(hours=count)
    return tonight + timedelta(days=count * (7 if unit == "week" else 1))


def _weekday(name: str, sent_at: datetime, tonight: datetime, *, next_week: bool) -> datetime:
    """Take the coming such day; the same day's name means a week from now, not today."""
    day = _WEEKDAYS[name]
    coming = tonight + relativedelta(days=1, weekday=day)
    same_week = coming.isocalendar().week == sent_at.isocalendar().week
    return coming + timedelta(days=7) if next_week and same_week else coming


def _on_date(written: str, tonight: datetime) -> datetime | None:
    """Give the end of that day. A date without a year is the coming one; a past one is none."""
    try:
        at = _numbered(written, tonight) or parse(written.replace(" of ", " "), default=tonight)
    except (ParserError, OverflowError, ValueError):
        return None
    if at >= tonight:
        return at
    return None if _YEAR.search(written) else at + relativedelta(years=1)


def _numbered(written: str, tonight: datetime) -> datetime | None:
    """Read year, month and day; dateutil would take them in another order when that fits better."""
    numbers = written.split()
    if not all(number.isdecimal() for number in numbers):
        return None
    year, month, day = map(int, numbers)
    return tonight.replace(year=year, month=month, day=day)
