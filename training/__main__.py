"""Make the weight files of `bot/data/weights` from the folder of labelled messages."""

import json
from argparse import ArgumentParser
from pathlib import Path

from bot.data.weights import Arrays, save_linear, save_meaning
from bot.domain.code import Concern
from bot.triage.meaning import Meaning
from training import claims, corpus, distil, linear

SEED = 20


def main() -> None:
    options = ArgumentParser(prog="python -m training", description=__doc__)
    options.add_argument("--shared", type=Path, required=True, help="the folder of the data sets")
    options.add_argument("--out", type=Path, required=True, help="where the weights are written")
    options.add_argument("--report", type=Path, help="write all figures to this JSON file")
    options.add_argument("--only", choices=("linear", "meaning"), help="make one of the two")
    chosen = options.parse_args()
    rows = corpus.read(chosen.shared)
    figures: dict[str, object] = {}
    if chosen.only != "meaning":
        figures["linear"] = make_linear(rows, chosen.out)
    if chosen.only != "linear":
        figures["meaning"] = make_meaning(rows, chosen.out)
    text = json.dumps(figures, indent=1)
    print(text)  # noqa: T201 - a tool of development
    if chosen.report:
        chosen.report.write_text(text + "\n", encoding="utf-8")


def make_linear(rows: list[corpus.Row], out: Path) -> dict[str, object]:
    """Fit, calibrate, round, write; give what was measured on the rounded weights."""
    features = linear.Features()
    fitted, dev = corpus.train_rows(rows, SEED), corpus.dev_rows(rows)
    matrix = features.matrix([row.text for row in fitted])
    dev_matrix = features.matrix([row.text for row in dev])
    heads = tuple(corpus.OWN)
    models = [
        linear.calibrated(head, linear.fit(head, matrix, fitted), dev_matrix, dev) for head in heads
    ]
    weights = linear.rounded(models)
    figures: dict[str, object] = {}
    lines: dict[Concern, dict[float, float]] = {}
    for head, model, kept in zip(heads, models, linear.unrounded(weights), strict=True):
        scores = linear.score(kept, dev_matrix)
        lines[head] = linear.thresholds(scores, dev)
        figures[head] = {
            "thresholds": lines[head],
            "recall": linear.recalls(head, scores, dev),
            "recall before rounding": linear.recalls(head, linear.score(model, dev_matrix), dev),
            "hard negatives": linear.false_alarms(head, scores, dev),
            "chat source left out": linear.realised(head, matrix, fitted, dev_matrix, dev),
        }
    arrays: Arrays = {"table": weights.table, "scale": weights.scale, "bias": weights.bias}
    save_linear(out, arrays, heads, lines)
    return figures


def make_meaning(rows: list[corpus.Row], out: Path) -> dict[str, float]:
    """Distil, round, write; give what was measured on the rounded vectors."""
    encoder = distil.Encoder()
    fitted = distil.fit(encoder, distil.sentences(rows, SEED), SEED)
    pieces, scales = distil.rounded(fitted)
    model = Meaning(tokenizer=encoder.tokenizer, pieces=pieces, scales=scales, version="new")
    likeness, figures = claims.measure(model, rows)
    save_meaning(out, {"pieces": pieces, "scales": scales}, encoder.tokenizer_json, likeness)
    return figures


if __name__ == "__main__":
    main()
