"""The trained weights as files, and the models made from them.

Four models stand beside each other: the linear model, the encoder, the fusion of both with the
cues, and the static embedding. The fusion names the digests of what it was fitted on, so that
models of two trainings do not mix.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from bot.data.weightfile import (
    MEND,
    Arrays,
    digest_of,
    expect,
    read_arrays,
    read_bytes,
    sheet,
    write_arrays,
)
from bot.data.yamlfile import BadFile, Row
from bot.triage.alarms import Levels, Lines
from bot.triage.encoder import Encoder
from bot.triage.fuse import Fusion, Weights
from bot.triage.head import HEADS, Head
from bot.triage.linear import LinearModel
from bot.triage.meaning import Meaning
from bot.triage.read import Models

WEIGHTS = Path(__file__).with_name("weights")


class LinearSheet(Row):
    """What linear.json holds."""

    kind: Literal["waymark-linear-2"]
    digest: str
    heads: tuple[Head, ...]


class EncoderSheet(Row):
    """What encoder.json holds; the digest covers encoder.onnx, tokenizer.json and the heads."""

    kind: Literal["waymark-encoder-1"]
    digest: str
    heads: tuple[Head, ...]


class WeightsSheet(Row):
    """What each reader's word is worth on one head."""

    bias: float
    linear: float
    encoder: float
    cue: float


class FusionSheet(Row):
    """What fusion.json holds.

    `gate`: the linear model's score from which the encoder is asked at once. `lines`: head ->
    share of ordinary chat above it (0.01 is 1 %) -> fused score.
    """

    kind: Literal["waymark-fusion-1"]
    linear: str
    encoder: str
    quick: dict[Head, WeightsSheet]
    full: dict[Head, WeightsSheet]
    gate: dict[Head, float]
    quick_lines: dict[Head, dict[float, float]]
    full_lines: dict[Head, dict[float, float]]


class Likeness(Row):
    """Cosines from which two sentences make the same claim, surely enough to match or suggest."""

    match: float
    suggest: float


class MeaningSheet(Row):
    """What meaning.json holds."""

    kind: Literal["waymark-meaning-1"]
    digest: str
    likeness: Likeness


@dataclass(frozen=True, slots=True)
class TrainedMeaning:
    model: Meaning
    likeness: Likeness


@dataclass(frozen=True, slots=True)
class TrainedModels:
    """The readers, the lines that alarms are set by, and what could not be loaded."""

    models: Models
    quick_lines: Lines
    full_lines: Lines
    gaps: tuple[str, ...] = ()


def load_models(folder: Path = WEIGHTS, *, with_encoder: bool = True) -> TrainedModels:
    """Read linear model, encoder and fusion.

    Raises BadFile when the first or the last is not there. Without the encoder all readings are
    quick ones, and `gaps` says so unless that was wished for.
    """
    linear, linear_digest = load_linear(folder)
    fusion_path = folder / "fusion.json"
    found = sheet(fusion_path, FusionSheet)
    if found.linear != linear_digest:
        raise BadFile(f"{fusion_path}: was not fitted on linear.npz. {MEND}")
    missing = [head for head in HEADS if head not in found.full or head not in found.quick]
    if missing:
        raise BadFile(f"{fusion_path}: has no weights for {', '.join(missing)}. {MEND}")
    gaps: list[str] = []
    encoder = _encoder_or_gap(folder, found, gaps) if with_encoder else None
    models = Models(
        linear=linear,
        encoder=encoder,
        fusion=Fusion(
            quick={head: Weights(**found.quick[head].model_dump()) for head in HEADS},
            full={head: Weights(**found.full[head].model_dump()) for head in HEADS},
            version=f"fusion-{digest_of(read_bytes(fusion_path))[:12]}",
        ),
        gate=tuple(found.gate.get(head, np.inf) for head in HEADS),
        quick=Levels(found.quick_lines),
        full=Levels(found.full_lines),
    )
    return TrainedModels(models, found.quick_lines, found.full_lines, tuple(gaps))


def _encoder_or_gap(folder: Path, found: FusionSheet, gaps: list[str]) -> Encoder | None:
    try:
        encoder, encoder_digest = load_encoder(folder)
    except BadFile as bad:
        gaps.append(str(bad))
        return None
    if found.encoder != encoder_digest:
        gaps.append(f"{folder / 'fusion.json'}: was not fitted on encoder.onnx. {MEND}")
        return None
    return encoder


