"""The secret beside a local database, made on the first run, readable by its owner alone.

Its first line is the secret of now. Those below it were in use before, the newest first.
"""

import os
import secrets
import stat
from dataclasses import dataclass
from pathlib import Path

_LEAST = 32


class BadKey(Exception):  # noqa: N818 - a value-like outcome for the command line, exit code 78
    """The secret cannot be used. The text says what to do."""


@dataclass(frozen=True, slots=True)
class Keys:
    """`now` makes what is new. The `old` ones still open, and know again, what they made."""

    now: bytes
    old: tuple[bytes, ...] = ()

    def with_older(self, more: tuple[bytes, ...]) -> "Keys":
        """Add those that were in use before; each stands once."""
        old = dict.fromkeys((*self.old, *more))
        return Keys(self.now, tuple(key for key in old if key != self.now))

    @property
    def all(self) -> tuple[bytes, ...]:
        return (self.now, *self.old)


def read_or_make_keys(path: Path) -> Keys:
    """Read the secrets in `path`, or make one there with mode 0600. Raises BadKey."""
    try:
        return _read(path)
    except FileNotFoundError:
        return Keys(_make(path))


def _read(path: Path) -> Keys:
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise BadKey(f"{path}: others can read this secret. Run: chmod 600 {path}")
    lines = [line.strip() for line in path.read_bytes().strip().splitlines()]
    keys = [line for line in lines if line] or [b""]
    for number, key in enumerate(keys, start=1):
        if len(key) < _LEAST:
            where = f"{path}: " if len(keys) == 1 else f"{path}, key {number}: "
            raise BadKey(
                f"{where}holds no secret of {_LEAST} characters or more. Put the lost one back; a"
                " new one would make old authors look like new ones."
            )
    return Keys(keys[0]).with_older(tuple(keys[1:]))


def _make(path: Path) -> bytes:
    key = secrets.token_hex(_LEAST).encode()
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(key + b"\n")  # or a key that is added below would become part of it
    return key
