import io
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from bot.domain.code import Code
from bot.domain.decision import Alert, Outcome
from bot.domain.ledger import Count
from bot.domain.reading import Priority
from bot.reports import table, words
from bot.reports.summary import Summary, Tallying
from tests.support import hostile
from tests.support.readability import grade, mean_sentence
from tests.support.reports import (
    DESK,
    alerting,
    eight_days,
    place,
    propose,
    recommend,
    recorded,
    run,
    summary,
)

WEEK = eight_days(120)


def printed(told: Summary, width: int = 80) -> str:
    file = io.StringIO()
    table.render(told, Console(file=file, width=width))
    return file.getvalue()


def flat(text: str) -> str:
    return " ".join(text.split())


def test_the_report_starts_with_what_matters_in_plain_words() -> None:
    told = summary([alerting(1, Code.THREAT), alerting(2, Code.HOPELESS)])
    assert flat(printed(told)).startswith(
        "10 messages read. 2 need a person now or urgently (1 P0 emergency, 1 P1 urgent). "
        "0 need a person the same day (P2 soon). 0 can wait (P3 routine)."
    )


def test_the_parts_stand_in_the_order_of_urgency() -> None:
    text = printed(WEEK)
    titles = [
        "What would have alerted",
        "What would have been recommended",
        "Notes that would have been proposed",
        "Messages by channel and priority",
        "Messages by reason",
        "Alerts a day against the budget",
        "Was every message accounted for?",
        "It took",
    ]
    assert [text.index(title) for title in titles] == sorted(text.index(title) for title in titles)


@pytest.mark.parametrize("width", [40, 80, 119, 120, 160])
def test_nothing_but_an_address_is_wider_than_the_terminal(width: int) -> None:
    lines = printed(WEEK, width).splitlines()
    wide = [line for line in lines if cell_len(line) > width]
    assert [line for line in wide if not line.startswith("https://")] == []


@pytest.mark.parametrize("width", [80, 160])
def test_a_pipe_gets_no_escape_codes(width: int) -> None:
    assert "\x1b" not in printed(WEEK, width)


def test_an_alert_is_told_with_priority_time_place_reason_and_whole_link() -> None:
    text = printed(summary([alerting(7, Code.SELF_HARM_THIRD_PERSON, Code.DISTRESS)]))
    assert "P1 urgent | 2026-03-02 00:00 | #job-search | new alert" in text
    assert "worried that someone else is not safe; in great distress" in text
    link = "https://discord.com/channels/100000000000000001/200000000000000002/300000000000000007"
    assert link in text.splitlines()


def test_a_link_in_a_wide_table_is_folded_and_not_cut() -> None:
    text = printed(summary([alerting(7, Code.THREAT)]), 130)
    assert "…" not in text
    joined = "".join(line[-45:].strip() for line in text.splitlines() if line[-45:].strip())
    assert "200000000000000002/300000000000000007" in joined


def test_recommendations_and_notes_are_told_with_titles_and_reasons() -> None:
    outcomes: list[Outcome] = [recommend("cv-guide", "gone"), propose(similarity=0.875)]
    text = printed(summary([recorded(1, [Code.ASKING], outcomes=outcomes)]))
    assert "A plain guide to CVs (you asked about your CV)" in text
    assert "https://example.org/cv" in text.splitlines()
    assert "gone (you asked about your CV)" in text
    assert "the same claim (0.88 of 1)" in text
    assert "Recruiters throw away every CV" in text


def test_a_day_over_budget_is_marked_in_words_and_in_the_bar() -> None:
    row = next(
        line
        for line in printed(summary([alerting(n, Code.THREAT) for n in range(6)])).splitlines()
        if line.startswith("Mon 2026-03-02")
    )
    assert row.split() == ["Mon", "2026-03-02", "10", "6", "6", "4", "OVER", "by", "2", "####!!"]


def test_a_long_bar_is_scaled_to_fit() -> None:
    text = printed(summary([alerting(n, Code.THREAT) for n in range(100)]))
    bar = next(line for line in text.splitlines() if "OVER" in line).split()[-1]
    assert bar == "#" + "!" * 13


