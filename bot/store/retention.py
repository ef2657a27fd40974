"""What has outlived the desk's time is erased; counts stay (design section 6, "What is kept")."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, and_, delete, or_, select, update

from bot.domain.output import Stage
from bot.store.database import Database
from bot.store.privacy import NOBODY
from bot.store.schema import (
    ALERT,
    AUDIT,
    CLOSED,
    DECISION,
    DELIVERY,
    FINDING,
    FOLLOW_UP,
    OPEN_OUTPUT,
    OUTPUT,
    PAGE,
    PENDING,
    REMARK,
)
from bot.store.writer import Writer

# Cases that are erased in one transaction: what is written meanwhile waits no longer than that.
AT_A_TIME: Final = 500


@dataclass(frozen=True, slots=True)
class _Old:
    desk: str
    before: datetime
    audit_before: datetime


@dataclass(frozen=True, slots=True)
class Retention:
    database: Database
    writer: Writer

    async def erase(self, desk: str, *, before: datetime, audit_before: datetime) -> None:
        """Erase cases that ended and what was decided, said and sent, where all is older.

        A case is as old as its last message. One that is open stays until it ends, whatever its
        age. The audit keeps who did what until `audit_before`, without the case.
        """
        while True:
            await (await self.writer.submit(_write_erased, _Old(desk, before, audit_before)))
            async with self.database.reading() as connection:
                if (await connection.execute(_ended(desk, before).limit(1))).first() is None:
                    return


def _ended(desk: str, before: datetime) -> Select[*tuple[Any, ...]]:
    """Find the cases to erase; one of the past (a replay) was never open."""
    c = ALERT.c
    is_over = or_(c.state == CLOSED, c.plan.is_(None), c.shadow)
    return select(c.key).where(c.desk == desk, c.last_at < before, is_over)


def _write_erased(connection: Connection, all_: Sequence[_Old]) -> None:
    for one in all_:
        ended = _ended(one.desk, one.before).limit(AT_A_TIME)
        keys = [str(row.key) for row in connection.execute(ended)]
        _erase_cases(connection, one.desk, keys)
        _erase_rest(connection, one)


def _erase_cases(connection: Connection, desk: str, keys: Sequence[str]) -> None:
    """Erase all of these cases; what came by itself names the case, so it goes from the audit."""
    for table in (REMARK, FOLLOW_UP, PAGE, DELIVERY, DECISION):
        connection.execute(delete(table).where(table.c.desk == desk, table.c.alert.in_(keys)))
    of_them = (AUDIT.c.desk == desk, AUDIT.c.alert.in_(keys))
    connection.execute(delete(AUDIT).where(*of_them, AUDIT.c.who.is_(None)))
    connection.execute(update(AUDIT).where(*of_them).values(alert=None))
    connection.execute(delete(ALERT).where(ALERT.c.desk == desk, ALERT.c.key.in_(keys)))


def _erase_rest(connection: Connection, one: _Old) -> None:
    """Erase what belongs to no case.

    What still stands in public stays known, or it could not be taken back: without its author.
    """
    before = one.before
    d, s, o, f, a = DECISION.c, DELIVERY.c, OUTPUT.c, FINDING.c, AUDIT.c
    is_sent = and_(s.alert.is_(None), s.state != PENDING, s.first_due_at < before)
    is_standing = o.stage == Stage.POSTED
    connection.execute(
        update(OUTPUT)
        .where(o.desk == one.desk, o.made_at < before, is_standing)
        .values(author=NOBODY)
    )
    old: tuple[tuple[Any, ColumnElement[bool]], ...] = (
        (DECISION, and_(d.sent_at < before, d.alert.is_(None))),
        (DELIVERY, is_sent),
        (OUTPUT, and_(o.made_at < before, ~OPEN_OUTPUT, ~is_standing)),
        (FINDING, f.gone_at < before),
        (AUDIT, a.at < one.audit_before),
    )
    for table, is_old in old:
        connection.execute(delete(table).where(table.c.desk == one.desk, is_old))
