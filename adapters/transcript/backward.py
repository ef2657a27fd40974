"""The messages of an export that was written newest first, from its end: oldest first again."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

from adapters.transcript.jsonlist import Raw, Shape, says, starts
from adapters.transcript.problem import FileProblems

_WINDOW = 1024 * 1024  # bytes looked through at a time for where messages start
_LARGEST = 64 * 1024 * 1024  # bytes between two starts: more is no message
_DECODER = json.JSONDecoder()


def backward(
    path: Path, shape: Shape, problems: FileProblems, step: Callable[[int], None]
) -> Iterator[tuple[int, Raw]]:
    """Each message with the byte at which it starts, the last one of the file first."""
    try:
        yield from _backward(path, shape, problems, step)
    except OSError as failure:
        problems.add("somewhere in it", "a readable file", says(failure))


def _backward(
    path: Path, shape: Shape, problems: FileProblems, step: Callable[[int], None]
) -> Iterator[tuple[int, Raw]]:
    end = path.stat().st_size
    for begin in _starts_backward(path, shape, end):
        raw = _between(path, begin, end)
        if raw is None:
            mend = "It is left out, the rest is read. Export again."
            problems.add(f"the message at byte {begin}", "whole and valid JSON", mend)
        else:
            yield begin, raw
        step(end - begin)
        end = begin


def _starts_backward(path: Path, shape: Shape, size: int) -> Iterator[int]:
    with path.open("rb") as file:
        for low in range((size - 1) // _WINDOW * _WINDOW, -1, -_WINDOW):
            file.seek(low)
            # What starts in this window may have its pattern end in the next one.
            found = []
            for at in starts(file, low, shape):
                if at >= low + _WINDOW:
                    break
                found.append(at)
            yield from reversed(found)


def _between(path: Path, begin: int, end: int) -> Raw | None:
    if end - begin > _LARGEST:
        return None
    with path.open("rb") as file:
        file.seek(begin)
        text = file.read(end - begin)
    try:
        raw: Raw = _DECODER.raw_decode(text.decode())[0]
    except (ValueError, RecursionError):
        return None
    return raw
