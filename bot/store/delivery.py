"""Actions on their way: what is due, and what became of it."""

from collections.abc import Awaitable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, partial
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Integer,
    Row,
    Select,
    Update,
    and_,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from bot.domain.action import Delivery, Receipt, destination_of
from bot.domain.audit import Failing, Stuck
from bot.policy.lane import URGENT
from bot.store.database import Database, Insert, insert
from bot.store.schema import ALERT, DELIVERY, PENDING, WITHDRAWN
from bot.store.writer import Writer

STATES = ("pending", "delivered", "buried", "withdrawn")


@dataclass(frozen=True, slots=True)
class Done:
    delivery: Delivery
    receipt: Receipt
    now: datetime


@dataclass(frozen=True, slots=True)
class _Again:
    delivery: Delivery
    due_at: datetime
    why: str
    is_asked: bool


@dataclass(frozen=True, slots=True)
class _Burial:
    delivery: Delivery
    why: str
    instead: Delivery | None


@dataclass(frozen=True, slots=True)
class Deliveries:
    """The outbox. What has left 'pending' never goes back, however late a second word comes.

    One thing is heard late: that what was withdrawn or buried had been sent already. Whatever ends
    so may have been: it is looked for until that is known (`bot.store.search`).

    `why` must not quote a member (I4): it is the platform's or the bot's own wording.
    """

    database: Database
    writer: Writer

    async def more(self, within: timedelta) -> None:
        """Return when there may be more to deliver than when this was last asked, or in time.

        For the one who delivers: it is told once.
        """
        await self.writer.committed(within)

    def look_again(self) -> None:
        """Let whoever waits in `more` look at once."""
        self.writer.tell()

    async def due(
        self, now: datetime, limit: int, *, without: Collection[str] = ()
    ) -> list[Delivery]:
        """Give what is to be done now, of all desks, the longest overdue first.

        Of one destination in the order in which it was asked for: what is put off (the platform
        asked to wait) keeps back what came after it for the same destination, and nothing else.
        Nothing for the destinations `without`: somebody is there.
        One process takes deliveries. When several share one PostgreSQL, this becomes FOR UPDATE
        SKIP LOCKED with a lease.
        """
        values = {"now": now, "most": limit, **({"without": list(without)} if without else {})}
        return await self.database.ask(partial(_read_due, values))

    async def delivered(self, pairs: Sequence[tuple[Delivery, Receipt]], now: datetime) -> None:
        await (await self.submit(pairs, now))

    async def submit(
        self, pairs: Sequence[tuple[Delivery, Receipt]], now: datetime
    ) -> Awaitable[None]:
        """Queue what was delivered; the awaitable that comes back is done when it is committed."""
        done = [Done(delivery, receipt, now) for delivery, receipt in pairs]
        return await self.writer.submit(_write_done, done, tells=False)

    async def retry(
        self, delivery: Delivery, due_at: datetime, why: str, *, is_asked: bool = False
    ) -> None:
        """Put it off; with `is_asked` because its destination takes nothing before then."""
        again = _Again(delivery, due_at, why, is_asked)
        await (await self.writer.submit(_write_again, again))

    async def bury(self, delivery: Delivery, why: str, instead: Delivery | None) -> None:
        """Give it up, and put what is done instead in its place, or neither."""
        if instead is not None and instead.desk != delivery.desk:
            raise ValueError(f"{instead.key} is not of the desk that {delivery.key} is of")
        await (await self.writer.submit(_write_burials, _Burial(delivery, why, instead)))

    async def schedule(self, delivery: Delivery) -> None:
        """Put it on its way; when its key is known, whatever became of it, nothing happens."""
        await (await self.writer.submit(_write_scheduled, delivery))

    async def stuck(
        self, desk: str, now: datetime, *, patience: timedelta, buried: timedelta
    ) -> list[Stuck]:
        """Give what is overdue by `patience`, or was tried and put off by as much.

        And what was given up, if it was due no longer ago than `buried`.
        """
        c = DELIVERY.c
        is_pending = c.state == PENDING
        overdue = and_(is_pending, c.due_at < now - patience)
        given_up = and_(c.state == "buried", c.due_at >= now - buried)
        held_back = and_(is_pending, c.attempts > 0, c.due_at > now + patience)
        statement = (
            select(c.key, c.state, c.due_at, c.attempts)
            .where(c.desk == desk, or_(given_up, overdue, held_back))
            .order_by(c.due_at, c.key)
        )
        async with self.database.reading() as connection:
            return [_stuck(row, now) for row in await connection.execute(statement)]

    async def counts(self, desk: str) -> dict[str, int]:
        """Every state, with 0 where there is none. Reads the desk's whole index."""
        statement = (
            select(DELIVERY.c.state, func.count())
            .where(DELIVERY.c.desk == desk)
            .group_by(DELIVERY.c.state)
        )
        async with self.database.reading() as connection:
            rows = await connection.execute(statement)
            return {**dict.fromkeys(STATES, 0), **{str(state): int(n) for state, n in rows}}


