"""The platform whose past is a file: what it promises whatever the file is."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.transcript.platform import TranscriptPlatform
from adapters.transcript.window import Window
from bot.domain.action import DirectMessage, Receipt
from bot.domain.card import Card
from bot.domain.event import Opened
from bot.domain.message import AccountRef, Origin, PlatformName
from bot.ports import Platform
from tests.support.exports import (
    START,
    csv_row,
    discord_csv,
    discord_json,
    discord_message,
    in_folder,
    slack_files,
    slack_message,
    zipped,
)
from tests.support.inbox import ListInbox, replayed

SHARED = Path(__file__).parents[3] / "shared" / "data" / "exports"  # present where it was fetched
DAY = "job-search/2026-03-02.json"


def exports(root: Path) -> Path:
    """One of each kind, under names that say nothing, among files that are no exports."""
    discord = discord_json([discord_message(number) for number in range(200)])
    slack = slack_files({DAY: [slack_message(number) for number in range(100)]})
    files = {
        "1/one.txt": discord,
        "2/two": discord_csv([csv_row(number) for number in range(70)]),
        "3/three.dat": zipped(slack),
        "4/photo.png": b"\x89PNG",
        "5/media.json_Files/upload.json": discord,
    }
    in_folder(root / "6" / "unpacked", slack)
    return in_folder(root, files)


def platform_of(*paths: Path) -> Platform:
    return TranscriptPlatform(paths)


async def test_it_keeps_the_port_and_has_no_one_to_tell(tmp_path: Path) -> None:
    platform = platform_of(tmp_path)
    assert platform.name == "transcript"
    assert not platform.capabilities.buttons
    assert platform.capabilities.history
    action = DirectMessage(AccountRef(PlatformName("discord"), "1"), Card("Alert"))
    assert await platform.perform(action, key="k1") == Receipt("k1")


async def test_a_folder_is_searched_and_kinds_are_told_from_content(tmp_path: Path) -> None:
    inbox, platform = await replayed(exports(tmp_path))
    assert platform.problems == []
    assert len(inbox.messages) == 200 + 70 + 100 + 100
    assert len(inbox.opened) == 4
    assert platform.left_out["a file that is not an export"] == 2


async def test_each_file_begins_before_its_messages(tmp_path: Path) -> None:
    inbox, _ = await replayed(exports(tmp_path))
    current = None
    for event in inbox.events:
        if isinstance(event, Opened):
            current = event.place
        else:
            assert current in {m.ref.place for m in inbox.messages}
    assert isinstance(inbox.events[0], Opened)


async def test_a_path_given_twice_is_read_once(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(discord_json([discord_message()]))
    inbox, _ = await replayed(path, tmp_path, path)
    assert len(inbox.messages) == 1


async def test_bytes_are_told_as_they_are_read_and_add_up(tmp_path: Path) -> None:
    path, told = exports(tmp_path), list[int]()
    platform = TranscriptPlatform([path], on_bytes=told.append)
    await platform.run(ListInbox())
    assert sum(told) == platform.total_bytes > 0
    assert len(told) > 4
    assert min(told) > 0


async def test_bytes_that_are_read_again_after_a_break_count_once(tmp_path: Path) -> None:
    path, told = tmp_path / "a.json", list[int]()
    content = discord_json([discord_message(number) for number in range(9)])
    path.write_bytes(content.replace(b'"isPinned"', b'"isPinned', 3))
    platform = TranscriptPlatform([path], on_bytes=told.append)
    await platform.run(ListInbox())
    assert platform.problems
    assert sum(told) == len(content) - 3 == platform.total_bytes


@pytest.mark.parametrize(
    ("since", "until", "read"),
    [(None, None, 10), (3, None, 7), (None, 3, 3), (3, 5, 2), (50, None, 0)],
)
async def test_messages_outside_the_window_are_counted(
    tmp_path: Path, since: int | None, until: int | None, read: int
) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(discord_json([discord_message(number) for number in range(10)]))
    window = Window(
        since=None if since is None else START + timedelta(minutes=since),
        until=None if until is None else START + timedelta(minutes=until),
    )
    inbox, platform = await replayed(path, window=window)
    assert len(inbox.messages) == read
    assert platform.outside_window == 10 - read


async def test_others_get_their_turn_while_it_reads(tmp_path: Path) -> None:
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    async with asyncio.TaskGroup() as tasks:
        counting = tasks.create_task(count())
        await tasks.create_task(platform_of(exports(tmp_path)).run(ListInbox()))
        counting.cancel()
    assert turns >= 470 // 64


async def test_positions_of_a_channel_sort_as_its_messages_do(tmp_path: Path) -> None:
    inbox, _ = await replayed(exports(tmp_path))
    by_channel: dict[tuple[str, str], list[str]] = {}
    for message in inbox.messages[:-100]:  # the last hundred are the same export, unpacked
        place = message.ref.place
        by_channel.setdefault((place.space, place.channel), []).append(message.position)
    assert len(by_channel) == 3
    assert all(positions == sorted(positions) for positions in by_channel.values())


def _built_discord(root: Path) -> Path:
    path = root / "discord.json"
    path.write_bytes(discord_json([discord_message()]))
    return path


def _built_slack(root: Path) -> Path:
    days = {
        "job-search/2026-03-02.json": [
            slack_message(0, subtype="channel_join"),
            slack_message(1, text="see <https://example.org|this>"),
            slack_message(2, subtype="bot_message", bot_id="B1", user=None, text=""),
        ],
        "job-search/2026-03-03.json": [slack_message(1440)],
    }
    path = root / "slack.zip"
    path.write_bytes(zipped(slack_files(days)))
    return path


def _shared(name: str) -> list[tuple[str, Callable[[Path], Path]]]:
    return [(name, lambda _: SHARED / name)] if (SHARED / name).exists() else []


# The counts are of channels, of messages, and of those by members.
EXPORTS = {
    "built-discord": (1, 1, 1),
    "built-slack": (1, 4, 2),
    "discord-general.json": (1, 1, 1),
    "slack-workspace.zip": (2, 158, 53),
}


@pytest.mark.parametrize(
    ("name", "export"),
    [
        ("built-discord", _built_discord),
        ("built-slack", _built_slack),
        *_shared("discord-general.json"),
        *_shared("slack-workspace.zip"),
    ],
)
async def test_an_export_is_read_whole(
    tmp_path: Path, name: str, export: Callable[[Path], Path]
) -> None:
    inbox, platform = await replayed(export(tmp_path))
    assert platform.problems == []
    members = [message for message in inbox.messages if message.origin is Origin.MEMBER]
    assert (len(inbox.opened), len(inbox.messages), len(members)) == EXPORTS[name]
    assert all(message.link.startswith("https://") for message in inbox.messages)
    assert not [message.text for message in members if "<http" in message.text]
