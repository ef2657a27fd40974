"""Urgent pages, sent and held back: what the budget counts, and what the digest tells."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Row, func, select, update

from bot.domain.action import Delivery
from bot.domain.page import Fate, Page
from bot.store.database import Database, Insert, insert
from bot.store.delivery import write_deliveries
from bot.store.schema import PAGE, SENT, UNTOLD
from bot.store.writer import Writer


@dataclass(frozen=True, slots=True)
class _Digest:
    desk: str
    pages: tuple[Page, ...]
    deliveries: tuple[Delivery, ...]


@dataclass(frozen=True, slots=True)
class Pages:
    """One row an alert, person and fate: the first time counts."""

    database: Database
    writer: Writer

    async def sent_since(self, desk: str, moment: datetime) -> list[Page]:
        """Give the pages that were sent after `moment`, the earliest first."""
        c = PAGE.c
        statement = (
            select(c.desk, c.alert, c.who, c.at, c.fate)
            .where(c.desk == desk, c.at > moment, c.fate == SENT)
            .order_by(c.at, c.alert)
        )
        async with self.database.reading() as connection:
            return [_page(row) for row in await connection.execute(statement)]

    async def counts(self, desk: str, since: datetime, until: datetime) -> dict[Fate, int]:
        """Count pages by what became of them, from `since` to before `until`."""
        c = PAGE.c
        statement = (
            select(c.fate, func.count())
            .where(c.desk == desk, c.at >= since, c.at < until)
            .group_by(c.fate)
        )
        async with self.database.reading() as connection:
            rows = await connection.execute(statement)
            return {**dict.fromkeys(Fate, 0), **{Fate(fate): int(n) for fate, n in rows}}

    async def untold(self, desk: str, before: datetime) -> list[Page]:
        """Give what was held back before a moment and told in no digest yet."""
        c = PAGE.c
        statement = (
            select(c.desk, c.alert, c.who, c.at, c.fate)
            .where(c.desk == desk, c.at < before, UNTOLD)
            .order_by(c.at, c.alert, c.who)
        )
        async with self.database.reading() as connection:
            return [_page(row) for row in await connection.execute(statement)]

    async def digest(
        self, desk: str, pages: Sequence[Page], deliveries: Sequence[Delivery]
    ) -> None:
        """Send what was held back, and note that it was told: both or neither."""
        digest = _Digest(desk, tuple(pages), tuple(deliveries))
        await (await self.writer.submit(_write_digests, digest))


def write_pages(connection: Connection, pages: Iterable[Page]) -> None:
    """Note them; what is known already stays as it is."""
    rows = [
        {"desk": one.desk, "alert": one.alert, "who": one.who, "fate": str(one.fate), "at": one.at}
        for one in pages
    ]
    if rows:
        connection.execute(_noting(connection.dialect.name), rows)


@cache
def _noting(dialect: str) -> Insert:
    return insert(dialect, PAGE).on_conflict_do_nothing()


def _write_digests(connection: Connection, digests: Sequence[_Digest]) -> None:
    c = PAGE.c
    for digest in digests:
        for page in digest.pages:
            this = (c.desk == digest.desk, c.alert == page.alert, c.who == page.who)
            connection.execute(update(PAGE).where(*this, c.fate == page.fate).values(told=True))
        write_deliveries(connection, digest.deliveries)


def _page(row: Row[*tuple[Any, ...]]) -> Page:
    return Page(row.desk, row.alert, row.who, row.at, Fate(row.fate))