def due_statement(
    now: datetime,
    limit: int,
    without: Any = None,  # noqa: ANN401 - places to be filled, as `now` and `limit` may be
) -> Select[*tuple[Any, ...]]:
    """Give what is due, without what something put off has to come before.

    It is looked for only among what is due later: all else stands before it in this same list.
    What is urgent is kept back as `bot.policy.lane.is_held` says.
    """
    c, before = DELIVERY.c, DELIVERY.alias("before")
    is_urgent = _is_about_urgent(c)
    is_held = exists().where(
        before.c.destination == c.destination,
        before.c.state == PENDING,
        tuple_(before.c.first_due_at, before.c.key) < tuple_(c.first_due_at, c.key),
        before.c.due_at > c.due_at,
    )
    is_held_firmly = is_held.where(or_(before.c.asked, _is_about_urgent(before.c)))
    is_free = or_(~is_held, and_(is_urgent, ~is_held_firmly))
    columns = (c.key, c.desk, c.action, c.attempts, c.due_at, c.alert, c.version, c.destination)
    statement = (
        select(*columns, c.first_due_at, is_urgent.label("urgent"))
        .where(c.state == PENDING, c.due_at <= now, is_free)
        .order_by(c.due_at, c.first_due_at, c.key)
        .limit(limit)
    )
    if without is not None:
        is_elsewhere = or_(c.destination.is_(None), c.destination.not_in(without))
        statement = statement.where(is_elsewhere)
    return statement


def _is_about_urgent(c: ReadOnlyColumnCollection[str, Column[Any]]) -> ColumnElement[bool]:
    alert = ALERT.alias()
    return exists().where(
        alert.c.desk == c.desk,
        alert.c.key == c.alert,
        alert.c.priority <= max(URGENT),
    )


def _read_due(values: Mapping[str, Any], connection: Connection) -> list[Delivery]:
    statement = _DUE_ELSEWHERE if "without" in values else _DUE
    return [_delivery(row) for row in connection.execute(statement, values)]


def _delivery(row: Row[*tuple[Any, ...]]) -> Delivery:
    is_usual = row.destination in (None, destination_of(row.action))
    return Delivery(
        key=row.key,
        desk=row.desk,
        action=row.action,
        attempts=row.attempts,
        due_at=row.due_at,
        alert=row.alert,
        version=row.version,
        destination="" if is_usual else row.destination,
        is_urgent=bool(row.urgent),
        since=row.first_due_at,
    )


def _stuck(row: Row[*tuple[Any, ...]], now: datetime) -> Stuck:
    late = Failing.OVERDUE if row.due_at < now else Failing.HELD_BACK
    failing = Failing.BURIED if row.state == "buried" else late
    return Stuck(row.key, failing, row.due_at, row.attempts)


def _write_scheduled(connection: Connection, deliveries: Sequence[Delivery]) -> None:
    write_deliveries(connection, deliveries)


def write_deliveries(connection: Connection, deliveries: Iterable[Delivery]) -> None:
    """Schedule them; a key that is there already stays as it is."""
    _schedule(connection, [_row(delivery) for delivery in deliveries])


def write_edits(connection: Connection, edits: Iterable[tuple[Delivery, str]]) -> None:
    """Schedule drawings of what was delivered, each with the key of that delivery."""
    _schedule(connection, [_row(delivery, edits=key) for delivery, key in edits])


def withdrawn(why: str) -> dict[str, Any]:
    """Give the values of a delivery that is taken back.

    It may have been sent, by this process or one before it. A drawing need not be looked for: what
    it would have drawn is drawn by another.
    """
    return {"state": "withdrawn", "why": why, "sought_at": _UNCERTAIN}


def bury_pending(connection: Connection, delivery: Delivery, why: str) -> bool:
    """Bury it if it was still pending, and tell whether it was."""
    return connection.execute(_BURIED, _this(delivery) | {"reason": why}).first() is not None


