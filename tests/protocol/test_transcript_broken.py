"""What is wrong with a file is told in one line each, and the rest of it is still read."""

import json
import os
from pathlib import Path

import pytest

from adapters.transcript.problem import LISTED, Problem
from bot.domain.event import Opened
from tests.support.exports import (
    FIRST_ID,
    csv_row,
    discord_csv,
    discord_json,
    discord_message,
    in_folder,
    slack_files,
    slack_message,
    zipped,
)
from tests.support.inbox import replayed

DAY = "job-search/2026-03-02.json"
CSV_NAME = "Server - Text - job-search [800000000000000001].csv"
WHOLE = discord_json([discord_message(number) for number in range(6)])
DAYS = slack_files({DAY: [slack_message(number) for number in range(4)]})
ROWS = discord_csv([csv_row(number) for number in range(6)])


def test_a_problem_is_one_line_that_says_file_place_expectation_and_mend() -> None:
    problem = Problem("a\n.json", "message 3", "an id", "Export it again.")
    assert problem.line == "a .json: message 3: expected an id. Export it again."


def at(content: bytes, number: int) -> int:
    """Where the content of the message of this number begins."""
    return content.index(str(FIRST_ID + number).encode())


def garbled(content: bytes, number: int, wrong: bytes) -> bytes:
    """The file with `wrong` written over the start of one message's second line."""
    begin = at(content, number) + 20
    return content[:begin] + wrong + content[begin + len(wrong) :]


@pytest.mark.parametrize(
    ("content", "read", "told"),
    [
        (garbled(WHOLE, 2, b"}}}"), [0, 1, 3, 4, 5], ["message 3:", "message 4:"]),
        (garbled(WHOLE, 0, b'"'), [1, 2, 3, 4, 5], ["message 1:"]),
        (garbled(WHOLE, 5, b"["), [0, 1, 2, 3, 4], ["message 6:"]),
        (garbled(WHOLE, 3, b"\xe9\xff"), [0, 1, 2, 4, 5], ["message 4:"]),
        (garbled(garbled(WHOLE, 2, b"}"), 3, b"}"), [0, 1, 4, 5], ["message 3:", "message 4:"]),
        (WHOLE[: at(WHOLE, 4) + 60], [0, 1, 2, 3], ["message 5:"]),
        (WHOLE[:-20], [0, 1, 2, 3, 4, 5], ["message 7:"]),
        (WHOLE + b"<html>", [0, 1, 2, 3, 4, 5], ["message 7:"]),
        (b"\xef\xbb\xbf" + WHOLE, [0, 1, 2, 3, 4, 5], []),
        (
            WHOLE.replace(b"    },\n    {", b"    },\n    ?? {", 1),
            [0, 1, 2, 3, 4, 5],
            ["message 2:"],
        ),
    ],
    ids=["middle", "first", "last", "bytes", "two", "cut", "end", "after", "mark", "between"],
)
async def test_what_stands_before_and_after_broken_json_is_read(
    tmp_path: Path, content: bytes, read: list[int], told: list[str]
) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(content)
    inbox, platform = await replayed(path)
    assert [int(message.ref.id) - FIRST_ID for message in inbox.messages] == read
    assert len(platform.problems) == len(told)
    for problem, start in zip(platform.problems, told, strict=True):
        assert problem.line.startswith(f"{path}: {start}")


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": None},
        {"id": "12a"},
        {"id": "\N{SUPERSCRIPT TWO}"},
        {"timestamp": "yesterday"},
        {"timestamp": 17},
        {"timestamp": "0001-01-01T00:00:00+14:00"},
        {"author": None},
        {"author": {"name": "x"}},
        {"author": {"id": [1]}},
        {"content": ["a"]},
        {"mentions": [1]},
        {"attachments": 5},
        {"reference": "x"},
        {"type": []},
    ],
    ids=str,
)
async def test_one_message_that_lacks_something_is_told_and_the_rest_is_read(
    tmp_path: Path, wrong: dict[str, object]
) -> None:
    messages: list[object] = [discord_message(0), discord_message(1, **wrong), discord_message(2)]
    path = tmp_path / "a.json"
    path.write_bytes(discord_json(messages))
    inbox, platform = await replayed(path)
    assert [int(message.ref.id) - FIRST_ID for message in inbox.messages] == [0, 2]
    assert [problem.where for problem in platform.problems] == ["message 2"]


