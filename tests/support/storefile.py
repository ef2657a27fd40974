"""The store of a desk in a file, with all its tables from the start.

To make them takes longer than most tests; it is tested in tests/contract/test_store_schema.py.
"""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.store.engine import Store, open_store

_made: list[bytes] = []  # by whoever is the first to ask in this process


@asynccontextmanager
async def open_file(path: Path) -> AsyncIterator[Store]:
    """Open the file, or where none is, one with all tables and nothing in them."""
    if not _made:
        await _make()
    _lay(path)
    async with open_store(f"sqlite:///{path}") as store:
        yield store


async def _make() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "waymark.db")
        async with open_store(f"sqlite:///{path}"):
            pass
        _keep(path)


def _keep(path: Path) -> None:
    _made.append(path.read_bytes())


def _lay(path: Path) -> None:
    if not path.exists():
        path.write_bytes(_made[0])
