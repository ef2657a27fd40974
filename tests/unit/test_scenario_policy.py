"""How a training went is decided from what was recorded alone."""

from datetime import timedelta

import pytest

from bot.cards.scenario import debrief, lasting
from bot.domain.alert import Deed, Ending, What
from bot.domain.message import AccountRef, MessageRef, PlatformName
from bot.domain.output import Kind, Output, Stage
from bot.domain.reading import Priority
from bot.domain.scenario import (
    Act,
    Expectation,
    Expected,
    Finding,
    Line,
    Part,
    Room,
    Saying,
    Scenario,
    Trace,
    Verdict,
    Way,
)
from bot.policy.scenario import judge
from tests.support.build import NOON, place

ME = AccountRef(PlatformName("local"), "aino")
OTHER = AccountRef(PlatformName("local"), "ben")
REF = MessageRef(place(), "1")
MINUTE = timedelta(minutes=1)


def scenario(expected: Expectation | None) -> Scenario:
    line = Line("one", "mina", "general", MINUTE, "Hello", expected, "Because.")
    return Scenario(
        "s", "Title", Way.CO_CAREERING, "Goal.", "Debrief.", "Theory.",
        (Part("mina", "Mina"),), (Room("general"),), (line,),
    )  # fmt: skip


def take(within: int | None = None) -> Expectation:
    return Expectation(Expected.TAKE, None if within is None else within * MINUTE)


def deed(what: What, after: float, who: AccountRef = ME) -> Deed:
    return Deed(what, NOON + after * MINUTE, who)


def trace(
    *deeds: Deed,
    priority: Priority | None = Priority.P1,
    ending: str | None = None,
    outputs: tuple[Output, ...] = (),
    replied: float | None = None,
) -> Trace:
    replied_at = None if replied is None else NOON + replied * MINUTE
    saying = Saying("one", REF, NOON, replied_at)
    return Trace(saying, priority, deeds, ending, outputs)


def output(kind: Kind, by: AccountRef, after: float) -> Output:
    at = NOON + after * MINUTE
    stage = Stage.POSTED if kind is Kind.RESOURCES else Stage.PROPOSED
    return Output(
        "d", "o", kind, REF, "", "a", ("x",), "e", at, at, stage,
        proposed_by=by, approved_by=by if kind is Kind.RESOURCES else None,
        approved_at=at if kind is Kind.RESOURCES else None,
    )  # fmt: skip


def found(expected: Expectation | None, *traces: Trace) -> Finding | None:
    findings = judge(scenario(expected), traces, ME).findings
    return findings[0] if findings else None


def verdict(expected: Expectation | None, one: Trace) -> tuple[Verdict, Act] | None:
    finding = found(expected, one)
    return None if finding is None else (finding.verdict, finding.act)


