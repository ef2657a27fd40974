"""The bot's side of the chat: a platform whose server is another process and outlives the bot."""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.domain.action import Action, Receipt
from bot.domain.event import Pressed
from bot.domain.message import AccountRef, Message, MessageRef, Place, PlatformName
from bot.domain.setup import Found, Need
from bot.domain.space import SpaceRef, Standing
from bot.ports import Capabilities, Inbox, Permanent, Temporary
from tests.soak import wire
from tests.support.build import DISCORD

PAGE = 20


@dataclass(frozen=True, slots=True)
class Ask:
    """A request to the chat: one connection, one answer."""

    what: str
    details: tuple[object, ...] = ()


@dataclass(frozen=True, slots=True)
class RemotePlatform:
    port: int

    @property
    def name(self) -> PlatformName:
        return DISCORD

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(threads=True, buttons=True, history=True, max_text=2_000)

    async def run(self, inbox: Inbox) -> None:
        """Hand over what the chat says until it says goodbye; a press is acknowledged when done."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        await wire.write(writer, Ask("listen"))
        while (event := await wire.read(reader)) is not None:
            written = await inbox.take(event)
            if isinstance(event, Pressed):
                await written
                await wire.write(writer, event.id)
        writer.close()

    async def perform(self, action: Action, *, key: str) -> Receipt:
        match await self._ask(Ask("perform", (key, action))):
            case Receipt() as receipt:
                return receipt
            case ("temporary", after):
                raise Temporary("busy", retry_after=after and timedelta(seconds=after))
            case _:
                raise Permanent("takes no direct messages")

    async def find(self, action: Action, *, key: str, since: datetime) -> Receipt | None:  # noqa: ARG002 - the port's
        match await self._ask(Ask("find", (key,))):
            case Receipt() as receipt:
                return receipt
            case "nothing":
                return None
            case _:
                raise Temporary("busy")

    async def history(self, place: Place, *, after: str | None) -> AsyncIterator[Message]:
        while True:
            page = await self._ask(Ask("history", (place, after)))
            if page is None:
                raise Temporary("busy")
            for message in page:
                yield message
            if after is None or len(page) < PAGE:
                return
            after = page[-1].position

    async def fetch(self, ref: MessageRef) -> Message | None:
        raise NotImplementedError(ref)

    async def called(self, space: SpaceRef, ids: Collection[str]) -> Mapping[str, str]:
        raise NotImplementedError(space, ids)

    async def inspect(self, space: SpaceRef, needs: Sequence[Need]) -> tuple[Found, ...]:
        raise NotImplementedError(space, needs)

    async def standing(self, who: AccountRef, space: SpaceRef) -> Standing:
        raise NotImplementedError(who, space)

    def shows(self, place: Place, to: AccountRef) -> bool:
        raise NotImplementedError(place, to)

    async def _ask(self, ask: Ask) -> Any:  # noqa: ANN401 - what the chat answers to it
        """Ask on a connection of its own; an answer that does not come may or may not be."""
        writer: asyncio.StreamWriter | None = None
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            await wire.write(writer, ask)
            return await wire.read(reader)
        except (OSError, asyncio.IncompleteReadError) as failure:
            raise Temporary("the connection broke") from failure
        finally:
            if writer is not None:
                writer.close()
