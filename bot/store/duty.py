"""Changes to the rota that people made by commands."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from bot.domain.duty import Change, Override, Swap
from bot.domain.kept import Proposed
from bot.store.database import Database
from bot.store.schema import DUTY_OVERRIDE, DUTY_SWAP


@dataclass(frozen=True, slots=True)
class Duties:
    """The shifts themselves stand in the desk's file."""

    database: Database

    async def overrides(self, desk: str, since: datetime) -> list[Override]:
        """Give what still held at `since` or holds later, the earliest made first."""
        c = DUTY_OVERRIDE.c
        statement = (
            select(DUTY_OVERRIDE).where(c.desk == desk, c.end_at > since).order_by(c.made_at, c.id)
        )
        async with self.database.reading() as connection:
            return [
                Override(
                    row.who,
                    Change(row.change),
                    row.start_at,
                    row.end_at,
                    row.made_at,
                    row.instead_of,
                )
                for row in await connection.execute(statement)
            ]

    async def swaps(self, desk: str) -> list[Swap]:
        """Give what both agreed to, in that order: a later one may move a turn on."""
        c = DUTY_SWAP.c
        statement = (
            select(c.shift, c.start_at, c.other_shift, c.other_start_at)
            .where(c.desk == desk, c.agreed_at.is_not(None))
            .order_by(c.agreed_at, c.id)
        )
        async with self.database.reading() as connection:
            return [Swap(*row) for row in await connection.execute(statement)]

    async def proposed(self, desk: str, id_: str) -> Proposed | None:
        """Give a swap that was asked for and not agreed to yet."""
        c = DUTY_SWAP.c
        statement = select(DUTY_SWAP).where(c.desk == desk, c.id == id_, c.agreed_at.is_(None))
        async with self.database.reading() as connection:
            row = (await connection.execute(statement)).first()
        if row is None:
            return None
        swap = Swap(row.shift, row.start_at, row.other_shift, row.other_start_at)
        return Proposed(row.id, swap, row.made_at, row.whom)
