from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.code import Code
from bot.domain.reading import Source
from bot.triage.deadline import CLOSE
from tests.support.hostile import text as hostile
from tests.support.rules import deadline, deadline_in

MONDAY = datetime(2026, 11, 23, 10, 30, 15, tzinfo=UTC)


def end_of(day: int, month: int = 11, year: int = 2026) -> datetime:
    return datetime(year, month, day, 23, 59, tzinfo=UTC)


def due(text: str, sent_at: datetime = MONDAY) -> datetime | None:
    found = deadline_in(f"due {text}", sent_at=sent_at)
    return None if found is None else found.at


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("today", end_of(23)),
        ("tonight", end_of(23)),
        ("by EOD", end_of(23)),
        ("by the end of the day", end_of(23)),
        ("at midnight", end_of(23)),
        ("this afternoon", end_of(23)),
        ("tomorrow", end_of(24)),
        ("tmrw at 9", end_of(24)),
        ("in 2 hours", MONDAY + timedelta(hours=2)),
        ("in 1 hr", MONDAY + timedelta(hours=1)),
        ("in an hour", MONDAY + timedelta(hours=1)),
        ("within 24 hours", MONDAY + timedelta(hours=24)),
        ("in a day", end_of(24)),
        ("in 3 days", end_of(26)),
        ("within the next three days", end_of(26)),
        ("in a couple of days", end_of(25)),
        ("in couple of days", end_of(25)),
        ("in a week", end_of(30)),
        ("in two weeks", end_of(7, 12)),
        ("tuesday", end_of(24)),
        ("Tues", end_of(24)),
        ("weds", end_of(25)),
        ("thur", end_of(26)),
        ("thurs", end_of(26)),
        ("on Friday", end_of(27)),
        ("sat", end_of(28)),
        ("by sunday evening", end_of(29)),
        ("monday", end_of(30)),
        ("next monday", end_of(30)),
        ("next friday", end_of(4, 12)),
        ("next sunday", end_of(6, 12)),
        ("this friday", end_of(27)),
        ("this week", end_of(27)),
        ("by the end of the week", end_of(27)),
        ("12 december", end_of(12, 12)),
        ("12th of December", end_of(12, 12)),
        ("the 1st of dec", end_of(1, 12)),
        ("December 12", end_of(12, 12)),
        ("dec 12th", end_of(12, 12)),
        ("12 December 2026", end_of(12, 12)),
        ("December 3rd, 2026", end_of(3, 12)),
        ("2026-12-04", end_of(4, 12)),
        ("2026-12-13", end_of(13, 12)),
        ("23 november", end_of(23)),
        ("22 november", end_of(22, year=2027)),
        ("3 january", end_of(3, 1, 2027)),
        ("sept 5", end_of(5, 9, 2027)),
    ],
)
def test_a_time_is_reckoned_from_when_the_message_was_sent(text: str, expected: datetime) -> None:
    assert expected == due(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "31 february",
        "31st of November",
        "2026-13-01",
        "2026-02-31",
        "0 december",
        "22 november 2026",
        "2026-11-22",
        "1 january 1999",
        "1 january 0001",
        "24 november 2027 or later",
        "12 december 2031",
        "2126-12-12",
        "in 999 days",
        "in 100 weeks",
        "12 marks",
        "mark 12",
        "decide 5",
        "money",
        "sunny",
        "may",
        "fri3nds",
        "\u0663\u0663 dec",
    ],
)
def test_what_is_no_time_to_come_within_a_year_gives_no_deadline(text: str) -> None:
    assert due(text) is None


@pytest.mark.parametrize(
    ("sent", "text", "expected"),
    [
        ((2026, 12, 31), "tomorrow", end_of(1, 1, 2027)),
        ((2026, 12, 31), "friday", end_of(1, 1, 2027)),
        ((2026, 12, 31), "this week", end_of(1, 1, 2027)),
        ((2026, 12, 30), "next monday", end_of(4, 1, 2027)),
        ((2026, 12, 28), "next friday", end_of(8, 1, 2027)),
        ((2027, 1, 2), "next friday", end_of(8, 1, 2027)),
        ((2026, 1, 31), "in 1 day", end_of(1, 2)),
        ((2026, 1, 31), "28 february", end_of(28, 2)),
        ((2028, 2, 28), "tomorrow", end_of(29, 2, 2028)),
        ((2028, 2, 1), "29 february", end_of(29, 2, 2028)),
        ((2026, 11, 27), "friday", end_of(4, 12)),
        ((2026, 11, 27), "next friday", end_of(4, 12)),
        ((2026, 11, 27), "end of week", end_of(27)),
        ((2026, 11, 28), "end of week", end_of(4, 12)),
        ((2026, 11, 28), "next friday", end_of(4, 12)),
        ((2026, 11, 29), "next monday", end_of(30)),
    ],
)
def test_the_ends_of_weeks_months_and_years(
    sent: tuple[int, int, int], text: str, expected: datetime
) -> None:
    assert expected == due(text, datetime(*sent, 9, tzinfo=UTC))


