"""Decisions: written with all that follows from them, and read."""

from collections.abc import AsyncIterator, Awaitable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    Select,
    Text,
    and_,
    func,
    select,
    tuple_,
    type_coerce,
    update,
)
from sqlalchemy.sql.dml import ReturningInsert

from bot.domain.decision import Answer, Batch, Decision, OpenAlert, OpenQuestion, Recorded
from bot.domain.message import MessageRef, Place, PlatformName
from bot.domain.reading import Priority, Versions
from bot.store.database import Database, insert
from bot.store.delivery import write_deliveries
from bot.store.ledger import channel_key, write_tallies
from bot.store.output import write_new_outputs
from bot.store.page import write_pages
from bot.store.raised import ASKING, join_alerts, lift, raise_alerts, write_answers
from bot.store.schema import ALERT, CLOSED, DECISION, UNANSWERED
from bot.store.writer import Writer

DRILL = "drill"  # what a drill names as its platform (`bot.policy.drill`)
PAGE = 500  # decisions in memory at a time while streaming


@dataclass(frozen=True, slots=True)
class Decisions:
    database: Database
    writer: Writer

    async def record(self, batch: Batch) -> Awaitable[None]:
        """Queue the batch; the awaitable that comes back is done when it is committed.

        A decision whose key is known changes nothing: no second alert, no delivery, no join. A
        question's first answer counts, and nothing but a question has one. The tallies are added
        each time. Raises ValueError for a batch that mixes desks (I8).
        """
        _check_desk(batch)
        return await self.writer.submit(write_batches, batch, tells=bool(batch.recorded))

    async def stream(
        self,
        desk: str,
        *,
        places: Collection[str] | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        at_a_time: int = PAGE,
    ) -> AsyncIterator[Recorded]:
        """Yield decisions by time sent, `since` included, `until` not, without their deliveries.

        `places` are channel keys; None means all. Reads so many `at_a_time`, and holds nothing open
        between them.
        """
        statement = _within(desk, places, since, until).limit(at_a_time)
        page = statement
        while True:
            async with self.database.reading() as connection:
                rows = (await connection.execute(page)).all()
            for row in rows:
                yield _recorded(row)
            if len(rows) < at_a_time:
                return
            page = _after(statement, rows[-1])

    async def one(self, desk: str, key: str) -> Recorded | None:
        """Give the decision on a message, without its deliveries; None when nothing followed."""
        statement = select(DECISION).where(DECISION.c.desk == desk, DECISION.c.key == key)
        async with self.database.reading() as connection:
            row = (await connection.execute(statement)).first()
        return None if row is None else _recorded(row)

    async def by_link(self, desk: str, link: str) -> Recorded | None:
        """Give the latest decision on the message that a link opens."""
        c = DECISION.c
        statement = select(DECISION).where(c.desk == desk, c.link == link)
        async with self.database.reading() as connection:
            row = (await connection.execute(statement.order_by(c.sent_at.desc()).limit(1))).first()
        return None if row is None else _recorded(row)

    async def in_place(self, desk: str, place: Place) -> list[str]:
        """Give the keys of the open cases of a place; of a channel, with those of its threads."""
        c = DECISION.c
        statement = (
            select(ALERT.c.key)
            .join(DECISION, and_(c.desk == ALERT.c.desk, c.key == ALERT.c.key))
            .where(ALERT.c.desk == desk, ALERT.c.state != CLOSED, ALERT.c.plan.is_not(None))
            .where(c.platform == place.platform, c.space == place.space)
            .where(c.channel == place.channel)
            .order_by(ALERT.c.key)
        )
        if place.thread is not None:
            statement = statement.where(c.thread == place.thread)
        async with self.database.reading() as connection:
            return [str(key) for key in (await connection.execute(statement)).scalars()]

    async def revise(self, recorded: Recorded) -> None:
        """Put another decision in place of that on the same message; raise its alert if it does.

        Nothing is counted: the message was counted when it came.
        """
        await (await self.writer.submit(_write_revised, recorded))

    async def unlink(self, desk: str, key: str) -> None:
        """Forget the link of a message that is gone: it leads nowhere."""
        await (await self.writer.submit(_write_unlinked, (desk, key)))

    async def alerts_raised(
        self, desk: str, since: datetime, until: datetime, *, shadow: bool = False
    ) -> dict[Priority, int]:
        """Count the alerts whose first message was sent from `since` to before `until`.

        A drill is none. Those of places in shadow mode are counted apart.
        """
        c, raised = DECISION.c, and_(ALERT.c.desk == DECISION.c.desk, ALERT.c.key == DECISION.c.key)
        statement = (
            select(ALERT.c.priority, func.count())
            .select_from(DECISION.join(ALERT, raised))
            .where(c.desk == desk, c.sent_at >= since, c.sent_at < until, ~ALERT.c.drill)
            .where(ALERT.c.shadow if shadow else ~ALERT.c.shadow)
            .group_by(ALERT.c.priority)
            .order_by(ALERT.c.priority)
        )
        async with self.database.reading() as connection:
            return {Priority(p): n for p, n in await connection.execute(statement)}

    async def open_alerts(self, desk: str, limit: int, *, is_live: bool = False) -> list[OpenAlert]:
        """Give the alerts that are not closed, the latest spoken in first.

        With `is_live` without those of the past: nobody was told of them, so no message of today
        may join one.
        """
        c = ALERT.c
        statement = (
            select(c.key, c.place, c.author, c.last_at, c.priority)
            .where(c.desk == desk, c.state != CLOSED, ~c.drill)
            .order_by(c.last_at.desc(), c.key)
            .limit(limit)
        )
        if is_live:
            statement = statement.where(c.plan.is_not(None))
        async with self.database.reading() as connection:
            return [_open_alert(row) for row in await connection.execute(statement)]

    async def open_questions(self, desk: str, limit: int) -> list[OpenQuestion]:
        """Give the questions that nobody has answered, the latest asked first."""
        c = DECISION.c
        statement = (
            select(DECISION)
            .where(c.desk == desk, UNANSWERED, type_coerce(c.because, Text).contains(ASKING))
            .order_by(c.sent_at.desc(), c.key)
            .limit(limit)
        )
        async with self.database.reading() as connection:
            return [
                OpenQuestion(_ref(row), row.author, row.sent_at)
                for row in await connection.execute(statement)
            ]


