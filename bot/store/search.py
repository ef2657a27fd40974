"""What may have been sent although no receipt came: looked for until that is known (I2)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection, Integer, Row, bindparam, func, select, update

from bot.domain.action import Delivery, Receipt, Search
from bot.store.database import Database
from bot.store.delivery import DELIVERED, Done, write_receipts
from bot.store.schema import DELIVERY
from bot.store.writer import Writer


@dataclass(frozen=True, slots=True)
class Searches:
    """Of deliveries that were withdrawn or given up."""

    database: Database
    writer: Writer

    async def due(self, now: datetime, limit: int) -> list[Search]:
        """Give what is to be looked for now, of all desks, what has waited longest first."""
        values = {"now": now, "most": limit}
        return await self.database.ask(partial(_read_due, values))

    async def open(self, desk: str) -> int:
        """Count what is still looked for."""
        statement = (
            select(func.count())
            .select_from(DELIVERY)
            .where(DELIVERY.c.desk == desk, DELIVERY.c.sought_at.is_not(None))
        )
        async with self.database.reading() as connection:
            return int((await connection.execute(statement)).scalar_one())

    async def found(self, delivery: Delivery, receipt: Receipt, now: datetime) -> None:
        """Write that it had been sent after all."""
        await (await self.writer.submit(_write_found, Done(delivery, receipt, now)))

    async def put_off(self, search: Search, at: datetime) -> None:
        await (await self.writer.submit(_write_looks, (search, at)))

    async def end(self, search: Search) -> None:
        """Look for it no longer: it was not sent."""
        await (await self.writer.submit(_write_looks, (search, None)))


_NOW: Any = bindparam("now", type_=DELIVERY.c.sought_at.type)
_DUE = (
    select(DELIVERY)
    .where(DELIVERY.c.sought_at.is_not(None), DELIVERY.c.sought_at <= _NOW)
    .order_by(DELIVERY.c.sought_at, DELIVERY.c.key)
    .limit(bindparam("most", type_=Integer))
)
_OPEN = update(DELIVERY).where(
    DELIVERY.c.desk == bindparam("this_desk"),
    DELIVERY.c.key == bindparam("this_key"),
    DELIVERY.c.sought_at.is_not(None),
)
_FOUND = _OPEN.values(**DELIVERED)
_LOOKED = _OPEN.values(
    looks=bindparam("many", type_=DELIVERY.c.looks.type),
    sought_at=bindparam("later", type_=DELIVERY.c.sought_at.type),
)


def _read_due(values: Mapping[str, Any], connection: Connection) -> list[Search]:
    return [_search(row) for row in connection.execute(_DUE, values)]


def _search(row: Row[*tuple[Any, ...]]) -> Search:
    delivery = Delivery(
        key=row.key,
        desk=row.desk,
        action=row.action,
        attempts=row.attempts,
        due_at=row.due_at,
        alert=row.alert,
        version=row.version,
    )
    return Search(delivery, row.first_due_at or row.due_at, row.looks)


def _write_found(connection: Connection, found: Sequence[Done]) -> None:
    write_receipts(connection, _FOUND, found)


def _write_looks(connection: Connection, looks: Sequence[tuple[Search, datetime | None]]) -> None:
    rows = [
        {
            "this_desk": one.delivery.desk,
            "this_key": one.delivery.key,
            "many": one.looks,
            "later": at,
        }
        for one, at in looks
    ]
    connection.execute(_LOOKED, rows)
