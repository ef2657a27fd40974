"""The objects of one long JSON list, one at a time, in constant memory, past what is broken."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import IO, Any, TypeAlias

from ijson import JSONError  # type: ignore[import-untyped]  # ijson ships no types
from ijson.backends.yajl2_c import items  # type: ignore[import-untyped]  # as above

from adapters.transcript.problem import FileProblems

Raw: TypeAlias = dict[str, Any]  # one message as the export holds it: only its readers know it
Opener: TypeAlias = Callable[[], IO[bytes]]

BROKEN = (JSONError, ValueError, OverflowError)
# ijson keeps the path to every open bracket, so that its memory grows with the depth squared:
# 100,000 open brackets in a hostile file would end the process. An export is 10 deep.
DEEPEST = 1_000
TRIES = 1_000  # a file broken more often than this is not an export; each try reads a block again
_LARGEST = 1024 * 1024  # bytes of one message
_DECODER = json.JSONDecoder()
_BRACKET = re.compile(rb"[\[\]{}]")
BLOCK = 64 * 1024
LONGEST_START = 256  # bytes from a message's brace to the end of what its pattern matches


@dataclass(frozen=True, slots=True)
class Shape:
    """How a list lies in its file: ijson's `prefix`, and how to begin again after a break.

    `opening` put before a message makes the rest of the file the same JSON again. `start`
    matches at the brace of a message, and nowhere else.
    """

    prefix: str
    opening: bytes
    start: re.Pattern[bytes]


class Tape:
    """A file from `begin` on, as ijson reads it: counted, and guarded against endless nesting."""

    __slots__ = ("_file", "_head", "_is_too_deep", "_step", "unclosed")

    def __init__(self, file: IO[bytes], head: bytes, step: Callable[[int], None]) -> None:
        self._file = file
        self._head = head
        self._step = step
        self._is_too_deep = False
        self.unclosed = 0  # brackets since the last whole message

    def read(self, size: int) -> bytes:
        if self._head and size:
            block, self._head = self._head, b""
            return block
        if self._is_too_deep:
            raise ValueError("nested too deeply")
        block = self._file.read(size)
        self._step(len(block))
        more = block.count(b"[") + block.count(b"{") - block.count(b"]") - block.count(b"}")
        if self.unclosed + more > DEEPEST:
            self._is_too_deep = True
            return block[: _too_deep(block, self.unclosed)]
        self.unclosed += more
        return block


def entries(
    opener: Opener, shape: Shape, problems: FileProblems, step: Callable[[int], None], label: str
) -> Iterator[tuple[int, Raw]]:
    """Each object of the list with its index, counted from 0 and over what is broken.

    `step` hears how many bytes were read. `label` comes before the place of a problem: the
    name of the file in an archive, or nothing.
    """
    return _Reading(opener, shape, problems, step, label).entries()


@dataclass(slots=True)
class _Reading:
    """Where reading has come.

    `untold` is the index of a break that is not yet reported.
    """

    opener: Opener
    shape: Shape
    problems: FileProblems
    step: Callable[[int], None]
    label: str
    index: int = 0
    begin: int = 0
    untold: int | None = None

    def entries(self) -> Iterator[tuple[int, Raw]]:
        for _ in range(TRIES):
            first, raw = self.index, None
            try:
                with self.opener() as file:
                    for raw in _unbroken(file, self.begin, self.shape, self.step):
                        yield self.index, raw
                        self.index += 1
            except BROKEN:
                if not self._goes_on(first, raw):
                    return
            except OSError as failure:
                self._add("a readable file", says(failure))
                return
            else:
                self._tell(mend="It is left out, the rest is read. Export again.")
                return
        self._add("an export", "It breaks too often: export it again.")

    def _goes_on(self, first: int, last: Raw | None) -> bool:
        """Move on to where JSON may begin again: the message of the break, then the next one.

        The first try finds a whole message behind stray bytes; only when it fails too is the
        message itself broken.
        """
        self.problems.gaps += 1
        is_same = self.untold is not None and self.index == first
        if not is_same:
            self._tell(mend="It is left out, the rest is read. Export again.")
            self.untold = self.index
        found = self._start(1) if is_same else self._start_after(self.index - first, last)
        if found is None:
            self._tell(mend="Nothing can be read from here on. Export or copy the file again.")
            return False
        if is_same:
            self._tell(mend="It is left out, the rest is read. Export again.")
            self.index += 1
        self.begin = found
        return True

    def _start_after(self, read: int, last: Raw | None) -> int | None:
        """Find the start after those of the `read` messages since `begin`.

        Where the break has eaten a start too there is one less: the start that should be the
        last message's is then already the one to go on with.
        """
        found = self._start(max(0, read - 1))
        if read and found is not None and _first(self.opener, found) == last:
            return self._start(read)
        return found

    def _start(self, following: int) -> int | None:
        """Find the start that follows `following` others from `begin` on."""
        try:
            with self.opener() as file:
                file.seek(self.begin)
                found = starts(file, self.begin, self.shape)
                return next(islice(found, following, None), None)
        except OSError:
            return None

    def _tell(self, *, mend: str) -> None:
        if self.untold is not None:
            where = f"{self.label}message {self.untold + 1}"
            self.problems.add(where, "whole and valid JSON", mend)
        self.untold = None

    def _add(self, expected: str, mend: str) -> None:
        self.problems.add(f"{self.label}message {self.index + 1}", expected, mend)


def _unbroken(
    file: IO[bytes], begin: int, shape: Shape, step: Callable[[int], None]
) -> Iterator[Raw]:
    """Read on from `begin`. Raises one of BROKEN at the first thing that is no JSON."""
    head = shape.opening if begin else without_mark(file)
    if begin:
        file.seek(begin)
    tape = Tape(file, head, step)
    for raw in items(tape, shape.prefix, use_float=True):
        tape.unclosed = 0
        yield raw


def without_mark(file: IO[bytes]) -> bytes:
    """Read the first bytes of a file, less the byte order mark that some editors put there."""
    return file.read(3).removeprefix(b"\xef\xbb\xbf")


def _too_deep(block: bytes, unclosed: int) -> int:
    """Find where nesting becomes too deep: what is whole before it is still read."""
    for bracket in _BRACKET.finditer(block):
        unclosed += 1 if bracket[0] in b"[{" else -1
        if unclosed > DEEPEST:
            return bracket.start()
    return len(block)


def says(failure: OSError) -> str:
    return f"{failure.strerror or 'It cannot be read'}. Check the file and its permissions."


def _first(opener: Opener, begin: int) -> object:
    """Read the object that begins at a brace; None when it is broken."""
    try:
        with opener() as file:
            file.seek(begin)
            text = file.read(_LARGEST).decode(errors="ignore")
        return _DECODER.raw_decode(text)[0]
    except (OSError, ValueError, RecursionError):
        return None


def starts(file: IO[bytes], begin: int, shape: Shape) -> Iterator[int]:
    """Find each message's brace from here, at offset `begin`, to the end of the file."""
    rest = b""
    while block := file.read(BLOCK):
        rest += block
        done = 0
        for match in shape.start.finditer(rest):
            yield begin + match.start()
            done = match.end()
        cut = max(done, len(rest) - LONGEST_START)
        begin, rest = begin + cut, rest[cut:]
