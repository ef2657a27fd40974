"""Calendars that are read again by themselves, and the shifts that each brought."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from sqlalchemy import Connection, Row, delete, select, update

from bot.domain.action import Delivery
from bot.domain.calendar import Mark, Obstacle, Subscription
from bot.domain.duty import Shift
from bot.store.database import Database, insert
from bot.store.delivery import write_deliveries
from bot.store.schema import CALENDAR
from bot.store.writer import Writer

_Row: TypeAlias = Row[*tuple[Any, ...]]
_ITSELF: Final = [column for column in CALENDAR.c if column.name != "shifts"]


@dataclass(frozen=True, slots=True)
class Renewal:
    """A calendar as it is from now on. `before` is the version it was decided on, 0: it is new.

    `shifts` take the place of those that it brought before; None leaves them.
    """

    one: Subscription
    before: int
    shifts: tuple[Shift, ...] | None = None
    notices: tuple[Delivery, ...] = ()


@dataclass(frozen=True, slots=True)
class Calendars:
    database: Database
    writer: Writer

    async def all(self, desk: str) -> list[Subscription]:
        """Give them without their shifts, the first added first."""
        c = CALENDAR.c
        statement = select(*_ITSELF).where(c.desk == desk).order_by(c.added_at, c.id)
        async with self.database.reading() as connection:
            return [_subscription(row) for row in await connection.execute(statement)]

    async def shifts(self, desk: str, id_: str) -> tuple[Shift, ...]:
        """Give what a calendar brought when it was last read well."""
        c = CALENDAR.c
        statement = select(c.shifts).where(c.desk == desk, c.id == id_)
        async with self.database.reading() as connection:
            found: tuple[Shift, ...] | None = await connection.scalar(statement)
        return found or ()

    async def renew(self, renewal: Renewal) -> None:
        """Keep what came of a reading, all of it or nothing.

        When the calendar was changed or removed meanwhile, nothing is written.
        """
        await (await self.writer.submit(_write_renewals, renewal))

    async def remove(self, desk: str, id_: str) -> None:
        """Erase it, with its address and what it brought."""
        await (await self.writer.submit(_write_removals, (desk, id_)))


def _write_renewals(connection: Connection, renewals: Sequence[Renewal]) -> None:
    for renewal in renewals:
        if _write(connection, renewal):
            write_deliveries(connection, renewal.notices)


def _write(connection: Connection, renewal: Renewal) -> bool:
    one, c = renewal.one, CALENDAR.c
    if renewal.before == 0:
        row = {**_row(one), "shifts": renewal.shifts or ()}
        adding = insert(connection.dialect.name, CALENDAR).on_conflict_do_nothing()
        return connection.execute(adding.returning(c.id), row).first() is not None
    row = _row(one) if renewal.shifts is None else {**_row(one), "shifts": renewal.shifts}
    here = (c.desk == one.desk, c.id == one.id, c.version == renewal.before)
    return connection.execute(update(CALENDAR).where(*here).values(**row)).rowcount > 0


def _write_removals(connection: Connection, removals: Sequence[tuple[str, str]]) -> None:
    for desk, id_ in removals:
        connection.execute(delete(CALENDAR).where(CALENDAR.c.desk == desk, CALENDAR.c.id == id_))


def _row(one: Subscription) -> dict[str, object]:
    return {
        "desk": one.desk,
        "id": one.id,
        "sealed": one.sealed,
        "host": one.host,
        "added_at": one.added_at,
        "read_at": one.read_at,
        "due_at": one.due_at,
        "people": one.people,
        "failures": one.failures,
        "obstacle": one.obstacle,
        "etag": one.mark.etag,
        "modified": one.mark.modified,
        "unused": one.unused,
        "sealed_why": one.sealed_why,
        "edition": one.edition,
        "version": one.version,
    }


def _subscription(row: _Row) -> Subscription:
    return Subscription(
        desk=row.desk,
        id=row.id,
        sealed=row.sealed,
        host=row.host,
        added_at=row.added_at,
        read_at=row.read_at,
        due_at=row.due_at,
        people=row.people,
        failures=row.failures,
        obstacle=None if row.obstacle is None else Obstacle(row.obstacle),
        mark=Mark(row.etag, row.modified),
        unused=row.unused,
        sealed_why=row.sealed_why,
        edition=row.edition,
        version=row.version,
    )
