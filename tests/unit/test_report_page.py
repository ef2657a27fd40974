from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings

from bot.domain.code import Code
from bot.domain.decision import Alert, Outcome
from bot.domain.ledger import Count
from bot.domain.reading import Priority
from bot.reports import page
from bot.reports.inert import inert
from tests.support import hostile, pagecheck
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


@cache
def week() -> str:
    return page.render(eight_days(120))


@cache
def read() -> pagecheck.Page:
    return pagecheck.read(week())


def test_the_page_is_well_formed_and_loads_nothing() -> None:
    assert read().mistakes == []


def test_an_empty_run_makes_a_sound_page_too() -> None:
    empty = pagecheck.read(page.render(summary([], run(ledger={Count.SEEN: 0}, by_day={}))))
    assert empty.mistakes == []
    assert "That is not proof that all is well." in empty.text


def test_the_policy_of_the_page_forbids_scripts_and_outside_content() -> None:
    policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    assert f'<meta http-equiv="Content-Security-Policy" content="{policy}">' in week()


def test_every_chart_says_what_it_shows_and_is_followed_by_its_figures() -> None:
    assert week().count('role="img" aria-label="') == read().tags["svg"] == 4
    for after in week().split("</svg>")[1:]:
        assert after.split("<table>")[0].count("The same figures as a table") == 1


def test_every_header_cell_says_what_it_heads() -> None:
    assert week().count("<th ") == week().count('scope="col"') + week().count('scope="row"')


def test_a_reader_can_skip_to_the_report() -> None:
    assert '<html lang="en">' in week()
    assert week().index('<a class="skip" href="#main">') < week().index("<nav")


def test_the_page_follows_the_readers_light_or_dark_and_prints() -> None:
    assert "@media (prefers-color-scheme: dark)" in week()
    assert "@media print" in week()


@pytest.mark.parametrize(
    "said",
    [
        "What the priorities mean",
        "Taken within 5 minutes, or the next person is called.",
        "A message that is not listed is not proof that all is well.",
        "says they intend to end their life; speaks of a way or a time to end their life",
        "A plain guide to CVs (you asked about your CV)",
        "Recruiters throw away every CV that is longer than one page.",
        "The budget is 4 pages a day: 2 practitioners, 1 page each in 12 hours.",
        "The count adds up.",
        "notes.json: line 17 is not a message.",
        "Rule set cues-1, model linear-1, policy ladder-1.",
    ],
)
def test_the_page_says(said: str) -> None:
    assert said in read().text


def test_links_open_the_message_without_telling_where_from() -> None:
    told = pagecheck.read(page.render(summary([alerting(1, Code.THREAT, joins="own")])))
    address = "https://discord.com/channels/100000000000000001/200000000000000002/"
    assert told.links == [{"href": f"{address}300000000000000001", "rel": "noreferrer"}]


def test_a_slack_app_link_is_not_made_a_link() -> None:
    one = recorded(1, [Code.THREAT], outcomes=[Alert(Priority.P0)], link="slack://channel?id=1")
    told = pagecheck.read(page.render(summary([one])))
    assert told.links == []
    assert "no link in the export" in told.text


def test_text_is_folded_away_behind_a_warning_and_only_when_asked_for() -> None:
    one = alerting(1, Code.THREAT)
    asked = page.render(summary([one], run(quotes={one.ref.key: "made up"})))
    quote = '<details class="quote"><summary>This may be hard to read: show the message</summary>'
    assert f'{quote}<blockquote dir="auto">made up</blockquote></details>' in asked
    assert '<details class="quote">' not in page.render(summary([one]))


def test_the_same_run_makes_the_same_page() -> None:
    assert page.render(eight_days(120)) == week()


@settings(max_examples=12, deadline=None)
@given(hostile.text, hostile.text, hostile.urls)
def test_hostile_names_and_texts_stay_text(name: str, quote: str, url: str) -> None:
    outcomes: list[Outcome] = [Alert(Priority.P0), recommend("cv-guide"), propose()]
    one = recorded(1, [Code.THREAT], where=place(name), outcomes=outcomes, alert="own", link=url)
    about = run(
        desk=replace(DESK, name=name),
        quotes={one.ref.key: quote},
        titles={"cv-guide": (name, url)},
        claims={"two-page-cv": quote},
        problems=[name],
    )

    told = pagecheck.read(page.render(summary([one], about)))

    assert told.mistakes == []
    assert told.tags["svg"] == 4
    assert told.tags["img"] == told.tags["base"] == 0
    assert told.text.count(inert(name)) >= 3
    assert inert(quote) in told.text
