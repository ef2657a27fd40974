"""Discord's and Slack's markup, read as plain text."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from adapters.transcript.markup import draw
from adapters.wording import discord, slack
from bot.domain.card import Button, Card, Link

NAMES = {"17": "Ada", "U17": "Ada"}
CHANNELS = {"C17": "job-search"}


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("no markup & < 5 of it", "no markup & < 5 of it"),
        ("<@17> and <@!17>", "@Ada and @Ada"),
        ("<@99> is not here", "@member is not here"),
        ("@Ada stays, with markdown on", "@Ada stays, with markdown on"),
        ("<@&5> please see <#6>", "@role please see #channel"),
        ("well <:done:123> <a:party_1:456>", "well :done: :party_1:"),
        ("due <t:1772442000:R>", "due 2026-03-02 09:00 UTC"),
        ("due <t:1772442000>", "due 2026-03-02 09:00 UTC"),
        ("due <t:9999999999999:F>", "due a time"),
        ("use </resume check:123>", "use /resume check"),
        ("<https://example.org/a>", "https://example.org/a"),
        ("see [the guide](https://example.org/a)", "see the guide (https://example.org/a)"),
        ("[a](<https://example.org/b>)", "a (https://example.org/b)"),
        ("[example.org](https://example.org)", "https://example.org"),
        ("[note] (not a link) [x](y)", "[note] (not a link) [x](y)"),
        ("||<@17> got it||", "@Ada got it"),
        ("||one|| and ||two||", "one and two"),
        ("a || b", "a || b"),
        ("> quoted <@17>\nanswer", "> quoted @Ada\nanswer"),
        ("```\na || b || <@17>\n```", "```\na || b || <@17>\n```"),
        ("`x || y || z` ||w||", "`x || y || z` w"),
        ("**bold** stays", "**bold** stays"),
        ("a\r\nb\rc\x00d\x1be\tf", "a\nb\nc d e\tf"),
        ("half \ud83d of a sign", "half \N{REPLACEMENT CHARACTER} of a sign"),
    ],
)
def test_discord_markup_reads_as_plain_text(raw: str, expected: str) -> None:
    assert expected == discord.plain(raw, NAMES)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Tom &amp; Ada &lt;3 &gt;", "Tom & Ada <3 >"),
        ("typed &lt;@U17&gt; and &amp;lt;", "typed <@U17> and &lt;"),
        ("<@U17> and <@U17|ada>", "@Ada and @ada"),
        ("<@U99>?", "@member?"),
        ("<@U99|@ben>", "@ben"),
        ("in <#C17> or <#C9|help> or <#C9>", "in #job-search or #help or #channel"),
        ("<!channel> <!here> <!everyone>", "@channel @here @everyone"),
        ("<!subteam^S1|@coaches> <!subteam^S2>", "@coaches @group"),
        ("<!date^1772442000^{date}|2 March>", "2 March"),
        ("<!date^1772442000^{date}>", "2026-03-02 09:00 UTC"),
        ("<https://example.org/a|the guide>", "the guide (https://example.org/a)"),
        ("<https://example.org|example.org>", "https://example.org"),
        ("<https://example.org/|example>", "example (https://example.org/)"),
        ("<https://example.org/?a=1&amp;b=2>", "https://example.org/?a=1&b=2"),
        ("<mailto:ada@example.org|ada@example.org>", "ada@example.org"),
        ("<mailto:ada@example.org|write>", "write (ada@example.org)"),
        (":tada: stays", ":tada: stays"),
        ("&gt; quoted\n```code```", "> quoted\n```code```"),
        ("a lone < or >", "a lone < or >"),
    ],
)
def test_slack_markup_reads_as_plain_text(raw: str, expected: str) -> None:
    assert expected == slack.plain(raw, NAMES, CHANNELS, own_names=True)


def test_slack_mentions_are_names_and_each_is_told_once() -> None:
    assert slack.mentions("<@U17> <@U9|ben> <@U17> &lt;@U3&gt;", NAMES, own_names=True) == (
        "Ada",
        "ben",
    )


def test_a_card_is_drawn_as_its_text_without_control_characters() -> None:
    card = Card("A\x00lert", ("One.",), links=(Link("Open", "https://x.org"),))
    assert draw(card) == "A lert\nOne.\nOpen: https://x.org"
    assert "Take" not in draw(Card("Alert", buttons=(Button("take", "Take"),)))


PIECES = st.lists(
    st.one_of(
        st.sampled_from(
            [*"<>`[]()|&^@-1\x00\r\n\x85\u2028\ud800", "||", "```", "](", "https://", "9" * 13]
        ),
        st.sampled_from(
            ["<@", "<#", "<t:", ":R>", "&amp;", "&lt;", "<!", "mailto:", "<@17>", "<!date^"]
        ),
        st.text(st.characters(), max_size=8),
    ),
    max_size=40,
).map("".join)


@given(PIECES)
@example("<:R>")
def test_hostile_text_comes_out_whole_and_without_control_characters(hostile: str) -> None:
    for plain in (discord.plain(hostile, NAMES), slack.plain(hostile, NAMES, CHANNELS)):
        assert not {c for c in plain if unicodedata.category(c) in {"Cc", "Cs"}} - {"\n", "\t"}
        plain.encode()


@pytest.mark.timeout(5)
@pytest.mark.parametrize("piece", ["[", "[a](http://a", "||", "`", "<", "<@", "<t:1", "```", "&"])
def test_a_very_long_row_of_one_sign_does_not_hold_reading_up(piece: str) -> None:
    long = piece * 20_000
    assert discord.plain(long, NAMES)
    assert slack.plain(long, NAMES, CHANNELS)
