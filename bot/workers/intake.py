"""The way in: read, decide, record. It waits only for the store; triage and policy decide.

Ordinary messages cost no row: they are counted, and the counts go to the store with the cursor,
many at a time. A decision goes in the same transaction as the cursor that has come past it, so a
crash loses neither or both (I1, I2).
"""

import asyncio
import traceback
from collections import Counter, OrderedDict, deque
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import assert_never

import structlog

from bot.cards.alert import alert_card
from bot.domain.action import Delivery, DirectMessage
from bot.domain.decision import Alert, Batch, Decision, OpenAlert, Recorded
from bot.domain.desk import Desk
from bot.domain.event import Event, Opened, Posted
from bot.domain.ledger import Count, Stretch, Tally
from bot.domain.message import AccountRef, Message, Place
from bot.domain.reading import Priority, Reading
from bot.policy.coalesce import joins
from bot.policy.cursor import Cursor, merged
from bot.policy.decide import Shelf, decide
from bot.policy.privacy import author_hash
from bot.policy.routing import recipients
from bot.policy.watch import skip_reason
from bot.ports import Clock
from bot.store.engine import Store
from bot.triage.likeness import Likeness
from bot.triage.read import Triage

log = structlog.get_logger(__name__)

# How much may wait for one write, how many writes may be under way, and how long a count may wait.
MOST_MESSAGES = 512
MOST_DECISIONS = 128
MOST_UNWRITTEN = 4
EVERY = timedelta(milliseconds=200)
# Open alerts and author hashes kept in memory; both are found again in the store or worked out.
MOST_REMEMBERED = 10_000

OnDecided = Callable[[Message, Recorded], None]


@dataclass(slots=True)
class _Unwritten:
    """What has been decided and counted since the last write."""

    written: asyncio.Future[None]
    messages: int = 0
    recorded: list[Recorded] = field(default_factory=list)
    counts: dict[Place, Counter[tuple[date, Count]]] = field(default_factory=dict)
    stretches: dict[Place, Stretch | None] = field(default_factory=dict)

    def batch(self, desk: str) -> Batch:
        tallies = (Tally(p, self.stretches.get(p), counts) for p, counts in self.counts.items())
        return Batch(desk, tuple(self.recorded), tuple(tallies))


