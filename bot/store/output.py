"""What the bot may say in public: what waits, what stands there, and how one is changed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from typing import Any, TypeAlias

from sqlalchemy import Connection, Row, Select, and_, delete, func, or_, select, update

from bot.domain.action import Delivery, Update, destination_of, platform_of
from bot.domain.card import Card
from bot.domain.kept import Put
from bot.domain.message import MessageRef, Place, PlatformName
from bot.domain.output import Kind, Output, Stage
from bot.domain.reading import Priority
from bot.policy.output import ENDED
from bot.store.database import Database, Insert, insert
from bot.store.delivery import withdrawn, write_edits
from bot.store.schema import ALERT, DELIVERY, OPEN_OUTPUT, OUTPUT, PENDING

_Row: TypeAlias = Row[*tuple[Any, ...]]


class Overtaken(Exception):  # noqa: N818 - it says what to do next: read it again
    """The output was changed meanwhile; nothing was written."""


@dataclass(frozen=True, slots=True)
class Outputs:
    database: Database

    async def find(self, desk: str, id_: str) -> Output | None:
        found = await self._all(_OF.where(OUTPUT.c.desk == desk, OUTPUT.c.id == id_))
        return next(iter(found), None)

    async def on(self, desk: str, message: str) -> list[Output]:
        """Give the outputs of a message, by its key."""
        return await self._all(_OF.where(OUTPUT.c.desk == desk, OUTPUT.c.about == message))

    async def open(self, desk: str, limit: int) -> list[Output]:
        """Give those that wait or are on their way, the oldest first."""
        return await self.database.ask(partial(_read_open, desk, limit))

    async def posted(self, desk: str, limit: int, kind: Kind = Kind.NOTE) -> list[Output]:
        """Give those that stand in public, the newest first."""
        c = OUTPUT.c
        statement = _OF.where(c.desk == desk, c.stage == Stage.POSTED, c.kind == kind)
        return await self._all(statement.order_by(c.made_at.desc(), c.id).limit(limit))

    async def shown_as(self, desk: str, external_id: str, platform: PlatformName) -> Output | None:
        """Give the output that a message in public is."""
        c = OUTPUT.c
        statement = _OF.where(c.desk == desk, c.external_id == external_id)
        found = await self._all(statement.where(c.stage == Stage.POSTED))
        return next((one for one in found if one.ref.place.platform == platform), None)

    async def settled(self, desk: str, since: datetime) -> list[tuple[Output, str, str | None]]:
        """Give those whose posting has ended, how, and where it stands.

        Among those that were stopped, the ones that went out nevertheless: made after `since`.
        """
        c, d = OUTPUT.c, DELIVERY.c
        key = c.desk + "/output/" + c.id + "/post"
        ended = c.stage.in_([Stage.WITHDRAWN, Stage.LAPSED])
        slipped = and_(ended, c.external_id.is_(None), c.made_at >= since, d.state == "delivered")
        arrived = and_(c.stage == Stage.APPROVED, d.state.in_(["delivered", "buried"]))
        statement = (
            select(OUTPUT, d.state.label("delivery_state"), d.external_id.label("receipt"))
            .join(DELIVERY, and_(d.desk == c.desk, d.key == key))
            .where(c.desk == desk, or_(slipped, arrived))
        )
        async with self.database.reading() as connection:
            rows = (await connection.execute(statement)).all()
        return [(_output(row), str(row.delivery_state), row.receipt) for row in rows]

    async def approved_since(
        self, desk: str, since: datetime, kind: Kind, *, channel: str = "", author: str = ""
    ) -> int:
        """Count what was approved after a moment for a channel (its key), or under an author."""
        c = OUTPUT.c
        statement = (
            select(func.count())
            .select_from(OUTPUT)
            .where(c.desk == desk, c.approved_at > since, c.kind == kind)
            .where(c.channel_key == channel if channel else c.author == author)
        )
        async with self.database.reading() as connection:
            return int((await connection.execute(statement)).scalar_one())

    async def is_in_danger(self, desk: str, author: str, since: datetime) -> bool:
        """Tell whether an alert of an author called somebody at once, after a moment."""
        c = ALERT.c
        statement = (
            select(c.key)
            .where(c.desk == desk, c.author == author, c.last_at > since)
            .where(c.priority <= Priority.P1)
            .limit(1)
        )
        async with self.database.reading() as connection:
            return (await connection.execute(statement)).first() is not None

    async def _all(self, statement: Select[*tuple[Any, ...]]) -> list[Output]:
        async with self.database.reading() as connection:
            return [_output(row) for row in await connection.execute(statement)]


_OF = select(OUTPUT)


def _read_open(desk: str, limit: int, connection: Connection) -> list[Output]:
    statement = _OF.where(OUTPUT.c.desk == desk, OPEN_OUTPUT)
    rows = connection.execute(statement.order_by(OUTPUT.c.made_at, OUTPUT.c.id).limit(limit))
    return [_output(row) for row in rows]


def write_new_outputs(connection: Connection, outputs: Iterable[Output]) -> None:
    """Write those that are not there yet: one of a kind for a message."""
    rows = [_row(one) for one in outputs]
    if rows:
        connection.execute(_adding(connection.dialect.name), rows)


def put_output(connection: Connection, desk: str, put: Put) -> None:
    """Write an output as it is now, and draw every question about it again, or raise Overtaken."""
    output, c = put.output, OUTPUT.c
    if output.desk != desk:
        raise ValueError(f"an output of desk {output.desk!r} in a turn of {desk!r}")
    this = (c.desk == desk, c.id == output.id)
    if put.before == 0:
        known = connection.execute(select(c.id).where(*this)).first()
        if known is not None:
            raise Overtaken(output.id)
        connection.execute(OUTPUT.insert(), _row(output))
        return
    moved = update(OUTPUT).where(*this, c.version == put.before).values(**_row(output))
    if connection.execute(moved).rowcount == 0:
        raise Overtaken(output.id)
    if output.stage in (Stage.LAPSED, Stage.WITHDRAWN):
        _stop(connection, desk, output.post_key)
    if put.card is not None:
        _redraw(connection, output, put.card)


def forget_asks(connection: Connection, desk: str, prefix: str) -> None:
    """Erase what practitioners were asked about the outputs of a space."""
    c = OUTPUT.c
    of_it = (c.desk == desk, c.about.startswith(prefix, autoescape=True))
    for id_ in connection.execute(select(c.id).where(*of_it)).scalars().all():
        asks = DELIVERY.c.key.startswith(f"{desk}/output/{id_}/", autoescape=True)
        connection.execute(delete(DELIVERY).where(DELIVERY.c.desk == desk, asks))


def _stop(connection: Connection, desk: str, key: str) -> None:
    c = DELIVERY.c
    waiting = update(DELIVERY).where(c.desk == desk, c.key == key, c.state == PENDING)
    connection.execute(waiting.values(withdrawn("it was stopped")))


def _redraw(connection: Connection, output: Output, card: Card) -> None:
    c = DELIVERY.c
    its_own = c.key.startswith(output.ask_prefix, autoescape=True)
    if output.stage in ENDED:  # until then a dispute stands, whatever else becomes of it
        its_own |= c.key.startswith(output.dispute_prefix, autoescape=True)
    asks = (c.desk == output.desk, its_own)
    unsent = update(DELIVERY).where(*asks, c.state == PENDING)
    connection.execute(unsent.values(withdrawn("it has changed")))
    copies = select(c.key, c.action, c.external_id, c.destination, c.due_at).where(
        *asks, c.external_id.is_not(None), c.edits.is_(None)
    )
    write_edits(connection, [_edit(output, row, card) for row in connection.execute(copies)])


def _edit(output: Output, row: _Row, card: Card) -> tuple[Delivery, str]:
    """Draw a copy again, in the lane that it was sent in, after it."""
    drawn = Delivery(
        key=f"{row.key}~{output.version}",
        desk=output.desk,
        action=Update(platform_of(row.action), row.external_id, card),
        attempts=0,
        due_at=row.due_at,
        destination=row.destination or destination_of(row.action),
    )
    return drawn, row.key


@cache
def _adding(dialect: str) -> Insert:
    return insert(dialect, OUTPUT).on_conflict_do_nothing()


def _row(one: Output) -> dict[str, object]:
    place = one.ref.place
    return {
        "desk": one.desk,
        "id": one.id,
        "kind": one.kind,
        "about": one.ref.key,
        "channel_key": place.channel_key,
        "message": one.ref.id,
        "place": place.key,
        "place_name": place.name,
        "link": one.link,
        "author": one.author,
        "subjects": one.subjects,
        "edition": one.edition,
        "made_at": one.made_at,
        "due_at": one.due_at,
        "stage": one.stage,
        "proposed_by": one.proposed_by,
        "approved_by": one.approved_by,
        "approved_at": one.approved_at,
        "told": one.told,
        "external_id": one.external_id,
        "version": one.version,
    }


def _output(row: _Row) -> Output:
    place = Place.of_key(row.place, row.place_name)
    return Output(
        desk=row.desk,
        id=row.id,
        kind=Kind(row.kind),
        ref=MessageRef(place, row.message),
        link=row.link,
        author=row.author,
        subjects=row.subjects,
        edition=row.edition,
        made_at=row.made_at,
        due_at=row.due_at,
        stage=Stage(row.stage),
        proposed_by=row.proposed_by,
        approved_by=row.approved_by,
        approved_at=row.approved_at,
        told=row.told,
        external_id=row.external_id,
        version=row.version,
    )
