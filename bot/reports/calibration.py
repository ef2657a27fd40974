"""What a community's calibration amounts to: alerts a day at several settings, in plain words."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.cards.reason import in_words
from bot.domain.desk import Desk
from bot.domain.ladder import RUNG
from bot.domain.ledger import Count
from bot.domain.reading import Priority
from bot.policy.forecast import Forecast
from bot.reports.grid import Cell, Column, Grid, Row, say
from bot.reports.summary import PAGING, SPANS_A_DAY
from bot.reports.words import many, shares_line
from bot.triage.calibration import (
    LEAST_ABOVE,
    Calibration,
    Line,
    Setting,
    Why,
    least_messages,
)

# Below it a line for 1 in 100 may well be one for 2 in 100 (measured: shared/data/README.md).
SMALL = 2_000
# So many times more often or more rarely than meant is not chance.
FAR_OFF = 3
ALERTING = (*PAGING, Priority.P2)
_SETTINGS = (
    "Shipped is as in this release, strict a step stricter. Calibrated are your own lines, looser"
    " are those a step looser."
)
_WHY_WORDS: dict[Why, str] = {
    Why.SHIPPED: "as shipped",
    Why.MEASURED: "measured here",
    Why.TOO_FEW: "shipped: too few here",
    Why.FLOOR: "held: loose enough",
    Why.CEILING: "held: speaks up anyhow",
    Why.PAGE: "held: pages stay",
}
_BUDGET = (
    "A calibrated line is an alert budget, not an error rate: it says how often an alarm goes off,"
    " not how often it is right. In a quiet community it forces alarms, in a troubled one it hides"
    " people."
)
_FIXED = (
    "What is said plainly is found by the cues. They are the same at every setting, and so are the"
    " alerts that they give."
)
_JOINED = (
    "These are messages. What one person writes within ten minutes in one place becomes one alert."
)


@dataclass(frozen=True, slots=True)
class Trial:
    """One setting, and what it would have brought."""

    setting: Setting
    lines: tuple[Line, ...]
    forecast: Forecast


@dataclass(frozen=True, slots=True)
class Measured:
    """All that came of reading a community. `problems` are what could not be read."""

    desk: Desk
    calibration: Calibration
    ledger: Mapping[Count, int]
    trials: tuple[Trial, ...]
    remarks: tuple[str, ...]
    problems: tuple[str, ...]
    stopped: bool

    @property
    def messages(self) -> int:
        return self.calibration.full.messages

    @property
    def days(self) -> int:
        """Days on which something was written: on the others nobody could alert."""
        return len(self.calibration.days)

    @property
    def budget(self) -> int:
        """Pages a day that the desk's people can carry."""
        return self.desk.pages_per_person * len(self.desk.practitioners) * SPANS_A_DAY

    def trial(self, setting: Setting) -> Trial:
        return next(trial for trial in self.trials if trial.setting is setting)


def headline(found: Measured) -> str:
    days = list(found.calibration.days)
    when = f", {days[0]} to {days[-1]}" if days else ""
    return f"{many(found.messages, 'message')} read on {many(found.days, 'day')}{when}."


def grids(found: Measured) -> tuple[Grid, ...]:
    return (_settings(found), _alarms(found), _lines(found))


def verdict(found: Measured) -> str:
    """Say in one sentence what to do with all these figures."""
    if found.stopped or not found.messages:
        return "No verdict: not enough was read."
    calibrated = found.trial(Setting.CALIBRATED)
    moved = [line for line in calibrated.lines if line.why is Why.MEASURED]
    if not moved or found.messages < SMALL:
        return "Verdict: keep the lines as shipped. There are too few messages here for your own."
    shipped, yours = (
        trial.forecast.total(ALERTING) / found.days
        for trial in (found.trial(Setting.SHIPPED), calibrated)
    )
    change = f"from {shipped:,.1f} to {yours:,.1f} alerts a day"
    if any(True for _ in _over_budget(found)):
        return (
            f"Verdict: keep the lines as shipped for now. Your own go {change}, with more pages"
            " than the people on duty can carry."
        )
    if any(True for _ in _troubled(found)) or any(True for _ in _quiet(found)):
        return (
            f"Verdict: look before you choose. Your own lines go {change}, and this community is"
            " not like those that the shipped ones were measured on (see below)."
        )
    return f"Verdict: your own lines are sound. They go {change}."


def warnings(found: Measured) -> tuple[str, ...]:
    """Say what to beware of, the most important first."""
    asked = (_stopped, _stricter_pages, _over_budget, _small, _too_few, _troubled, _quiet, _held)
    return tuple(f"Beware: {line}" for ask in asked for line in ask(found))