def test_only_the_busiest_days_are_shown_and_the_others_counted() -> None:
    new_year = date(2026, 1, 1)
    days = {new_year + timedelta(days=n): {Count.READ: n} for n in range(40)}
    text = printed(summary([], run(by_day=days)))
    assert "9 quieter days are not shown." in flat(text)
    assert "2026-01-09" not in text
    assert "2026-01-10" in text


@pytest.mark.parametrize(
    ("ledger", "said"),
    [
        (
            {Count.SEEN: 12, Count.READ: 10, Count.SKIPPED_BOT: 2},
            "12 messages seen: 10 read, 2 by bots. The count adds up.",
        ),
        (
            {Count.SEEN: 12, Count.READ: 10},
            "12 messages seen: 10 read. The count does NOT add up: 12 seen, 10 accounted for.",
        ),
        (
            {Count.SEEN: 1, Count.READ: 1, Count.UNASSESSED: 1},
            "1 message was read by cues and the quick model alone.",
        ),
    ],
)
def test_the_ledger_says_whether_it_adds_up(ledger: dict[Count, int], said: str) -> None:
    assert said in flat(printed(summary([], run(ledger=ledger))))


def test_problems_time_and_versions_are_told() -> None:
    text = flat(printed(summary([], run(problems=["line 3 is not a message"]))))
    assert "Problem: line 3 is not a message" in text
    assert "It took 1.2 seconds, 10 messages a second." in text
    assert "Rule set cues-1, model linear-1, policy ladder-1." in text


def test_nothing_found_is_said_without_a_promise() -> None:
    text = flat(printed(summary([])))
    assert "No message would have alerted. That is not proof that all is well." in text


def test_what_a_list_leaves_out_is_said() -> None:
    tallying = Tallying(alerts=1)
    for number in range(3):
        tallying.add(alerting(number, Code.THREAT))
    assert "2 less urgent left out here." in flat(printed(tallying.summary(run())))


@pytest.mark.parametrize("width", [80, 160])
def test_text_is_shown_only_when_it_was_asked_for_and_with_a_warning(width: int) -> None:
    one = alerting(1, Code.THREAT)
    asked = summary([one], run(quotes={one.ref.key: "made up"}))
    assert "This may be hard to read: made up" in flat(printed(asked, width))
    assert "hard to read" not in printed(summary([one]), width)


@settings(max_examples=60, deadline=None)
@given(hostile.text, hostile.text, hostile.urls, st.sampled_from([80, 160]))
def test_hostile_names_and_texts_stay_text(name: str, quote: str, url: str, width: int) -> None:
    outcomes: list[Outcome] = [Alert(Priority.P0), recommend("cv-guide"), propose()]
    one = recorded(1, [Code.THREAT], where=place(name), outcomes=outcomes, alert="own", link=url)
    about = run(
        desk=replace(DESK, name=name),
        quotes={one.ref.key: quote},
        titles={"cv-guide": (name, url)},
        claims={"two-page-cv": quote},
        problems=[name],
    )

    text = printed(summary([one], about), width)

    assert "P0 emergency" in text
    assert not {"\x1b", "\x07", "\x9b", "\r", "\u202e", "\u2066"} & set(text)
    assert text.encode("utf-8")
    assert "slack://" not in text.replace(name, "").replace(quote, "")


def test_markup_in_a_name_is_shown_as_it_was_typed() -> None:
    text = printed(
        summary([recorded(1, [Code.ASKING], where=place("[bold]#x[/bold] :warning:"))]), 160
    )
    assert "[bold]#x[/bold] :warning:" in text


def test_the_sentences_of_a_report_can_be_read_at_grade_eight() -> None:
    told = [*words.LIMITS, words.headline(WEEK), words.alert_line(WEEK), words.budget_line(WEEK)]
    told += [*words.account_lines(WEEK.run), words.time_line(WEEK.run)]
    assert grade(" ".join(told)) <= 8
    assert mean_sentence(" ".join(told)) <= 15
