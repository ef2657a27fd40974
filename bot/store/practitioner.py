"""Accounts that people linked by a code, and the codes that are still good."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from bot.domain.alert import What
from bot.domain.kept import Linked
from bot.domain.message import AccountRef
from bot.domain.practitioner import LinkCode
from bot.store.database import Database
from bot.store.schema import AUDIT, LINK_CODE, LINKED


@dataclass(frozen=True, slots=True)
class Practitioners:
    """Who they are stands in the desk's file; here is only what was linked to them."""

    database: Database

    async def linked(self, desk: str) -> list[Linked]:
        """Give the accounts that were linked, the earliest first."""
        c = LINKED.c
        statement = (
            select(c.who, c.account, c.linked_at)
            .where(c.desk == desk)
            .order_by(c.linked_at, c.account)
        )
        async with self.database.reading() as connection:
            rows = await connection.execute(statement)
            return [Linked(row.who, row.account, row.linked_at, "") for row in rows]

    async def codes(self, desk: str) -> tuple[LinkCode, ...]:
        c = LINK_CODE.c
        statement = select(c.who, c.digest, c.made_at).where(c.desk == desk).order_by(c.made_at)
        async with self.database.reading() as connection:
            return tuple(LinkCode(*row) for row in await connection.execute(statement))

    async def tries(self, desk: str, account: AccountRef, since: datetime) -> int:
        """Count the codes that an account has tried in vain since then."""
        c = AUDIT.c
        statement = (
            select(func.count())
            .select_from(AUDIT)
            .where(c.desk == desk, c.who == account, c.what == What.TRIED_CODE, c.at > since)
        )
        async with self.database.reading() as connection:
            return int((await connection.execute(statement)).scalar_one())
