"""What a channel is told of being read is plain, whole and true."""

import pytest

from bot.cards.watch import (
    HELP_NOW,
    asked_card,
    consent_card,
    failed_card,
    gone_card,
    list_card,
    notice_card,
    over_line_card,
    over_notice_card,
    unpinned_card,
    unsaid_card,
    untold_card,
)
from bot.domain.card import Card
from bot.domain.desk import ConsentMode
from bot.domain.watch import Mode, Stage, Watch
from tests.support.build import NOON, account, place
from tests.support.readability import grade

MO = account("300")
CARDS = (
    *(notice_card("the North desk", mode, "999", 180) for mode in ConsentMode),
    notice_card("the North desk", ConsentMode.OPT_IN, "999", 180, mode=Mode.SHADOW),
    notice_card("the North desk", ConsentMode.OPT_IN, None, 180),
    over_notice_card(NOON),
    *(asked_card(place(), mode) for mode in Mode),
    failed_card(place(), "the bot lacks a permission there"),
    unpinned_card(place(), "the bot may not pin"),
    gone_card(place()),
    unsaid_card(place(), "the bot may not write there"),
    *(consent_card(mode) for mode in ConsentMode),
    untold_card(place(), "the bot may not write there"),
)


@pytest.mark.parametrize("card", CARDS, ids=lambda card: str(card.title)[:30])
def test_it_is_read_at_grade_8(card: Card) -> None:
    assert grade(" ".join(card.paragraphs)) <= 8


def test_the_notice_says_what_is_read_by_whom_what_is_kept_and_the_way_out() -> None:
    card = notice_card("North careers desk", ConsentMode.NOTICE_OPT_OUT, "999", 90)

    for said in ("new messages", "North careers desk", "do not keep what you write", "/optout"):
        assert said in card.text
    assert "What stands above I do not read" in card.text
    assert "call 999" in card.text
    assert "for 90 days" in card.text
    assert [button.id for button in card.buttons] == [HELP_NOW]


def test_where_members_must_agree_the_notice_says_how() -> None:
    card = notice_card("North careers desk", ConsentMode.OPT_IN, None, 180)

    assert "/optin" in card.text
    assert "/optout" not in card.text
    assert "the emergency number where you are" in card.text


def test_the_moderators_own_words_stand_first_and_take_nothing_away() -> None:
    usual = notice_card("N", ConsentMode.NOTICE_OPT_OUT, "999", 90)
    own = notice_card("N", ConsentMode.NOTICE_OPT_OUT, "999", 90, "We agreed on this in May.")

    assert own.paragraphs == ("We agreed on this in May.", *usual.paragraphs)


@pytest.mark.parametrize("stage", Stage)
def test_the_list_says_how_each_stands(stage: Stage) -> None:
    watch = Watch("north", place(), "k", MO, NOON, stage=stage, since=NOON, link="https://x.org")
    card = list_card(
        [(place(), watch, None), (place("21", name="#old"), None, NOON.date())], {}, "UTC"
    )
    values = {field.name: field.value for field in card.fields}

    assert values["#old"] == "Read. It stands in the desk's file. Last message read on 05 Jan."
    assert ("Mode: watch." in values["#job-search"]) is (stage is Stage.ON)
    assert ("Not read" in values["#job-search"]) is (stage is not Stage.ON)
    assert "Set by somebody on" in values["#job-search"]
    assert bool(card.links) is (stage is Stage.ON)


def test_an_empty_list_says_what_to_do() -> None:
    assert "/watch add" in list_card([], {}, "UTC").text


def test_the_last_line_names_nobody() -> None:
    assert over_line_card().text == "From now on I do not read this channel."
