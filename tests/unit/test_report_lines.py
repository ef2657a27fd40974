import json
from datetime import timedelta, timezone
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.code import Code
from bot.domain.decision import Alert, Outcome, Recorded
from bot.domain.reading import Priority
from bot.reports.lines import line
from tests.support.reports import START, alerting, propose, recommend, recorded

SENT = (START + timedelta(hours=14)).astimezone(timezone(timedelta(hours=2)))


def told(one: Recorded) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(line(one, place_name="#job-search"))
    return read


def test_a_line_says_what_follows_and_why() -> None:
    outcomes: list[Outcome] = [
        Alert(Priority.P2),
        recommend("cv-guide", "find-adviser"),
        propose(similarity=0.5),
    ]
    one = recorded(
        3,
        [Code.WAGES_WITHHELD, Code.ASKING],
        at=SENT,
        outcomes=outcomes,
        alert="own",
        link="https://example.org/3",
        due_at=SENT + timedelta(days=1),
    )
    expected = {
        "message": "300000000000000003",
        "place": "#job-search",
        "at": "2026-03-02T14:00:00+00:00",
        "priority": "P2",
        "because": ["WAGES_WITHHELD", "ASKING"],
        "actions": [
            {"do": "alert", "raises": True},
            {"do": "recommend", "resources": ["cv-guide", "find-adviser"]},
            {"do": "note", "claim": "two-page-cv", "strength": "match", "similarity": 0.5},
        ],
        "link": "https://example.org/3",
        "evidence": [
            {"code": "WAGES_WITHHELD", "start": 0, "end": 4, "by": "cue-WAGES_WITHHELD"},
            {"code": "ASKING", "start": 0, "end": 4, "by": "cue-ASKING"},
        ],
        "versions": {"ruleset": "cues-1", "model": "linear-1", "policy": "ladder-1"},
        "due_at": "2026-03-03T14:00:00+00:00",
    }
    assert expected == told(one)


def test_a_message_that_joins_an_alert_says_so() -> None:
    assert told(alerting(2, Code.THREAT, joins="earlier"))["actions"] == [
        {"do": "alert", "raises": False}
    ]


def test_without_a_priority_the_line_says_null() -> None:
    assert told(recorded(1))["priority"] is None


def test_text_is_there_only_when_it_was_asked_for() -> None:
    one = alerting(1, Code.THREAT)
    assert "text" not in told(one)
    assert json.loads(line(one, place_name="#a", quote="made up"))["text"] == "made up"


@given(st.text(), st.text())
def test_whatever_people_type_stays_one_line_of_ascii_and_comes_back_whole(
    name: str, quote: str
) -> None:
    row = line(alerting(1, Code.THREAT), place_name=name, quote=quote)

    assert row.isascii()
    assert row.isprintable()
    assert (name, quote) == (json.loads(row)["place"], json.loads(row)["text"])
