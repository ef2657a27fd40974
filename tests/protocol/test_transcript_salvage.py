"""A Slack ZIP that was cut off is read up to the cut; where it cannot be, the reason is said."""

import io
import zipfile
from pathlib import Path

import pytest

from tests.support.exports import slack_files, slack_message, zipped
from tests.support.inbox import replayed

DAYS = {f"job-search/2026-03-0{day}.json": [slack_message(day)] for day in range(2, 6)}
FILES = slack_files(DAYS)
WHOLE = zipped(FILES)


class _Pipe(io.BytesIO):
    """Cannot be gone back in: a ZIP written to it has its sizes behind each file."""

    def seekable(self) -> bool:
        return False

    def seek(self, *_: int) -> int:
        raise io.UnsupportedOperation

    def tell(self) -> int:
        raise io.UnsupportedOperation


def piped() -> bytes:
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in FILES.items():
            archive.writestr(name, content)
    return pipe.getvalue()


def stored() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, content in FILES.items():
            archive.writestr(name, content)
    return packed.getvalue()


def at(content: bytes, day: int) -> int:
    """Where the header of a day begins."""
    return content.index(f"job-search/2026-03-0{day}.json".encode()) - 30


@pytest.mark.parametrize(
    "whole",
    [WHOLE, piped(), stored(), zipped(FILES, "export/")],
    ids=["whole", "piped", "stored", "in a folder"],
)
@pytest.mark.parametrize("days", [1, 3])
async def test_what_lies_before_the_cut_is_read(tmp_path: Path, whole: bytes, days: int) -> None:
    path = tmp_path / "cut.zip"
    root = len("export/") if b"export/" in whole else 0
    path.write_bytes(whole[: at(whole, 2 + days) - root])
    inbox, transcript = await replayed(path)
    assert len(inbox.messages) == days
    assert "It is cut off" in transcript.problems[0].line


async def test_a_day_cut_in_the_middle_is_named(tmp_path: Path) -> None:
    path = tmp_path / "cut.zip"
    path.write_bytes(WHOLE[: at(WHOLE, 4) + 120])
    inbox, transcript = await replayed(path)
    assert len(inbox.messages) == 2
    assert "2026-03-04.json" in " ".join(problem.line for problem in transcript.problems)


async def test_only_the_list_of_contents_missing_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "cut.zip"
    path.write_bytes(WHOLE[:-40])
    inbox, transcript = await replayed(path)
    assert len(inbox.messages) == 4
    assert len(transcript.problems) == 1


@pytest.mark.parametrize(
    "content",
    [WHOLE[:35], b"PK\x03\x04", b"PK\x03\x04" + b"\xff" * 90, WHOLE[:20] + bytes(900)],
    ids=["short", "mark", "noise", "zeros"],
)
async def test_what_cannot_be_read_says_why(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "cut.zip"
    path.write_bytes(content)
    inbox, transcript = await replayed(path)
    assert inbox.messages == []
    (problem,) = transcript.problems
    assert "cut off before its list of channels" in problem.line
