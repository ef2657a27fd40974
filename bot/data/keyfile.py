"""The secret beside a local database, made on the first run, readable by its owner alone."""

import os
import secrets
import stat
from pathlib import Path

_LEAST = 32


class BadKey(Exception):  # noqa: N818 - a value-like outcome for the command line, exit code 78
    """The secret cannot be used. The text says what to do."""


def read_or_make_key(path: Path) -> bytes:
    """Read the secret in `path`, or make one there with mode 0600. Raises BadKey."""
    try:
        return _read(path)
    except FileNotFoundError:
        return _make(path)


def _read(path: Path) -> bytes:
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise BadKey(f"{path}: others can read this secret. Run: chmod 600 {path}")
    key = path.read_bytes().strip()
    if len(key) < _LEAST:
        raise BadKey(
            f"{path}: holds no secret of {_LEAST} characters or more. Put the lost one back; a new"
            " one would make old authors look like new ones."
        )
    return key


def _make(path: Path) -> bytes:
    key = secrets.token_hex(_LEAST).encode()
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(key)
    return key