@pytest.mark.parametrize("wrong", [None, 5, "text", [], {}, {"id": "1"}], ids=str)
async def test_what_is_no_message_is_told_and_the_rest_is_read(
    tmp_path: Path, wrong: object
) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(discord_json([wrong, discord_message(2)]))
    inbox, platform = await replayed(path)
    assert len(inbox.messages) == 1
    assert [problem.where for problem in platform.problems] == ["message 1"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"ts": None},
        {"ts": "nan"},
        {"ts": "1772442000,5"},
        {"ts": "99999999999999999999.1"},
        {"user": None},
        {"user": 5},
        {"text": 5},
        {"edited": "yes"},
        {"files": 5},
        {"comment": "x"},
    ],
    ids=str,
)
async def test_one_slack_message_that_lacks_something_is_told_and_the_rest_is_read(
    tmp_path: Path, wrong: dict[str, object]
) -> None:
    files = slack_files({DAY: [slack_message(0), slack_message(1, **wrong), slack_message(2), 5]})
    inbox, platform = await replayed(in_folder(tmp_path, files))
    assert len(inbox.messages) == 2
    assert [problem.where for problem in platform.problems] == [
        f"{DAY}, message 2",
        f"{DAY}, message 4",
    ]


async def test_a_file_with_very_many_problems_lists_twenty_and_counts_the_rest(
    tmp_path: Path,
) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(discord_json([{}] * (LISTED + 7)))
    _, platform = await replayed(path)
    assert len(platform.problems) == LISTED + 1
    assert "7 more problems" in platform.problems[-1].line


async def test_another_version_without_a_server_is_read_and_told(tmp_path: Path) -> None:
    export = json.loads(WHOLE)
    del export["guild"], export["channel"]["type"]
    path = tmp_path / "a.json"
    path.write_bytes(json.dumps(export).encode())
    inbox, platform = await replayed(path)
    assert len(inbox.messages) == 6
    assert [problem.expected for problem in platform.problems] == ['"guild.id"', '"channel.type"']
    assert inbox.messages[0].link == ""


