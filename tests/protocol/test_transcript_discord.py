"""DiscordChatExporter's JSON and CSV, as events."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from adapters.transcript.window import Window
from bot.domain.message import Message, Origin
from tests.support.exports import (
    CHANNEL,
    FIRST_ID,
    GUILD,
    TEXTS,
    csv_row,
    discord_author,
    discord_csv,
    discord_json,
    discord_message,
)
from tests.support.inbox import replayed

CSV_NAME = "Example server - Text Channels - job-search [800000000000000001].csv"


def wrote(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


async def only_message(tmp_path: Path, **more: object) -> Message:
    inbox, platform = await replayed(
        wrote(tmp_path / "one.json", discord_json([discord_message(0, **more)]))
    )
    assert [problem.line for problem in platform.problems] == []
    (message,) = inbox.messages
    return message


async def test_a_message_keeps_who_where_when_and_its_link(tmp_path: Path) -> None:
    message = await only_message(tmp_path, timestampEdited="2026-03-02T11:30:00+02:00")
    place = message.ref.place
    assert (place.platform, place.space, place.channel) == ("discord", GUILD, CHANNEL)
    assert (place.thread, place.name) == (None, "#job-search")
    assert message.ref.id == str(FIRST_ID)
    assert message.position == f"{FIRST_ID:020}"
    assert message.author.id == "900000000000000010"
    assert message.text == TEXTS[0]
    assert message.sent_at == datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert message.edited_at == datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    assert message.link == f"https://discord.com/channels/{GUILD}/{CHANNEL}/{FIRST_ID}"


async def test_mentions_replies_and_attachments_are_read(tmp_path: Path) -> None:
    message = await only_message(
        tmp_path,
        type="Reply",
        content="<@900000000000000055> see this",
        mentions=[discord_author("900000000000000055")],
        reference={"messageId": "17", "channelId": CHANNEL, "guildId": GUILD},
        attachments=[{"id": "1"}, {"id": "2"}],
        embeds=[{"title": "never read"}],
    )
    assert message.text == "@User 55 see this"
    assert message.mentions == ("User 55",)
    assert message.reply_to == "17"
    assert message.attachments == 2


async def test_a_forwarded_message_answers_nothing_here(tmp_path: Path) -> None:
    reference = {"type": "Forward", "messageId": "17", "channelId": "5", "guildId": GUILD}
    assert (await only_message(tmp_path, reference=reference)).reply_to is None


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, Origin.MEMBER),
        ({"type": "Reply"}, Origin.MEMBER),
        ({"type": "21"}, Origin.MEMBER),
        ({"author": discord_author(isBot=True)}, Origin.BOT),
        ({"type": "20"}, Origin.BOT),
        ({"type": "23"}, Origin.BOT),
        ({"interaction": {"id": "1", "name": "poll"}}, Origin.BOT),
        ({"type": "GuildMemberJoin"}, Origin.SYSTEM),
        ({"type": "ChannelPinnedMessage"}, Origin.SYSTEM),
        ({"type": "ThreadCreated"}, Origin.SYSTEM),
        ({"type": "8"}, Origin.SYSTEM),
        ({"type": "GuildMemberJoin", "author": discord_author(isBot=True)}, Origin.SYSTEM),
        ({"author": discord_author("456226577798135808")}, Origin.DELETED_MEMBER),
        ({"author": discord_author(name="Deleted User 1a2b3c4d")}, Origin.DELETED_MEMBER),
        ({"author": discord_author(name="deleted_user_0f9e8d7c")}, Origin.DELETED_MEMBER),
        ({"author": discord_author(name="Deleted User Fan Club")}, Origin.MEMBER),
    ],
)
async def test_the_origin_says_whose_words_these_are(
    tmp_path: Path, more: dict[str, Any], expected: Origin
) -> None:
    assert (await only_message(tmp_path, **more)).origin == expected


@pytest.mark.parametrize("kind", ["GuildPublicThread", "GuildNewsThread", "11"])
async def test_a_thread_is_a_place_inside_its_parent(tmp_path: Path, kind: str) -> None:
    export = discord_json(
        [discord_message()], type=kind, categoryId="5", category="help", name="my CV"
    )
    inbox, _ = await replayed(wrote(tmp_path / "thread.json", export))
    (place,) = inbox.opened
    assert (place.channel, place.thread, place.name) == ("5", CHANNEL, "#help > my CV")
    assert inbox.messages[0].link.startswith(f"https://discord.com/channels/{GUILD}/{CHANNEL}/")


@pytest.mark.parametrize(
    ("channel", "asked", "expected"),
    [
        ({}, (), "read"),
        ({}, ("#Job-Search",), "read"),
        ({}, (CHANNEL,), "read"),
        ({}, ("other",), "not among the channels asked for"),
        ({"type": "DirectTextChat"}, (CHANNEL,), "direct messages are never read"),
        ({"type": "DirectGroupTextChat"}, (), "direct messages are never read"),
        (
            {"type": "GuildPrivateThread", "category": "help"},
            ("help",),
            "a private channel or thread is read only when it is named",
        ),
        ({"type": "GuildPrivateThread", "name": "my CV"}, ("my cv",), "read"),
        ({"type": "GuildPublicThread", "category": "help"}, ("help",), "read"),
        ({"type": "GuildPublicThread"}, ("help",), "not among the channels asked for"),
    ],
)
async def test_what_is_private_or_not_asked_for_is_left_out_and_counted(
    tmp_path: Path, channel: dict[str, Any], asked: tuple[str, ...], expected: str
) -> None:
    path = wrote(tmp_path / "a.json", discord_json([discord_message()], **channel))
    inbox, platform = await replayed(path, window=Window(channels=frozenset(asked)))
    read = "read" if len(inbox.messages) == 1 else ""
    assert expected in {read, *platform.left_out}
    assert bool(inbox.events) == (expected == "read")
    assert sum(platform.left_out.values()) == (expected != "read")


async def test_an_export_of_no_server_is_of_direct_messages(tmp_path: Path) -> None:
    export = discord_json([discord_message()]).replace(f'"id": "{GUILD}"'.encode(), b'"id": "0"')
    inbox, platform = await replayed(wrote(tmp_path / "a.json", export))
    assert inbox.events == []
    assert platform.left_out == {"direct messages are never read": 1}


async def test_parts_of_one_channel_are_read_oldest_first(tmp_path: Path) -> None:
    late = wrote(tmp_path / "a.json", discord_json([discord_message(n) for n in (4, 5)]))
    early = wrote(tmp_path / "a [part 2].json", discord_json([discord_message(n) for n in (1, 2)]))
    other = wrote(tmp_path / "b.json", discord_json([discord_message(0)], id="81"))
    inbox, _ = await replayed(late, other, early)
    numbers = [int(message.ref.id) - FIRST_ID for message in inbox.messages]
    assert numbers == [1, 2, 4, 5, 0]
    assert [place.channel for place in inbox.opened] == [CHANNEL, CHANNEL, "81"]


@pytest.mark.parametrize("count", [2, 3, 3000])
async def test_an_export_with_the_newest_first_is_read_from_its_end(
    tmp_path: Path, count: int
) -> None:
    newest_first = [discord_message(number) for number in reversed(range(count))]
    inbox, platform = await replayed(wrote(tmp_path / "a.json", discord_json(newest_first)))
    assert platform.problems == []
    assert [int(message.ref.id) - FIRST_ID for message in inbox.messages] == list(range(count))


async def test_a_broken_message_in_an_export_with_the_newest_first_is_told(tmp_path: Path) -> None:
    export = discord_json([discord_message(number) for number in (3, 2, 1)])
    broken = export.replace(b'"isPinned": false', b'"isPinned": fals', 2).replace(
        b'"isPinned": fals,', b'"isPinned": false,', 1
    )
    inbox, platform = await replayed(wrote(tmp_path / "a.json", broken))
    assert [int(message.ref.id) - FIRST_ID for message in inbox.messages] == [1, 3]
    assert "the message at byte" in platform.problems[0].line


async def test_csv_rows_become_messages_with_their_number_as_id(tmp_path: Path) -> None:
    rows = [csv_row(0), csv_row(1, "Joined the server."), csv_row(2, 'He said "a, b"\nand left')]
    rows[2][1], rows[2][4] = "Deleted User#0000", "https://x.org/1.png,https://x.org/2.png"
    inbox, platform = await replayed(wrote(tmp_path / CSV_NAME, discord_csv(rows)))
    assert platform.problems == []
    first, joined, last = inbox.messages
    assert (first.ref.place.channel, first.ref.place.name) == (CHANNEL, "#job-search")
    assert (first.ref.id, first.position) == ("row-1", "0" * 19 + "1")
    assert (first.author.id, first.origin) == ("900000000000000001", Origin.MEMBER)
    assert first.sent_at == datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert joined.origin == Origin.SYSTEM
    assert (last.origin, last.text) == (Origin.DELETED_MEMBER, 'He said "a, b"\nand left')
    assert last.attachments == 2


async def test_rows_of_all_parts_of_a_channel_are_numbered_through(tmp_path: Path) -> None:
    stem = CSV_NAME.removesuffix(".csv")
    part = wrote(tmp_path / f"{stem} [part 2].csv", discord_csv([csv_row(8), csv_row(9)]))
    whole = wrote(tmp_path / CSV_NAME, discord_csv([csv_row(0), csv_row(1)]))
    inbox, _ = await replayed(part, whole)
    assert [message.ref.id for message in inbox.messages] == ["row-1", "row-2", "row-3", "row-4"]
    assert [message.sent_at.minute for message in inbox.messages] == [0, 1, 8, 9]
    assert len({message.ref.key for message in inbox.messages}) == 4


async def test_direct_messages_are_not_read_from_csv_either(tmp_path: Path) -> None:
    name = "Direct Messages - Private - ada [800000000000000009].csv"
    inbox, platform = await replayed(wrote(tmp_path / name, discord_csv([csv_row()])))
    assert inbox.events == []
    assert platform.left_out == {"direct messages are never read": 1}


async def test_a_date_of_an_older_version_is_read(tmp_path: Path) -> None:
    row = csv_row()
    row[2] = "02-Mar-26 09:15 PM"
    inbox, _ = await replayed(wrote(tmp_path / CSV_NAME, discord_csv([row])))
    assert inbox.messages[0].sent_at == datetime(2026, 3, 2, 21, 15, tzinfo=UTC)