def load_linear(folder: Path = WEIGHTS) -> tuple[LinearModel, str]:
    """Read linear.json and linear.npz; give the model and its digest. Raises BadFile."""
    path = folder / "linear.npz"
    found = sheet(folder / "linear.json", LinearSheet)
    arrays = read_arrays(path, found.digest, ("table", "scale", "bias"), _names(found.heads))
    heads = len(found.heads)
    expect(path, arrays["table"], np.int8, (None, heads))
    expect(path, arrays["scale"], np.float32, (heads,))
    expect(path, arrays["bias"], np.float32, (heads,))
    if arrays["table"].shape[0].bit_count() != 1:
        raise BadFile(f"{path}: the number of buckets is no power of two. {MEND}")
    _expect_heads(path, found.heads)
    model = LinearModel(
        table=arrays["table"],
        scale=arrays["scale"],
        bias=arrays["bias"],
        heads=found.heads,
        version=f"linear-{found.digest[:12]}",
    )
    return model, found.digest


def load_encoder(folder: Path = WEIGHTS) -> tuple[Encoder, str]:
    """Read encoder.json, encoder.onnx and tokenizer.json; give the model and its digest.

    Raises BadFile.
    """
    path = folder / "encoder.onnx"
    found = sheet(folder / "encoder.json", EncoderSheet)
    raw, words = read_bytes(path), read_bytes(folder / "tokenizer.json")
    if digest_of(raw, words + _names(found.heads)) != found.digest:
        raise BadFile(f"{path}: is not the file that its JSON file belongs to. {MEND}")
    _expect_heads(path, found.heads)
    try:
        session = onnxruntime.InferenceSession(raw, _options(), ["CPUExecutionProvider"])
    except Exception as refused:  # onnxruntime's own errors share no base class
        raise BadFile(f"{path}: onnxruntime cannot load it. {MEND}") from refused
    encoder = Encoder(
        session,
        Tokenizer.from_str(words.decode()),
        heads=found.heads,
        version=f"encoder-{found.digest[:12]}",
    )
    return encoder, found.digest


def load_meaning(folder: Path = WEIGHTS) -> TrainedMeaning:
    """Read meaning.json, meaning.npz and tokenizer.json. Raises BadFile."""
    path = folder / "meaning.npz"
    found = sheet(folder / "meaning.json", MeaningSheet)
    words = read_bytes(folder / "tokenizer.json")
    arrays = read_arrays(path, found.digest, ("pieces", "scales"), words)
    tokenizer = Tokenizer.from_str(words.decode())
    pieces = tokenizer.get_vocab_size()
    expect(path, arrays["pieces"], np.int8, (pieces, None))
    expect(path, arrays["scales"], np.float32, (pieces,))
    model = Meaning(
        tokenizer=tokenizer,
        pieces=arrays["pieces"],
        scales=arrays["scales"],
        version=f"meaning-{found.digest[:12]}",
    )
    return TrainedMeaning(model, found.likeness)


def save_linear(folder: Path, arrays: Arrays, heads: tuple[Head, ...]) -> str:
    """Write what `load_linear` reads; `arrays` are table, scale and bias. Give the digest."""
    digest = write_arrays(folder / "linear.npz", arrays, _names(heads))
    _write_sheet(
        folder / "linear.json", LinearSheet(kind="waymark-linear-2", digest=digest, heads=heads)
    )
    return digest


def save_encoder(folder: Path, onnx: bytes, tokenizer: str, heads: tuple[Head, ...]) -> str:
    """Write what `load_encoder` reads. Give the digest."""
    words = tokenizer.encode()
    (folder / "tokenizer.json").write_bytes(words)
    (folder / "encoder.onnx").write_bytes(onnx)
    digest = digest_of(onnx, words + _names(heads))
    _write_sheet(
        folder / "encoder.json", EncoderSheet(kind="waymark-encoder-1", digest=digest, heads=heads)
    )
    return digest


def save_fusion(folder: Path, found: FusionSheet) -> None:
    """Write fusion.json."""
    _write_sheet(folder / "fusion.json", found)


def save_meaning(folder: Path, arrays: Arrays, tokenizer: str, likeness: Likeness) -> None:
    """Write what `load_meaning` reads; `arrays` are pieces and scales."""
    words = tokenizer.encode()
    (folder / "tokenizer.json").write_bytes(words)
    digest = write_arrays(folder / "meaning.npz", arrays, words)
    found = MeaningSheet(kind="waymark-meaning-1", digest=digest, likeness=likeness)
    _write_sheet(folder / "meaning.json", found)


def _write_sheet(path: Path, found: Row) -> None:
    path.write_text(found.model_dump_json(indent=1) + "\n", encoding="utf-8")


def _options() -> onnxruntime.SessionOptions:
    """One thread: a message must not take the second core of a small machine from the platforms."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.enable_cpu_mem_arena = False  # or one flood's buffers would be held for good
    options.log_severity_level = 3
    return options


def _names(heads: tuple[Head, ...]) -> bytes:
    """Columns without their right names are worse than none, so the digest covers the names."""
    return ",".join(heads).encode()


def _expect_heads(path: Path, heads: Mapping[Head, object] | tuple[Head, ...]) -> None:
    if tuple(heads) != HEADS:
        raise BadFile(f"{path}: scores {', '.join(heads)}; this release reads others. {MEND}")