def remarks(found: Measured) -> tuple[str, ...]:
    """Say what holds for every calibration, and what was not read."""
    counted = shares_line(found.ledger)
    return (_BUDGET, _FIXED, _JOINED, counted, *found.remarks)


def as_dict(found: Measured) -> dict[str, Any]:
    """Give the same for another program."""
    shipped = found.trial(Setting.SHIPPED).lines
    yours = {line.alarm.code: line for line in found.trial(Setting.CALIBRATED).lines}
    return {
        "messages": found.messages,
        "days": {str(day): count for day, count in found.calibration.days.items()},
        "model": found.calibration.model,
        "ruleset": found.calibration.ruleset,
        "pages_budget_a_day": found.budget,
        "settings": {str(trial.setting): _trial_dict(found, trial) for trial in found.trials},
        "alarms": [_alarm_dict(found, yours[line.alarm.code]) for line in shipped],
        "verdict": verdict(found),
        "warnings": list(warnings(found)),
        "remarks": list(remarks(found)),
        "problems": list(found.problems),
    }


def _trial_dict(found: Measured, trial: Trial) -> dict[str, Any]:
    totals = {p.name: trial.forecast.by_priority.get(p, 0) for p in Priority}
    return {
        "messages": totals,
        "a_day": {name: round(count / max(1, found.days), 3) for name, count in totals.items()},
        "lines": {str(line.alarm.code): round(line.score, 4) for line in trial.lines},
    }


def _alarm_dict(found: Measured, line: Line) -> dict[str, Any]:
    code = line.alarm.code
    return {
        "code": str(code),
        "words": in_words(code),
        "priority": RUNG[code].name,
        "rate": line.alarm.rate,
        "shipped": round(line.shipped, 4),
        "calibrated": round(line.score, 4),
        "why": str(line.why),
        "messages": {str(t.setting): t.forecast.by_alarm.get(code, 0) for t in found.trials},
    }


def _settings(found: Measured) -> Grid:
    names = (*(priority.name for priority in ALERTING), "Together", "Worst day", "Pages")
    return Grid(
        id="settings",
        title="How many messages would alert, a day and (in all)",
        columns=(Column("Setting"), *(Column(name, number=True) for name in names)),
        rows=tuple(Row(tuple(_setting_cells(found, trial))) for trial in found.trials),
        note=(
            "As decided, by cues and models. Pages are P0 and P1, as a share of what your people"
            f" can carry: {found.budget:,} a day. {_SETTINGS}"
        ),
    )


def _setting_cells(found: Measured, trial: Trial) -> Iterator[Cell]:
    told = trial.forecast
    yield say(str(trial.setting))
    for priority in ALERTING:
        yield say(_a_day(found, told.total([priority])))
    yield say(_a_day(found, told.total(ALERTING)))
    yield say(f"{told.most_on_a_day(ALERTING):,}")
    yield say(_share(told.total(PAGING) / max(1, found.days), found.budget))


def _alarms(found: Measured) -> Grid:
    names = (*(str(setting).capitalize() for setting in Setting), "Meant", "Of it")
    return Grid(
        id="alarms",
        title="How often each alarm of the models would go off, a day and (in all)",
        columns=(Column("Alarm"), *(Column(name, number=True) for name in names)),
        rows=tuple(
            Row(tuple(_alarm_cells(found, line))) for line in found.trial(Setting.CALIBRATED).lines
        ),
        note=(
            "Meant is what its rate comes to; the last column is how much of that your own line"
            " gives. A message may count under several alarms."
        ),
    )


def _alarm_cells(found: Measured, line: Line) -> Iterator[Cell]:
    code, meant = line.alarm.code, line.alarm.rate * found.messages
    yield say(f"{RUNG[code].name} {in_words(code).partition(' (')[0]}")
    for trial in found.trials:
        yield say(_a_day(found, trial.forecast.by_alarm.get(code, 0)))
    went_off = found.trial(Setting.CALIBRATED).forecast.by_alarm.get(code, 0)
    yield say(f"{meant:,.1f}")
    yield say(_share(went_off, meant) if meant >= 1 else "-")


