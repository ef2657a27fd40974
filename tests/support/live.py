"""A desk that is live on a scripted platform, read by the cues alone, with a clock to turn."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import time, timedelta
from functools import cache
from pathlib import Path

from bot.app import App, Watch, build
from bot.data.claims import load_claims
from bot.data.resources import load_resources
from bot.data.rules import load_rules
from bot.domain.action import DirectMessage
from bot.domain.card import Card
from bot.domain.desk import Desk
from bot.domain.event import Event, Opened, Posted
from bot.domain.ledger import Count
from bot.domain.message import AccountRef, Message, PlatformName
from bot.domain.practitioner import Practitioner
from bot.knowledge import Knowledge, know
from bot.ports import Platform
from bot.settings import Settings
from bot.store.engine import Store
from bot.workers.auditor import Check
from bot.workers.turns import Pace
from tests.support.build import DISCORD, NOON, account, place
from tests.support.build import desk as plain_desk
from tests.support.build import message as built
from tests.support.scripted import Hands, ScriptedPlatform
from tests.support.storefile import open_file

GRAVE = "i want to kill myself"
ON_DUTY, SUPERVISOR, LAST = account("101"), account("150"), account("199")


@cache
def cues_alone() -> Knowledge:
    settings = Settings()
    return know(
        rules=load_rules(settings.cues),
        catalogue=load_resources(settings.resources),
        registry=load_claims(settings.claims),
        models=None,
        meaning=None,
    )


def desk() -> Desk:
    return replace(
        plain_desk(),
        practitioners=(Practitioner("Ada", ON_DUTY),),
        last_resort=LAST,
        supervisor=SUPERVISOR,
        statement_at=time(8),
        time_zone="Europe/London",
    )


@dataclass(slots=True)
class Live:
    """Everything of one desk that is running, and what a test looks at."""

    app: App
    store: Store
    platform: ScriptedPlatform
    clock: Hands
    tasks: asyncio.TaskGroup
    running: asyncio.Task[None] | None = None

    @property
    def watch(self) -> Watch:
        assert self.app.watch is not None
        return self.app.watch

    async def hears(self, *events: Event) -> None:
        """Hand over events as one connection would, then let all that follows happen."""
        self.platform.events = events
        await self.app.run()

    async def hears_without_end(self, *events: Event) -> None:
        """Hand over events on a connection that stays; it is cut when the test is over."""
        self.platform.events, self.platform.stays = events, True
        self.running = self.tasks.create_task(self.app.run())

    async def until(self, is_so: Callable[[], bool]) -> None:
        """Let the others work until it is so; pytest's time-out is the limit."""
        while not is_so():  # noqa: ASYNC110 - what is waited for tells nobody
            await asyncio.sleep(0)

    def beat(self, *workers: str) -> None:
        """Let these workers have come round just now."""
        for worker in workers:
            self.watch.auditor.heartbeats.expect(worker, every=timedelta(seconds=1))

    async def counted(self) -> dict[Count, int]:
        totals = await self.store.ledger.totals("north")
        return {count: n for count, n in totals.items() if n}

    async def decided(self) -> list[str]:
        return [one.ref.id async for one in self.store.decisions.stream("north")]

    def cards(self, to: AccountRef) -> list[Card]:
        performed = self.platform.performed.values()
        return [a.card for a in performed if isinstance(a, DirectMessage) and a.to == to]


@asynccontextmanager
async def live(
    folder: Path,
    platform: ScriptedPlatform | None = None,
    *,
    checks: Sequence[Check] = (),
    platforms: Mapping[PlatformName, Platform] | None = None,
    clock: Hands | None = None,
    pace: Pace = Pace.LIVE,
) -> AsyncIterator[Live]:
    """Start the desk, or start it again on what is left in `folder`. It is two hours after noon."""
    chat, hands = platform or ScriptedPlatform(), clock or Hands(NOON)
    if clock is None:
        hands.turn(hours=2)
    async with open_file(folder / "live.db") as store:
        app = await build(
            desk=desk(),
            knowledge=cues_alone(),
            store=store,
            platforms={DISCORD: chat} if platforms is None else platforms,
            clock=hands,
            chance=lambda: 0.5,
            author_key=b"k" * 40,
            on_decided=lambda _message, _recorded: None,
            pace=pace,
            more_checks=checks,
        )
        async with asyncio.TaskGroup() as tasks:
            here = Live(app, store, chat, hands, tasks)
            yield here
            if here.running is not None:
                here.running.cancel()


def wrote(*numbers: int, text: str = "hello") -> list[Message]:
    """Messages of one place, one a minute after noon by their numbers."""
    return [built(number, text) for number in numbers]


def heard(*numbers: int, text: str = "hello") -> Sequence[Event]:
    """A connection opens the place and brings these messages."""
    return [Opened(place()), *map(Posted, wrote(*numbers, text=text))]
