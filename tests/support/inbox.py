"""An inbox that keeps what it is handed."""

import asyncio
from collections.abc import Awaitable
from pathlib import Path

from adapters.transcript.platform import TranscriptPlatform as Transcript
from adapters.transcript.window import Window
from bot.domain.command import Choice
from bot.domain.event import Event, Opened, Posted, Typing
from bot.domain.message import Message, Place


class ListInbox:
    """Everything is on disk at once: the awaitable that it gives back is done."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.typed: list[Typing] = []
        self.choices: tuple[Choice, ...] = ()

    async def take(self, event: Event) -> Awaitable[None]:
        self.events.append(event)
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        done.set_result(None)
        return done

    async def suggest(self, typing: Typing) -> tuple[Choice, ...]:
        self.typed.append(typing)
        return self.choices

    @property
    def messages(self) -> list[Message]:
        return [event.message for event in self.events if isinstance(event, Posted)]

    @property
    def opened(self) -> list[Place]:
        return [event.place for event in self.events if isinstance(event, Opened)]


async def replayed(*paths: Path, window: Window | None = None) -> tuple[ListInbox, Transcript]:
    """What came out of a replay of `paths`, and the platform with what it says about them."""
    inbox, platform = ListInbox(), Transcript(paths, window=window or Window())
    await platform.run(inbox)
    return inbox, platform
