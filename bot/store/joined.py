"""Which spaces the bot was in when their platforms last spoke of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

from sqlalchemy import Connection, bindparam, select, update

from bot.domain.message import PlatformName
from bot.domain.space import Joined, SpaceRef
from bot.store.database import Database, Insert, insert
from bot.store.schema import JOINED
from bot.store.writer import Writer

_Row: TypeAlias = dict[str, object]


@dataclass(frozen=True, slots=True)
class JoinedSpaces:
    """A space that is left is struck off by `Spaces.forget`, with all else that is known of it."""

    database: Database
    writer: Writer

    async def all(self, desk: str) -> list[Joined]:
        c = JOINED.c
        statement = select(c.space, c.account, c.missed_at).where(c.desk == desk).order_by(c.space)
        async with self.database.reading() as connection:
            rows = await connection.execute(statement)
            return [Joined(_space(row.space), row.account, row.missed_at) for row in rows]

    async def note(self, desk: str, ones: Iterable[Joined]) -> None:
        """Keep that the bot is in these, as they are now."""
        rows: list[_Row] = [
            {"desk": desk, "space": one.space.prefix, "account": one.account, "missed_at": None}
            for one in ones
        ]
        if rows:
            await (await self.writer.submit(_write_joined, rows))

    async def miss(self, desk: str, ones: Iterable[Joined]) -> None:
        """Keep since when these are missed, or that they are not; what is not known stays so."""
        rows: list[_Row] = [
            {"this_desk": desk, "this_space": one.space.prefix, "since": one.missed_at}
            for one in ones
        ]
        if rows:
            await (await self.writer.submit(_write_missed, rows))


def _space(prefix: str) -> SpaceRef:
    platform, space, _ = prefix.split(":", 2)
    return SpaceRef(PlatformName(platform), space)


def _write_joined(connection: Connection, batches: Sequence[list[_Row]]) -> None:
    rows = [row for batch in batches for row in batch]
    connection.execute(_joined(connection.dialect.name), rows)


def _write_missed(connection: Connection, batches: Sequence[list[_Row]]) -> None:
    connection.execute(_MISSED, [row for batch in batches for row in batch])


@cache
def _joined(dialect: str) -> Insert:
    statement = insert(dialect, JOINED)
    latest = {name: statement.excluded[name] for name in ("account", "missed_at")}
    return statement.on_conflict_do_update(index_elements=list(JOINED.primary_key), set_=latest)


_MISSED = (
    update(JOINED)
    .where(JOINED.c.desk == bindparam("this_desk"), JOINED.c.space == bindparam("this_space"))
    .values(missed_at=bindparam("since", type_=JOINED.c.missed_at.type))
)
