"""The community's memory: a file to which lines are added, each on disk before it counts.

A line is one JSON object. A crash can only tear the last one; it is cut off when the file is read.
"""

import asyncio
import json
import os
from collections.abc import Iterator
from pathlib import Path

from adapters.local.said import Record


class Journal:
    """Written by one process at a time. Lines that come together share one `fsync`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._waiting: list[str] = []
        self._failed: OSError | None = None
        self._lock = asyncio.Lock()

    def read(self) -> Iterator[Record]:
        """Give all that was written, oldest first, and mend a torn end."""
        if not self._path.exists():
            return
        whole = 0
        with self._path.open("rb") as file:
            for line in file:
                try:
                    record = json.loads(line) if line.endswith(b"\n") else None
                except ValueError:
                    record = None
                if not isinstance(record, dict):
                    break
                whole += len(line)
                yield record
        if whole < self._path.stat().st_size:
            os.truncate(self._path, whole)

    async def write(self, record: Record) -> None:
        """Return when it is on disk. Lines are written in the order of the calls.

        Raises OSError, and from then on always: what came after a lost line must not count.
        """
        mine = json.dumps(record, ensure_ascii=True) + "\n"
        self._waiting.append(mine)
        async with self._lock:
            if self._failed is not None:
                raise OSError(*self._failed.args) from self._failed
            if self._waiting:
                lines, self._waiting = self._waiting, []
                await self._flush("".join(lines))

    async def _flush(self, lines: str) -> None:
        try:
            await asyncio.to_thread(self._append, lines)
        except OSError as failure:
            self._failed = failure
            raise

    def _append(self, lines: str) -> None:
        fresh = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(fresh, "w", encoding="ascii") as file:
            file.write(lines)
            file.flush()
            os.fsync(file.fileno())