def write_batches(connection: Connection, batches: Sequence[Batch]) -> None:
    new = _write_new(connection, [one for batch in batches for one in batch.recorded])
    raise_alerts(connection, new)
    join_alerts(connection, new)
    write_answers(connection, [(batch.desk, a) for batch in batches for a in batch.answers])
    write_deliveries(connection, (delivery for one in new for delivery in one.deliveries))
    write_pages(connection, (page for one in new for page in one.pages))
    write_new_outputs(connection, (output for one in new for output in one.outputs))
    write_tallies(connection, [(batch.desk, t) for batch in batches for t in batch.tallies])


def _write_unlinked(connection: Connection, gone: Sequence[tuple[str, str]]) -> None:
    c = DECISION.c
    for desk, key in gone:
        connection.execute(update(DECISION).where(c.desk == desk, c.key == key).values(link=""))


def _write_revised(connection: Connection, revised: Sequence[Recorded]) -> None:
    for one in revised:
        c, row = DECISION.c, _row(one)
        here = (c.desk == one.desk, c.key == one.ref.key)
        before = connection.execute(select(c.alert).where(*here)).scalar_one_or_none()
        new = {name: row[name] for name in _REVISED}
        connection.execute(update(DECISION).where(*here).values(**new))
        if one.alert is None or (one.alert == before and not lift(connection, one)):
            continue
        if one.alert == before:
            pass
        elif one.raises:
            raise_alerts(connection, [one])
        else:
            join_alerts(connection, [one])
        write_deliveries(connection, one.deliveries)


_VERSIONS = ("ruleset", "model", "policy")
_REVISED = ("priority", "because", "outcomes", "evidence", "due_at", "alert", *_VERSIONS)