@pytest.mark.parametrize("hours", [-11, 0, 5.5, 13])
def test_days_end_in_the_time_zone_of_the_message(hours: float) -> None:
    zone = timezone(timedelta(hours=hours))
    sent_at = datetime(2026, 11, 23, 23, 30, tzinfo=zone)

    for text in ("today", "12 december", "2026-12-12", "friday", "in 2 hours"):
        at = due(text, sent_at)
        assert at is not None
        assert at.tzinfo is zone
    assert due("today", sent_at) == sent_at.replace(minute=59)


def test_in_the_last_minute_of_a_day_today_is_still_today() -> None:
    assert due("today", MONDAY.replace(hour=23, minute=59, second=40)) == end_of(23)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("today", Code.DEADLINE_CLOSE),
        ("in 72 hours", Code.DEADLINE_CLOSE),
        ("in 73 hours", Code.DEADLINE),
        ("wednesday", Code.DEADLINE_CLOSE),
        ("friday", Code.DEADLINE),
    ],
)
def test_a_deadline_within_three_days_is_close(text: str, expected: Code) -> None:
    found = deadline_in(f"due {text}", sent_at=MONDAY)

    assert found is not None
    assert found.evidence.code is expected
    assert (found.at - MONDAY <= CLOSE) is (expected is Code.DEADLINE_CLOSE)


def test_of_several_deadlines_the_nearest_counts() -> None:
    found = deadline_in(
        "offer expires friday. interview tomorrow. contract ends in two weeks",
        deadline("offer expires"),
        deadline("interview"),
        deadline("contract ends"),
        sent_at=MONDAY,
    )

    assert found is not None
    assert (found.at, found.evidence.by) == (end_of(24), "interview")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("they want it by friday", None),
        ("see you tomorrow", None),
        ("we open on friday. it is due", None),
        ("it is due. see you tomorrow", None),
        ("it is due! tomorrow", None),
        ("tomorrow it is due", end_of(24)),
        ("on monday they said it is due friday", end_of(27)),
        ("it is due marks 12 or friday", end_of(27)),
    ],
)
def test_a_time_counts_only_beside_a_phrase_of_the_same_sentence(
    text: str, expected: datetime | None
) -> None:
    found = deadline_in(text, sent_at=MONDAY)

    assert expected == (None if found is None else found.at)


def test_an_exception_of_its_row_switches_a_deadline_off() -> None:
    row = deadline("interview", unless=["interview went"])

    assert deadline_in("interview tomorrow", row, sent_at=MONDAY) is not None
    assert deadline_in("my interview went well, hear tomorrow", row, sent_at=MONDAY) is None


def test_the_evidence_covers_phrase_and_time_as_typed() -> None:
    text = "Well: offer EXPIRES on  Friday, help"
    found = deadline_in(text, deadline("offer expires"), sent_at=MONDAY)

    assert found is not None
    evidence = found.evidence
    assert text[evidence.start : evidence.end] == "offer EXPIRES on  Friday"
    assert (evidence.source, evidence.by) == (Source.RULE, "offer expires")


numbers = st.integers(0, 9999).map(str)
months = st.sampled_from(("feb", "dec", "sept", "may", "march", "mayor", "decade", "junk"))
odd = st.lists(
    st.one_of(numbers, months, st.sampled_from(("of", "in", "days", "weeks", "next", "fri", "."))),
    max_size=8,
).map(" ".join)
sent = st.timedeltas(timedelta(-9_000), timedelta(20_000)).map(lambda past: MONDAY + past)


@given(odd | hostile, sent)
def test_whatever_is_typed_a_deadline_lies_between_now_and_a_year_on(
    text: str, sent_at: datetime
) -> None:
    at = due(text, sent_at)

    assert at is None or sent_at - timedelta(minutes=1) < at <= sent_at + timedelta(days=366)
