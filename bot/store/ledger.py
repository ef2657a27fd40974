"""Cursors and the ledger: how far each channel is accounted for, and what became of it all."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Column, Connection, Select, bindparam, case, delete, func, select

from bot.domain.audit import Sums
from bot.domain.ledger import SHARES, Count, Run, Stretch, Tally
from bot.domain.message import Place
from bot.store.database import Database, Insert, insert
from bot.store.schema import CURSOR, LEDGER, TAIL
from bot.store.writer import Writer


@dataclass(frozen=True, slots=True)
class Ledger:
    """`places` are channel keys (see `channel_key`); None means all of the desk's."""

    database: Database
    writer: Writer

    async def totals(self, desk: str, places: Collection[str] | None = None) -> dict[Count, int]:
        """Every count, with 0 where nothing was counted."""
        statement = _sums(desk, places, LEDGER.c.count).group_by(LEDGER.c.count)
        async with self.database.reading() as connection:
            rows = await connection.execute(statement)
            return {**dict.fromkeys(Count, 0), **{Count(count): n for count, n in rows}}

    async def by_day(
        self, desk: str, places: Collection[str] | None = None
    ) -> dict[date, dict[Count, int]]:
        """Every count of each day on which something was counted, earliest day first."""
        columns = (LEDGER.c.day, LEDGER.c.count)
        days: dict[date, dict[Count, int]] = {}
        async with self.database.reading() as connection:
            rows = await connection.execute(
                _sums(desk, places, *columns).group_by(*columns).order_by(*columns)
            )
            for day, count, n in rows:
                days.setdefault(day, dict.fromkeys(Count, 0))[Count(count)] = n
        return days

    async def unbalanced(self, desk: str, *, since: date | None = None) -> list[Sums]:
        """Give the channels and days on which seen is not the sum of what became of it."""
        c = LEDGER.c
        seen = func.sum(case((c.count == Count.SEEN.value, c.n), else_=0))
        shared = func.sum(case((c.count.in_([str(one) for one in SHARES]), c.n), else_=0))
        statement = (
            select(c.place, c.day, seen.label("seen"), shared.label("shared"))
            .where(c.desk == desk)
            .group_by(c.place, c.day)
            .having(seen != shared)
            .order_by(c.day, c.place)
        )
        if since is not None:
            statement = statement.where(c.day >= since)
        async with self.database.reading() as connection:
            rows = await connection.execute(statement)
            return [Sums(row.place, row.day, row.seen, row.shared) for row in rows]

    async def on_day(self, desk: str, day: date) -> dict[Count, int]:
        """Give every count of one day, with 0 where nothing was counted."""
        statement = _sums(desk, None, LEDGER.c.count).where(LEDGER.c.day == day)
        async with self.database.reading() as connection:
            rows = await connection.execute(statement.group_by(LEDGER.c.count))
            return {**dict.fromkeys(Count, 0), **{Count(count): n for count, n in rows}}

    async def days(self, desk: str) -> tuple[date, date] | None:
        """Give the first and the last day on which anything was counted."""
        statement = select(func.min(LEDGER.c.day), func.max(LEDGER.c.day))
        async with self.database.reading() as connection:
            first, last = (await connection.execute(statement.where(LEDGER.c.desk == desk))).one()
        return None if first is None else (first, last)

    async def last_read(self, desk: str) -> dict[str, date]:
        """Give the last day on which a message was read, by the channel's key."""
        c = LEDGER.c
        statement = (
            select(c.place, func.max(c.day))
            .where(c.desk == desk, c.count == Count.READ, c.n > 0)
            .group_by(c.place)
        )
        async with self.database.reading() as connection:
            return {str(place): day for place, day in await connection.execute(statement)}

    async def stretches(self, desk: str) -> dict[str, tuple[Stretch, ...]]:
        """Give what is accounted for, by the key of the place that was opened, each in order.

        That place is a channel, or a thread that is read for itself (Discord's). Between the ends
        of a channel's stretch a thread may hold messages that nobody has read, and the other way
        round, so the two are never joined.
        """
        columns = (CURSOR.c.place, CURSOR.c.first, CURSOR.c.last)
        statement = select(*columns).where(CURSOR.c.desk == desk).order_by(*columns)
        found: defaultdict[str, list[Stretch]] = defaultdict(list)
        async with self.database.reading() as connection:
            for place, first, last in await connection.execute(statement):
                found[place].append(Stretch(first, last))
        return {place: tuple(stretches) for place, stretches in found.items()}

    async def tails(self, desk: str) -> dict[str, tuple[Run, ...]]:
        """Give what was counted last, by the key of the place that was opened, in its order."""
        c = TAIL.c
        statement = (
            select(c.place, c.after, c.positions, c.at)
            .where(c.desk == desk)
            .order_by(c.place, c.at, c.first)
        )
        found: defaultdict[str, list[Run]] = defaultdict(list)
        async with self.database.reading() as connection:
            for place, after, positions, at in await connection.execute(statement):
                found[place].append(Run(after, positions, at, at))
        return {place: tuple(runs) for place, runs in found.items()}

    async def erase_tails(self, desk: str, places: Collection[str]) -> None:
        """Erase what was noted of these places, each as a whole.

        What is left of half a tail would say that the other half is missing.
        """
        rows: list[dict[str, object]] = [
            {"this_desk": desk, "this_place": place} for place in places
        ]
        await (await self.writer.submit(_write_quiet, rows))