def _write_new(connection: Connection, recorded: Iterable[Recorded]) -> list[Recorded]:
    """Insert, and give those that were not there. Of two with one key the first counts."""
    unique: dict[tuple[str, str], Recorded] = {}
    for one in recorded:
        unique.setdefault((one.desk, one.ref.key), one)
    if not unique:
        return []
    rows = [_row(one) for one in unique.values()]
    inserted = connection.execute(_inserting(connection.dialect.name), rows)
    return [unique[desk, key] for desk, key in inserted]


@cache
def _inserting(dialect: str) -> ReturningInsert[*tuple[Any, ...]]:
    statement = insert(dialect, DECISION).on_conflict_do_nothing()
    return statement.returning(DECISION.c.desk, DECISION.c.key)


def _check_desk(batch: Batch) -> None:
    desks = {one.desk for one in batch.recorded}
    desks |= {delivery.desk for one in batch.recorded for delivery in one.deliveries}
    if desks - {batch.desk}:
        raise ValueError(f"a batch of desk {batch.desk!r} holds rows of {sorted(desks)}")


def _row(one: Recorded) -> dict[str, object]:
    place, decision = one.ref.place, one.decision
    return {
        "desk": one.desk,
        "key": one.ref.key,
        "platform": place.platform,
        "space": place.space,
        "channel": place.channel,
        "thread": place.thread,
        "place": channel_key(place),
        "place_name": place.name,
        "message": one.ref.id,
        "link": one.link,
        "author": one.author,
        "sent_at": one.sent_at,
        "priority": decision.priority,
        "because": decision.because,
        "outcomes": decision.outcomes,
        "evidence": decision.evidence,
        "ruleset": decision.versions.ruleset,
        "model": decision.versions.model,
        "policy": decision.versions.policy,
        "due_at": decision.due_at,
        "alert": one.alert,
    }


def _open_alert(row: Row[*tuple[Any, ...]]) -> OpenAlert:
    return OpenAlert(
        key=row.key,
        place=row.place,
        author=row.author,
        last_at=row.last_at,
        priority=Priority(row.priority),
    )


def _recorded(row: Row[*tuple[Any, ...]]) -> Recorded:
    return Recorded(
        desk=row.desk,
        ref=_ref(row),
        link=row.link,
        author=row.author,
        sent_at=row.sent_at,
        decision=_decision(row),
        alert=row.alert,
        answered=_answer(row),
    )


def _ref(row: Row[*tuple[Any, ...]]) -> MessageRef:
    platform = PlatformName(row.platform)
    place = Place(platform, row.space, row.channel, row.thread, row.place_name)
    return MessageRef(place, row.message)


def _answer(row: Row[*tuple[Any, ...]]) -> Answer | None:
    if row.answered_at is None:
        return None
    return Answer(row.key, row.answered_by, row.answered_at)


def _decision(row: Row[*tuple[Any, ...]]) -> Decision:
    return Decision(
        priority=None if row.priority is None else Priority(row.priority),
        because=row.because,
        outcomes=row.outcomes,
        evidence=row.evidence,
        versions=Versions(row.ruleset, row.model, row.policy),
        due_at=row.due_at,
    )


def _within(
    desk: str, places: Collection[str] | None, since: datetime | None, until: datetime | None
) -> Select[*tuple[Any, ...]]:
    c = DECISION.c
    is_real = c.platform != DRILL
    statement = select(DECISION).where(c.desk == desk, is_real).order_by(c.sent_at, c.key)
    if places is not None:
        statement = statement.where(c.place.in_(places))
    if since is not None:
        statement = statement.where(c.sent_at >= since)
    if until is not None:
        statement = statement.where(c.sent_at < until)
    return statement


def _after(
    statement: Select[*tuple[Any, ...]], row: Row[*tuple[Any, ...]]
) -> Select[*tuple[Any, ...]]:
    place_in_order = tuple_(DECISION.c.sent_at, DECISION.c.key)
    return statement.where(place_in_order > tuple_(row.sent_at, row.key))
