"""What can still be read of a ZIP that was cut off: its list of contents stood at the end.

Each file in a ZIP has a short header of its own before it, so what lies before the cut can be
found from the front. Only what Slack writes is read so: stored or deflated, not encrypted.
"""

import io
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from adapters.transcript.archive import Archive, rooted

_HEADER = struct.Struct("<4sHHHHHIIIHH")
_MAGIC = b"PK\x03\x04"
_ENCRYPTED, _SIZES_FOLLOW, _UTF8 = 0x1, 0x8, 0x800
_STORED, _DEFLATED = 0, 8
_DESCRIPTOR = b"PK\x07\x08"
_BLOCK = 64 * 1024
_LARGE = 0xFFFFFFFF  # the sizes stand elsewhere: a file of 4 GB, which no day of Slack is


@dataclass(frozen=True, slots=True)
class _Member:
    name: str
    method: int
    start: int
    packed: int | None  # None: known only when it is unpacked


class _Unpacking(io.RawIOBase):
    """One member, read from its start. What is missing at the end raises EOFError."""

    def __init__(self, file: BinaryIO, member: _Member) -> None:
        super().__init__()
        self._file = file
        file.seek(member.start)
        self._left = member.packed
        self._inflate = zlib.decompressobj(-zlib.MAX_WBITS) if member.method == _DEFLATED else None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(cast("bytearray", buffer))
        found = self._some(len(view))
        view[: len(found)] = found
        return len(found)

    def after(self) -> int:
        """Find where the next header stands, once all is read.

        Between them lie a checksum and two sizes, with or without a signature before them.
        """
        taken = len(self._inflate.unused_data) if self._inflate is not None else 0
        end = self._file.tell() - taken
        self._file.seek(end)
        return end + (16 if self._file.read(4) == _DESCRIPTOR else 12)

    def close(self) -> None:
        self._file.close()
        super().close()

    def _some(self, most: int) -> bytes:
        inflate = self._inflate
        while most:
            waiting = inflate.unconsumed_tail if inflate is not None else b""
            if (inflate is not None and inflate.eof) or (self._left == 0 and not waiting):
                return b""
            block = waiting or self._block(most)
            found = block if inflate is None else inflate.decompress(block, most)
            if found:
                return found
        return b""

    def _block(self, most: int) -> bytes:
        size = min(_BLOCK if self._inflate is not None else most, self._left or _BLOCK)
        block = self._file.read(size)
        if not block:
            raise EOFError("the ZIP is cut off here")
        if self._left is not None:
            self._left -= len(block)
        return block


def in_cut_zip(path: Path) -> Archive:
    """List what lies before the cut of `path`, the last file perhaps in part. Raises OSError."""
    members = {member.name: member for member in _members(path)}
    inner = rooted(members)

    def open_(name: str) -> io.BufferedReader:
        return io.BufferedReader(_Unpacking(path.open("rb"), inner[name]))

    sizes = {name: member.packed or 0 for name, member in inner.items()}
    return Archive(sizes, open_, lambda: None)


def _members(path: Path) -> Iterator[_Member]:
    """Give each member by its own header; stop at what cannot be understood or is not there."""
    size = path.stat().st_size
    with path.open("rb") as file:
        while (member := _member(file)) is not None:
            if not member.name.endswith("/"):
                yield member
            end = _end(path, member)
            if end is None or end >= size:
                return
            file.seek(end)


def _member(file: BinaryIO) -> _Member | None:
    head = file.read(_HEADER.size)
    if len(head) < _HEADER.size or not head.startswith(_MAGIC):
        return None
    _, _, flags, method, _, _, _, packed, _, name_size, extra_size = _HEADER.unpack(head)
    name = file.read(name_size)
    start = file.tell() + extra_size
    if len(name) < name_size or flags & _ENCRYPTED or method not in (_STORED, _DEFLATED):
        return None
    follows = bool(flags & _SIZES_FOLLOW)
    if packed == _LARGE or (follows and method == _STORED):
        return None  # nothing says where it ends
    text = name.decode("utf-8" if flags & _UTF8 else "cp437", "replace")
    return _Member(text, method, start, None if follows else packed)


def _end(path: Path, member: _Member) -> int | None:
    """Find where the next header stands; None when the member does not end before the cut."""
    if member.packed is not None:
        return member.start + member.packed
    with _Unpacking(path.open("rb"), member) as unpacking:
        try:
            while unpacking.read(_BLOCK):
                pass
        except (EOFError, zlib.error):
            return None
        return unpacking.after()