def channel_key(place: Place) -> str:
    """Give the key that counts and decisions are kept by: a thread is part of its channel."""
    return replace(place, thread=None).key


def write_tallies(connection: Connection, tallies: Sequence[tuple[str, Tally]]) -> None:
    """Add up what several (desk, tally) say of one row, so that a row is written once."""
    _write_counts(connection, tallies)
    _write_stretches(connection, tallies)
    _write_runs(connection, tallies)


def _write_counts(connection: Connection, tallies: Iterable[tuple[str, Tally]]) -> None:
    sums: defaultdict[tuple[str, str, date, Count], int] = defaultdict(int)
    for desk, tally in tallies:
        for (day, count), n in tally.counts.items():
            sums[desk, channel_key(tally.place), day, count] += n
    if not sums:
        return
    names = ("desk", "place", "day", "count")
    rows = [dict(zip(names, key, strict=True)) | {"n": n} for key, n in sums.items()]
    connection.execute(_adding(connection.dialect.name), rows)


@cache
def _adding(dialect: str) -> Insert:
    statement = insert(dialect, LEDGER)
    return statement.on_conflict_do_update(
        index_elements=list(LEDGER.primary_key), set_={"n": LEDGER.c.n + statement.excluded.n}
    )


def _write_stretches(connection: Connection, tallies: Iterable[tuple[str, Tally]]) -> None:
    ends: dict[tuple[str, str, str], str] = {}
    for desk, tally in tallies:
        if tally.stretch is not None:
            key = (desk, tally.place.key, tally.stretch.first)
            ends[key] = max(ends.get(key, ""), tally.stretch.last)
    if not ends:
        return
    names = ("desk", "place", "first")
    rows = [dict(zip(names, key, strict=True)) | {"last": end} for key, end in ends.items()]
    connection.execute(_reaching(connection.dialect.name), rows)


@cache
def _reaching(dialect: str) -> Insert:
    statement = insert(dialect, CURSOR)
    last = case(
        (CURSOR.c.last < statement.excluded.last, statement.excluded.last), else_=CURSOR.c.last
    )
    return statement.on_conflict_do_update(
        index_elements=list(CURSOR.primary_key), set_={"last": last}
    )


def _write_runs(connection: Connection, tallies: Iterable[tuple[str, Tally]]) -> None:
    runs = [(desk, tally.place.key, tally.run) for desk, tally in tallies if tally.run is not None]
    if not runs:
        return
    rows = [
        {
            "desk": desk,
            "place": place,
            "at": run.at,
            "first": min(run.positions),
            "after": run.after,
            "positions": run.positions,
        }
        for desk, place, run in runs
    ]
    connection.execute(_noting(connection.dialect.name), rows)
    ends = [{"this_desk": d, "this_place": p, "before": run.kept_from} for d, p, run in runs]
    connection.execute(_ENDED, ends)


@cache
def _noting(dialect: str) -> Insert:
    return insert(dialect, TAIL).on_conflict_do_nothing()


_QUIET = delete(TAIL).where(
    TAIL.c.desk == bindparam("this_desk"), TAIL.c.place == bindparam("this_place")
)
_ENDED = _QUIET.where(TAIL.c.at < bindparam("before", type_=TAIL.c.at.type))


def _write_quiet(connection: Connection, quiet: Sequence[list[dict[str, object]]]) -> None:
    for rows in quiet:
        if rows:
            connection.execute(_QUIET, rows)


def _sums(
    desk: str, places: Collection[str] | None, *columns: Column[Any]
) -> Select[*tuple[Any, ...]]:
    statement = select(*columns, func.sum(LEDGER.c.n)).where(LEDGER.c.desk == desk)
    return statement if places is None else statement.where(LEDGER.c.place.in_(places))
