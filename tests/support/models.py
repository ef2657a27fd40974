"""Small models made by hand, so that a test knows every score.

The linear model hears whole words. Fused, quick scores are the linear model's, and full ones the
encoder's; on both a cue adds one.
"""

import numpy as np

from bot.triage.alarms import Levels, Lines
from bot.triage.encoder import Encoder
from bot.triage.fuse import Fusion, Weights
from bot.triage.head import HEADS, Head
from bot.triage.linear import LinearModel, bucket
from bot.triage.read import Models
from tests.support.network import Words

# Scores from which a head speaks up: surely, and perhaps.
SURE, UNSURE = 4.0, 1.0
# From here on the linear model has the encoder look at once.
GATE = 0.0
LOUD = 100.0  # a word of this figure is heard in any message of up to 500 words

_BUCKETS = 1 << 14
_STRICT = 0.001  # rates up to this one need SURE


def linear(words: Words, *, silent: float = -4.0) -> LinearModel:
    """Hear `words`, each with figures for some heads, no larger than 127."""
    table = np.zeros((_BUCKETS, len(HEADS)), dtype=np.int8)
    for word, figures in words.items():
        for head, figure in figures.items():
            table[bucket(f"w:{word}", _BUCKETS), HEADS.index(head)] = round(figure)
    return LinearModel(
        table=table,
        scale=np.ones(len(HEADS), dtype=np.float32),
        bias=np.full(len(HEADS), silent, dtype=np.float32),
        heads=HEADS,
        version="linear-1",
    )


def lines() -> Lines:
    """Set the lines; the head for pages agrees with every other one, whatever it scores."""
    rates = (0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005)
    mine = {rate: SURE if rate <= _STRICT else UNSURE for rate in rates}
    return {**dict.fromkeys(HEADS, mine), Head.PAGE: dict.fromkeys(rates, -1_000.0)}


def fusion() -> Fusion:
    quick: dict[str, Weights] = dict.fromkeys(
        HEADS, Weights(bias=0.0, linear=1.0, encoder=0.0, cue=1.0)
    )
    full: dict[str, Weights] = dict.fromkeys(
        HEADS, Weights(bias=0.0, linear=0.0, encoder=1.0, cue=1.0)
    )
    return Fusion(quick=quick, full=full, version="fusion-1")


def models(
    words: Words, encoder: Encoder | None = None, *, gate: dict[Head, float] | None = None
) -> Models:
    """Join a linear model that hears `words` with `encoder`."""
    gates = dict.fromkeys(HEADS, GATE) if gate is None else gate
    return Models(
        linear=linear(words),
        encoder=encoder,
        fusion=fusion(),
        gate=tuple(gates.get(head, np.inf) for head in HEADS),
        quick=Levels(lines()),
        full=Levels(lines()),
    )