def _lines(found: Measured) -> Grid:
    return Grid(
        id="lines",
        title="The lines",
        columns=(
            Column("Alarm"),
            Column("Priority"),
            Column("Meant", number=True),
            Column("Shipped", number=True),
            Column("Yours", number=True),
            Column("Why"),
        ),
        rows=tuple(
            Row(
                (
                    say(str(line.alarm.code)),
                    say(RUNG[line.alarm.code].name),
                    say(_rate(line.alarm.rate)),
                    say(f"{line.shipped:.2f}"),
                    say(f"{line.score:.2f}"),
                    say(_WHY_WORDS[line.why]),
                )
            )
            for line in found.trial(Setting.CALIBRATED).lines
        ),
        note=(
            "An alarm goes off from this score on; a lower line is a looser one. A held line has"
            " met a limit: what scores very high always speaks up, a line comes down only so far,"
            " and no count makes pages rarer."
        ),
    )


def _a_day(found: Measured, count: int) -> str:
    return f"{count / max(1, found.days):,.1f} ({count:,})"


def _share(part: float, whole: float) -> str:
    return f"{100 * part / whole:,.0f} %" if whole else "-"


def _rate(rate: float) -> str:
    return f"1 in {1 / rate:,.0f}"


def _stopped(found: Measured) -> Iterator[str]:
    if found.stopped:
        yield "this was stopped before the end, so nothing was written. Run it again."


def _stricter_pages(found: Measured) -> Iterator[str]:
    """Warn of the one wish that makes the bot miss more emergencies."""
    if not found.desk.thresholds.stricter_pages:
        return
    lines = [line for line in found.trial(Setting.CALIBRATED).lines if line.is_stricter_page]
    if not lines:
        yield "`stricter_pages` is on. It changes nothing here yet; it may, with other counts."
        return
    before, after = (
        found.trial(setting).forecast.total(PAGING)
        for setting in (Setting.SHIPPED, Setting.CALIBRATED)
    )
    yield (
        f"you asked for stricter pages, and got them: {_named(lines)}. Pages go from {before:,} to"
        f" {after:,}. Some of those left out may be people in danger."
    )


def _over_budget(found: Measured) -> Iterator[str]:
    pages = found.trial(Setting.CALIBRATED).forecast.total(PAGING) / max(1, found.days)
    if pages > found.budget:
        yield (
            f"{pages:,.1f} pages a day are more than the {found.budget:,} that the people on duty"
            " can carry. Put more people on duty before you alert on less."
        )


def _small(found: Measured) -> Iterator[str]:
    if found.messages < SMALL:
        yield (
            f"{many(found.messages, 'message')} are few. Lines from fewer than {SMALL:,} are rough:"
            " export more, of several weeks."
        )


def _too_few(found: Measured) -> Iterator[str]:
    lines = _because(found, Why.TOO_FEW)
    if lines:
        most = max(least_messages(line.alarm.rate) for line in lines)
        yield (
            f"a rate can be told only where {LEAST_ABOVE} messages or more would be above the line."
            f" These alarms are rarer, and keep the shipped line: {_named(lines)}. For all of them"
            f" it takes {most:,} messages."
        )


def _troubled(found: Measured) -> Iterator[str]:
    lines = _far_off(found, lambda count, meant: count >= LEAST_ABOVE and count > FAR_OFF * meant)
    if lines:
        yield (
            f"at the shipped lines these go off {FAR_OFF} times as often as on ordinary chat, or"
            f" more: {_named(lines)}. People here may be worse off than elsewhere, or only speak"
            " differently. Read some of these messages first: a stricter line would hide them."
        )


def _quiet(found: Measured) -> Iterator[str]:
    lines = _far_off(found, lambda count, meant: meant >= LEAST_ABOVE and count * FAR_OFF < meant)
    if lines:
        yield (
            f"at the shipped lines these go off {FAR_OFF} times more rarely than on ordinary chat,"
            f" or never: {_named(lines)}. This community is quiet: your own lines force alarms"
            " here, and most of them will mean nothing."
        )


def _held(found: Measured) -> Iterator[str]:
    """Say where the fixed limits weigh more than the budget."""
    lines = [*_because(found, Why.PAGE), *_because(found, Why.CEILING)]
    if lines:
        yield f"these lines are held, so they go off more often than meant: {_named(lines)}."


def _because(found: Measured, why: Why) -> list[Line]:
    return [line for line in found.trial(Setting.CALIBRATED).lines if line.why is why]


def _far_off(found: Measured, is_far: Callable[[int, float], bool]) -> list[Line]:
    """Find the alarms that alert and go off at the shipped lines far from as often as meant."""
    trial = found.trial(Setting.SHIPPED)
    return [
        line
        for line in trial.lines
        if RUNG[line.alarm.code] in ALERTING
        and is_far(
            trial.forecast.by_alarm.get(line.alarm.code, 0), line.alarm.rate * found.messages
        )
    ]


def _named(lines: Sequence[Line]) -> str:
    return ", ".join(line.alarm.code for line in lines)
