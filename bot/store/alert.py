"""Cases: what is due, and how one is changed. All that follows from a change is one transaction."""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, partial
from typing import Any, TypeAlias

from sqlalchemy import (
    Connection,
    Row,
    Text,
    bindparam,
    cast,
    func,
    or_,
    select,
    type_coerce,
    update,
)
from sqlalchemy.sql.dml import ReturningInsert

from bot.domain.action import Delivery, Update, destination_of, platform_of
from bot.domain.alert import Case, Deed, Dossier, State, What
from bot.domain.card import Card
from bot.domain.kept import Kept
from bot.domain.message import AccountRef, PlatformName
from bot.domain.page import Page
from bot.domain.reading import Priority
from bot.store.columns import ACCOUNTS, DEED, PLAN
from bot.store.database import Database, insert
from bot.store.delivery import bury_pending, withdrawn, write_deliveries, write_edits
from bot.store.dossier import (
    DOSSIERS,
    dossier,
    read_dossier,
    read_due,
    read_holders,
    read_stale,
)
from bot.store.kept import write_kept
from bot.store.page import write_pages
from bot.store.remark import erase_sealed
from bot.store.schema import ALERT, AUDIT, CLOSED, DELIVERY, PENDING
from bot.store.writer import Writer

_Row: TypeAlias = Row[*tuple[Any, ...]]
Adrift: TypeAlias = tuple[str, str]
"""The key of an alert, and why nothing will happen to it."""


# What counts as an answer: somebody has seen it and said so.
ANSWERS = [str(one) for one in (What.ACKNOWLEDGED, What.TAKEN, What.SNOOZED, What.CLOSED)]
NO_TIME = timedelta()


class Moved(Exception):  # noqa: N818 - it says what to do next: read the case again
    """The case was changed meanwhile; nothing was written."""


class Repeated(Exception):  # noqa: N818 - it is no error
    """The same press was written before; nothing was written."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing that happened, with all that follows from it.

    `case` is the case afterwards, None where it stays as it was; `before` is the version that it
    was decided on, and `card` what every copy shows from now on. With `buried`, nothing is written
    unless that delivery was still pending. `id` names the turn in the audit: the same id, once.
    `command` is what was asked for by name, `kept` what else it leaves.
    With `erases` the free text about the alert goes.
    """

    desk: str
    id: str
    alert: str | None
    now: datetime
    deed: Deed | None = None
    deliveries: tuple[Delivery, ...] = ()
    case: Case | None = None
    before: int = 0
    card: Card | None = None
    buried: tuple[Delivery, str] | None = None
    pages: tuple[Page, ...] = ()
    command: str | None = None
    kept: tuple[Kept, ...] = ()
    erases: bool = False


