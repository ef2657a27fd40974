"""A practice community with people who speak through its own door: a WebSocket, as a page does."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, ClientWebSocketResponse

from adapters.local.clock import PracticeClock
from adapters.local.people import LOCAL, Channel, Community, Person
from adapters.local.platform import LocalPlatform
from adapters.local.server import Server
from adapters.local.tour import ScriptLine
from bot.domain.command import Table
from bot.domain.message import AccountRef
from bot.domain.space import Role
from bot.ports import Inbox
from tests.support.build import NOON
from tests.support.inbox import ListInbox
from tests.support.scripted import Hands

# The first channel and the first person are those of `tests.support.build`.
PEOPLE = (
    Person("7", "Mina", Role.MEMBER),
    Person("8", "Tomas", Role.MEMBER),
    Person("aino", "Aino", Role.PRACTITIONER),
    Person("maya", "Maya", Role.MODERATOR),
    Person("sam", "Sam", Role.SUPERVISOR),
    Person("waymark", "Waymark", plays=True),
    Person("script", "A player", plays=True),
)
COMMUNITY = Community("Test community", (Channel("20"), Channel("off-topic")), PEOPLE)


def who(id_: str) -> AccountRef:
    return AccountRef(LOCAL, id_)


@dataclass(slots=True)
class Visitor:
    """One window, as the page would use it."""

    socket: ClientWebSocketResponse
    heard: list[dict[str, Any]] = field(default_factory=list)

    async def ask(self, do: str, **what: object) -> None:
        await self.socket.send_json({"do": do, **what})

    async def says(self, text: str, where: str = "20", thread: str | None = None) -> dict[str, Any]:
        """Say something, and give it as it is shown."""
        await self.ask("say", where=where, text=text, thread=thread)
        while True:
            shown: dict[str, Any] = await self.hears("message")
            if shown["text"] == text:
                return shown

    async def hears(self, what: str) -> Any:  # noqa: ANN401 - JSON
        """Wait for the next news of a kind; what comes before it is in `heard`."""
        while True:
            news: dict[str, Any] = await self.socket.receive_json()
            self.heard.append(news)
            if what in news:
                return news[what] if len(news) == 1 else news

    async def so_far(self) -> list[dict[str, Any]]:
        """Give all that was heard up to now: a page is asked for, and answered in its turn."""
        await self.ask("page", where="20")
        await self.hears("page")
        return self.heard


@dataclass(slots=True)
class Open:
    """A community that is being served."""

    platform: LocalPlatform
    inbox: ListInbox
    address: str
    web: ClientSession
    running: asyncio.Task[None]

    @property
    def origin(self) -> str:
        found = re.match(r"http://[^/]+", self.address)
        assert found is not None
        return found[0]

    async def visitor(self, id_: str) -> Visitor:
        socket = await self.web.ws_connect(f"{self.address}socket", origin=self.origin)
        visitor = Visitor(socket)
        await visitor.ask("hello", who=id_)
        await visitor.hears("hello")
        return visitor


def local_platform(folder: Path, table: Table | None = None) -> LocalPlatform:
    return LocalPlatform(COMMUNITY, folder, PracticeClock(Hands(NOON)), table or Table())


@asynccontextmanager
async def opened(
    folder: Path,
    *,
    table: Table | None = None,
    script: tuple[ScriptLine, ...] = (),
    inbox: ListInbox | None = None,
) -> AsyncIterator[Open]:
    """Open a community, or open it again on what is left in `folder`."""
    platform, listening = local_platform(folder, table), inbox or ListInbox()
    ready = asyncio.get_running_loop().create_future()
    platform.opens = lambda here, heard: Server(
        here, heard, port=0, script=script, on_ready=ready.set_result
    )
    async with ClientSession() as web, asyncio.TaskGroup() as tasks:
        running = tasks.create_task(platform.run(listening))
        yield Open(platform, listening, await ready, web, running)
        running.cancel()


class Visited(LocalPlatform):
    """Is left as soon as a member has said three things: what the contract needs of a platform."""

    async def run(self, inbox: Inbox) -> None:
        ready = asyncio.get_running_loop().create_future()
        self.opens = lambda here, heard: Server(here, heard, port=0, on_ready=ready.set_result)
        async with ClientSession() as web, asyncio.TaskGroup() as tasks:
            running = tasks.create_task(LocalPlatform.run(self, inbox))
            visitor = await Open(self, ListInbox(), await ready, web, running).visitor("7")
            for text in ("Hello", "Which course?\nI have none.", "Thank you"):
                await visitor.says(text)
            await self.settle()
            running.cancel()


def visited(folder: Path) -> Visited:
    return Visited(COMMUNITY, folder, PracticeClock(Hands(NOON)))
