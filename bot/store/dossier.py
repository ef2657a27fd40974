"""A case with what it is about, read from their rows."""

from typing import Any, Final, TypeAlias

from sqlalchemy import Row, select

from bot.domain.alert import About, Case, Dossier, State
from bot.domain.message import MessageRef, Place, PlatformName
from bot.domain.reading import Priority
from bot.store.schema import ALERT, DECISION

_Row: TypeAlias = Row[*tuple[Any, ...]]

DOSSIERS: Final = select(
    ALERT,
    *(DECISION.c[name] for name in ("platform", "space", "channel", "thread", "place_name")),
    *(DECISION.c[name] for name in ("message", "link", "sent_at", "because")),
).where(DECISION.c.desk == ALERT.c.desk, DECISION.c.key == ALERT.c.key, ALERT.c.plan.is_not(None))


def dossier(row: _Row) -> Dossier:
    place = Place(PlatformName(row.platform), row.space, row.channel, row.thread, row.place_name)
    ref = MessageRef(place, row.message)
    return Dossier(_case(row), About(ref, row.link, row.sent_at, row.because, row.messages))


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
