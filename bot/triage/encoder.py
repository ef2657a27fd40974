"""A small transformer that reads a message, with what was said before it, and scores each head.

It is MiniLM's first layers, fine-tuned on all heads at once (`training/encoder.py`). Each head
looks at the message's pieces with an attention of its own, so that the pieces that weighed most
come with the score. What was said before stands behind the message and is never scored itself.
Safe for several threads: nothing here changes once it is made.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

Floats: TypeAlias = NDArray[np.float32]
Ints: TypeAlias = NDArray[np.int64]
Span: TypeAlias = tuple[int, int]

# Word pieces of one window, its two marks not counted. A longer message is read in windows that
# overlap by a third, the worst of which counts; of more than MOST_WINDOWS the first and the last
# ones are read, which bounds the time that any text may take.
WINDOW, STRIDE = 94, 62
MOST_WINDOWS = 6
# Pieces of what was said before: the last ones.
MOST_BEFORE = 48
# Windows that run together. More would not be faster on one core, and pads short ones to the
# longest.
BATCH = 16
# 40,000 characters are no more than this many; the rest would not be read in any window.
LONGEST = 6_000


class Session(Protocol):
    """What onnxruntime's InferenceSession offers of itself."""

    def run(self, output_names: Sequence[str] | None, input_feed: Mapping[str, Any]) -> Any: ...  # noqa: ANN401 - as it is typed there


@dataclass(frozen=True, slots=True)
class Heard:
    """A message as the encoder reads it; `before` are earlier ones of its place, oldest first."""

    text: str
    before: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Encoded:
    """Log-odds a head, and for each head the characters of the piece that weighed most."""

    scores: tuple[float, ...]
    peaks: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class _Window:
    """One stretch of one message, ready to run; `offsets` are the characters of its pieces."""

    row: int
    ids: Sequence[int]
    offsets: Sequence[Span]
    before: Sequence[int]

    def __len__(self) -> int:
        return len(self.ids) + 2 + (len(self.before) + 1 if self.before else 0)


class Encoder:
    """Pure once made: the same messages have the same scores, whatever they are read beside."""

    def __init__(
        self, session: Session, tokenizer: Tokenizer, *, heads: tuple[str, ...], version: str
    ) -> None:
        self.heads = heads
        self.version = version
        self._session = session
        self._tokenizer = tokenizer
        self._first, self._last = tokenizer.encode("").ids

    def encode(self, heard: Sequence[Heard]) -> list[Encoded]:
        """Read several messages; give one Encoded each, in their order."""
        windows = [w for row, one in enumerate(heard) for w in self._windows(row, one)]
        windows.sort(key=len)
        scores = np.full((len(heard), len(self.heads)), -np.inf, dtype=np.float32)
        peaks = np.zeros((len(heard), len(self.heads), 2), dtype=np.int64)
        for start in range(0, len(windows), BATCH):
            self._run(windows[start : start + BATCH], scores, peaks)
        return [
            Encoded(tuple(row), tuple((int(a), int(b)) for a, b in spans))
            for row, spans in zip(scores.tolist(), peaks.tolist(), strict=True)
        ]

    def _windows(self, row: int, heard: Heard) -> Iterator[_Window]:
        ids, offsets = self._pieces(heard.text)
        before = self._pieces(" / ".join(heard.before))[0][-MOST_BEFORE:] if heard.before else ()
        starts = range(0, max(1, len(ids) - WINDOW + STRIDE), STRIDE)
        if len(starts) > MOST_WINDOWS:
            half = MOST_WINDOWS // 2
            kept = (*starts[:half], *starts[-half:])
        else:
            kept = tuple(starts)
        for start in kept:
            end = start + WINDOW
            yield _Window(row, ids[start:end], offsets[start:end], before)

    def _pieces(self, text: str) -> tuple[Sequence[int], Sequence[Span]]:
        # The tokenizer refuses half of a surrogate pair, which a hostile text may hold.
        readable = text[: LONGEST * 8].encode("utf-8", "replace").decode("utf-8")
        found = self._tokenizer.encode(readable, add_special_tokens=False)
        return found.ids, found.offsets

    def _run(self, windows: Sequence[_Window], scores: Floats, peaks: Ints) -> None:
        """Run some windows; keep for each message the worst score a head, and where it stands."""
        shares: Floats = self._session.run(["shares"], self._feed(windows))[0]
        sums = shares.sum(1)
        places = shares.argmax(1)
        for at, window in enumerate(windows):
            found = sums[at]
            better = found > scores[window.row]
            scores[window.row, better] = found[better]
            for head in np.flatnonzero(better).tolist():
                piece = int(places[at, head]) - 1
                if 0 <= piece < len(window.offsets):
                    peaks[window.row, head] = window.offsets[piece]

    def _feed(self, windows: Sequence[_Window]) -> dict[str, Ints]:
        width = max(map(len, windows))
        ids, mask, types = (np.zeros((len(windows), width), dtype=np.int64) for _ in range(3))
        for at, window in enumerate(windows):
            own = len(window.ids) + 2
            ids[at, :own] = [self._first, *window.ids, self._last]
            if window.before:
                ids[at, own : len(window)] = [*window.before, self._last]
                types[at, own : len(window)] = 1
            mask[at, : len(window)] = 1
        return {"ids": ids, "mask": mask, "types": types}
