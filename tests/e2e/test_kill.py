"""SIGKILL in the middle of `replay --into`, then the same command: as if nothing had happened."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.exports import discord_author, discord_json, discord_message
from tests.support.warm import start
from tests.support.waymark import KEY, environment, waymark

MESSAGES = 400  # more than wait to be read at a time, also of three quarters of them
GRAVE = (
    "i want to kill myself",
    "my boss keeps our passports so we cant leave",
    "they havent paid me for two months",
    "how do i find an apprenticeship in the uk?",
)
# Everything that is kept but for when it was written, which two runs cannot share.
KEPT = (
    "SELECT * FROM decision ORDER BY key",
    "SELECT * FROM alert ORDER BY key",
    "SELECT desk, key, action, state FROM delivery ORDER BY key",
    "SELECT desk, place, day, count, n FROM ledger ORDER BY 1, 2, 3, 4",
)


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("export") / "job-search.json"
    path.write_bytes(discord_json([_message(number) for number in range(MESSAGES)]))
    return path


@pytest.fixture(scope="module")
def whole(export: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of a replay that was not disturbed."""
    database = tmp_path_factory.mktemp("whole") / "whole.db"
    _replay(database, export)
    return database


@pytest.fixture(scope="module")
def undisturbed(whole: Path) -> dict[str, list[object]]:
    return _kept(whole)


@pytest.mark.parametrize("share", [0.13, 0.4, 0.75, 0.999])
def test_a_killed_replay_run_again_ends_like_an_undisturbed_one(
    share: float, export: Path, undisturbed: dict[str, list[object]], tmp_path: Path
) -> None:
    database = tmp_path / "killed.db"
    most = int(export.stat().st_size * share)
    killed = start("tests.support.killed", most, database, export, env=environment()).wait()
    at_death = len(_kept(database)[KEPT[0]])
    _replay(database, export)

    assert killed == -9
    assert at_death < len(undisturbed[KEPT[0]])
    assert _kept(database) == undisturbed


def test_the_same_command_twice_changes_nothing(
    export: Path, whole: Path, undisturbed: dict[str, list[object]], tmp_path: Path
) -> None:
    database = tmp_path / "twice.db"
    with closing(sqlite3.connect(whole)) as once, closing(sqlite3.connect(database)) as copy:
        once.backup(copy)
    _replay(database, export)

    assert _kept(database) == undisturbed


def _message(number: int) -> object:
    author = discord_author(f"9000000000000000{number % 7 + 10}")
    if number % 25 == 0:
        return discord_message(number, content=GRAVE[number // 25 % len(GRAVE)], author=author)
    return discord_message(number, author=author)


def _replay(database: Path, export: Path) -> None:
    done = waymark("replay", export, "--into", database, WAYMARK_KEY=KEY)
    assert done.code == 0, done.err


def _kept(database: Path) -> dict[str, list[object]]:
    with closing(sqlite3.connect(database)) as connection:
        return {query: connection.execute(query).fetchall() for query in KEPT}
