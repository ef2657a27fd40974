"""Desks, as far as the store must know them: every other row belongs to one."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Connection

from bot.domain.desk import Desk
from bot.store.database import Insert, insert
from bot.store.schema import DESK
from bot.store.writer import Writer


@dataclass(frozen=True, slots=True)
class Desks:
    writer: Writer

    async def ensure(self, desk: Desk) -> None:
        """Make the desk known, or keep its name up to date."""
        await (await self.writer.submit(write_desks, desk))


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
