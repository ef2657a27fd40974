"""A platform without a network: plays a list of events, does what it is told or fails as told."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.action import Action, Receipt
from bot.domain.event import Event
from bot.domain.message import PlatformName
from bot.ports import Capabilities, Inbox


@dataclass(slots=True, eq=False)
class ScriptedPlatform:
    """`failures` are raised by the next performs, one each; what was done is in `performed`."""

    events: Sequence[Event] = ()
    failures: list[Exception] = field(default_factory=list)
    performed: dict[str, Action] = field(default_factory=dict)
    attempts: int = 0

    @property
    def name(self) -> PlatformName:
        return PlatformName("discord")

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(threads=True, buttons=True, history=False, max_text=2_000)

    async def run(self, inbox: Inbox) -> None:
        for event in self.events:
            await inbox.take(event)

    async def perform(self, action: Action, *, key: str) -> Receipt:
        self.attempts += 1
        if self.failures:
            raise self.failures.pop(0)
        self.performed.setdefault(key, action)
        return Receipt(f"receipt of {key}")


@dataclass(slots=True, eq=False)
class FedPlatform(ScriptedPlatform):
    """Stays connected until it is cancelled; a test hands it events whenever it likes."""

    fed: asyncio.Queue[Event] = field(default_factory=asyncio.Queue)

    async def feed(self, *events: Event) -> None:
        """Return when all of them have been taken."""
        for event in events:
            self.fed.put_nowait(event)
        await self.fed.join()

    async def run(self, inbox: Inbox) -> None:
        while True:
            await inbox.take(await self.fed.get())
            self.fed.task_done()


@dataclass(slots=True)
class Hands:
    """A clock with hands that a test turns."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def turn(self, **by: float) -> None:
        self.now += timedelta(**by)