@dataclass(frozen=True, slots=True)
class Alerts:
    database: Database
    writer: Writer

    async def due(self, desk: str, now: datetime, limit: int) -> list[str]:
        """Give the keys of the cases that something should happen to by now, longest overdue first.

        Its cost does not grow with the number of closed cases.
        """
        return await self.database.ask(partial(read_due, desk, now, limit))

    async def stale(self, desk: str, limit: int) -> list[str]:
        """Give the keys of the cases of which some copy shows less than is known."""
        return await self.database.ask(partial(read_stale, desk, limit))

    async def queue(self, desk: str, limit: int, offset: int = 0) -> list[Dossier]:
        """Give the open cases, the most urgent first, of those the oldest."""
        statement = (
            DOSSIERS.where(ALERT.c.desk == desk, ALERT.c.state != CLOSED)
            .order_by(ALERT.c.priority, ALERT.c.opened_at, ALERT.c.key)
            .limit(limit)
            .offset(offset)
        )
        async with self.database.reading() as connection:
            return [dossier(row) for row in await connection.execute(statement)]

    async def held_by(self, desk: str, who: Collection[AccountRef]) -> list[Dossier]:
        """Give the open cases that an account has, the most urgent first, of those the oldest."""
        statement = (
            DOSSIERS.where(ALERT.c.desk == desk, ALERT.c.state != CLOSED)
            .where(ALERT.c.holder.in_(list(who)))
            .order_by(ALERT.c.priority, ALERT.c.opened_at, ALERT.c.key)
        )
        async with self.database.reading() as connection:
            return [dossier(row) for row in await connection.execute(statement)]

    async def holders(self, desk: str) -> list[AccountRef]:
        """Name who has each open case."""
        return await self.database.ask(partial(read_holders, desk))

    async def waiting(self, desk: str) -> int:
        """Count the open cases."""
        c = ALERT.c
        statement = (
            select(func.count())
            .select_from(ALERT)
            .where(c.desk == desk, c.state != CLOSED, c.plan.is_not(None))
        )
        async with self.database.reading() as connection:
            return int((await connection.execute(statement)).scalar_one())

    async def find(self, desk: str, key: str) -> Dossier | None:
        """Give a case; None for an alert that is not there or is of the past."""
        return await self.database.ask(partial(read_dossier, desk, key))

    async def adrift(self, desk: str, before: datetime) -> list[Adrift]:
        """Give the alerts that are not closed and that nothing will happen to.

        One without a time, one whose time passed `before`, and one whose row cannot be read: none
        of them would ever come up by itself. Reads every open row as it stands, for the auditor.
        """
        c = ALERT.c
        names = ("plan", "told", "unreached", "deed", "holder")
        raw = [cast(c[name], Text).label(name) for name in names]
        statement = (
            select(c.key, c.state, c.due_at, *raw)
            .where(
                c.desk == desk, c.state != CLOSED, or_(c.plan.is_not(None), c.due_at.is_not(None))
            )
            .order_by(c.key)
        )
        async with self.database.reading() as connection:
            rows = (await connection.execute(statement)).all()
        return await asyncio.to_thread(_adrift, rows, before)

    async def shown_on(self, desk: str, external_id: str, platform: PlatformName) -> str | None:
        """Give the key of the alert that a delivered message is about."""
        c = DELIVERY.c
        statement = select(c.alert, c.action).where(
            c.desk == desk, c.external_id == external_id, c.alert.is_not(None)
        )
        async with self.database.reading() as connection:
            rows = (await connection.execute(statement)).all()
        keys = (str(key) for key, action in rows if platform == platform_of(action))
        return next(keys, None)

    async def answered_after(
        self, desk: str, since: datetime, until: datetime, *, drill: bool
    ) -> list[tuple[datetime, timedelta | None]]:
        """Give when each P0 and P1 was opened, from `since` to before `until`, the earliest first.

        And how long it took until somebody answered, None where nobody has. Drills, or all else.
        """
        a, u = ALERT.c, AUDIT.c
        first = (
            select(func.min(u.at))
            .where(u.desk == a.desk, u.alert == a.key, u.what.in_(ANSWERS))
            .scalar_subquery()
        )
        statement = (
            select(a.opened_at, type_coerce(first, u.at.type))
            .where(a.desk == desk, a.opened_at >= since, a.opened_at < until)
            .where(a.drill if drill else ~a.drill, a.priority <= Priority.P1, a.plan.is_not(None))
            .order_by(a.opened_at)
        )
        async with self.database.reading() as connection:
            rows = (await connection.execute(statement)).all()
        return [(opened, None if at is None else max(at - opened, NO_TIME)) for opened, at in rows]

    async def is_written(self, desk: str, id_: str) -> bool:
        """Tell whether the turn with this id was written."""
        statement = select(AUDIT.c.id).where(AUDIT.c.desk == desk, AUDIT.c.id == id_)
        async with self.database.reading() as connection:
            return (await connection.execute(statement)).first() is not None

    async def audit(self, desk: str, key: str) -> list[Deed]:
        """Give all that was done to a case, the earliest first."""
        c = AUDIT.c
        statement = (
            select(c.what, c.at, c.who, c.whom)
            .where(c.desk == desk, c.alert == key)
            .order_by(c.at, c.id)
        )
        async with self.database.reading() as connection:
            return [Deed(*row) for row in await connection.execute(statement)]

    async def write(self, turn: Turn) -> None:
        """Write a turn: all of it, or nothing. Raises Moved or Repeated when it came too late."""
        desks = {turn.desk, *(delivery.desk for delivery in turn.deliveries)}
        if turn.case is not None:
            desks.add(turn.case.desk)
        if desks != {turn.desk}:
            raise ValueError(f"a turn of desk {turn.desk!r} holds rows of {sorted(desks)}")
        await (await self.writer.submit(write_turns, turn))

    async def postpone(self, desk: str, key: str, due_at: datetime) -> None:
        """Let a case that cannot be moved now wait, so that it does not hold up the others."""
        later = {"this_desk": desk, "this_key": key, "later": due_at}
        await (await self.writer.submit(_write_postponed, later))


def _adrift(rows: Sequence[_Row], before: datetime) -> list[Adrift]:
    """Look at each; a desk may have a hundred thousand, so not while the loop waits."""
    found = ((row.key, _why_adrift(row, before)) for row in rows)
    return [(key, why) for key, why in found if why]


def _why_adrift(row: _Row, before: datetime) -> str:
    """Say why nothing will happen to an open alert; empty when something will."""
    if row.due_at is None:
        return "it has no next time"
    if row.due_at < before:
        return f"its time was {row.due_at:%Y-%m-%d %H:%M} UTC"
    if row.state not in set(State):
        return "its state is unknown"
    try:
        steps = PLAN.load(row.plan).steps
        ACCOUNTS.load(row.told or "[]")
        ACCOUNTS.load(row.unreached or "[]")
        _ = row.deed and DEED.load(row.deed)
    except (TypeError, ValueError):
        return "its row cannot be read"
    return "" if steps else "its plan has no steps"


