"""Measure whether the embedding finds a claim again, and set the cosines to trust.

The pool is what a channel would hold: a paraphrase of each claim, a neighbour of each, and posts of
careers forums. Each message gets its nearest claim; it is right only for the paraphrase's own.
"""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from bot.data.weights import Likeness
from bot.triage.head import HEADS, Head
from bot.triage.meaning import Meaning
from training.corpus import Row
from training.pairs import PAIRS

Figures: TypeAlias = NDArray[np.float32]
Truths: TypeAlias = NDArray[np.bool_]

MATCH_PRECISION = 0.95
# A suggestion only costs a practitioner a look. Of the hard paraphrases in `pairs`, 15 in 100
# reach this cosine with their own claim; of posts in careers forums, 1.5 in 100 do.
SUGGEST = 0.66
FORUM = "career_q-reddit_career_q"
POSTS = 600


def measure(model: Meaning, rows: Sequence[Row]) -> tuple[Likeness, dict[str, float]]:
    """Give both cosines, and every figure."""
    claims, saying, beside = (model.vectors(texts) for texts in zip(*PAIRS, strict=True))
    posts = model.vectors(_posts(rows))
    same = saying @ claims.T
    own = np.diagonal(same)
    far = (posts @ claims.T).max(1)
    best = np.concatenate([same.max(1), (beside @ claims.T).max(1), far])
    right = np.zeros(len(best), dtype=np.bool_)
    right[: len(own)] = same.argmax(1) == np.arange(len(own))
    likeness = Likeness(match=lowest(best, right, MATCH_PRECISION), suggest=SUGGEST)
    others = same[~np.eye(len(own), dtype=bool)]
    figures = {
        "paraphrase against other claims, AUC": auc(own, others),
        "paraphrase against neighbour, AUC": auc(own, (beside * claims).sum(1)),
        "paraphrase against posts of forums, AUC": auc(own, (posts @ claims.T).ravel()),
        "nearest claim is the right one": float(right[: len(own)].mean()),
        "match": likeness.match,
        "found at match": found(best, right, likeness.match, len(own)),
        "forum posts above match": float((far >= likeness.match).mean()),
        "suggest": likeness.suggest,
        "found at suggest": found(best, right, likeness.suggest, len(own)),
        "forum posts above suggest": float((far >= likeness.suggest).mean()),
    }
    return likeness, {name: round(figure, 4) for name, figure in figures.items()}


def lowest(best: Figures, right: Truths, precision: float) -> float:
    """Give the lowest cosine from which at least `precision` of what is found is right."""
    order = np.argsort(-best)
    so_far = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(so_far >= precision)
    return round(float(best[order[enough[-1]]]) if len(enough) else 1.0, 4)


def found(best: Figures, right: Truths, line: float, all_of_them: int) -> float:
    """Share of the paraphrases that are at or above `line` and have their own claim."""
    return float((right & (best >= line)).sum()) / all_of_them


def auc(higher: Figures, lower: Figures) -> float:
    """Chance that one of `higher` is above one of `lower`."""
    return float((higher[:, None] > lower[None, :]).mean())


def _posts(rows: Sequence[Row]) -> list[str]:
    asking = HEADS.index(Head.ASKING)
    texts = [
        r.heard[:180]
        for r in rows
        if r.source == FORUM and r.split == "dev" and r.labels[asking] == 1
    ]
    return texts[:POSTS]
