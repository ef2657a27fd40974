"""What a card says of commands is written as Slack takes them."""

import pytest

from adapters.slack.typed import in_words
from bot.commands.table import TABLE


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Type /optout. Then I skip.", "Type /waymark optout. Then I skip."),
        ("/help-now still works", "/waymark help-now still works"),
        ("(/help)", "(/waymark help)"),
        ("type /setup, then /watch add", "type /waymark setup, then /waymark watch add"),
        ("Type /waymark watch add.", "Type /waymark watch add."),
        ("Type /invite @Waymark there.", "Type /invite @Waymark there."),
        ("https://example.org/help and/case bot/watch /watchful /case/2", None),
        ("his/her work, 24/7", None),
    ],
)
def test_commands_of_the_table_alone_are_written_anew(said: str, shown: str | None) -> None:
    assert in_words(said, TABLE.nouns) == (shown or said)
    assert in_words(said, ()) == said
