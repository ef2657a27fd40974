"""The messages that we wrote to train on. Anyone may add to them: these mistakes are caught."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bot.data.labelled import WRITTEN, load_labelled
from bot.domain.code import Code
from bot.domain.ladder import RUNG
from tests.support.waymark import ROOT

FILES = sorted(WRITTEN.glob("*.jsonl"))
# Made by one writer, who says so: no second reader has seen them yet.
READ_BY_ONE: set[str] = set()
# Rows whose priority is not that of their most urgent code, with the reason why it may stay.
EXCEPTIONS: dict[str, str] = {}
ADDRESS = re.compile(
    r"[\w.]+@(?!example\.)[\w.]+\.\w+|<@!?\d+>|https?://(?!\S*example)", re.IGNORECASE
)


@cache
def rows(path: Path) -> tuple[dict[str, Any], ...]:
    return tuple(json.loads(line) for line in path.read_text("utf-8").splitlines() if line)


def readings(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield row
    if row.get("second") is not None:
        yield row["second"]


def squeezed(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower())) or text


def test_there_are_files_and_enough_messages_in_them() -> None:
    assert len(FILES) >= 10
    assert sum(len(rows(path)) for path in FILES) >= 7_000


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_file_loads(path: Path) -> None:
    loaded = load_labelled(path)

    assert len(loaded) == len(rows(path))
    assert all(row.is_own for row in loaded)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_row_has_a_second_reader_who_is_not_its_writer_or_says_that_it_has_none(
    path: Path,
) -> None:
    alone = [number for number, row in enumerate(rows(path), 1) if row.get("second") is None]

    assert alone == (list(range(1, len(rows(path)) + 1)) if path.name in READ_BY_ONE else [])
    assert [row for row in rows(path) if row.get("second", {}).get("by") == row["by"]] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_codes_are_those_that_a_reader_may_give_each_once(path: Path) -> None:
    for number, row in enumerate(rows(path), 1):
        for reading in readings(row):
            codes = [Code(code) for code in reading["codes"]]
            assert len(codes) == len(set(codes)), (path.name, number)
            heard = [code for code in codes if code.endswith(("_MODEL", "_UNSURE"))]
            assert heard == [], (path.name, number)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_priority_is_the_rung_of_the_most_urgent_code(path: Path) -> None:
    wrong = []
    for number, row in enumerate(rows(path), 1):
        for reading in readings(row):
            rung = min((RUNG[Code(c)] for c in reading["codes"] if c in RUNG), default=None)
            said = reading["priority"]
            if said != (None if rung is None else rung.name) and row["text"] not in EXCEPTIONS:
                wrong.append(f"{path.name}:{number}: {said}, but its codes say {rung!r}")

    assert wrong == []


def test_no_message_stands_twice() -> None:
    seen = Counter(
        (squeezed(row["text"]), *row.get("before", ())) for path in FILES for row in rows(path)
    )

    assert [key for key, times in seen.items() if times > 1] == []


def test_no_message_that_the_bot_is_measured_on_is_one_that_it_was_trained_on() -> None:
    trained = {squeezed(row["text"]) for path in FILES for row in rows(path)}
    measured = {
        squeezed(json.loads(line)["text"])
        for path in (ROOT / "tests" / "support" / "labelled").glob("*.jsonl")
        for line in path.read_text("utf-8").splitlines()
    }

    assert {text for text in trained & measured if len(text.split()) > 3} == set()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_nobody_can_be_reached_by_what_is_written(path: Path) -> None:
    lines = [text for row in rows(path) for text in (row["text"], *row.get("before", ()))]

    assert [line for line in lines if ADDRESS.search(line)] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_what_was_said_before_names_nobody(path: Path) -> None:
    before = [line for row in rows(path) for line in row.get("before", ())]

    assert [line for line in before if not line.startswith(("me: ", "x: "))] == []
