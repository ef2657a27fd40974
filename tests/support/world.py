"""One desk with the real store on a scripted platform, and all that a test looks at."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from pathlib import Path

from bot.app import App, build
from bot.data.weights import TrainedModels
from bot.domain.action import DirectMessage
from bot.domain.decision import Batch, Recorded
from bot.domain.desk import Desk
from bot.domain.event import Event, Opened, Posted
from bot.domain.ledger import Count
from bot.domain.message import AccountRef, Place
from bot.domain.practitioner import Practitioner
from bot.knowledge import Knowledge, know, load_knowledge
from bot.settings import Settings
from bot.store.engine import Store
from bot.triage.read import Models
from bot.workers.sorter import Sorter
from bot.workers.turns import Pace
from tests.support.build import DISCORD, NOON, account, place
from tests.support.build import desk as plain_desk
from tests.support.build import message as built
from tests.support.scripted import Hands, ScriptedPlatform
from tests.support.storefile import open_file

GRAVE = "i want to kill myself"
URGENT = "i wish i was dead"
SOON = "they havent paid me for two months"
FIRST, SECOND, LAST = account("101"), account("102"), account("199")
KEY = b"k" * 40


@dataclass(slots=True)
class World:
    """Everything of one desk, and what a test looks at."""

    app: App
    store: Store
    platform: ScriptedPlatform
    clock: Hands
    desk: Desk

    async def hears(self, *events: Event) -> None:
        """Hand over events as one connection would, then let all that follows happen."""
        self.platform.events = events
        await self.app.run()

    async def recorded(self) -> list[Recorded]:
        stream = self.store.decisions.stream(self.desk.id, places=None, since=None, until=None)
        return [recorded async for recorded in stream]

    async def on_disk(self) -> list[Recorded]:
        """Wait for the writes under way, and give what is recorded."""
        await (await self.store.decisions.record(Batch(self.desk.id, (), ())))
        return await self.recorded()

    async def counted(self) -> dict[Count, int]:
        totals = await self.store.ledger.totals(self.desk.id)
        return {count: n for count, n in totals.items() if n}

    def told(self) -> list[AccountRef]:
        performed = self.platform.performed.values()
        return [action.to for action in performed if isinstance(action, DirectMessage)]


@cache
def knowledge() -> Knowledge:
    return load_knowledge(Settings())


def desk() -> Desk:
    people = (Practitioner("Ada", FIRST), Practitioner("Bo", SECOND))
    return replace(plain_desk(), practitioners=people, last_resort=LAST)


def reading_with(models: Models) -> Knowledge:
    """Give the shipped rules and claims, with models that a test made by hand."""
    shipped = knowledge()
    return know(
        rules=shipped.rules,
        catalogue=shipped.catalogue,
        registry=shipped.registry,
        models=TrainedModels(models, {}, {}),
        meaning=shipped.meaning,
    )


@asynccontextmanager
async def world(
    path: Path,
    desk_: Desk | None = None,
    *,
    knows: Knowledge | None = None,
    pace: Pace = Pace.LIVE,
    platform: ScriptedPlatform | None = None,
    sorter: Sorter | None = None,
) -> AsyncIterator[World]:
    """Open the desk; with the same `path`, again on what an earlier one left."""
    chat, chosen = platform or ScriptedPlatform(), desk_ or desk()
    clock = Hands(NOON + timedelta(hours=2))
    async with open_file(path / "way.db") as store:
        app = await build(
            desk=chosen,
            knowledge=knows or knowledge(),
            store=store,
            platforms={DISCORD: chat},
            clock=clock,
            chance=lambda: 0.5,
            author_key=KEY,
            on_decided=lambda _message, _recorded: None,
            pace=pace,
            sorter=sorter,
        )
        yield World(app, store, chat, clock, chosen)


def said(*texts: str, first: int = 1, where: Place | None = None) -> Sequence[Event]:
    """A place is opened, then one message a minute."""
    messages = [built(n, text, where) for n, text in enumerate(texts, start=first)]
    return [Opened(where or place()), *map(Posted, messages)]
