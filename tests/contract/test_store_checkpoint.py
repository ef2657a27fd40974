"""SQLite's log goes into the file without a commit that waits for it."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, make_url, text

from bot.store.checkpoint import bring_over, keep_up, put_off
from bot.store.database import engine_on, read_on, write_on
from bot.store.engine import open_store
from tests.support.build import desk
from tests.support.databases import in_thread

PAGES_OF_ITS_OWN = 1_000  # after so many SQLite would do it within a commit
PAGE = 4_096


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "log.db"


@pytest.fixture
def engine(path: Path) -> Iterator[Engine]:
    opened = engine_on(make_url(f"sqlite:///{path}"))
    put_off(opened)
    write_on(opened, lambda on: on.execute(text("CREATE TABLE said (words TEXT)")))
    yield opened
    opened.dispose()


def write(engine: Engine, pages: int = 1) -> None:
    words = [{"words": "x" * PAGE} for _ in range(pages)]
    write_on(engine, lambda on: on.execute(text("INSERT INTO said VALUES (:words)"), words))


def log_of(path: Path) -> int:
    return path.with_name(f"{path.name}-wal").stat().st_size


def test_a_commit_does_not_bring_over_what_the_log_holds(engine: Engine, path: Path) -> None:
    for _ in range(3):
        write(engine, PAGES_OF_ITS_OWN)

    assert path.stat().st_size < PAGES_OF_ITS_OWN * PAGE
    assert log_of(path) > 3 * PAGES_OF_ITS_OWN * PAGE


def test_all_is_brought_over_and_the_log_begins_anew(engine: Engine, path: Path) -> None:
    write(engine, 2 * PAGES_OF_ITS_OWN)
    left, before = bring_over(engine), log_of(path)
    for _ in range(20):
        write(engine)

    assert left == 0
    assert path.stat().st_size > 2 * PAGES_OF_ITS_OWN * PAGE
    assert log_of(path) == before


def test_what_somebody_still_reads_stays_in_the_log_for_now(engine: Engine) -> None:
    write(engine)
    with engine.connect() as reader:
        reader.execute(text("SELECT count(*) FROM said")).scalar_one()
        write(engine)
        meanwhile = bring_over(engine)
    afterwards = bring_over(engine)

    assert meanwhile > 0
    assert afterwards == 0
    assert read_on(engine, lambda on: on.execute(text("SELECT count(*) FROM said")).scalar()) == 2


class AfterOne(threading.Event):
    """Is over when it has been waited for once."""

    def wait(self, timeout: float | None = None) -> bool:  # noqa: ARG002 - as it is called
        is_over = self.is_set()
        self.set()
        return is_over


def test_it_is_done_until_it_is_over(engine: Engine, path: Path) -> None:
    write(engine, 2 * PAGES_OF_ITS_OWN)
    keep_up(engine, AfterOne())

    assert path.stat().st_size > 2 * PAGES_OF_ITS_OWN * PAGE


def test_a_file_that_cannot_be_opened_is_told_of_and_ends_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keep_up(engine_on(make_url(f"sqlite:///{tmp_path}")), AfterOne())

    assert "is not brought into its file" in capsys.readouterr().out


async def test_it_goes_on_beside_a_store_for_as_long_as_that_is_open(path: Path) -> None:
    async with open_store(f"sqlite:///{path}", in_thread) as store:
        await store.desks.ensure(desk())
        meanwhile = [one.name for one in threading.enumerate()]

    assert meanwhile.count("checkpoints") == 1
    assert "checkpoints" not in [one.name for one in threading.enumerate()]
