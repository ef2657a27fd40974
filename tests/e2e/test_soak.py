"""A real bot process is killed at random moments, and in the end nothing is lost or doubled.

`make soak` does the same for longer. The seed of the trouble is random: it is printed with what
went wrong, and SOAK_SEED (or `python -m tests.soak --seed`) repeats it.
"""

import asyncio
import os
import sqlite3
from contextlib import closing
from pathlib import Path
from secrets import randbelow

import pytest

from bot.store.engine import open_store
from tests.soak.chat import Chat
from tests.soak.run import Soak
from tests.soak.verdict import complaints
from tests.support.databases import connected

KILLS = 15  # on each database; more takes too long for every run of the tests


def seed() -> int:
    given = os.environ.get("SOAK_SEED")  # noqa: TID251 - it comes from who runs the tests
    return randbelow(1_000_000) if given is None else int(given)


@pytest.mark.timeout(300)  # it takes 25 s on a calm machine
@pytest.mark.filterwarnings("default::ResourceWarning")
async def test_a_bot_that_is_killed_again_and_again_loses_and_doubles_nothing(
    database_url: str, tmp_path: Path
) -> None:
    result = await Soak(database_url, tmp_path, KILLS, seed()).run()
    print(f"seed {result.seed}", result.figures)  # noqa: T201 - to repeat it, and shown on failure

    assert result.wrong == []
    assert result.figures["alerts"] > 0
    assert result.figures["pages delivered"] > 0


@pytest.fixture(scope="module")
def quiet_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Chat]:
    """A database that a bot has left in order, and the chat that it belongs to."""
    folder = tmp_path_factory.mktemp("quiet")
    result = asyncio.run(Soak(f"sqlite:///{folder / 'soak.db'}", folder, 2, 4).run())
    assert result.wrong == []
    return folder / "soak.db", result.chat


@pytest.mark.parametrize(
    ("tampered", "said"),
    [
        ("DELETE FROM ledger WHERE count = 'read'", "does not add up"),
        ("UPDATE ledger SET n = n + 1", "are counted as seen"),
        ("UPDATE alert SET due_at = NULL, state = 'open'", "has no next step"),
        ("UPDATE alert SET priority = 2", "is <Priority.P2"),
        (
            "UPDATE delivery SET state = 'pending', first_due_at = '2026-01-05' WHERE version > 0",
            "still waits",
        ),
        ("UPDATE delivery SET key = key || 'x' WHERE version > 0", "but never asked for"),
        ("UPDATE delivery SET version = 0", "reached nobody"),
        ("UPDATE alert SET version = version + 1", "of its case, which is at"),
        ("UPDATE delivery SET alert = 'another'", "reached nobody"),
    ],
)
async def test_the_verdict_would_see_it(
    tampered: str, said: str, quiet_run: tuple[Path, Chat], tmp_path: Path
) -> None:
    database, chat = quiet_run
    copy = tmp_path / "copy.db"
    with closing(sqlite3.connect(database)) as whole, closing(sqlite3.connect(copy)) as other:
        whole.backup(other)
        other.execute("DELETE FROM page")
        other.execute(tampered)
        other.commit()
    url = f"sqlite:///{copy}"
    async with open_store(url) as store, connected(url) as broken:
        found = await complaints(store, broken, chat)

    assert any(said in one for one in found), found
