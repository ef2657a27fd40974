"""How well each head ranks the messages of a file, and how honest its scores are."""

from collections.abc import Iterator, Sequence

import numpy as np

from bot.evaluate.files import seeded
from bot.evaluate.seen import Seen, SeenSheet
from bot.reports import metrics
from bot.reports.evaluation.found import RATES, AtRate, Estimate, OfLength, Ranked
from bot.reports.metrics import Floats
from bot.triage.head import HEADS, Head

# Words up to which a message counts as short, and from which it counts as long.
SHORT, LONG = 8, 40
_LENGTH_RATE = 0.01
# Fewer of either kind say nothing of calibration.
_FEWEST = 10


def ranked(sheet: SeenSheet, chat: Floats) -> Iterator[Ranked]:
    """Measure every head of which the file has positives. `chat` has one row a message."""
    for column, head in enumerate(HEADS):
        known = [seen for seen in sheet.seen if head in seen.row.heads]
        positive = [seen for seen in known if seen.row.heads[head] == 1]
        negative = [seen for seen in known if seen.row.heads[head] == 0]
        if positive:
            # A file of the shared format is silent on the other heads: nobody differs there.
            own = sum(seen.row.is_own for seen in sheet.seen)
            own_clear = sum(seen.row.is_own for seen in (*positive, *negative))
            yield _one(
                sheet.sheet.name, head, (positive, negative), chat[:, column], own - own_clear
            )


def _one(
    file: str,
    head: Head,
    both: tuple[Sequence[Seen], Sequence[Seen]],
    chat: Floats,
    differing: int,
) -> Ranked:
    column = HEADS.index(head)
    positive, negative = (_scores(seen, column) for seen in both)
    chance = seeded("interval", file, head)
    auc, average_precision = _order(positive, negative, chance)
    bins = _bins(positive, negative)
    return Ranked(
        file=file,
        head=head,
        positives=len(positive),
        negatives=len(negative),
        differing=differing,
        auc=auc,
        average_precision=average_precision,
        recall=_recall(positive, chat, chance),
        lengths=tuple(_lengths(both[0], positive, chat)),
        calibration_error=metrics.calibration_error(bins) if bins else None,
        bins=bins,
    )


def _scores(seen: Sequence[Seen], column: int) -> Floats:
    return np.array([one.scores[column] for one in seen], dtype=np.float64)


def _order(
    positive: Floats, negative: Floats, chance: np.random.Generator
) -> tuple[Estimate | None, Estimate | None]:
    if not len(negative):
        return None, None
    auc, average_precision = _estimates(_both_orders, positive, negative, chance)
    return auc, average_precision


def _both_orders(positive: Floats, negative: Floats) -> Floats:
    return np.array(
        [metrics.auc(positive, negative), metrics.average_precision(positive, negative)]
    )


def _recall(positive: Floats, chat: Floats, chance: np.random.Generator) -> tuple[AtRate, ...]:
    if not len(chat):
        return ()
    found = _estimates(lambda p, c: metrics.recalls(p, c, RATES), positive, chat, chance)
    return tuple(AtRate(rate, recall) for rate, recall in zip(RATES, found, strict=True))


def _estimates(
    statistic: metrics.Statistic, first: Floats, second: Floats, chance: np.random.Generator
) -> list[Estimate]:
    low, high = metrics.interval(statistic, first, second, chance)
    values = statistic(first, second)
    return [
        Estimate(value, least, most)
        for value, least, most in zip(values.tolist(), low.tolist(), high.tolist(), strict=True)
    ]


def _lengths(seen: Sequence[Seen], positive: Floats, chat: Floats) -> Iterator[OfLength]:
    words = np.array([len(one.row.text.split()) for one in seen])
    line = metrics.line_for(chat, _LENGTH_RATE) if len(chat) else None
    for length, mine in (("short", words <= SHORT), ("long", words >= LONG)):
        recall = None if line is None or not mine.any() else float((positive[mine] > line).mean())
        yield OfLength(length, int(mine.sum()), recall)


def _bins(positive: Floats, negative: Floats) -> tuple[metrics.Bin, ...]:
    """Set chances against labels, with the file's own share: scores are for halves."""
    if min(len(positive), len(negative)) < _FEWEST:
        return ()
    labels = np.concatenate([np.ones(len(positive)), np.zeros(len(negative))])
    scores = np.concatenate([positive, negative])
    return metrics.reliability(metrics.probabilities(scores, float(labels.mean())), labels)
