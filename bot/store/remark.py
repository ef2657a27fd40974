"""What was noted about cases, and what was promised to be asked later."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import Connection, bindparam, delete, select, update

from bot.domain.action import Delivery
from bot.domain.remark import FollowUp, Remark, RemarkCode
from bot.store.database import Database
from bot.store.delivery import write_deliveries
from bot.store.schema import FOLLOW_UP, LINK_CODE, REMARK
from bot.store.writer import Writer


@dataclass(frozen=True, slots=True)
class _Asked:
    desk: str
    id: str
    now: datetime
    delivery: Delivery | None


@dataclass(frozen=True, slots=True)
class _Over:
    desk: str
    now: datetime
    codes_before: datetime


@dataclass(frozen=True, slots=True)
class Remarks:
    database: Database
    writer: Writer

    async def of(self, desk: str, alert: str) -> list[Remark]:
        """Give what was noted about a case, the earliest first."""
        c = REMARK.c
        statement = select(REMARK).where(c.desk == desk, c.alert == alert).order_by(c.at, c.id)
        async with self.database.reading() as connection:
            return [
                Remark(
                    row.id,
                    row.alert,
                    row.who,
                    row.at,
                    RemarkCode(row.code),
                    row.sealed,
                    row.erase_at,
                )
                for row in await connection.execute(statement)
            ]

    async def due(self, desk: str, now: datetime, limit: int) -> list[FollowUp]:
        """Give the follow-ups whose time has come and that nobody was asked about."""
        return await self.database.ask(partial(_read_due, desk, now, limit))

    async def promised(self, desk: str, alert: str | None = None) -> list[FollowUp]:
        """Give what is still to be asked, of one case or of all, the soonest first."""
        c = FOLLOW_UP.c
        statement = (
            select(c.id, c.alert, c.who, c.due_at)
            .where(c.desk == desk, c.told_at.is_(None))
            .order_by(c.due_at, c.id)
        )
        if alert is not None:
            statement = statement.where(c.alert == alert)
        async with self.database.reading() as connection:
            return [FollowUp(*row) for row in await connection.execute(statement)]

    async def ask(self, desk: str, id_: str, now: datetime, delivery: Delivery | None) -> None:
        """Put the question on its way and mark it as asked, both or neither. None: no question."""
        await (await self.writer.submit(_write_asked, _Asked(desk, id_, now, delivery)))

    async def put_off(self, desk: str, id_: str, due_at: datetime) -> None:
        """Let a follow-up that cannot be asked now wait, so that it holds up no other."""
        later = {"this_desk": desk, "this_id": id_, "later": due_at}
        await (await self.writer.submit(_write_put_off, later))

    async def erase_due(self, desk: str, now: datetime, *, codes_before: datetime) -> None:
        """Erase the free text whose time is over, and codes that no longer work."""
        await (await self.writer.submit(_write_over, _Over(desk, now, codes_before)))


def _read_due(desk: str, now: datetime, limit: int, connection: Connection) -> list[FollowUp]:
    c = FOLLOW_UP.c
    statement = (
        select(c.id, c.alert, c.who, c.due_at)
        .where(c.desk == desk, c.told_at.is_(None), c.due_at <= now)
        .order_by(c.due_at, c.id)
        .limit(limit)
    )
    return [FollowUp(*row) for row in connection.execute(statement)]


_ASKED = (
    update(FOLLOW_UP)
    .where(
        FOLLOW_UP.c.desk == bindparam("this_desk"),
        FOLLOW_UP.c.id == bindparam("this_id"),
        FOLLOW_UP.c.told_at.is_(None),
    )
    .values(told_at=bindparam("now", type_=FOLLOW_UP.c.told_at.type))
)


_PUT_OFF = (
    update(FOLLOW_UP)
    .where(FOLLOW_UP.c.desk == bindparam("this_desk"), FOLLOW_UP.c.id == bindparam("this_id"))
    .values(due_at=bindparam("later", type_=FOLLOW_UP.c.due_at.type))
)


def _write_put_off(connection: Connection, rows: Sequence[dict[str, object]]) -> None:
    connection.execute(_PUT_OFF, list(rows))


def _write_asked(connection: Connection, asked: Sequence[_Asked]) -> None:
    for one in asked:
        row = {"this_desk": one.desk, "this_id": one.id, "now": one.now}
        if connection.execute(_ASKED, row).rowcount and one.delivery is not None:
            write_deliveries(connection, [one.delivery])


def _write_over(connection: Connection, over: Sequence[_Over]) -> None:
    for one in over:
        c = REMARK.c
        sealed = update(REMARK).where(c.desk == one.desk, c.erase_at <= one.now)
        connection.execute(sealed.values(sealed=None, erase_at=None))
        connection.execute(
            delete(LINK_CODE).where(
                LINK_CODE.c.desk == one.desk, LINK_CODE.c.made_at <= one.codes_before
            )
        )


def erase_sealed(connection: Connection, desk: str, alerts: Sequence[str]) -> None:
    """Erase the free text about these cases; the codes stay."""
    c = REMARK.c
    erased = update(REMARK).where(c.desk == desk, c.alert.in_(alerts))
    connection.execute(erased.values(sealed=None, erase_at=None))
