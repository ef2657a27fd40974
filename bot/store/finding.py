"""What the auditor found, from when to when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import Connection, bindparam, or_, select, update

from bot.domain.action import Delivery
from bot.domain.audit import Changes, Failing, Finding
from bot.store.database import Database, Insert, insert
from bot.store.delivery import write_deliveries
from bot.store.schema import FINDING
from bot.store.writer import Writer


@dataclass(frozen=True, slots=True)
class _Audited:
    desk: str
    changes: Changes
    now: datetime
    notice: Delivery | None


@dataclass(frozen=True, slots=True)
class Findings:
    """A finding is open until an audit no longer makes it; found again, it is open again."""

    database: Database
    writer: Writer

    async def record(
        self, desk: str, changes: Changes, *, now: datetime, notice: Delivery | None
    ) -> None:
        """Keep what an audit made of it, and the notice of what is new, both or neither."""
        audited = _Audited(desk, changes, now, notice)
        await (await self.writer.submit(_write_audits, audited))

    async def open_keys(self, desk: str) -> frozenset[str]:
        c = FINDING.c
        statement = select(c.key).where(c.desk == desk, c.gone_at.is_(None))
        async with self.database.reading() as connection:
            return frozenset((await connection.execute(statement)).scalars())

    async def since(self, desk: str, moment: datetime) -> list[Finding]:
        """Give what is open, and what was found or struck off since `moment`, the oldest first."""
        c = FINDING.c
        is_of_it = or_(c.gone_at.is_(None), c.gone_at >= moment, c.first_at >= moment)
        columns = (c.failing, c.subject, c.detail)
        statement = select(*columns).where(c.desk == desk, is_of_it).order_by(c.first_at, c.key)
        async with self.database.reading() as connection:
            rows = await connection.execute(statement)
            return [Finding(Failing(row.failing), row.subject, row.detail) for row in rows]


def _write_audits(connection: Connection, audits: Sequence[_Audited]) -> None:
    for audited in audits:
        rows = [_row(audited, finding) for finding in audited.changes.found]
        if rows:
            connection.execute(_finding(connection.dialect.name), rows)
        gone = [
            {"this_desk": audited.desk, "this_key": key, "now": audited.now}
            for key in audited.changes.gone
        ]
        if gone:
            connection.execute(_GONE, gone)
        if audited.notice is not None:
            write_deliveries(connection, [audited.notice])


def _row(audited: _Audited, finding: Finding) -> dict[str, object]:
    return {
        "desk": audited.desk,
        "key": finding.key,
        "failing": str(finding.failing),
        "subject": finding.subject,
        "detail": finding.detail,
        "first_at": audited.now,
        "last_at": audited.now,
        "gone_at": None,
    }


@cache
def _finding(dialect: str) -> Insert:
    statement = insert(dialect, FINDING)
    latest = {name: statement.excluded[name] for name in ("detail", "last_at", "gone_at")}
    return statement.on_conflict_do_update(index_elements=list(FINDING.primary_key), set_=latest)


_GONE = (
    update(FINDING)
    .where(FINDING.c.desk == bindparam("this_desk"), FINDING.c.key == bindparam("this_key"))
    .values(gone_at=bindparam("now", type_=FINDING.c.gone_at.type))
)
