"""How much of each source is learnt from: what is in the mix matters most.

A third or more is ordinary chat. What is rare and exact (our own messages, threats) comes more
than once, varied each time; what is plenty is thinned out.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from random import Random

import numpy as np

from training.corpus import LONGEST, Row, shortened
from training.vary import Varied

# The most rows of a source, half of them or more without a positive head.
MOST = {
    "chat-irc_ubuntu": 4_500,
    "chat-topical_chat": 4_500,
    "chat-goemotions_neutral": 5_000,
    "suicide-reddit_suicidewatch": 5_000,
    "distress-sad_stressor": 6_000,
    "distress-goemotions_negative": 3_500,
    "stereotype-edos": 4_000,
    "stereotype-hatexplain": 3_000,
    "stereotype-sbic_train": 4_000,
    "violence-edos_threats": 3_500,
    "career_q-reddit_career_q": 5_000,
    "career_q-clinc150_neg": 1_500,
}
_POSITIVES = 0.6
THREAT_TIMES = 3
WRITTEN_TIMES = 4
FORUM_CROPS = 2
_START = 0.5


def mixed(rows: Sequence[Row], varied: Varied, *, seed: int) -> list[Row]:
    """Rows to learn from, long ones cut to what chat is like, some more than once."""
    random = Random(seed)  # noqa: S311 - a sample, no secret
    by_source: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.split == "train":
            by_source[row.source].append(row)
    chosen = [
        row
        for source in sorted(by_source)
        for row in _thinned(by_source[source], MOST.get(source), random)
    ]
    learnt = [taken for row in chosen for taken in _times(row, varied, random)]
    random.shuffle(learnt)
    return learnt


def unused_chat(rows: Sequence[Row], learnt: Sequence[Row]) -> list[Row]:
    """Chat to train on that was not learnt from: thresholds are measured on it."""
    known = {row.text for row in learnt if row.is_chat}
    left = (shortened(row) for row in rows if row.is_chat and row.split == "train")
    return [row for row in left if row.text not in known]


def _thinned(rows: Sequence[Row], most: int | None, random: Random) -> list[Row]:
    if most is None:
        return list(rows)
    positive = [row for row in rows if np.nansum(row.labels) > 0]
    negative = [row for row in rows if not np.nansum(row.labels) > 0]
    chosen = random.sample(positive, min(len(positive), int(most * _POSITIVES)))
    return chosen + random.sample(negative, min(len(negative), most - len(chosen)))


def _times(row: Row, varied: Varied, random: Random) -> Iterator[Row]:
    positive = np.nansum(row.labels) > 0
    if row.is_written:
        yield from [row] * WRITTEN_TIMES
        return
    start = len(row.text) <= LONGEST or random.random() < _START
    yield shortened(row) if start else replace(row, text=varied.cropped(row.text))
    if row.source.startswith("suicide") and positive and len(row.text) > LONGEST:
        for _ in range(FORUM_CROPS - 1):
            yield replace(row, text=varied.cropped(row.text))
    if row.source.startswith("violence") and positive:
        yield from [shortened(row)] * (THREAT_TIMES - 1)
