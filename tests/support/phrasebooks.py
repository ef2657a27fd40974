"""Phrasebooks that are made once in a process: what is shipped has thousands of phrases."""

import importlib
from collections.abc import Hashable, Iterable, Sequence
from functools import cache


def keep() -> None:
    """Let whatever reads with the same phrases read with the same phrasebook, which never changes.

    What a phrasebook finds is tested where it is made: tests/unit/test_phrasebook.py.
    """
    read = importlib.import_module("bot.triage.read")
    made = cache(read.Phrasebook)

    def book(phrases: Iterable[tuple[Hashable, Sequence[str]]]) -> object:
        return made(tuple((name, tuple(written)) for name, written in phrases))

    setattr(read, "Phrasebook", book)  # noqa: B010 - a class, to mypy
