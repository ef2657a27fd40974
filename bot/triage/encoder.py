"""A small transformer that reads a message, with what was said before it, and scores each head.

It is MiniLM's first layers, fine-tuned on all heads at once (`training/encoder.py`). Each head
looks at the message's pieces with an attention of its own, so that the pieces that weighed most
come with the score. What was said before stands behind the message and is never scored itself.
Safe for several threads: nothing here changes once it is made.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from bot.domain.value import value

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
# 40,000 characters are no more than this many; the rest would not be read in any window.
LONGEST = 6_000
# Pieces that say nothing to a person who asks which word weighed most, as long as another is there.
_SLIGHT_WORDS = """
a an the and or but of to in on at for from with as so if than then just it its this that these
those there am is are was were be been being have has had do does did can could will would shall
should i you he she we they me my your his her our their s t m d ll ve re don didn doesn isn
"""
_SLIGHT = (*_SLIGHT_WORDS.split(), *".,;:!?'\"()-_/*\u2019\u201c\u201d\u2026")


class Session(Protocol):
    """What onnxruntime's InferenceSession offers of itself."""

    def run(self, output_names: Sequence[str] | None, input_feed: Mapping[str, Any]) -> Any: ...  # noqa: ANN401 - as it is typed there


@value
class Heard:
    """A message as the encoder reads it; `before` are earlier ones of its place, oldest first."""

    text: str
    before: tuple[str, ...] = ()


@value
class Encoded:
    """Log-odds a head, and for each head the characters of the telling piece that weighed most."""

    scores: tuple[float, ...]
    peaks: tuple[Span, ...]


class Encoding(Protocol):
    """What triage asks of an encoder, wherever it runs. `version` names its weights."""

    version: str

    def encode(self, heard: Sequence[Heard]) -> list[Encoded]: ...


@value
class _Window:
    """One stretch of one message; `offsets` are the characters of its pieces."""

    ids: Sequence[int]
    offsets: Sequence[Span]
    before: Sequence[int]


class Encoder:
    """Pure once made: the same messages have the same scores, whatever they are read beside.

    Each window runs alone. The weights are of one byte, scaled by the largest figure of a run, so
    that windows which run together would change one another's scores (measured: by up to 1.2), and
    on one core they would not be read sooner.
    """

    def __init__(
        self, session: Session, tokenizer: Tokenizer, *, heads: tuple[str, ...], version: str
    ) -> None:
        self.heads = heads
        self.version = version
        self._session = session
        self._tokenizer = tokenizer
        self._first, self._last = tokenizer.encode("").ids
        self._slight = {tokenizer.token_to_id(piece) for piece in _SLIGHT}

    def encode(self, heard: Sequence[Heard]) -> list[Encoded]:
        """Read several messages; give one Encoded each, in their order."""
        return [self._encoded(one) for one in heard]

    def _encoded(self, heard: Heard) -> Encoded:
        """Keep the worst score a head of all windows, and where it stands."""
        scores = np.full(len(self.heads), -np.inf, dtype=np.float32)
        peaks = np.zeros((len(self.heads), 2), dtype=np.int64)
        for window in self._windows(heard):
            shares: Floats = self._session.run(["shares"], self._feed(window))[0][0]
            found = shares.sum(0)
            better = found > scores
            scores[better] = found[better]
            if window.offsets:
                places = self._telling(window, shares[1 : len(window.offsets) + 1]).argmax(0)
                peaks[better] = np.array(window.offsets)[places[better]]
        spans = tuple((int(start), int(end)) for start, end in peaks)
        return Encoded(tuple(scores.tolist()), spans)

    def _telling(self, window: _Window, shares: Floats) -> Floats:
        """Leave out the slight pieces, unless there are no others."""
        slight = np.array([piece in self._slight for piece in window.ids])
        return shares if slight.all() else np.where(slight[:, None], -np.inf, shares)

    def _windows(self, heard: Heard) -> Iterator[_Window]:
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
            yield _Window(ids[start:end], offsets[start:end], before)

    def _pieces(self, text: str) -> tuple[Sequence[int], Sequence[Span]]:
        # The tokenizer refuses half of a surrogate pair, which a hostile text may hold.
        readable = text[: LONGEST * 8].encode("utf-8", "replace").decode("utf-8")
        found = self._tokenizer.encode(readable, add_special_tokens=False)
        return found.ids, found.offsets

    def _feed(self, window: _Window) -> dict[str, Ints]:
        own = [self._first, *window.ids, self._last]
        context = [*window.before, self._last] if window.before else []
        return {
            "ids": np.array([own + context], dtype=np.int64),
            "mask": np.ones((1, len(own) + len(context)), dtype=np.int64),
            "types": np.array([[0] * len(own) + [1] * len(context)], dtype=np.int64),
        }
