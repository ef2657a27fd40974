"""Read rows as Waymark reads messages, a few hundred at a time on every core."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain, islice

import numpy as np
from numpy.typing import NDArray

from bot.data.labelled import Labelled
from bot.domain.code import Code
from bot.domain.desk import Desk
from bot.domain.reading import Priority, Source
from bot.evaluate.files import Sheet
from bot.knowledge import Knowledge
from bot.policy.decide import decide
from bot.triage.read import First

# Labelled files have no times. One day for all keeps what deadlines lead to the same every day.
SENT_AT = datetime(2026, 11, 11, 12, tzinfo=UTC)
_CHUNK = 256
_MOST_THREADS = 8


@dataclass(frozen=True, slots=True)
class Seen:
    """One row as it was read: a score for each of HEADS, and what would have followed."""

    row: Labelled
    scores: NDArray[np.float64]
    priority: Priority | None
    cues: frozenset[Code]


@dataclass(frozen=True, slots=True)
class SeenSheet:
    sheet: Sheet
    seen: tuple[Seen, ...]


def read_sheets(
    sheets: Sequence[Sheet], knowledge: Knowledge, desk: Desk, on_read: Callable[[int], None]
) -> list[SeenSheet]:
    """Read all rows; `on_read` hears of every some hundred messages."""
    rows = [row for sheet in sheets for row in sheet.rows]
    seen = _read(rows, knowledge, desk, on_read)
    return [SeenSheet(sheet, tuple(islice(seen, len(sheet.rows)))) for sheet in sheets]


def _read(
    rows: Sequence[Labelled], knowledge: Knowledge, desk: Desk, on_read: Callable[[int], None]
) -> Iterator[Seen]:
    """Only the encoder works in threads: it is what takes the time, and it is made for them."""
    triage = knowledge.triage
    threads = min(_MOST_THREADS, os.cpu_count() or 1)
    with ThreadPoolExecutor(threads) as pool:
        for start in range(0, len(rows), _CHUNK * threads):
            block = rows[start : start + _CHUNK * threads]
            firsts = [triage.first(r.text, sent_at=SENT_AT, before=r.before) for r in block]
            chunks = [firsts[at : at + _CHUNK] for at in range(0, len(firsts), _CHUNK)]
            encoded = list(chain.from_iterable(pool.map(triage.encode, chunks)))
            fused = triage.fused(firsts, encoded)
            shelf = knowledge.shelf(SENT_AT.date())
            for at, row in enumerate(block):
                reading = triage.settle(firsts[at], encoded[at])
                decision = decide(reading, desk=desk, shelf=shelf, likeness={})
                yield Seen(row, fused[at], decision.priority, _cues(firsts[at]))
            on_read(len(block))


def _cues(first: First) -> frozenset[Code]:
    return frozenset(e.code for e in first.reading.evidence if e.source is Source.CUE)
