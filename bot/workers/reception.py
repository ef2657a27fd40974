"""Where all that platforms tell comes in: messages are read, askings answered, news followed."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeAlias

from bot.domain.command import Choice
from bot.domain.event import (
    Asking,
    Chosen,
    Commanded,
    Event,
    News,
    Opened,
    Posted,
    Pressed,
    ReadBack,
    Reconnected,
    Submitted,
    Typing,
)

Read: TypeAlias = Callable[[Event], Awaitable[Awaitable[None]]]
# Each gives the key of the alert that was closed by it, if one was.
OnPressed: TypeAlias = Callable[[Pressed], Awaitable[str | None]]
OnAsked: TypeAlias = Callable[[Commanded | Chosen | Submitted], Awaitable[str | None]]
OnNews: TypeAlias = Callable[[News], Awaitable[None]]
OnTyping: TypeAlias = Callable[[Typing], Awaitable[tuple[Choice, ...]]]


@dataclass(frozen=True, slots=True)
class Reception:
    """The Inbox of a desk. `read` takes places and messages, and hears of news before they follow.

    `on_closed` hears which alert an asking has closed: the next message of its author is a new one.
    """

    read: Read
    on_pressed: OnPressed
    on_asked: OnAsked
    on_news: OnNews
    on_typing: OnTyping
    on_closed: Callable[[str], None]

    async def take(self, event: Event) -> Awaitable[None]:
        """See `bot.ports.Inbox`."""
        match event:
            case Posted() | ReadBack() | Opened() | Reconnected():
                return await self.read(event)
            case Pressed() | Commanded() | Chosen() | Submitted():
                await self._ask(event)
                return done()
            case _:
                written = await self.read(event)
                await self.on_news(event)
                return written

    async def suggest(self, typing: Typing) -> tuple[Choice, ...]:
        """See `bot.ports.Inbox`."""
        return await self.on_typing(typing)

    async def _ask(self, asking: Asking) -> None:
        if isinstance(asking, Pressed):
            closed = await self.on_pressed(asking)
        else:
            closed = await self.on_asked(asking)
        if closed is not None:
            self.on_closed(closed)


def done() -> asyncio.Future[None]:
    """Give an awaitable for what needs no waiting."""
    future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    future.set_result(None)
    return future
