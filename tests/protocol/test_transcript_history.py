"""An export's past read back: threads, several files of one channel, rows without ids."""

from pathlib import Path

from adapters.transcript.platform import TranscriptPlatform
from adapters.transcript.window import Window
from bot.domain.message import Message, Place
from tests.support.exports import (
    START,
    csv_row,
    discord_csv,
    discord_json,
    discord_message,
    in_folder,
    slack_files,
    slack_message,
    slack_ts,
)
from tests.support.inbox import replayed


async def past(platform: TranscriptPlatform, where: Place, after: str | None) -> list[Message]:
    return [message async for message in platform.history(where, after=after)]


def part(folder: Path, name: str, *numbers: int, **channel: object) -> Path:
    path = folder / name
    path.write_bytes(discord_json([discord_message(number) for number in numbers], **channel))
    return path


async def test_overlapping_exports_are_one_past(tmp_path: Path) -> None:
    part(tmp_path, "a.json", 1, 2, 8, 9)
    part(tmp_path, "b.json", 2, 3, 4, 9, 10)
    inbox, platform = await replayed(tmp_path)
    found = await past(platform, inbox.opened[0], "")

    expected = sorted({one.position for one in inbox.messages})
    assert [one.position for one in found] == expected
    assert len(found) == 7


async def test_a_discord_thread_has_a_past_of_its_own(tmp_path: Path) -> None:
    inside = {"id": "800000000000000002", "type": "GuildPublicThread",
              "categoryId": "800000000000000001"}  # fmt: skip
    part(tmp_path, "channel.json", 1, 5)
    part(tmp_path, "thread.json", 3, **inside)
    inbox, platform = await replayed(tmp_path)
    channel, thread = sorted(inbox.opened, key=lambda where: where.thread or "")

    assert [one.ref.place.thread for one in await past(platform, channel, "")] == [None, None]
    assert [one.ref.place for one in await past(platform, thread, "")] == [thread]


async def test_a_slack_channels_past_has_its_threads_among_the_rest(tmp_path: Path) -> None:
    first = slack_message(1)
    answer = slack_message(2, thread_ts=slack_ts(1), parent_user_id="U0EXAMPL1")
    days = {"job-search/2026-03-02.json": [first, answer, slack_message(3)]}
    inbox, platform = await replayed(in_folder(tmp_path, slack_files(days)))
    found = await past(platform, inbox.opened[0], inbox.messages[0].position)

    assert found == inbox.messages[1:]
    assert [one.ref.place.thread for one in found] == [slack_ts(1), None]


async def test_rows_without_ids_keep_their_numbers(tmp_path: Path) -> None:
    for name, numbers in (("a", (0, 1)), ("b", (2, 3))):
        path = tmp_path / name / "Server - Text - job-search [800000000000000001].csv"
        path.parent.mkdir()
        path.write_bytes(discord_csv([csv_row(number) for number in numbers]))
    inbox, platform = await replayed(tmp_path)

    assert await past(platform, inbox.opened[0], "") == inbox.messages
    assert len(inbox.messages) == 4


async def test_what_was_not_asked_for_is_not_read_back_either(tmp_path: Path) -> None:
    path = part(tmp_path, "a.json", *range(10))
    since = Window(since=START.replace(minute=7))
    inbox, platform = await replayed(path, window=since)

    assert await past(platform, inbox.opened[0], "") == inbox.messages
    assert len(inbox.messages) == 3


async def test_what_is_wrong_with_a_file_is_said_once(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(discord_json([discord_message(1), {"id": "not a number"}]))
    inbox, platform = await replayed(path)
    said = list(platform.problems)
    await past(platform, inbox.opened[0], "")

    assert platform.problems == said
    assert len(said) == 1
