"""How a training went: from what was recorded, and what the scenario expected. Pure.

A time runs from the message, not from its alert: whoever waits, waits from then on.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, assert_never

from bot.domain.alert import Deed, Ending, What
from bot.domain.message import AccountRef
from bot.domain.output import Kind
from bot.domain.reading import Priority
from bot.domain.scenario import (
    Act,
    Expectation,
    Expected,
    Finding,
    Line,
    Outcome,
    Scenario,
    Trace,
    Verdict,
)
from bot.policy.plan import STEPS

# The clock of a priority: when the next person is called.
CLOCKS: Final[Mapping[Priority, timedelta]] = {
    priority: steps[1].wait for priority, steps in STEPS.items()
}
_NO_TIME: Final = timedelta()
# What a deed says of whoever did it, the most telling first.
_DEEDS: Final[Mapping[What, Act]] = {
    What.TAKEN: Act.TOOK,
    What.HANDED_OVER: Act.PASSED_ON,
    What.BACKUP_CALLED: Act.PASSED_ON,
    What.SNOOZED: Act.PUT_OFF,
    What.ACKNOWLEDGED: Act.LOOKED,
    What.CLOSED: Act.CLOSED,
}
_SPENT: Final = frozenset({Act.TOOK, Act.PASSED_ON, Act.PUT_OFF, Act.ANSWERED})
_Did = tuple[Act, timedelta]


def judge(scenario: Scenario, traces: Iterable[Trace], by: AccountRef) -> Outcome:
    """Say what became of each line that mattered.

    Ordinary talk, that nothing was expected of, is left out unless somebody's time went into it.
    """
    by_line = {one.saying.line: one for one in traces}
    found = (_finding(line, by_line.get(line.id), by) for line in scenario.lines)
    return Outcome(scenario, tuple(one for one in found if one is not None))


def _finding(line: Line, trace: Trace | None, by: AccountRef) -> Finding | None:
    expected = line.expected
    if trace is None:
        return None if expected is None else Finding(line, Verdict.NOT_YET)
    acts = _acts(trace, by)
    if expected is None or expected.what is Expected.LEAVE:
        return _left(line, trace, acts, is_named=expected is not None)
    return _done(line, trace, acts, expected)


def _acts(trace: Trace, by: AccountRef) -> Sequence[_Did]:
    """Give what this person did, each with how long after the message; of each kind the first."""
    acts: dict[Act, timedelta] = {}
    for act, at in _all_acts(trace, by):
        after = max(at - trace.saying.at, _NO_TIME)
        acts[act] = min(after, acts.get(act, after))
    return sorted(acts.items(), key=lambda pair: list(Act).index(pair[0]))


def _all_acts(trace: Trace, by: AccountRef) -> Iterable[tuple[Act, datetime]]:
    for deed in trace.deeds:
        if deed.who == by and deed.what in _DEEDS:
            yield _act(deed, trace.ending), deed.at
    for output in trace.outputs:
        if output.kind is Kind.RESOURCES and output.approved_by == by and output.approved_at:
            yield Act.ANSWERED, output.approved_at
        elif output.kind is Kind.NOTE and output.proposed_by == by:
            yield Act.PROPOSED, _proposed_at(trace, by) or output.made_at
    if trace.saying.replied_at is not None:
        yield Act.REPLIED, trace.saying.replied_at


def _act(deed: Deed, ending: str | None) -> Act:
    is_dismissal = deed.what is What.CLOSED and ending == Ending.NO_CONCERN
    return Act.DISMISSED if is_dismissal else _DEEDS[deed.what]


def _proposed_at(trace: Trace, by: AccountRef) -> datetime | None:
    times = (one.at for one in trace.deeds if one.what is What.PROPOSED and one.who == by)
    return min(times, default=None)


def _left(line: Line, trace: Trace, acts: Sequence[_Did], *, is_named: bool) -> Finding | None:
    spent = next((did for did in acts if did[0] in _SPENT), None)
    if spent is not None:
        return Finding(line, Verdict.NEEDLESS, *spent, None, trace.priority)
    if not is_named:
        return None
    act, after = acts[0] if acts else (Act.NOTHING, None)
    return Finding(line, Verdict.LEFT, act, after, None, trace.priority)


def _done(line: Line, trace: Trace, acts: Sequence[_Did], expected: Expectation) -> Finding:
    limit = expected.within
    if limit is None and expected.what is Expected.TAKE and trace.priority is not None:
        limit = CLOCKS.get(trace.priority)
    wanted = next((did for did in acts if did[0] is _wanted(expected.what)), None)
    if wanted is None:
        act, after = acts[0] if acts else (Act.NOTHING, None)
        verdict = Verdict.PARTLY if acts and act is not Act.DISMISSED else Verdict.MISSED
        return Finding(line, verdict, act, after, limit, trace.priority)
    act, after = wanted[0], _answered(wanted[1], acts, expected.what)
    is_late = limit is not None and after > limit
    verdict = Verdict.LATE if is_late else Verdict.IN_TIME
    return Finding(line, verdict, act, after, limit, trace.priority)


def _wanted(expected: Expected) -> Act:
    match expected:
        case Expected.TAKE:
            return Act.TOOK
        case Expected.ANSWER:
            return Act.ANSWERED
        case Expected.NOTE:
            return Act.PROPOSED
        case Expected.LEAVE:
            return Act.NOTHING
        case _:
            assert_never(expected)


def _answered(after: timedelta, acts: Sequence[_Did], expected: Expected) -> timedelta:
    """Who looks first and takes then has answered when they looked: the desk's clock stopped."""
    if expected is not Expected.TAKE:
        return after
    return min([after, *(looked for act, looked in acts if act is Act.LOOKED)])
