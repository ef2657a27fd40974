"""The dialog and the check in plain words, within what the platforms take."""

from dataclasses import replace

import pytest

from adapters.discord import markup as discord
from adapters.slack import form as slack
from adapters.slack.form import Origin
from bot.cards import check
from bot.cards import setup as cards
from bot.domain.card import Card
from bot.domain.command import Form
from bot.domain.message import PlatformName
from bot.domain.setup import WORTH_KNOWING, Choosing, Found, Setting, SpaceSetup, Trouble
from bot.domain.space import SpaceRef
from tests.support.build import DISCORD, NOON, account, desk
from tests.support.fake_discord.validate import modal as refused_by_discord
from tests.support.fake_slack.blocks import check_view
from tests.support.readability import grade

SLACK, LOCAL = PlatformName("slack"), PlatformName("local")
HERE = SpaceRef(DISCORD, "10")
SETUP = SpaceSetup("70", "71", "72", "25")
CHOSEN = {"70": "Guides", "71": "Mods", "72": "Leads", "25": "#staff"}
DESK = replace(desk(), setups={HERE: SETUP}, notice="We read here.")
FORMS = (
    cards.desk_form(desk()),
    cards.desk_form(DESK),
    cards.roles_form(SpaceSetup()),
    cards.roles_form(SETUP),
    cards.alerts_form(desk(), HERE, SpaceSetup()),
    cards.alerts_form(DESK, HERE, SETUP),
)


def said(card: Card) -> str:
    return " ".join(card.paragraphs)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
def test_both_platforms_take_every_form(form: Form) -> None:
    assert refused_by_discord(discord.modal(form)) == []
    check_view(slack.modal(form, Origin()))


def test_it_shows_what_holds_and_where_it_comes_from() -> None:
    settings = (Setting(Choosing.NOTICE, "We read here.", NOON, account("1")),)
    text = cards.setup_card(DESK, HERE, settings, chosen=CHOSEN, people={}).text

    assert "Name: North careers desk (from the desk's file)" in text
    assert "Notice: We read here. (set here on 5 January 2026)" in text
    assert "Role of practitioners: Guides (not set up)" in text
    assert "Staff channel: #staff, beside direct messages" in text


def test_what_is_called_nothing_that_is_known_was_chosen_all_the_same() -> None:
    text = cards.setup_card(DESK, HERE, (), chosen={}, people={}).text

    assert "Role of practitioners: Chosen, press Roles to see it" in text
    assert "Staff channel: Chosen, press Alerts to see it, beside direct messages" in text


def test_the_last_resort_is_shown_by_name_and_never_by_a_number() -> None:
    last = account("199")
    named = cards.setup_card(
        replace(DESK, last_resort=last), HERE, (), chosen={}, people={last: "Lee"}
    ).text
    unnamed = cards.setup_card(replace(DESK, last_resort=last), HERE, (), chosen={}, people={}).text

    assert "Last resort: Lee (from the desk's file)" in named
    assert "Last resort: Somebody on Discord (from the desk's file)" in unnamed
    assert "199" not in named + unnamed


def test_a_card_has_at_most_four_buttons() -> None:
    assert len(cards.setup_card(DESK, HERE, (), chosen=CHOSEN, people={}).buttons) == 4


@pytest.mark.parametrize("platform", [DISCORD, SLACK, LOCAL])
@pytest.mark.parametrize("trouble", Trouble)
def test_each_trouble_has_its_mend_in_plain_words(trouble: Trouble, platform: PlatformName) -> None:
    field = check.found_field(Found(trouble, "#jobs", "Embed Links"), platform)

    assert "{" not in field.name + field.value
    assert grade(field.value) <= 8


def test_what_is_too_much_is_counted() -> None:
    many = [Found(Trouble.GONE, f"#{n}") for n in range(check.MOST_FOUND + 3)]
    card = check.check_card(many, "Sent.", DISCORD)

    assert len(card.fields) == check.MOST_FOUND
    assert "3 more are not shown" in said(card)


@pytest.mark.parametrize("trouble", [Trouble.GONE, Trouble.MISNAMED, Trouble.NOT_IN])
def test_the_mend_speaks_of_the_platform_on_which_it_is_asked(trouble: Trouble) -> None:
    here, there = (check.found_field(Found(trouble, "#a"), one).value for one in (DISCORD, SLACK))

    assert "/invite" not in here
    assert "/invite" in there


def test_what_is_no_mistake_is_named_and_counted_as_none() -> None:
    known = [Found(trouble) for trouble in sorted(WORTH_KNOWING)]
    sound = check.check_card(known, "Sent.", DISCORD)
    wrong = check.check_card([*known, Found(Trouble.GONE, "#a")], "Sent.", DISCORD)

    assert sound.title == "The check found nothing wrong"
    assert "no mistake" in said(sound)
    assert len(sound.fields) == len(known)
    assert wrong.title == "The check found one thing to mend"
    assert wrong.fields[0].name == "#a cannot be found"


@pytest.mark.parametrize(
    "card",
    [
        cards.setup_card(DESK, HERE, (), chosen=CHOSEN, people={}),
        check.check_card((), check.test_words(is_sent=True), DISCORD),
        check.check_card((), check.test_words(is_sent=False), DISCORD),
        check.check_card((Found(Trouble.UNVETTED),), check.test_words(is_sent=True), DISCORD),
        check.drilled_card(),
        cards.elsewhere_card(),
        cards.unopened_card(),
    ],
    ids=lambda card: card.title,
)
def test_all_of_it_can_be_read(card: Card) -> None:
    assert grade(said(card)) <= 8
