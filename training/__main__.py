"""Make the weight files of `bot/data/weights` from the labelled messages.

Deterministic on one kind of machine. With a GPU it takes minutes, on two cores under two hours.
"""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from bot.data.weights import (
    WeightsSheet,
    load_encoder,
    load_linear,
    save_encoder,
    save_fusion,
    save_linear,
    save_meaning,
)
from bot.triage.alarms import Levels
from bot.triage.encoder import Encoder
from bot.triage.fuse import Fusion
from bot.triage.head import HEADS
from bot.triage.linear import LinearModel
from bot.triage.meaning import Meaning
from bot.triage.read import Models, Triage
from training import claims, corpus, distil, encoder, export, fuse, linear, minilm, mix
from training.corpus import Row
from training.vary import Varied

SEED = 20
LAYERS = (0, 1, 2, 3, 4, 5)  # of MiniLM: all of them
STAGES = ("linear", "encoder", "fusion", "meaning")
_NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


def main() -> None:
    options = ArgumentParser(prog="python -m training", description=__doc__)
    options.add_argument("--shared", type=Path, required=True, help="the folder of the data sets")
    options.add_argument("--out", type=Path, required=True, help="where the weights are written")
    options.add_argument(
        "--only", choices=STAGES, action="append", help="make only these; repeatable"
    )
    chosen = options.parse_args()
    stages = chosen.only or STAGES
    rows = corpus.read(chosen.shared)
    _say(f"{len(rows):,} messages read")
    if "linear" in stages:
        make_linear(rows, chosen.out)
    if "encoder" in stages:
        make_encoder(rows, chosen.out)
    if "fusion" in stages:
        make_fusion(rows, chosen.out)
    if "meaning" in stages:
        print(json.dumps(make_meaning(rows, chosen.out), indent=1))  # noqa: T201 - a tool of development


def make_linear(rows: Sequence[Row], out: Path) -> None:
    """Fit on what the encoder learns from, round, write."""
    learnt = mix.mixed(rows, varied(rows), seed=SEED)
    matrix = linear.Features().matrix([row.heard for row in learnt])
    weights = linear.rounded(linear.fit(matrix, learnt))
    save_linear(out, {"table": weights.table, "scale": weights.scale, "bias": weights.bias}, HEADS)
    _say("linear model written")


def make_encoder(rows: Sequence[Row], out: Path) -> None:
    """Fine-tune, average, export, write."""
    learnt, course = mix.mixed(rows, varied(rows), seed=SEED), encoder.course()
    nets = []
    for seed in course.seeds:
        _say(f"fine-tuning on {len(learnt):,} rows, {course.epochs:g} passes, seed {seed}")
        nets.append(
            encoder.fit(learnt, varied(rows, seed), layers=LAYERS, course=course, seed=seed)
        )
    net = encoder.averaged(nets)
    save_encoder(out, export.onnx_bytes(net), str(minilm.tokenizer().to_str()), HEADS)
    _say("encoder written")


def make_fusion(rows: Sequence[Row], out: Path) -> None:
    """Read what no model has learnt from, as the bot will, and fit on that."""
    model, linear_digest = load_linear(out)
    net, encoder_digest = load_encoder(out)
    learnt = mix.mixed(rows, varied(rows), seed=SEED)
    measured = corpus.dev_rows(rows) + mix.unused_chat(rows, learnt)
    triage = Triage(
        corpus.rules(), reader=corpus.reader(), models=_unfitted(model, net), known=None
    )
    firsts = [triage.first(row.text, sent_at=_NOON, before=row.before) for row in measured]
    encoded = fuse.table(one.scores for one in triage.encode(firsts) if one is not None)
    sheet = fuse.fitted(measured, firsts, encoded, linear=linear_digest, encoder=encoder_digest)
    save_fusion(out, sheet)
    _say("fusion written")


def make_meaning(rows: Sequence[Row], out: Path) -> dict[str, float]:
    """Distil, round, write; give what was measured on the rounded vectors."""
    teacher = distil.Encoder()
    fitted = distil.fit(teacher, distil.sentences(rows, SEED), SEED)
    pieces, scales = distil.rounded(fitted)
    model = Meaning(tokenizer=teacher.tokenizer, pieces=pieces, scales=scales, version="new")
    likeness, figures = claims.measure(model, rows)
    save_meaning(out, {"pieces": pieces, "scales": scales}, teacher.tokenizer_json, likeness)
    return figures


def varied(rows: Sequence[Row], seed: int = SEED) -> Varied:
    return Varied([row.text for row in rows if row.is_chat and row.split == "train"], seed=seed)


def _unfitted(model: LinearModel, net: Encoder) -> Models:
    flat = {head: WeightsSheet(bias=0, linear=0, encoder=0, cue=0) for head in HEADS}
    weights = fuse.as_weights(flat)
    return Models(
        linear=model,
        encoder=net,
        fusion=Fusion(quick=weights, full=weights, version="none"),
        gate=(float("inf"),) * len(HEADS),
        quick=Levels({}),
        full=Levels({}),
    )


def _say(what: str) -> None:
    print(f"{perf_counter() - _STARTED:7.0f} s  {what}", file=sys.stderr, flush=True)  # noqa: T201


_STARTED = perf_counter()

if __name__ == "__main__":
    main()
