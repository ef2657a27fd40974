"""What a training amounts to, in plain words: a table's rows, for the page and for the file."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from bot.cards.reason import PRIORITY_NAMES
from bot.domain.scenario import Act, Expectation, Expected, Finding, Outcome, Scenario, Verdict, Way

WAYS: Final = {
    Way.DELIVERING_INFORMATION: "Delivering information",
    Way.ONE_TO_ONE_COMMUNICATION: "One-to-one communication",
    Way.CAREER_EXPLORATION: "Collaborative career exploration",
    Way.CO_CAREERING: "Co-careering",
    Way.ALL_OF_THEM: "All four ways in one day",
}
# The sign stands beside the words, so that neither colour nor shape has to be told apart.
VERDICTS: Final = {
    Verdict.IN_TIME: ("✓", "Done in time"),
    Verdict.LATE: ("◷", "Done, but late"),
    Verdict.PARTLY: ("~", "Something else was needed"),
    Verdict.MISSED: ("✗", "Missed"),
    Verdict.LEFT: ("✓", "Left alone, rightly"),
    Verdict.NEEDLESS: ("!", "Nobody was needed"),
    Verdict.NOT_YET: ("…", "Not yet said when you ended"),
}
_ACTS: Final = {
    Act.TOOK: "You took it",
    Act.ANSWERED: "You answered with resources",
    Act.PROPOSED: "You proposed a note",
    Act.REPLIED: "You wrote an answer",
    Act.LOOKED: "You said that you were looking",
    Act.PUT_OFF: "You put it off",
    Act.PASSED_ON: "You passed it on",
    Act.DISMISSED: "You closed it as not a concern",
    Act.CLOSED: "You closed it",
    Act.NOTHING: "Nothing",
}
_EXPECTED: Final = {
    Expected.TAKE: "Take it",
    Expected.ANSWER: "Answer with a resource",
    Expected.NOTE: "Propose a note",
    Expected.LEAVE: "Leave it alone",
}
_UNEXPECTED: Final = "Ordinary talk. Nothing had to follow from it."
_GOALS: Final = (Expected.TAKE, Expected.ANSWER, Expected.NOTE)


@dataclass(frozen=True, slots=True)
class Row:
    """One message that mattered. `verdict` names the kind, `sign` and `result` say it."""

    verdict: str
    sign: str
    result: str
    who: str
    where: str
    text: str
    rung: str
    expected: str
    did: str
    after: str
    why: str


@dataclass(frozen=True, slots=True)
class Debrief:
    """A training's summary. `counts` are words with their numbers."""

    title: str
    way: str
    goal: str
    headline: str
    counts: tuple[tuple[str, int], ...]
    rows: tuple[Row, ...]
    debrief: str
    theory: str


def debrief(outcome: Outcome) -> Debrief:
    """Say how it went, message by message."""
    scenario = outcome.scenario
    return Debrief(
        title=scenario.title,
        way=WAYS[scenario.way],
        goal=scenario.goal,
        headline=_headline(outcome),
        counts=tuple(_counts(outcome)),
        rows=tuple(_row(one, scenario) for one in outcome.findings),
        debrief=scenario.debrief,
        theory=scenario.theory,
    )


def lasting(time: timedelta) -> str:
    """Say a length of time: "45 s", "3 min 20 s", "1 h 5 min"."""
    minutes, seconds = divmod(round(time.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    if not minutes:
        return f"{seconds} s"
    return f"{minutes} min {seconds} s" if seconds else f"{minutes} min"


def _headline(outcome: Outcome) -> str:
    wanted = [one for one in outcome.findings if _is_goal(one.line.expected)]
    done = sum(one.verdict is Verdict.IN_TIME for one in wanted)
    things = "thing that was" if len(wanted) == 1 else "things that were"
    said = f"You did {done} of the {len(wanted)} {things} needed, in time."
    needless = outcome.count(Verdict.NEEDLESS)
    if not needless:
        return f"{said} Where nobody was needed, you spent no time."
    times = "One message" if needless == 1 else f"{needless} messages"
    return f"{said} {times} took your time and needed nobody."


def _counts(outcome: Outcome) -> Iterator[tuple[str, int]]:
    for verdict, (_, name) in VERDICTS.items():
        count = outcome.count(verdict)
        if count or verdict in (Verdict.IN_TIME, Verdict.MISSED):
            yield name, count


def _is_goal(expected: Expectation | None) -> bool:
    return expected is not None and expected.what in _GOALS


def _row(finding: Finding, scenario: Scenario) -> Row:
    line = finding.line
    sign, result = VERDICTS[finding.verdict]
    names = {one.id: one.name for one in scenario.parts}
    rung = "Nothing" if finding.priority is None else PRIORITY_NAMES[finding.priority]
    return Row(
        verdict=finding.verdict,
        sign=sign,
        result=result,
        who=names[line.who],
        where=f"#{line.room}",
        text=line.text,
        rung="-" if finding.verdict is Verdict.NOT_YET else rung,
        expected=_expected(finding),
        did="-" if finding.verdict is Verdict.NOT_YET else _ACTS[finding.act],
        after="-" if finding.after is None else lasting(finding.after),
        why=line.why or _UNEXPECTED,
    )


def _expected(finding: Finding) -> str:
    expected = finding.line.expected
    if expected is None:
        return "Nothing"
    said = _EXPECTED[expected.what]
    return said if finding.limit is None else f"{said} within {lasting(finding.limit)}"
