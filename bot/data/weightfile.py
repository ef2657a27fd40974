"""Weight files on disk: arrays, and the JSON sheet that names their digest.

The digest is checked before anything is read from the arrays: files of two trainings do not mix.
"""

from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any, TypeAlias, TypeVar
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from bot.data.yamlfile import BadFile, Row

MEND = "Put back the weight files of this release, or make them anew with `make train`."

Arrays: TypeAlias = dict[str, NDArray[Any]]
Sheet = TypeVar("Sheet", bound=Row)


def sheet(path: Path, kind: type[Sheet]) -> Sheet:
    try:
        return kind.model_validate_json(read_bytes(path))
    except ValidationError as mistakes:
        wrong = ", ".join(".".join(map(str, e["loc"])) or "file" for e in mistakes.errors())
        raise BadFile(f"{path}: cannot be used ({wrong}). {MEND}") from None


def read_arrays(path: Path, digest: str, names: tuple[str, ...], beside: bytes = b"") -> Arrays:
    """Read the arrays called `names` once the digest over the file and `beside` is right."""
    raw = read_bytes(path)
    if digest_of(raw, beside) != digest:
        raise BadFile(f"{path}: is not the file that its JSON file belongs to. {MEND}")
    try:
        with np.load(BytesIO(raw), allow_pickle=False) as arrays:
            return {name: arrays[name] for name in names}
    except (KeyError, ValueError, BadZipFile, AttributeError):
        raise BadFile(f"{path}: does not hold the arrays {', '.join(names)}. {MEND}") from None


def expect(path: Path, array: NDArray[Any], kind: type, shape: tuple[int | None, ...]) -> None:
    fits = len(shape) == array.ndim and all(
        want in (None, have) for want, have in zip(shape, array.shape, strict=True)
    )
    if array.dtype != kind or not fits or not np.isfinite(array).all():
        raise BadFile(f"{path}: an array is {array.dtype} {array.shape}. {MEND}")


def read_bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as failure:
        raise BadFile(f"{path}: {failure.strerror}. {MEND}") from None


def write_arrays(path: Path, arrays: Arrays, beside: bytes = b"") -> str:
    whole = BytesIO()
    np.savez_compressed(whole, allow_pickle=False, **arrays)
    path.write_bytes(whole.getvalue())
    return digest_of(whole.getvalue(), beside)


def digest_of(raw: bytes, beside: bytes = b"") -> str:
    return sha256(raw + beside).hexdigest()