@dataclass(slots=True)
class Intake:
    """An Inbox for every platform of one desk. Build it with `open_intake`.

    `taken` counts the messages that came in, `known` those of them that were read before.
    """

    desk: Desk
    triage: Triage
    shelf: Shelf
    likeness: Likeness
    store: Store
    clock: Clock
    author_key: bytes
    on_decided: OnDecided
    cursors: dict[str, Cursor]
    alerts: OrderedDict[tuple[str, str], OpenAlert]
    taken: int = 0
    known: int = 0
    _streams: dict[str, Place] = field(default_factory=dict)
    _routes: dict[Place, str] = field(default_factory=dict)
    _authors: dict[AccountRef, str] = field(default_factory=dict)
    _unwritten: _Unwritten | None = None
    _under_way: deque[asyncio.Future[None]] = field(default_factory=deque)

    async def take(self, event: Event) -> Awaitable[None]:
        """Read and decide on `event`. See `bot.ports.Inbox`."""
        match event:
            case Opened():
                self._open(event.place)
                return _done()
            case Posted():
                urgent = self._post(event.message)
                # Taken before the write, which begins a new batch: this one holds the event.
                written = self._unwritten.written if self._unwritten is not None else _done()
                if urgent or self._is_full():
                    await self._write()
                return written
            case _:
                assert_never(event)

    async def run(self) -> None:
        """Write what waits, every so often, until cancelled."""
        while True:
            await asyncio.sleep(EVERY.total_seconds())
            await self._write()

    @property
    def channels(self) -> frozenset[str]:
        """The keys of the channels that messages came from."""
        return frozenset(place.channel_key for place in self._streams.values())

    async def settle(self) -> None:
        """Return when everything taken so far is on disk."""
        await self._write()
        while self._under_way:
            await self._under_way.popleft()

    def _open(self, place: Place) -> None:
        self._streams[place.key] = place
        self._routes.clear()
        self.cursors[place.key] = self.cursors.get(place.key, Cursor()).reopened()

    def _stream(self, place: Place) -> str:
        """Give the key of the place that counts a message: its own, or else its channel's."""
        key = self._routes.get(place)
        if key is None:
            key = place.key if place.key in self._streams else place.channel_key
            if key not in self._streams:
                self._open(Place(place.platform, place.space, place.channel, name=place.name))
            self._routes[place] = key
        return key

    def _post(self, message: Message) -> bool:
        """Count it and, if it is read, decide on it; tell whether that must be written at once."""
        self.taken += 1
        key = self._stream(message.ref.place)
        cursor = self.cursors[key]
        if cursor.covers(message.position):
            self.known += 1
            return False
        self.cursors[key] = cursor = cursor.moved(message.position)
        skipped = skip_reason(message, self.desk, author=self._author(message.author))
        counts = self._count(self._streams[key], message, cursor, skipped)
        return skipped is None and self._decide_safely(message, counts)

    def _count(
        self, stream: Place, message: Message, cursor: Cursor, skipped: Count | None
    ) -> Counter[tuple[date, Count]]:
        unwritten = self._gather()
        counts = unwritten.counts.setdefault(stream, Counter())
        day = message.sent_at.date()
        counts[day, Count.SEEN] += 1
        counts[day, skipped or Count.READ] += 1
        if skipped is None and not self.triage.is_complete:
            counts[day, Count.UNASSESSED] += 1
        unwritten.stretches[stream] = cursor.now
        unwritten.messages += 1
        return counts

    def _decide_safely(self, message: Message, counts: Counter[tuple[date, Count]]) -> bool:
        try:
            return self._decide(message)
        except Exception as bug:  # noqa: BLE001 - the item boundary: one must not silence all
            # An exception may quote what it choked on, so its text stays out of the log (I4).
            where = traceback.format_tb(bug.__traceback__)[-1].strip()
            kind = type(bug).__name__
            log.error("triage is broken", message=message.ref.key, bug=kind, where=where)  # noqa: TRY400
            if self.triage.is_complete:  # else it is counted already
                counts[message.sent_at.date(), Count.UNASSESSED] += 1
            return False

    def _decide(self, message: Message) -> bool:
        """Read it and decide; tell whether the decision must be written at once."""
        reading = self.triage.read(message.text, sent_at=message.sent_at)
        if reading is self.triage.nothing:
            return False
        decision = self._decision(message, reading)
        if decision.priority is None:
            return False
        recorded = self._recorded(message, decision, decision.priority)
        self._gather().recorded.append(recorded)
        self.on_decided(message, recorded)
        return decision.priority <= Priority.P1

    def _decision(self, message: Message, reading: Reading) -> Decision:
        asks = reading.asking is not None and reading.asking.needs
        likeness: Mapping[str, float] = self.likeness.of(message.text) if asks else {}
        return decide(reading, desk=self.desk, shelf=self.shelf, likeness=likeness)

    def _recorded(self, message: Message, decision: Decision, priority: Priority) -> Recorded:
        author = self._author(message.author)
        alert = self._alert(message, decision, priority, author)
        raised = alert == message.ref.key
        return Recorded(
            desk=self.desk.id,
            ref=message.ref,
            link=message.link,
            author=author,
            sent_at=message.sent_at,
            decision=decision,
            alert=alert,
            deliveries=tuple(self._pages(message, priority)) if raised else (),
        )

    def _alert(
        self, message: Message, decision: Decision, priority: Priority, author: str
    ) -> str | None:
        """Give the key of the alert that the message joins or raises; remember the alert."""
        if not any(isinstance(outcome, Alert) for outcome in decision.outcomes):
            return None
        where = (message.ref.place.key, author)
        open_ = self.alerts.get(where)
        joined = open_ is not None and joins(open_, priority=priority, sent_at=message.sent_at)
        key, rung = (open_.key, open_.priority) if joined and open_ else (message.ref.key, priority)
        self.alerts[where] = OpenAlert(key, where[0], author, message.sent_at, rung)
        self.alerts.move_to_end(where)
        if len(self.alerts) > MOST_REMEMBERED:
            self.alerts.popitem(last=False)
        return key

    def _pages(self, message: Message, priority: Priority) -> Iterable[Delivery]:
        card = alert_card(message.ref, message.link, priority=priority, sent_at=message.sent_at)
        for number, account in enumerate(recipients(priority, self.desk)):
            action = DirectMessage(account, card)
            key = f"{self.desk.id}/{message.ref.key}#{number}"
            yield Delivery(key, self.desk.id, action, attempts=0, due_at=self.clock())

    def _author(self, account: AccountRef) -> str:
        author = self._authors.get(account)
        if author is None:
            if len(self._authors) >= MOST_REMEMBERED:
                self._authors.clear()
            author = self._authors[account] = author_hash(account, key=self.author_key)
        return author

    def _gather(self) -> _Unwritten:
        if self._unwritten is None:
            self._unwritten = _Unwritten(asyncio.get_running_loop().create_future())
        return self._unwritten

    def _is_full(self) -> bool:
        waiting = self._unwritten
        return waiting is not None and (
            waiting.messages >= MOST_MESSAGES or len(waiting.recorded) >= MOST_DECISIONS
        )

    async def _write(self) -> None:
        if (waiting := self._unwritten) is None:
            return
        self._unwritten = None
        self._under_way.append(waiting.written)
        written = await self.store.decisions.record(waiting.batch(self.desk.id))
        _pass_on(written, waiting.written)
        while len(self._under_way) > MOST_UNWRITTEN or _is_done(self._under_way):
            await self._under_way.popleft()


async def open_intake(  # noqa: PLR0913 - it is what the way of a message needs
    *,
    desk: Desk,
    triage: Triage,
    shelf: Shelf,
    likeness: Likeness,
    store: Store,
    clock: Clock,
    author_key: bytes,
    on_decided: OnDecided,
) -> Intake:
    """Build an intake that knows how far each channel was read and which alerts are open."""
    await store.desks.ensure(desk)
    stretches = await store.ledger.stretches(desk.id)
    latest = await store.decisions.open_alerts(desk.id, MOST_REMEMBERED)
    return Intake(
        desk=desk,
        triage=triage,
        shelf=shelf,
        likeness=likeness,
        store=store,
        clock=clock,
        author_key=author_key,
        on_decided=on_decided,
        cursors={place: Cursor(merged(done)) for place, done in stretches.items()},
        alerts=OrderedDict(((alert.place, alert.author), alert) for alert in reversed(latest)),
    )


def _pass_on(written: Awaitable[None], to: asyncio.Future[None]) -> None:
    """Settle `to` as the write is settled."""

    def settle(done: asyncio.Future[None]) -> None:
        if to.done():
            return
        if (error := done.exception()) is not None:
            to.set_exception(error)
        else:
            to.set_result(None)

    asyncio.ensure_future(written).add_done_callback(settle)


def _is_done(under_way: deque[asyncio.Future[None]]) -> bool:
    return bool(under_way) and under_way[0].done()


def _done() -> asyncio.Future[None]:
    done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    done.set_result(None)
    return done
