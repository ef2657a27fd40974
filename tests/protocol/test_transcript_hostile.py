"""Files that are cut off, written over, nested without end or very long."""

import asyncio
import json
import tracemalloc
import zipfile
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.transcript.platform import TranscriptPlatform
from bot.domain.event import Event
from tests.support.exports import (
    csv_row,
    discord_csv,
    discord_json,
    discord_message,
    in_folder,
    slack_files,
    slack_message,
    write_long,
    zipped,
)
from tests.support.inbox import ListInbox, replayed

DAY = "job-search/2026-03-02.json"
CSV_NAME = "Server - Text - job-search [800000000000000001].csv"
WHOLE = discord_json([discord_message(number) for number in range(6)])
DAYS = slack_files({DAY: [slack_message(number) for number in range(4)]})
ROWS = discord_csv([csv_row(number) for number in range(6)])


@pytest.mark.parametrize("opening", [b"[", b'{"a":', b'{"messages":[{"id":'])
async def test_endless_nesting_ends_reading_and_not_the_program(
    tmp_path: Path, opening: bytes
) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(WHOLE[:-80] + opening * 200_000)
    inbox, platform = await replayed(path)
    assert len(inbox.messages) >= 5
    assert platform.problems


Write = Callable[[Path, int], Path]


def _file(name: str, content: bytes) -> tuple[int, Write]:
    def write(root: Path, size: int) -> Path:
        (root / name).write_bytes(content[:size])
        return root / name

    return len(content), write


def _slack_day(root: Path, size: int) -> Path:
    return in_folder(root / "slack", DAYS | {DAY: DAYS[DAY][:size]})


CUTS: dict[str, tuple[int, Write]] = {
    "json": _file("a.json", WHOLE),
    "csv": _file(CSV_NAME, ROWS),
    "zip": _file("a.zip", zipped(DAYS)),
    "day": (len(DAYS[DAY]), _slack_day),
}


@pytest.mark.parametrize("kind", CUTS)
def test_a_file_cut_off_anywhere_hands_over_what_came_before(
    kind: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    root, (size, write) = tmp_path_factory.mktemp(kind), CUTS[kind]
    whole, _ = asyncio.run(replayed(write(root, size)))

    @settings(max_examples=60, deadline=None)
    @given(st.integers(0, size - 1))
    def cut_off(length: int) -> None:
        inbox, platform = asyncio.run(replayed(write(root, length)))
        assert inbox.messages == whole.messages[: len(inbox.messages)]
        if inbox.messages != whole.messages and kind != "csv":  # a CSV may end after any row
            assert platform.problems

    cut_off()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), max_size=8))
def test_any_bytes_written_over_never_raise(
    tmp_path_factory: pytest.TempPathFactory, wrong: list[tuple[int, int]]
) -> None:
    content = bytearray(WHOLE)
    for where, byte in wrong:
        content[where] = byte
    path = tmp_path_factory.getbasetemp() / "over.json"
    path.write_bytes(content)
    inbox, _ = asyncio.run(replayed(path))
    assert len(inbox.messages) <= 6


class Deaf(ListInbox):
    """Forgets at once, so that only the reader's memory counts."""

    async def take(self, event: Event) -> Awaitable[None]:
        self.events.clear()
        return await super().take(event)


def _peak(path: Path) -> int:
    inbox = Deaf()
    tracemalloc.start()
    try:
        asyncio.run(TranscriptPlatform([path]).run(inbox))
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    peaks = []
    for count in (500, 5_000):
        path = tmp_path / f"{count}.json"
        with path.open("wb") as file:
            write_long(file, count)
        peaks.append(_peak(path))
    assert peaks[1] < peaks[0] * 1.2


def test_memory_does_not_grow_with_the_days_of_a_zip(tmp_path: Path) -> None:
    peaks = []
    for count in (1, 12):
        path = tmp_path / f"{count}.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in slack_files({}).items():
                archive.writestr(name, content)
            for number in range(count):
                day = json.dumps([slack_message(number)] * 400, indent=4)
                archive.writestr(f"job-search/2026-03-{number + 1:02}.json", day)
        peaks.append(_peak(path))
    assert peaks[1] < peaks[0] * 1.3
