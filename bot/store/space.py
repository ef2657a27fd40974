"""Spaces that the bot has left, and places that were closed to it."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Table, delete, select, update

from bot.domain.action import Delivery, Post, Reply, Update, destination_of, platform_of
from bot.domain.alert import Deed, What
from bot.domain.card import Card
from bot.domain.message import AccountRef
from bot.domain.space import SpaceRef
from bot.store.database import Database, Insert, insert
from bot.store.delivery import write_deliveries
from bot.store.output import forget_asks
from bot.store.schema import (
    ALERT,
    AUDIT,
    CLOSED,
    CURSOR,
    DECISION,
    DELIVERY,
    FINDING,
    FOLLOW_UP,
    GONE_PLACE,
    JOINED,
    LEDGER,
    OUTPUT,
    REMARK,
    TAIL,
    WATCH,
)
from bot.store.setup import forget_settings
from bot.store.watch import forget_sent
from bot.store.writer import Writer


@dataclass(frozen=True, slots=True)
class Leaving:
    """What is written when a space is left. `card` takes the place of every copy of its pages."""

    desk: str
    space: SpaceRef
    card: Card
    notices: tuple[Delivery, ...]
    now: datetime

    @property
    def id(self) -> str:
        return f"left/{self.now.isoformat()}"  # it may not name the space

    @property
    def prefix(self) -> str:
        return f"{self.space.platform}:{self.space.id}:"


@dataclass(frozen=True, slots=True)
class Spaces:
    database: Database
    writer: Writer

    async def gone(self, desk: str) -> frozenset[str]:
        """Give the keys of the places that were closed to the bot, and perhaps opened again."""
        statement = select(GONE_PLACE.c.place).where(GONE_PLACE.c.desk == desk)
        async with self.database.reading() as connection:
            return frozenset((await connection.execute(statement)).scalars())

    async def close(self, desk: str, place: str, now: datetime) -> None:
        row = {"desk": desk, "place": place, "gone_at": now}
        await (await self.writer.submit(_write_closed, row))

    async def concerned(self, desk: str, space: SpaceRef) -> tuple[int, list[AccountRef]]:
        """Count the open cases of a space, and name those who have them or were told of them."""
        is_of_it = ALERT.c.key.startswith(_prefix(space), autoescape=True)
        statement = (
            select(ALERT.c.holder, ALERT.c.told)
            .where(ALERT.c.desk == desk, ALERT.c.state != CLOSED, is_of_it)
            .where(ALERT.c.plan.is_not(None))
        )
        async with self.database.reading() as connection:
            rows = (await connection.execute(statement)).all()
        people = (one for row in rows for one in ((row.holder,) if row.holder else row.told or ()))
        return len(rows), list(dict.fromkeys(people))

    async def forget(self, leaving: Leaving) -> None:
        """Erase all that is known of a space, and tell of it: one transaction.

        What practitioners did stays in the audit, without the name of what it was done to.
        """
        await (await self.writer.submit(_write_left, leaving))


def _prefix(space: SpaceRef) -> str:
    return f"{space.platform}:{space.id}:"


def _write_closed(connection: Connection, rows: Sequence[dict[str, object]]) -> None:
    connection.execute(_closing(connection.dialect.name), list(rows))


@cache
def _closing(dialect: str) -> Insert:
    statement = insert(dialect, GONE_PLACE)
    latest = {"gone_at": statement.excluded.gone_at}
    return statement.on_conflict_do_update(index_elements=list(GONE_PLACE.primary_key), set_=latest)


def _write_left(connection: Connection, all_: Sequence[Leaving]) -> None:
    for one in all_:
        copies = list(_copies(connection, one))
        _forget_doings(connection, one)
        _forget_tables(connection, one)
        _note(connection, one)
        write_deliveries(connection, (*copies, *one.notices))


def _copies(connection: Connection, one: Leaving) -> Iterable[Delivery]:
    """Draw each copy anew without a place. Its new key may not name the message either.

    It has the moment in it: a message may have a case again, in a space that is left once more.
    What stands in the space itself, as in its staff channel, is out of reach.
    """
    c = DELIVERY.c
    found = select(c.key, c.action, c.external_id).where(
        c.desk == one.desk, c.version > 0, c.external_id.is_not(None), _is_of(c.alert, one)
    )
    for key, action, external_id in connection.execute(found).all():
        if isinstance(action, Post | Reply) and destination_of(action).startswith(one.prefix):
            continue
        digest = hashlib.sha256(str(key).encode()).hexdigest()
        drawn = Update(platform_of(action), external_id, one.card)
        new = f"{one.desk}/{one.id}/{digest}"
        yield Delivery(new, one.desk, drawn, attempts=0, due_at=one.now)


def _forget_doings(connection: Connection, one: Leaving) -> None:
    """Let the audit keep who did what and when. Rows of what came by itself name the case."""
    c = AUDIT.c
    of_it = (c.desk == one.desk, _is_of(c.alert, one))
    connection.execute(delete(AUDIT).where(*of_it, c.who.is_(None)))
    connection.execute(update(AUDIT).where(*of_it).values(alert=None))


def _forget_tables(connection: Connection, one: Leaving) -> None:
    _erase(connection, DELIVERY, DELIVERY.c.alert, one)
    _erase(connection, DELIVERY, DELIVERY.c.destination, one)  # nothing can be said there any more
    forget_asks(connection, one.desk, one.prefix)
    forget_settings(connection, one.desk, one.space)
    forget_sent(connection, one.desk, one.prefix)
    for table, column in (
        (REMARK, REMARK.c.alert),
        (FOLLOW_UP, FOLLOW_UP.c.alert),
        (DECISION, DECISION.c.key),
        (ALERT, ALERT.c.key),
        (LEDGER, LEDGER.c.place),
        (CURSOR, CURSOR.c.place),
        (TAIL, TAIL.c.place),
        (GONE_PLACE, GONE_PLACE.c.place),
        (JOINED, JOINED.c.space),
        (FINDING, FINDING.c.subject),
        (OUTPUT, OUTPUT.c.about),
        (WATCH, WATCH.c.place),
    ):
        _erase(connection, table, column, one)


def _erase(connection: Connection, table: Table, column: Column[Any], one: Leaving) -> None:
    connection.execute(delete(table).where(table.c.desk == one.desk, _is_of(column, one)))


def _note(connection: Connection, one: Leaving) -> None:
    deed = Deed(What.FORGOTTEN, one.now)
    row = {"desk": one.desk, "id": one.id, "alert": None, "what": deed.what, "at": deed.at}
    connection.execute(insert(connection.dialect.name, AUDIT).on_conflict_do_nothing(), row)


def _is_of(column: Column[Any], one: Leaving) -> ColumnElement[bool]:
    return column.startswith(one.prefix, autoescape=True)