def case_columns(case: Case | None) -> dict[str, object]:
    """Give the columns of the life of an alert; of one without a case, those of the past."""
    if case is None:
        empty = ("plan", "holder", "due_at", "acknowledged_at", "outcome", "told", "unreached")
        return dict.fromkeys((*empty, "deed")) | {
            "state": State.OPEN,
            "step": 0,
            "unattended": False,
            "version": 1,
            "drill": False,
        }
    return {
        "state": case.state,
        "plan": case.plan,
        "holder": case.holder,
        "step": case.step,
        "due_at": case.due_at,
        "acknowledged_at": case.acknowledged_at,
        "outcome": case.ending,
        "told": case.told,
        "unreached": case.unreached,
        "unattended": case.unattended,
        "deed": case.last,
        "version": case.version,
        "drill": case.drill,
    }


def write_turns(connection: Connection, turns: Sequence[Turn]) -> None:
    for turn in turns:
        _write_turn(connection, turn)


def _write_turn(connection: Connection, turn: Turn) -> None:
    if turn.buried is not None and not bury_pending(connection, *turn.buried):
        return
    if turn.deed is not None:
        _write_audit(connection, turn, turn.deed)
    if turn.case is not None:
        _write_case(connection, turn, turn.case)
    write_kept(connection, turn.desk, turn.kept)
    if turn.erases and turn.alert is not None:
        erase_sealed(connection, turn.desk, [turn.alert])
    write_deliveries(connection, turn.deliveries)
    write_pages(connection, turn.pages)


def _write_audit(connection: Connection, turn: Turn, deed: Deed) -> None:
    row = {
        "desk": turn.desk,
        "id": turn.id,
        "alert": turn.alert,
        "what": deed.what,
        "who": deed.who,
        "whom": deed.to,
        "at": deed.at,
        "command": turn.command,
    }
    if connection.execute(_noting(connection.dialect.name), row).first() is None:
        raise Repeated(turn.id)


@cache
def _noting(dialect: str) -> ReturningInsert[*tuple[Any, ...]]:
    return insert(dialect, AUDIT).on_conflict_do_nothing().returning(AUDIT.c.id)


def _write_case(connection: Connection, turn: Turn, case: Case) -> None:
    moved = connection.execute(
        update(ALERT)
        .where(ALERT.c.desk == case.desk, ALERT.c.key == case.key, ALERT.c.version == turn.before)
        .values(**case_columns(case), priority=case.priority, stale=False)
    )
    if moved.rowcount == 0:
        raise Moved(case.key)
    _withdraw(connection, case)
    if turn.card is not None:
        write_edits(connection, _edits(connection, case, turn.card, turn.now))


def _withdraw(connection: Connection, case: Case) -> None:
    """Take back what is on its way and no longer true: older drawings, and pages once answered."""
    c = DELIVERY.c
    about_it = (c.desk == case.desk, c.alert == case.key, c.state == PENDING)
    is_answered = case.state is not State.OPEN
    is_outdated = or_(c.edits.is_not(None), c.version > 0) if is_answered else c.edits.is_not(None)
    outdated = update(DELIVERY).where(*about_it, is_outdated)
    connection.execute(outdated.values(withdrawn("the case has changed")))


def _edits(
    connection: Connection, case: Case, card: Card, now: datetime
) -> list[tuple[Delivery, str]]:
    """Draw every delivered copy again; give each drawing with the key of its copy.

    Looked up inside the transaction: a copy delivered a moment ago must not be forgotten.
    """
    c = DELIVERY.c
    copies = select(c.key, c.action, c.external_id, c.destination).where(
        c.desk == case.desk, c.alert == case.key, c.version > 0, c.external_id.is_not(None)
    )
    return [
        (
            Delivery(
                key=f"{key}~{case.version}",
                desk=case.desk,
                action=Update(platform_of(action), external_id, card),
                attempts=0,
                due_at=now,
                alert=case.key,
                destination=destination or destination_of(action),
            ),
            key,
        )
        for key, action, external_id, destination in connection.execute(copies)
    ]


_POSTPONED = (
    update(ALERT)
    .where(ALERT.c.desk == bindparam("this_desk"), ALERT.c.key == bindparam("this_key"))
    .values(due_at=bindparam("later", type_=ALERT.c.due_at.type))
)


def _write_postponed(connection: Connection, rows: Sequence[dict[str, object]]) -> None:
    connection.execute(_POSTPONED, list(rows))
