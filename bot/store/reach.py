"""Who of a desk takes no direct messages, since when. Nobody but the desk's own people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select

from bot.domain.message import AccountRef
from bot.store.database import Database, insert
from bot.store.schema import UNREACHED
from bot.store.writer import Writer


@dataclass(frozen=True, slots=True)
class _Heard:
    """`since` None: they can be reached again."""

    desk: str
    who: AccountRef
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Reach:
    database: Database
    writer: Writer

    async def unreached(self, desk: str) -> Mapping[AccountRef, datetime]:
        c = UNREACHED.c
        statement = select(c.who, c.since).where(c.desk == desk).order_by(c.since, c.who)
        async with self.database.reading() as connection:
            return {row.who: row.since for row in await connection.execute(statement)}

    async def closed(self, desk: str, who: AccountRef, now: datetime) -> None:
        """Keep that somebody could not be told; the first time stays."""
        await (await self.writer.submit(_write_heard, _Heard(desk, who, now)))

    async def opened(self, desk: str, who: AccountRef) -> None:
        """Forget it: they were told, or are not of the desk any more."""
        await (await self.writer.submit(_write_heard, _Heard(desk, who, None)))


def _write_heard(connection: Connection, all_: Sequence[_Heard]) -> None:
    c = UNREACHED.c
    for one in all_:
        if one.since is None:
            connection.execute(delete(UNREACHED).where(c.desk == one.desk, c.who == one.who))
            continue
        adding = insert(connection.dialect.name, UNREACHED).on_conflict_do_nothing()
        row = {"desk": one.desk, "who": one.who, "since": one.since}
        connection.execute(adding.values(row))
