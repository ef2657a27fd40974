"""From what three readers say of a head to one calibrated score, in log-odds.

The weights are fitted (`training/fuse.py`), never set by hand. There are two sets: for what is
decided at once, before the encoder has read the message, and for the full reading. A score is the
log-odds of the head were half of all messages positive; a community's own rate is far lower, which
is what its thresholds are for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Weights:
    """What each reader's word is worth on one head; `cue` is added where a cue of it stands."""

    bias: float
    linear: float
    encoder: float
    cue: float


@dataclass(frozen=True, slots=True)
class Stacked:
    """The weights of several heads as columns."""

    bias: Floats
    linear: Floats
    encoder: Floats
    cue: Floats


class Fusion:
    """Pure: three figures a head in, one out. `heads` names the columns of all that goes in."""

    def __init__(
        self, *, quick: Mapping[str, Weights], full: Mapping[str, Weights], version: str
    ) -> None:
        self.heads = tuple(full)
        self.version = version
        self._quick = _stacked([quick[head] for head in self.heads])
        self._full = _stacked([full[head] for head in self.heads])

    def quick(self, linear: Sequence[float] | Floats, cues: Sequence[float] | Floats) -> Floats:
        """Score without the encoder. Both are one figure a head, or one row of them a message."""
        w = self._quick
        found: Floats = w.bias + w.linear * np.asarray(linear) + w.cue * np.asarray(cues)
        return found

    def full(
        self,
        linear: Sequence[float] | Floats,
        encoder: Sequence[float] | Floats,
        cues: Sequence[float] | Floats,
    ) -> Floats:
        """Score with all three."""
        w = self._full
        said = w.linear * np.asarray(linear) + w.encoder * np.asarray(encoder)
        found: Floats = w.bias + said + w.cue * np.asarray(cues)
        return found


def _stacked(weights: Sequence[Weights]) -> Stacked:
    def column(name: str) -> Floats:
        return np.array([getattr(one, name) for one in weights], dtype=np.float64)

    return Stacked(column("bias"), column("linear"), column("encoder"), column("cue"))
