"""Desks, as far as the store must know them: every other row belongs to one."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Connection, select

from bot.domain.desk import Desk
from bot.store.database import Database, Insert, insert
from bot.store.schema import DESK
from bot.store.writer import Writer


@dataclass(frozen=True, slots=True)
class Desks:
    database: Database
    writer: Writer

    async def ensure(self, desk: Desk) -> None:
        """Make the desk known, or keep its name up to date."""
        await (await self.writer.submit(write_desks, desk))

    async def names(self) -> dict[str, str]:
        """Give the name of every desk by its id."""
        async with self.database.reading() as connection:
            rows = await connection.execute(select(DESK.c.id, DESK.c.name).order_by(DESK.c.id))
            return {row.id: row.name for row in rows}


def write_desks(connection: Connection, desks: Sequence[Desk]) -> None:
    names = {desk.id: desk.name for desk in desks}  # the last word on each
    rows = [{"id": id_, "name": name} for id_, name in names.items()]
    connection.execute(_naming(connection.dialect.name), rows)


@cache
def _naming(dialect: str) -> Insert:
    statement = insert(dialect, DESK)
    return statement.on_conflict_do_update(
        index_elements=[DESK.c.id], set_={"name": statement.excluded.name}
    )
