"""What Discord writes about a message reads alike from a frame and from a dictionary."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.discord.payload import MessageObject, created, message_object
from adapters.discord.translate import message
from bot.domain.message import Origin, Place, PlatformName

HERE = Place(PlatformName("discord"), "10", "20", name="#jobs")


def said(**more: Any) -> dict[str, Any]:  # noqa: ANN401 - fields of a payload
    plain = {
        "id": "900", "channel_id": "20", "guild_id": "10", "type": 0, "content": "two offers",
        "timestamp": "2026-11-28T09:30:00.250000+00:00", "edited_timestamp": None,
        "author": {"id": "7", "username": "kit", "global_name": None, "discriminator": "0"},
        "mentions": [], "attachments": [], "embeds": [], "nonce": 4, "flags": 0,
    }  # fmt: skip
    return {**plain, **more}


def frame(payload: object, event: str | None = "MESSAGE_CREATE") -> str:
    return json.dumps({"op": 0, "d": payload, "s": 41, "t": event})


FULL = said(
    type=19,
    content="<@8> see the link",
    edited_timestamp="2026-11-28T09:31:00+00:00",
    mentions=[{"id": "8", "username": "ola", "global_name": "Ola", "member": {"roles": []}}],
    attachments=[{"id": "1", "filename": "cv.pdf"}, {"id": "2"}],
    embeds=[{"title": "an offer"}],
    message_reference={"type": 0, "message_id": "890", "channel_id": "20"},
    poll={"question": {"text": "which?"}},
)


@pytest.mark.parametrize("payload", [said(), FULL, said(content="", sticker_items=None)])
def test_a_frame_and_a_dictionary_read_alike(payload: dict[str, Any]) -> None:
    found = created(frame(payload))
    assert found is not None
    assert found[0] == 41
    assert found[1] == message_object(payload)
    assert message(found[1], HERE) == message(payload, HERE)


def test_all_that_matters_of_a_message_is_read() -> None:
    read = message(FULL, HERE)
    assert (read.ref.id, read.author.id, read.origin) == ("900", "7", Origin.MEMBER)
    assert (read.text, read.mentions) == ("@Ola see the link", ("Ola",))
    assert (read.attachments, read.reply_to) == (2, "890")
    assert read.sent_at == datetime(2026, 11, 28, 9, 30, 0, 250_000, tzinfo=UTC)
    assert read.edited_at == datetime(2026, 11, 28, 9, 31, tzinfo=UTC)
    assert read.sent_at.tzinfo is UTC


@pytest.mark.parametrize(
    ("more", "is_empty"),
    [
        ({}, False),
        ({"content": ""}, True),
        ({"content": "", "attachments": [{"id": "1"}]}, False),
        ({"content": "", "poll": {}}, False),
        ({"content": "", "message_snapshots": [{"message": {}}]}, False),
        ({"content": "", "sticker_items": [{"id": "1", "name": "wave"}]}, False),
    ],
)
def test_a_message_is_empty_when_nothing_at_all_is_in_it(
    more: dict[str, Any], *, is_empty: bool
) -> None:
    assert message_object(said(**more)).is_empty is is_empty


@pytest.mark.parametrize(
    "other",
    [
        frame(said(), "MESSAGE_UPDATE"),
        frame({"heartbeat_interval": 45_000}, None),
        frame(said(author=None)),
        frame(said(timestamp="last week")),
        frame(said(content=None)),
        frame([]),
        '{"t": "MESSAGE_CREATE", "s": 1, "d": ',
        '{"t": "MESSAGE_CREATE", "s": null, "d": {}}',
        frame(said(content="half \ud83d")),
        "[" * 100_000,
        f'{{"t": "MESSAGE_CREATE", "s": 1, "d": {"[" * 100_000}',
        f'{{"t": "MESSAGE_CREATE", "s": 1, "d": {{"more": {"[" * 100_000}',
        "",
    ],
)
def test_whatever_else_a_frame_is_goes_the_long_way(other: str) -> None:
    assert created(other) is None


def test_half_a_character_is_read_the_long_way_and_taken_out() -> None:
    assert message(said(content="half \ud83d"), HERE).text == "half \N{REPLACEMENT CHARACTER}"


@pytest.mark.parametrize("field", ["id", "channel_id", "author", "content", "timestamp"])
def test_what_is_no_message_is_refused_without_a_word_of_it(field: str) -> None:
    private = "nobody else should read this"
    with pytest.raises(ValueError, match="ValidationError") as refused:
        message_object(said(**{"content": private, field: [private]}))
    assert private not in str(refused.value)
    assert refused.value.__cause__ is None


@pytest.mark.parametrize("sent", ["2026-11-28T10:30:00+01:00", "2026-11-28T09:30:00"])
def test_moments_are_utc_however_they_are_written(sent: str) -> None:
    read = message(said(timestamp=sent), HERE)
    assert read.sent_at == datetime(2026, 11, 28, 9, 30, tzinfo=UTC)
    assert read.sent_at.tzinfo is UTC


def test_fields_that_discord_adds_later_are_no_matter() -> None:
    assert isinstance(message_object(said(shared_client_theme={"colors": []})), MessageObject)
