"""The watch list that moderators set, and what became of the notices in the channels."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import Connection, Row, and_, delete, or_, select, update

from bot.domain.kept import Watching
from bot.domain.message import Place
from bot.domain.watch import LEAVE, Mode, Sent, Stage, Watch, prefix
from bot.store.database import Database, insert
from bot.store.delivery import withdrawn
from bot.store.output import Overtaken
from bot.store.schema import DELIVERY, PENDING, WATCH

_Row: TypeAlias = Row[*tuple[Any, ...]]
_ENDINGS = {"delivered": True, "buried": False}


@dataclass(frozen=True, slots=True)
class Watches:
    database: Database

    async def all(self, desk: str) -> list[Watch]:
        """Give every channel that was ever set, whatever became of it."""
        statement = select(WATCH).where(WATCH.c.desk == desk).order_by(WATCH.c.place)
        async with self.database.reading() as connection:
            return [_watch(row) for row in await connection.execute(statement)]

    async def sent(self, desk: str) -> list[Sent]:
        """Give those of whose notice, pin or word on who is read more is known than is listed."""
        c = WATCH.c
        notice, pin, word = DELIVERY.alias("n"), DELIVERY.alias("p"), DELIVERY.alias("w")
        is_new = and_(
            c.notice.is_(None),
            or_(
                notice.c.state == "delivered",
                and_(c.stage == Stage.WISHED, notice.c.state == "buried"),
            ),
        )
        is_pinned = and_(c.pinned.is_(None), pin.c.state.in_(list(_ENDINGS)))
        is_told = and_(c.stage == Stage.ON, word.c.state.in_(list(_ENDINGS)))
        statement = (
            select(
                WATCH,
                notice.c.state.label("notice_state"),
                notice.c.external_id.label("receipt"),
                notice.c.position.label("stands_at"),
                notice.c.link.label("notice_link"),
                notice.c.delivered_at.label("stands_since"),
                notice.c.why.label("notice_why"),
                pin.c.state.label("pin_state"),
                pin.c.why.label("pin_why"),
                word.c.state.label("word_state"),
                word.c.position.label("word_stands_at"),
                word.c.why.label("word_why"),
            )
            .outerjoin(notice, and_(notice.c.desk == c.desk, notice.c.key == c.key + "/notice"))
            .outerjoin(pin, and_(pin.c.desk == c.desk, pin.c.key == c.key + "/pin"))
            .outerjoin(
                word, and_(word.c.desk == c.desk, word.c.key == c.key + "/word/" + c.telling)
            )
            .where(c.desk == desk, or_(is_new, is_pinned, is_told))
            .order_by(c.place)
        )
        async with self.database.reading() as connection:
            return [_sent(row) for row in await connection.execute(statement)]

    async def unsaid(self, desk: str, since: datetime) -> list[tuple[Watch, str]]:
        """Give those that ended since then and whose channel could not be told, and why."""
        c, over = WATCH.c, DELIVERY.alias("o")
        is_over = and_(over.c.desk == c.desk, over.c.key == c.key + LEAVE)
        ended = and_(c.desk == desk, c.stage == Stage.OFF, c.set_at >= since)
        statement = (
            select(WATCH, over.c.why.label("over_why"))
            .join(over, is_over)
            .where(ended, over.c.state == "buried")
            .order_by(c.place)
        )
        async with self.database.reading() as connection:
            rows = await connection.execute(statement)
            return [(_watch(row), row.over_why or "") for row in rows]


def put_watch(connection: Connection, desk: str, put: Watching) -> None:
    """Write a channel as it is from now on, or raise Overtaken."""
    watch, c = put.watch, WATCH.c
    if watch.desk != desk:
        raise ValueError(f"a channel of desk {watch.desk!r} in a turn of {desk!r}")
    if put.before == 0:
        adding = insert(connection.dialect.name, WATCH).on_conflict_do_nothing()
        written = connection.execute(adding.returning(c.place), _row(watch)).first() is not None
    else:
        here = (c.desk == desk, c.place == watch.place.key, c.version == put.before)
        written = connection.execute(update(WATCH).where(*here).values(**_row(watch))).rowcount > 0
    if not written:
        raise Overtaken(watch.place.key)
    if not watch.is_on and watch.stage is not Stage.WISHED:
        _stop(connection, watch)


def forget_sent(connection: Connection, desk: str, of: str) -> None:
    """Erase what was sent for the channels of a space."""
    begins = DELIVERY.c.key.startswith(prefix(desk, of), autoescape=True)
    connection.execute(delete(DELIVERY).where(DELIVERY.c.desk == desk, begins))


def _stop(connection: Connection, watch: Watch) -> None:
    """Send no notice of what is over."""
    c, keys = DELIVERY.c, [watch.notice_key, watch.pin_key, watch.telling_key]
    waiting = update(DELIVERY).where(c.desk == watch.desk, c.key.in_(keys), c.state == PENDING)
    connection.execute(waiting.values(withdrawn("it was stopped")))


def _row(watch: Watch) -> dict[str, object]:
    return {
        "desk": watch.desk,
        "place": watch.place.key,
        "place_name": watch.place.name,
        "key": watch.key,
        "mode": watch.mode,
        "answers": watch.answers,
        "stage": watch.stage,
        "set_by": watch.set_by,
        "set_at": watch.set_at,
        "since": watch.since,
        "begins": watch.begins,
        "notice": watch.notice,
        "link": watch.link,
        "pinned": watch.pinned,
        "version": watch.version,
        "drawn": watch.drawn,
        "told": watch.told,
        "telling": watch.telling,
        "opens": watch.opens,
    }


def _watch(row: _Row) -> Watch:
    return Watch(
        desk=row.desk,
        place=Place.of_key(row.place, row.place_name),
        key=row.key,
        set_by=row.set_by,
        set_at=row.set_at,
        mode=Mode(row.mode),
        answers=row.answers,
        stage=Stage(row.stage),
        since=row.since,
        begins=row.begins,
        notice=row.notice,
        link=row.link,
        pinned=row.pinned,
        version=row.version,
        drawn=row.drawn,
        told=row.told,
        telling=row.telling,
        opens=row.opens,
    )


def _sent(row: _Row) -> Sent:
    return Sent(
        watch=_watch(row),
        posted=_ENDINGS.get(row.notice_state),
        pinned=_ENDINGS.get(row.pin_state),
        external_id=row.receipt,
        position=row.stands_at or "",
        link=row.notice_link or "",
        at=row.stands_since,
        why=row.notice_why or row.word_why or row.pin_why or "",
        told=_ENDINGS.get(row.word_state),
        told_at=row.word_stands_at or "",
    )