@pytest.mark.parametrize(
    ("name", "content", "mend"),
    [
        ("empty.json", b"", "It is empty"),
        ("blank.json", b" \n", "It is empty"),
        ("other.json", b'{"name": "x", "version": 1}', "No messages are in it"),
        ("cut.json", WHOLE[:80], "No messages are in it"),
        ("day.json", DAYS[DAY], "one day of Slack"),
        ("page.html", b"<!DOCTYPE html><html>", "--format Json"),
        ("utf16.json", WHOLE.decode().encode("utf-16"), "UTF-16"),
        ("notes.txt", b"Dear diary", "something else"),
        ("table.csv", b"a,b,c\n1,2,3\n", "something else"),
        ("cut.zip", zipped(DAYS)[:30], "damaged or cut off"),
        ("other.zip", zipped({"a.json": WHOLE}), "unpack it"),
        ("picture.png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "something else"),
    ],
    ids=[
        *("empty", "blank", "other", "cut", "day", "page", "utf16", "notes", "table"),
        *("cut zip", "other zip", "picture"),
    ],
)
async def test_what_is_no_export_is_told_with_what_to_do(
    tmp_path: Path, name: str, content: bytes, mend: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    inbox, platform = await replayed(path)
    assert inbox.events == []
    (problem,) = platform.problems
    assert mend in problem.line
    assert problem.line.startswith(str(path))


async def test_a_path_that_is_not_there_and_a_folder_without_exports_are_told(
    tmp_path: Path,
) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "empty").mkdir()
    paths = [tmp_path / name for name in ("none.json", "empty", "pipe", "a\x00b")]
    inbox, platform = await replayed(*paths)
    assert inbox.events == []
    assert [Path(problem.file) for problem in platform.problems] == paths


async def test_an_unreadable_file_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By a fake, because the superuser may read everything."""
    path, readable = tmp_path / "a.json", Path.open
    path.write_bytes(WHOLE)

    def refuse(self: Path, mode: str = "r") -> object:
        if self == path:
            raise PermissionError(13, "Permission denied")
        return readable(self, mode)

    monkeypatch.setattr(Path, "open", refuse)
    _, platform = await replayed(path)
    assert "Permission denied" in platform.problems[0].line


async def test_a_day_that_is_damaged_in_a_zip_leaves_the_others_readable(tmp_path: Path) -> None:
    other = "job-search/2026-03-03.json"
    files = slack_files({DAY: [slack_message(n) for n in range(40)], other: [slack_message(1440)]})
    packed = bytearray(zipped(files))
    begin = packed.index(DAY.encode()) + len(DAY) + 60
    packed[begin : begin + 8] = b"\xff" * 8
    path = tmp_path / "a.zip"
    path.write_bytes(packed)
    inbox, platform = await replayed(path)
    assert inbox.messages[-1].ref.id.endswith("001440")
    assert DAY in platform.problems[0].line


async def test_a_locked_zip_is_told(tmp_path: Path) -> None:
    packed = bytearray(zipped(DAYS))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        begin = packed.find(signature)
        while begin >= 0:
            packed[begin + offset] |= 1
            begin = packed.find(signature, begin + 4)
    path = tmp_path / "a.zip"
    path.write_bytes(packed)
    inbox, platform = await replayed(path)
    assert inbox.messages == []
    assert "encrypted" in platform.problems[0].line


async def test_broken_json_in_a_slack_day_leaves_its_other_messages_readable(
    tmp_path: Path,
) -> None:
    begin = DAYS[DAY].index(b'"ts"', DAYS[DAY].index(b'"ts"') + 1)
    broken = DAYS[DAY][:begin] + b"?" + DAYS[DAY][begin + 1 :]
    inbox, platform = await replayed(in_folder(tmp_path, DAYS | {DAY: broken}))
    assert [message.ref.id[-1] for message in inbox.messages] == ["0", "2", "3"]
    assert [problem.where for problem in platform.problems] == [f"{DAY}, message 2"]


@pytest.mark.parametrize(
    ("content", "read", "told"),
    [
        (ROWS.replace(b"2026-03-02T09:02", b"soon"), 5, ["row 3"]),
        (ROWS.replace(b',"","', b',"', 1), 5, ["row 1"]),
        (ROWS.replace(b"apprenticeship", b"apprenti\xe9"), 6, ["its letters"]),
        (ROWS.replace(b"apprenticeship", b"x" * 200_000), 4, ["row 1", "row 5"]),
        (ROWS[:-200], 4, ["row 5"]),
    ],
    ids=["date", "column", "bytes", "long", "cut"],
)
async def test_what_stands_before_and_after_a_broken_row_is_read(
    tmp_path: Path, content: bytes, read: int, told: list[str]
) -> None:
    path = tmp_path / CSV_NAME
    path.write_bytes(content)
    inbox, platform = await replayed(path)
    assert len(inbox.messages) == read
    assert [problem.where for problem in platform.problems] == told


@pytest.mark.parametrize("number", [1, 3])
async def test_after_what_could_not_be_read_the_place_is_opened_again(
    tmp_path: Path, number: int
) -> None:
    """So that the message is not taken as known when the file was mended and is read again."""
    path = tmp_path / "a.json"
    path.write_bytes(garbled(WHOLE, number, b"\xff"))
    inbox, _ = await replayed(path)
    opened = [n for n, event in enumerate(inbox.events) if isinstance(event, Opened)]
    assert opened == [0, number + 1]
    assert inbox.opened[0] == inbox.opened[1]
