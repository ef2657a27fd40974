"""Where a community's lines lie: from counts of its own scores, within limits that stay fixed.

A calibrated line is an alert budget, not an error rate. In a quiet community it would alert on
nothing much, and in a troubled one it would hide people. So no line comes lower than a floor or
rises above a ceiling, cues are never touched, and what pages someone (P0, P1) is never made less
sensitive than as shipped unless a person asks (`shared/domain.md` requirements 7).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from hashlib import sha256
from math import inf

from bot.domain.code import Code
from bot.domain.ladder import RUNG
from bot.domain.reading import Priority
from bot.triage.alarms import ALARMS, RATES, Alarm, Levels, Lines, surely
from bot.triage.head import Head
from bot.triage.histogram import Histogram

# A rate can be told from so many messages that this many of them are to be above the line.
LEAST_ABOVE = 5
# How much more often an alarm may go off on ordinary chat than it was shipped to, at the most.
LOOSEST = 10
# What scores as only the rarest of ordinary messages do always speaks up.
CEILING_RATE = RATES[0]
_USUAL = {alarm.code: alarm.rate for alarm in ALARMS}


class Why(StrEnum):
    """What put a line where it is."""

    SHIPPED = "shipped"  # nothing was measured
    MEASURED = "measured"
    TOO_FEW = "too_few"  # the shipped line stays: too few messages for so rare an alarm
    FLOOR = "floor"  # the measured line would be too loose
    CEILING = "ceiling"  # the measured line would be so strict that it hid what is plain
    PAGE = "page"  # the measured line would make a page rarer, which no count may do


@dataclass(frozen=True, slots=True)
class Calibration:
    """What is kept of a sample: counts and dates.

    `model` is the version of the models that gave the scores, `ruleset` that of the cues. `days`
    maps each day with messages to their number. `quick` and `full` count the two kinds of score.
    """

    model: str
    ruleset: str
    made: date
    days: Mapping[date, int]
    quick: Histogram
    full: Histogram


@dataclass(frozen=True, slots=True)
class Line:
    """An alarm's line. `shipped` is the one of this release, at the rate of this release.

    `surely` is the score that the head for pages must reach besides; it is never calibrated.
    """

    alarm: Alarm
    shipped: float
    score: float
    why: Why
    surely: float = -inf

    @property
    def is_stricter_page(self) -> bool:
        """True when a page goes off less often than it was shipped to."""
        return is_page(self.alarm.code) and self.score > self.shipped


class Setting(StrEnum):
    """What is compared. `strict` and `looser` are a step of RATES away from the other two."""

    STRICT = "strict"
    SHIPPED = "shipped"
    CALIBRATED = "calibrated"
    LOOSER = "looser"


def is_page(code: Code) -> bool:
    """Tell whether someone is called at once for this reason."""
    return RUNG[code] <= Priority.P1


def least_messages(rate: float) -> int:
    """Give the number of messages from which a rate can be told."""
    return round(LEAST_ABOVE / rate)


def lines_from(
    histogram: Histogram | None,
    shipped: Lines,
    alarms: Sequence[Alarm] = ALARMS,
    *,
    stricter_pages: bool = False,
) -> tuple[Line, ...]:
    """Draw a line for each of `alarms`, whose rates are from RATES.

    Without a `histogram` they are the shipped lines of those rates. `stricter_pages` is a person's
    wish that pages may become rarer than as shipped.
    """
    return tuple(
        _line(histogram, shipped, alarm, stricter_pages=stricter_pages)
        for alarm in alarms
        if alarm.head in shipped
    )


def _line(
    histogram: Histogram | None, shipped: Lines, alarm: Alarm, *, stricter_pages: bool
) -> Line:
    mine = shipped[alarm.head]
    usual = mine[_USUAL[alarm.code]]
    guarded = is_page(alarm.code) and not stricter_pages
    ceiling = usual if guarded else mine[CEILING_RATE]
    score, why = mine[alarm.rate], Why.SHIPPED
    if histogram is not None and histogram.messages >= least_messages(alarm.rate):
        score, why = histogram.line(alarm.head, alarm.rate), Why.MEASURED
    elif histogram is not None:
        why = Why.TOO_FEW
    floor = mine[floor_rate(alarm.rate)]
    if score < floor:
        score, why = floor, Why.FLOOR
    if score > ceiling:
        score, why = ceiling, Why.PAGE if guarded else Why.CEILING
    return Line(alarm, usual, score, why, surely(alarm, shipped))


def floor_rate(rate: float) -> float:
    """Give the share of ordinary chat beyond which an alarm of this rate may not go."""
    return max(one for one in RATES if one <= min(LOOSEST * rate * 1.001, RATES[-1]))


def lowest(shipped: Lines, alarms: Sequence[Alarm]) -> dict[Code, float]:
    """Give for each alarm a score below which it is silent at every setting there is."""
    return {
        alarm.code: min(
            shipped[alarm.head][floor_rate(alarm.rate)],
            shipped[alarm.head][_USUAL[alarm.code]],
        )
        for alarm in shifted(alarms, 1)
        if alarm.head in shipped
    }


def settings(
    histogram: Histogram,
    shipped: Lines,
    alarms: Sequence[Alarm],
    *,
    stricter_pages: bool = False,
) -> dict[Setting, tuple[Line, ...]]:
    """Draw the lines of every setting; `alarms` are a desk's own, as it would use them."""
    mine = lines_from(histogram, shipped, alarms, stricter_pages=stricter_pages)
    looser = lines_from(histogram, shipped, shifted(alarms, 1))
    return {
        Setting.STRICT: lines_from(None, shipped, shifted(ALARMS, -1), stricter_pages=True),
        Setting.SHIPPED: lines_from(None, shipped),
        Setting.CALIBRATED: mine,
        # A common rate may be told where a rare one is not, and lie above its shipped line.
        Setting.LOOSER: tuple(
            replace(line, score=min(line.score, own.score))
            for line, own in zip(looser, mine, strict=True)
        ),
    }


def with_rates(rates: Mapping[Code, float]) -> tuple[Alarm, ...]:
    """Give the alarms of this release, those named in `rates` with the rate named there."""
    return tuple(replace(alarm, rate=rates.get(alarm.code, alarm.rate)) for alarm in ALARMS)


def shifted(alarms: Sequence[Alarm], steps: int) -> tuple[Alarm, ...]:
    """Make every alarm so many steps of RATES looser (or stricter, below zero), to the last one."""
    last = len(RATES) - 1
    return tuple(
        replace(alarm, rate=RATES[min(max(RATES.index(alarm.rate) + steps, 0), last)])
        for alarm in alarms
    )


def levels(lines: Iterable[Line]) -> Levels:
    """Make of lines what hears the heads that speak up."""
    lines = tuple(lines)
    scores: dict[Head, dict[float, float]] = {}
    for line in lines:
        scores.setdefault(line.alarm.head, {})[line.alarm.rate] = line.score
        if line.alarm.page_rate is not None:
            scores.setdefault(Head.PAGE, {})[line.alarm.page_rate] = line.surely
    return Levels(scores, tuple(line.alarm for line in lines))


def version(lines: Sequence[Line]) -> str:
    """Name the lines by what they are, for the record (I10); nothing where all are as shipped."""
    if all(line.score == line.shipped for line in lines):
        return ""
    told = ",".join(f"{line.alarm.code}={line.score!r}" for line in lines)
    return f"lines-{sha256(told.encode()).hexdigest()[:12]}"