def _row(delivery: Delivery, *, edits: str | None = None) -> dict[str, object]:
    return {
        "desk": delivery.desk,
        "key": delivery.key,
        "action": delivery.action,
        "attempts": delivery.attempts,
        "due_at": delivery.due_at,
        "state": "pending",
        "alert": delivery.alert,
        "version": delivery.version,
        "edits": edits,
        "destination": delivery.lane,
        "first_due_at": delivery.due_at,
    }


def _schedule(connection: Connection, rows: Sequence[dict[str, object]]) -> None:
    if rows:
        connection.execute(_scheduling(connection.dialect.name), rows)


@cache
def _scheduling(dialect: str) -> Insert:
    return insert(dialect, DELIVERY).on_conflict_do_nothing()


_NOW: Any = bindparam("now", type_=DELIVERY.c.due_at.type)
_MOST: Any = bindparam("most", type_=Integer)
_WITHOUT: Any = bindparam("without", expanding=True)
# Building them takes longer than running them, and they are asked after each write.
_DUE = due_statement(_NOW, _MOST)
_DUE_ELSEWHERE = due_statement(_NOW, _MOST, _WITHOUT)
_UNCERTAIN = case((DELIVERY.c.edits.is_(None), DELIVERY.c.due_at), else_=None)

_THIS = update(DELIVERY).where(
    DELIVERY.c.desk == bindparam("this_desk"),
    DELIVERY.c.key == bindparam("this_key"),
    DELIVERY.c.state == PENDING,
)
DELIVERED: dict[str, Any] = {
    "state": "delivered",
    "external_id": bindparam("external"),
    "delivered_at": bindparam("now"),
    "position": bindparam("stands_at"),
    "link": bindparam("opens"),
    "sought_at": None,
}
_DONE = (
    update(DELIVERY)
    .where(
        DELIVERY.c.desk == bindparam("this_desk"),
        DELIVERY.c.key == bindparam("this_key"),
        or_(DELIVERY.c.state == PENDING, DELIVERY.c.state == WITHDRAWN),
    )
    .values(**DELIVERED)
)
# A page that arrives when its case has moved on shows what is no longer true.
_OVERTAKEN = (
    update(ALERT)
    .where(
        ALERT.c.desk == bindparam("this_desk"),
        ALERT.c.key == bindparam("this_alert"),
        ALERT.c.version > bindparam("shown", type_=ALERT.c.version.type),
        ALERT.c.plan.is_not(None),
    )
    .values(stale=True)
)
_AGAIN = _THIS.values(
    attempts=DELIVERY.c.attempts + 1,
    due_at=bindparam("later"),
    why=bindparam("reason"),
    asked=bindparam("is_asked"),
)
_BURIED = _THIS.values(state="buried", why=bindparam("reason"), sought_at=_UNCERTAIN).returning(
    DELIVERY.c.key
)


def _this(delivery: Delivery) -> dict[str, object]:
    return {"this_desk": delivery.desk, "this_key": delivery.key}


def _write_done(connection: Connection, groups: Sequence[Sequence[Done]]) -> None:
    write_receipts(connection, _DONE, [done for group in groups for done in group])


def write_receipts(connection: Connection, statement: Update, all_: Sequence[Done]) -> None:
    """Write what was done. A page that is older than its case lets all copies be drawn again."""
    rows = [
        _this(done.delivery)
        | {
            "external": done.receipt.external_id,
            "now": done.now,
            "stands_at": done.receipt.position or None,
            "opens": done.receipt.link or None,
        }
        for done in all_
    ]
    if rows:
        connection.execute(statement, rows)
    pages = [
        {"this_desk": one.desk, "this_alert": one.alert, "shown": one.version}
        for one in (done.delivery for done in all_)
        if one.alert is not None and one.version > 0
    ]
    if pages:
        connection.execute(_OVERTAKEN, pages)


def _write_again(connection: Connection, again: Sequence[_Again]) -> None:
    rows = [
        _this(one.delivery) | {"later": one.due_at, "reason": one.why, "is_asked": one.is_asked}
        for one in again
    ]
    connection.execute(_AGAIN, rows)


def _write_burials(connection: Connection, burials: Sequence[_Burial]) -> None:
    """Replace only what was still pending: what has been delivered needs nothing instead."""
    for burial in burials:
        is_buried = bury_pending(connection, burial.delivery, burial.why)
        if is_buried and burial.instead is not None:
            write_deliveries(connection, [burial.instead])
