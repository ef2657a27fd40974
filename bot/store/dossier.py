"""Cases as they are read: with what each is about, and which of them something should happen to."""

from datetime import datetime
from typing import Any, Final, TypeAlias

from sqlalchemy import Connection, Row, Select, Text, exists, select, type_coerce

from bot.domain.alert import About, Case, Dossier, State
from bot.domain.code import Code
from bot.domain.message import AccountRef, MessageRef, Place, PlatformName
from bot.domain.reading import Priority
from bot.policy.news import with_request
from bot.store.schema import ALERT, CLOSED, DECISION, STALE

_Row: TypeAlias = Row[*tuple[Any, ...]]

# A later message that somebody pointed to may have joined the case.
_OTHER: Final = DECISION.alias()
_ASKED: Final = exists().where(
    _OTHER.c.desk == ALERT.c.desk,
    _OTHER.c.alert == ALERT.c.key,
    type_coerce(_OTHER.c.because, Text).contains(f'"{Code.PERSON_ASKED}"'),
)
DOSSIERS: Final = select(
    ALERT,
    _ASKED.label("is_asked"),
    *(DECISION.c[name] for name in ("platform", "space", "channel", "thread", "place_name")),
    *(DECISION.c[name] for name in ("message", "link", "sent_at", "because")),
).where(DECISION.c.desk == ALERT.c.desk, DECISION.c.key == ALERT.c.key, ALERT.c.plan.is_not(None))


def dossier(row: _Row) -> Dossier:
    place = Place(PlatformName(row.platform), row.space, row.channel, row.thread, row.place_name)
    ref = MessageRef(place, row.message)
    because = with_request(row.because) if row.is_asked else row.because
    return Dossier(_case(row), About(ref, row.link, row.sent_at, because, row.messages))


def _case(row: _Row) -> Case:
    return Case(
        desk=row.desk,
        key=row.key,
        priority=Priority(row.priority),
        plan=row.plan,
        state=State(row.state),
        holder=row.holder,
        step=row.step,
        due_at=row.due_at,
        acknowledged_at=row.acknowledged_at,
        ending=None if row.outcome is None else str(row.outcome),
        told=row.told or (),
        unreached=row.unreached or (),
        unattended=row.unattended,
        last=row.deed,
        version=row.version,
        drill=row.drill,
    )


def due_statement(desk: str, now: datetime, limit: int) -> Select[*tuple[Any, ...]]:
    c = ALERT.c
    return (
        select(c.key).where(c.desk == desk, c.due_at <= now).order_by(c.due_at, c.key).limit(limit)
    )


def stale_statement(desk: str, limit: int) -> Select[*tuple[Any, ...]]:
    c = ALERT.c
    return select(c.key).where(c.desk == desk, STALE).order_by(c.key).limit(limit)


def read_due(desk: str, now: datetime, limit: int, connection: Connection) -> list[str]:
    return [str(key) for key in connection.execute(due_statement(desk, now, limit)).scalars()]


def read_stale(desk: str, limit: int, connection: Connection) -> list[str]:
    return [str(key) for key in connection.execute(stale_statement(desk, limit)).scalars()]


def read_holders(desk: str, connection: Connection) -> list[AccountRef]:
    c = ALERT.c
    held = select(c.holder).where(c.desk == desk, c.state != CLOSED, c.holder.is_not(None))
    return list(connection.execute(held).scalars())


def read_dossier(desk: str, key: str, connection: Connection) -> Dossier | None:
    statement = DOSSIERS.where(ALERT.c.desk == desk, ALERT.c.key == key)
    row = connection.execute(statement).first()
    return None if row is None else dossier(row)
