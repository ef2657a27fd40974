"""Cards and forms as Discord draws them: within its limits, and inert."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.discord import commands, markup
from adapters.discord.translate import button_id
from adapters.wording.discord import plain
from bot.domain.card import Button, Card, Field, Link
from bot.domain.command import Choice, Command, Form, Kind, Line, Menu, Option, Table
from bot.domain.space import Role
from tests.support.fake_discord import validate

WORDS = st.text(max_size=400)
LONG = st.text(max_size=5_000)
SHORT = st.text(min_size=1, max_size=30)
FIELDS = st.builds(Field, WORDS, WORDS)
LINKS = st.builds(
    Link, WORDS, st.sampled_from(["https://example.org", "javascript:x", "", "http://a.b/c"])
)
CARDS = st.builds(
    Card,
    title=WORDS,
    paragraphs=st.lists(LONG, max_size=4).map(tuple),
    fields=st.lists(FIELDS, max_size=30).map(tuple),
    links=st.lists(LINKS, max_size=7).map(tuple),
    buttons=st.lists(st.builds(Button, SHORT, WORDS), max_size=4, unique_by=lambda b: b.id).map(
        tuple
    ),
    footer=WORDS,
)
TYPED = "@everyone <@7> <#20> <t:0:R> **b** [a](https://evil.example) discord.gg/abc\n# big\n> said"


@given(CARDS, st.booleans())
def test_every_card_is_within_discords_limits(card: Card, as_text: bool) -> None:  # noqa: FBT001 - drawn by hypothesis
    drawn = markup.drawn(card, key="north/1#0", as_text=as_text)

    assert validate.message(drawn) == []
    assert drawn["allowed_mentions"]["parse"] == []


def test_what_people_typed_is_only_words() -> None:
    card = Card(TYPED, (TYPED,), (Field(TYPED, TYPED),), footer=TYPED)
    drawn = markup.drawn(card)
    (embed,) = drawn["embeds"]
    marked = [drawn["content"], embed["description"], embed["fields"][0]["value"]]

    for text in (*marked, embed["footer"]["text"]):
        assert not re.search(r"@everyone|<[@#t]|://|discord\.gg", text)
    for text in marked:
        assert not re.search(r"(?<!\\)[*\[\]]|^(#|>)", text, re.MULTILINE)


def test_the_title_is_there_for_those_who_see_no_embeds() -> None:
    drawn = markup.drawn(Card("P1 urgent: a message", ("Look soon.",)))

    assert drawn["content"] == "P1 urgent: a message"
    assert "Look soon." in drawn["embeds"][0]["description"]


def test_all_of_it_can_be_plain_text() -> None:
    card = Card("Title", ("Words.",), (Field("Where", "#general"),), footer="Source")
    drawn = markup.drawn(card, as_text=True)

    assert drawn["content"] == "Title\nWords.\nWhere: #general\nSource"
    assert drawn["embeds"] == []


def test_a_link_leads_where_it_says_and_nothing_else_does() -> None:
    card = Card(
        "T", links=(Link("Open", "https://example.org"), Link("Bad", "javascript:alert(1)"))
    )
    (row,) = markup.drawn(card)["components"]

    assert [button["url"] for button in row["components"]] == ["https://example.org"]


def test_a_delivery_leaves_a_trace_in_its_buttons_and_none_in_what_is_pressed() -> None:
    card = Card("T", buttons=(Button("alert.take/1", "Take it"),))
    (row,) = markup.drawn(card, key="north/1#0")["components"]
    id_ = row["components"][0]["custom_id"]

    assert id_.endswith(f"#{markup.trace('north/1#0')}")
    assert button_id(id_) == "alert.take/1"


def test_a_nonce_is_short_enough_and_the_keys_own() -> None:
    assert len(markup.nonce("k" * 500)) <= 25
    assert markup.nonce("a") != markup.nonce("b")


CHOICES = st.builds(Choice, SHORT, st.text(min_size=1, max_size=150))
LINES = st.builds(
    Line, name=SHORT, label=st.text(min_size=1, max_size=90), help=WORDS, value=WORDS,
    is_long=st.booleans(), most=st.integers(1, 9_000),
    choices=st.lists(CHOICES, max_size=30).map(tuple),
)  # fmt: skip


@given(
    st.builds(
        Form,
        st.just("note.write"),
        st.text(min_size=1, max_size=99),
        st.lists(LINES, min_size=1, max_size=5).map(tuple),
    )
)
def test_every_form_is_within_discords_limits(form: Form) -> None:
    assert validate.modal(markup.modal(form, "case.note/12")) == []


TABLE = Table(
    nouns={"duty": "Who is on duty"},
    commands=(
        Command("duty", "on", "Go on duty"),
        Command("duty", "who", "Who is on duty", options=(
            Option("day", "Which day", required=False, suggests=True),
            Option("hours", "How many", Kind.NUMBER, choices=(Choice("1", "one"),)),
        )),
        Command("help", "", "What this is"),
        Command("setup", "", "Set the desk up", role=Role.OWNER),
        Command("watch", "add", "Watch a channel", role=Role.MODERATOR,
                options=(Option("channel", "Which", Kind.CHANNEL),)),
    ),
    menus=(Menu("ask", "Ask a practitioner"), Menu("note", "Suggest accuracy note")),
)  # fmt: skip


def test_the_table_becomes_commands_that_discord_takes() -> None:
    drawn = commands.drawn(TABLE)

    assert validate.commands(drawn) == []
    assert [row["name"] for row in drawn] == [
        "duty", "help", "setup", "watch", "Ask a practitioner", "Suggest accuracy note",
    ]  # fmt: skip


def test_a_command_is_hidden_from_those_who_may_not_use_it() -> None:
    seen = {row["name"]: row["default_member_permissions"] for row in commands.drawn(TABLE)}

    assert seen["duty"] is None
    assert seen["watch"] == str(1 << 4)
    assert seen["setup"] == str(1 << 5)


def test_a_noun_with_and_without_a_verb_is_refused() -> None:
    table = Table(commands=(Command("duty", "", "x"), Command("duty", "on", "x")))
    with pytest.raises(ValueError, match="/duty"):
        commands.drawn(table)


def test_what_discord_adds_is_no_change() -> None:
    drawn = commands.drawn(TABLE)
    held = [{**row, "id": "1", "version": "2", "nsfw": False} for row in reversed(drawn)]

    assert commands.is_same(drawn, held)
    assert not commands.is_same(drawn, held[1:])
    assert not commands.is_same(drawn, [*held[:-1], {**held[-1], "description": "other"}])


@pytest.mark.parametrize("hostile", ["<:R>", "<::>", "</:1>", "<a::1>", "<@>", "<t:>"])
def test_markup_that_is_none_stays_as_it_was_written(hostile: str) -> None:
    assert plain(f"well {hostile} then", {}).startswith("well")
