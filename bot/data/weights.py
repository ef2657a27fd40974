"""The trained weights as files, and the models made from them.

A model is an array file and a JSON file that names its kind, its digest and its thresholds. The
digest is checked before anything is read from the arrays: files of two trainings do not mix.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any, Literal, TypeAlias, TypeVar
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError
from tokenizers import Tokenizer

from bot.data.yamlfile import BadFile, Row
from bot.domain.code import Concern
from bot.triage.linear import LinearModel
from bot.triage.meaning import Meaning

WEIGHTS = Path(__file__).with_name("weights")
MEND = "Put back the weight files of this release, or make them anew with `make train`."

Arrays: TypeAlias = dict[str, NDArray[Any]]
Sheet = TypeVar("Sheet", bound=Row)


class LinearSheet(Row):
    """What linear.json holds. `thresholds`: head -> share of chat above it -> score."""

    kind: Literal["waymark-linear-1"]
    digest: str
    heads: tuple[Concern, ...]
    thresholds: dict[Concern, dict[float, float]]


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
class TrainedLinear:
    """`thresholds[head][rate]`: above this score lay `rate` of ordinary chat (0.01 is 1 %)."""

    model: LinearModel
    thresholds: Mapping[Concern, Mapping[float, float]]


@dataclass(frozen=True, slots=True)
class TrainedMeaning:
    model: Meaning
    likeness: Likeness


def load_linear(folder: Path = WEIGHTS) -> TrainedLinear:
    """Read linear.json and linear.npz. Raises BadFile."""
    path = folder / "linear.npz"
    sheet = _sheet(folder / "linear.json", LinearSheet)
    arrays = _arrays(path, sheet.digest, ("table", "scale", "bias"), _names(sheet.heads))
    heads = len(sheet.heads)
    _expect(path, arrays["table"], np.int8, (None, heads))
    _expect(path, arrays["scale"], np.float32, (heads,))
    _expect(path, arrays["bias"], np.float32, (heads,))
    if arrays["table"].shape[0].bit_count() != 1:
        raise BadFile(f"{path}: the number of buckets is no power of two. {MEND}")
    model = LinearModel(
        table=arrays["table"],
        scale=arrays["scale"],
        bias=arrays["bias"],
        heads=sheet.heads,
        version=f"linear-{sheet.digest[:12]}",
    )
    return TrainedLinear(model, sheet.thresholds)


def load_meaning(folder: Path = WEIGHTS) -> TrainedMeaning:
    """Read meaning.json, meaning.npz and tokenizer.json. Raises BadFile."""
    path = folder / "meaning.npz"
    sheet = _sheet(folder / "meaning.json", MeaningSheet)
    words = _bytes(folder / "tokenizer.json")
    arrays = _arrays(path, sheet.digest, ("pieces", "scales"), words)
    tokenizer = Tokenizer.from_str(words.decode())
    pieces = tokenizer.get_vocab_size()
    _expect(path, arrays["pieces"], np.int8, (pieces, None))
    _expect(path, arrays["scales"], np.float32, (pieces,))
    model = Meaning(
        tokenizer=tokenizer,
        pieces=arrays["pieces"],
        scales=arrays["scales"],
        version=f"meaning-{sheet.digest[:12]}",
    )
    return TrainedMeaning(model, sheet.likeness)


def save_linear(
    folder: Path,
    arrays: Arrays,
    heads: tuple[Concern, ...],
    thresholds: Mapping[Concern, Mapping[float, float]],
) -> None:
    """Write what `load_linear` reads; `arrays` are table, scale and bias."""
    digest = _write(folder / "linear.npz", arrays, _names(heads))
    sheet = LinearSheet.model_validate(
        {
            "kind": "waymark-linear-1",
            "digest": digest,
            "heads": heads,
            "thresholds": thresholds,
        }
    )
    (folder / "linear.json").write_text(sheet.model_dump_json(indent=1) + "\n", encoding="utf-8")


def save_meaning(folder: Path, arrays: Arrays, tokenizer: str, likeness: Likeness) -> None:
    """Write what `load_meaning` reads; `arrays` are pieces and scales."""
    words = tokenizer.encode()
    (folder / "tokenizer.json").write_bytes(words)
    digest = _write(folder / "meaning.npz", arrays, words)
    sheet = MeaningSheet(kind="waymark-meaning-1", digest=digest, likeness=likeness)
    (folder / "meaning.json").write_text(sheet.model_dump_json(indent=1) + "\n", encoding="utf-8")


def _sheet(path: Path, kind: type[Sheet]) -> Sheet:
    try:
        return kind.model_validate_json(_bytes(path))
    except ValidationError as mistakes:
        wrong = ", ".join(".".join(map(str, e["loc"])) or "file" for e in mistakes.errors())
        raise BadFile(f"{path}: cannot be used ({wrong}). {MEND}") from None


def _arrays(path: Path, digest: str, names: tuple[str, ...], beside: bytes = b"") -> Arrays:
    """Read the arrays called `names` once the digest over the file and `beside` is right."""
    raw = _bytes(path)
    if _digest(raw, beside) != digest:
        raise BadFile(f"{path}: is not the file that its JSON file belongs to. {MEND}")
    try:
        with np.load(BytesIO(raw), allow_pickle=False) as arrays:
            return {name: arrays[name] for name in names}
    except (KeyError, ValueError, BadZipFile, AttributeError):
        raise BadFile(f"{path}: does not hold the arrays {', '.join(names)}. {MEND}") from None


def _names(heads: tuple[Concern, ...]) -> bytes:
    """Columns without their right names are worse than none, so the digest covers the names."""
    return ",".join(heads).encode()


def _expect(path: Path, array: NDArray[Any], kind: type, shape: tuple[int | None, ...]) -> None:
    fits = len(shape) == array.ndim and all(
        want in (None, have) for want, have in zip(shape, array.shape, strict=True)
    )
    if array.dtype != kind or not fits or not np.isfinite(array).all():
        raise BadFile(f"{path}: an array is {array.dtype} {array.shape}. {MEND}")


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as failure:
        raise BadFile(f"{path}: {failure.strerror}. {MEND}") from None


def _write(path: Path, arrays: Arrays, beside: bytes = b"") -> str:
    whole = BytesIO()
    np.savez_compressed(whole, allow_pickle=False, **arrays)
    path.write_bytes(whole.getvalue())
    return _digest(whole.getvalue(), beside)


def _digest(raw: bytes, beside: bytes) -> str:
    return sha256(raw + beside).hexdigest()
