"""The tables of a report as plain rows, before the terminal or the page draws them.

Every text passes `inert` here, once, so that no drawing can forget it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.reports.inert import inert, web_link


@dataclass(frozen=True, slots=True)
class Part:
    """One line of a cell; `url` is http(s) or empty."""

    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        return " ".join(part.text for part in self.parts)


@dataclass(frozen=True, slots=True)
class Column:
    """`brief` cells stand side by side where there is no room for a table.

    Where a link cannot be hidden behind its text, an `address` column shows the address alone.
    """

    name: str
    number: bool = False
    brief: bool = False
    address: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """The first cell names the row. `quote` is a message's text, only when it was asked for."""

    cells: tuple[Cell, ...]
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """`note` follows the title; `empty` is said instead of a table without rows."""

    id: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    note: str = ""
    empty: str = "Nothing to show."


def say(text: str) -> Cell:
    return Cell((Part(inert(text)),))


def count(number: int) -> Cell:
    return Cell((Part(f"{number:,}"),))


def lead(text: str, url: str, *, without: str = "") -> Part:
    """Give a link named `text`, or only the words `without` (or `text`) when `url` is unusable."""
    safe = web_link(url)
    return Part(inert(text), safe) if safe else Part(inert(without or text))


def rows(cells: Iterable[Sequence[Cell]]) -> tuple[Row, ...]:
    return tuple(Row(tuple(each)) for each in cells)
