"""Whether it all added up: what was said, what is on disk, and what people got."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, select

from bot.domain.action import Action, DirectMessage
from bot.domain.alert import What
from bot.domain.ledger import Count
from bot.domain.message import AccountRef, Message
from bot.domain.page import Fate
from bot.domain.reading import Priority
from bot.store.database import Database
from bot.store.engine import Store
from bot.store.schema import ALERT, AUDIT, DELIVERY, PAGE
from tests.soak.chat import Chat
from tests.soak.setting import ADA, BO, GRAVE, LAST, PAGES, START, URGENT, desk

DESK = desk().id
FRESH = timedelta(minutes=3)  # on the bot's clock, which is fast
_DESERVES = {GRAVE: Priority.P0, URGENT: Priority.P1}


@dataclass(frozen=True, slots=True)
class Kept:
    """What stands in the database, as rows."""

    alerts: Sequence[Row[*tuple[Any, ...]]]
    deliveries: Sequence[Row[*tuple[Any, ...]]]
    pages: Sequence[Row[*tuple[Any, ...]]]
    deeds: Sequence[Row[*tuple[Any, ...]]]


async def kept(database: Database) -> Kept:
    async with database.reading() as connection:
        found = [
            (await connection.execute(select(table))).all()
            for table in (ALERT, DELIVERY, PAGE, AUDIT)
        ]
    return Kept(*found)


async def complaints(store: Store, database: Database, chat: Chat) -> list[str]:
    """Name everything that is not as it should be."""
    rows = await kept(database)
    deserve = [one for one in chat.said if one.text in _DESERVES]
    return [
        *await _ledger(store, chat),
        *_alerts(rows, deserve),
        *_delivered(rows, chat),
        *_copies(rows, chat),
        *(said for message in deserve for said in _reached(rows, chat, message)),
        *_budget(rows),
    ]


async def _ledger(store: Store, chat: Chat) -> list[str]:
    totals = await store.ledger.totals(DESK)
    said = [f"{sums} does not add up" for sums in await store.ledger.unbalanced(DESK)]
    if totals[Count.SEEN] != len(chat.said):
        said.append(f"{len(chat.said)} were said, {totals[Count.SEEN]} are counted as seen")
    adrift = await store.alerts.adrift(DESK, START)
    return [*said, *(f"{key} has no next step: {why}" for key, why in adrift)]


def _alerts(rows: Kept, deserve: Sequence[Message]) -> list[str]:
    """Expect one alert for each message that deserves one, and no other."""
    expected = {one.ref.key: _DESERVES[one.text] for one in deserve}
    found = {row.key: Priority(row.priority) for row in rows.alerts}
    missed = [f"{key} has no alert" for key in expected if key not in found]
    wrong = [f"{key} is {found[key]!r}" for key in found if expected.get(key) != found[key]]
    taken = Counter(row.alert for row in rows.deeds if row.what == What.TAKEN)
    twice = [f"{key} was taken {n} times" for key, n in taken.items() if n > 1]
    return [*missed, *wrong, *twice]


def _delivered(rows: Kept, chat: Chat) -> list[str]:
    """Expect that what was done stands in the outbox, and what it says was done was done."""
    states = {row.key: row.state for row in rows.deliveries}
    strange = [f"{key} was done, but never asked for" for key in chat.done if key not in states]
    claimed = [key for key, state in states.items() if state == "delivered"]
    never = [f"{key} is called delivered, but was not" for key in claimed if key not in chat.done]
    # What the last second brought, the next life delivers; what is older is stuck.
    old = chat.clock() - FRESH
    waiting = [
        f"{row.key} still waits"
        for row in rows.deliveries
        if row.state == "pending" and row.first_due_at < old
    ]
    return [*strange, *never, *waiting]


def _copies(rows: Kept, chat: Chat) -> list[str]:
    """Expect that each copy that people have shows its case as it is."""
    versions = {row.key: row.version for row in rows.alerts if not row.stale}
    drawn: defaultdict[str, int] = defaultdict(int)
    for key in chat.done:
        copy, _, version = key.rpartition("~")
        drawn[copy] = max(drawn[copy], int(version) if copy else 0)
    said = []
    for row in rows.deliveries:
        now, shown = versions.get(row.alert), max(row.version, drawn[row.key])
        if row.version > 0 and row.key in chat.done and now is not None and shown < now:
            said.append(f"{row.key} shows version {shown} of its case, which is at {now}")
    return said


def _reached(rows: Kept, chat: Chat, message: Message) -> list[str]:
    """Expect each step's page once with each of the right people."""
    key = message.ref.key
    pages = [row for row in rows.deliveries if row.alert == key and row.version > 0]
    done = [(row, chat.done[row.key]) for row in pages if row.key in chat.done]
    said = []
    told = Counter((row.version, _to(action)) for row, action in done)
    said += [
        f"{key}: {who} got {n} pages of step {step}" for (step, who), n in told.items() if n > 1
    ]
    if strangers := {_to(action) for _, action in done} - {ADA, BO, LAST}:
        said.append(f"{key} went to {strangers}")
    withheld = {row.who for row in rows.pages if row.alert == key and row.fate != Fate.SENT}
    first = min((row.version for row in pages), default=0)
    meant = {_to(row.action) for row in pages if row.version == first}
    expected = {ADA, BO} if message.text == GRAVE else None
    if expected is not None and meant != expected:
        said.append(f"{key}: the first page was meant for {meant}")
    if expected is None and not (meant or withheld):
        said.append(f"{key} was neither sent nor counted as held back")
    if not done and not withheld:
        said.append(f"{key} reached nobody")
    buried = any(row.state == "buried" for row in pages)
    if buried and not any(_to(row.action) == LAST for row in pages) and len(meant) == len(pages):
        said.append(f"{key} was buried, and nobody was told instead")
    return said


def _budget(rows: Kept) -> list[str]:
    sent: defaultdict[AccountRef, set[str]] = defaultdict(set)
    for row in rows.pages:
        if row.fate == Fate.SENT and row.who != LAST:
            sent[row.who].add(row.alert)
    return [f"{who} was called for {len(a)} alerts" for who, a in sent.items() if len(a) > PAGES]


def _to(action: Action) -> AccountRef | None:
    return action.to if isinstance(action, DirectMessage) else None