@pytest.mark.parametrize(
    ("expected", "one", "is_so"),
    [
        (take(5), trace(deed(What.TAKEN, 4)), (Verdict.IN_TIME, Act.TOOK)),
        (take(5), trace(deed(What.TAKEN, 6)), (Verdict.LATE, Act.TOOK)),
        (take(5), trace(), (Verdict.MISSED, Act.NOTHING)),
        (take(5), trace(deed(What.TAKEN, 1, OTHER)), (Verdict.MISSED, Act.NOTHING)),
        (take(5), trace(deed(What.ACKNOWLEDGED, 1)), (Verdict.PARTLY, Act.LOOKED)),
        (take(5), trace(deed(What.SNOOZED, 1)), (Verdict.PARTLY, Act.PUT_OFF)),
        (take(5), trace(replied=1), (Verdict.PARTLY, Act.REPLIED)),
        (take(5), trace(deed(What.CLOSED, 1), ending=Ending.NO_CONCERN),
         (Verdict.MISSED, Act.DISMISSED)),
        (take(5), trace(deed(What.CLOSED, 1), ending=Ending.HELPED), (Verdict.PARTLY, Act.CLOSED)),
        (take(), trace(deed(What.TAKEN, 16)), (Verdict.LATE, Act.TOOK)),
        (take(), trace(deed(What.TAKEN, 6), priority=Priority.P0), (Verdict.LATE, Act.TOOK)),
        (take(), trace(deed(What.TAKEN, 99), priority=Priority.P2), (Verdict.IN_TIME, Act.TOOK)),
        (take(), trace(deed(What.TAKEN, 99), priority=None), (Verdict.IN_TIME, Act.TOOK)),
        (Expectation(Expected.ANSWER), trace(outputs=(output(Kind.RESOURCES, ME, 3),)),
         (Verdict.IN_TIME, Act.ANSWERED)),
        (Expectation(Expected.ANSWER, MINUTE), trace(outputs=(output(Kind.RESOURCES, ME, 3),)),
         (Verdict.LATE, Act.ANSWERED)),
        (Expectation(Expected.ANSWER), trace(outputs=(output(Kind.RESOURCES, OTHER, 3),)),
         (Verdict.MISSED, Act.NOTHING)),
        (Expectation(Expected.ANSWER), trace(replied=2), (Verdict.PARTLY, Act.REPLIED)),
        (Expectation(Expected.NOTE), trace(outputs=(output(Kind.NOTE, ME, 3),)),
         (Verdict.IN_TIME, Act.PROPOSED)),
        (Expectation(Expected.NOTE), trace(outputs=(output(Kind.NOTE, OTHER, 3),)),
         (Verdict.MISSED, Act.NOTHING)),
        (Expectation(Expected.NOTE), trace(deed(What.TAKEN, 2)), (Verdict.PARTLY, Act.TOOK)),
        (Expectation(Expected.LEAVE), trace(), (Verdict.LEFT, Act.NOTHING)),
        (Expectation(Expected.LEAVE), trace(replied=1), (Verdict.LEFT, Act.REPLIED)),
        (Expectation(Expected.LEAVE), trace(deed(What.CLOSED, 1), ending=Ending.NO_CONCERN),
         (Verdict.LEFT, Act.DISMISSED)),
        (Expectation(Expected.LEAVE), trace(deed(What.TAKEN, 1)), (Verdict.NEEDLESS, Act.TOOK)),
        (Expectation(Expected.LEAVE), trace(outputs=(output(Kind.RESOURCES, ME, 3),)),
         (Verdict.NEEDLESS, Act.ANSWERED)),
        (None, trace(), None),
        (None, trace(replied=1), None),
        (None, trace(deed(What.TAKEN, 1)), (Verdict.NEEDLESS, Act.TOOK)),
    ],
)  # fmt: skip
def test_a_verdict_follows_from_what_was_expected_and_done(
    expected: Expectation | None, one: Trace, is_so: tuple[Verdict, Act] | None
) -> None:
    assert verdict(expected, one) == is_so


def test_what_was_not_said_yet_is_not_held_against_anybody() -> None:
    finding = found(take(5))

    assert finding is not None
    assert finding.verdict is Verdict.NOT_YET
    assert found(None) is None


def test_who_looked_first_and_took_later_answered_when_they_looked() -> None:
    finding = found(take(5), trace(deed(What.ACKNOWLEDGED, 3), deed(What.TAKEN, 9)))

    assert finding is not None
    assert (finding.verdict, finding.after) == (Verdict.IN_TIME, 3 * MINUTE)


def test_what_was_taken_before_the_author_wrote_again_took_no_time() -> None:
    finding = found(take(5), trace(deed(What.TAKEN, -2)))

    assert finding is not None
    assert (finding.verdict, finding.after) == (Verdict.IN_TIME, timedelta())


def test_the_summary_says_it_in_words_and_names_no_colour() -> None:
    summary = debrief(judge(scenario(take(5)), [trace(deed(What.TAKEN, 1.5))], ME))

    assert summary.headline.startswith("You did 1 of the 1 thing that was needed, in time.")
    assert dict(summary.counts) == {"Done in time": 1, "Missed": 0}
    [row] = summary.rows
    assert (row.result, row.expected, row.did) == (
        "Done in time", "Take it within 5 min", "You took it",
    )  # fmt: skip
    assert (row.after, row.who, row.where) == ("1 min 30 s", "Mina", "#general")
    assert (row.rung, row.why) == ("P1 urgent", "Because.")


def test_the_summary_counts_what_needed_nobody() -> None:
    outcome = judge(scenario(Expectation(Expected.LEAVE)), [trace(deed(What.TAKEN, 1))], ME)

    assert "One message took your time and needed nobody." in debrief(outcome).headline


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 s"),
        (45, "45 s"),
        (60, "1 min"),
        (200, "3 min 20 s"),
        (3600, "1 h"),
        (3960, "1 h 6 min"),
    ],
)
def test_times_are_said_in_words(seconds: int, said: str) -> None:
    assert lasting(timedelta(seconds=seconds)) == said
