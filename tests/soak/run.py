"""Starts the chat and the bot, kills the bot at random moments, and looks at what is left."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from bot.domain.ledger import Count
from bot.store.engine import Store, open_store
from tests.soak.chat import Chat, at_speed
from tests.soak.setting import GRAVE, ORDINARY, START, URGENT, author, desk
from tests.soak.verdict import complaints, kept
from tests.support.databases import connected
from tests.support.waymark import ROOT, environment

SPEED = 20.0  # the bot's clock: five minutes until the next step are fifteen seconds
SHORTEST, LONGEST = 0.02, 1.4  # seconds of a life
OFTEN = 0.8  # of the lives that begin slowly begin before they end
LAST_LIFE = 150.0  # seconds in which it must come to rest
# Between two messages, in seconds; one in so many is grave, and one urgent.
PAUSE, ONE_IN = 0.015, 40


@dataclass(slots=True)
class Result:
    """What a soak found: `wrong` names all that did not add up, `figures` what there was."""

    seed: int
    chat: Chat
    wrong: list[str] = field(default_factory=list)
    figures: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Soak:
    """One run on one database. `on_kill` hears of each kill."""

    database: str
    folder: Path
    kills: int
    seed: int
    apart: bool = False
    on_kill: Callable[[], None] = lambda: None

    async def run(self) -> Result:
        began, chance = time.time(), Random(self.seed)  # noqa: S311 - trouble, no secret
        chat = Chat(Random(self.seed + 1), lambda: at_speed(START, SPEED, began, time.time()))  # noqa: S311 - as above
        server = await asyncio.start_server(chat.serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with server, open_store(self.database) as store, self._bot(port, began) as bot:
            await self._begin(bot, chat, store)
            await self._storm(bot, chat, chance)
            wrong = await self._calm(bot, chat, store)
            return await self._result(store, chat, wrong)

    @asynccontextmanager
    async def _bot(self, port: int, began: float) -> AsyncIterator[asyncio.subprocess.Process]:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.soak.bot", self.database, str(port), str(SPEED),
            str(began), str(self.folder / "bot.log"), "apart" * self.apart,
            cwd=ROOT, env={**environment(), "PYTHONWARNINGS": "", "OPENBLAS_NUM_THREADS": "1"},
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        try:
            assert await self._line(process) == "ready"
            yield process
        finally:
            assert process.stdin is not None
            process.stdin.close()
            await process.wait()

    async def _begin(self, bot: asyncio.subprocess.Process, chat: Chat, store: Store) -> None:
        """Live once in peace, so that all channels are known: a newcomer reads no past."""
        chat.calm = True
        await self._born(bot)
        await self._until(chat.has_listener)
        for number in range(40):  # some in each channel
            chat.say(ORDINARY, author(number))
        await self._until(lambda: self._all_seen(chat, store))
        chat.end()
        assert await self._line(bot) == "0"
        chat.go_on()

    async def _storm(self, bot: asyncio.subprocess.Process, chat: Chat, chance: Random) -> None:
        for _ in range(self.kills):
            child = await self._born(bot)
            # The store's process takes longer to begin than most lives last.
            if self.apart and chance.random() < OFTEN:
                await self._until(chat.has_listener)
            dies_at = time.monotonic() + chance.uniform(SHORTEST, LONGEST)
            while time.monotonic() < dies_at:
                await asyncio.sleep(min(PAUSE, max(0, dies_at - time.monotonic())))
                _say(chat, chance)
            os.kill(child, signal.SIGKILL)
            code = await self._line(bot)
            assert code in (str(-signal.SIGKILL), "0"), f"the bot ended by itself: {code}"
            _say(chat, chance)  # while nobody listens
            self.on_kill()

    async def _calm(self, bot: asyncio.subprocess.Process, chat: Chat, store: Store) -> list[str]:
        """Let it live until nothing is left to do, and end in peace."""
        chat.calm = True
        await self._born(bot)
        try:
            await self._until(lambda: self._is_quiet(chat, store))
        except TimeoutError:
            waiting = (await store.deliveries.counts(desk().id))["pending"]
            return [f"not at rest: {waiting} deliveries and {len(chat.presses)} presses wait"]
        finally:
            chat.end()
            code = await self._line(bot)
        return [] if code == "0" else [f"the last life ended with {code}"]

    async def _born(self, bot: asyncio.subprocess.Process) -> int:
        assert bot.stdin is not None
        bot.stdin.write(b"live\n")
        await bot.stdin.drain()
        return int(await self._line(bot))

    async def _line(self, bot: asyncio.subprocess.Process) -> str:
        assert bot.stdout is not None
        return (await bot.stdout.readline()).decode().strip()

    async def _until(self, is_so: Callable[[], Awaitable[bool]]) -> None:
        async with asyncio.timeout(LAST_LIFE):
            while not await is_so():  # noqa: ASYNC110 - another process tells nobody
                await asyncio.sleep(0.1)

    async def _all_seen(self, chat: Chat, store: Store) -> bool:
        totals = await store.ledger.totals(desk().id)
        return totals[Count.SEEN] >= len(chat.said)

    async def _is_quiet(self, chat: Chat, store: Store) -> bool:
        """Tell whether nothing is left to send, to look for, to draw again, or to answer."""
        pending = (await store.deliveries.counts(desk().id))["pending"]
        open_ = await store.searches.open(desk().id) + len(await store.alerts.stale(desk().id, 1))
        return await self._all_seen(chat, store) and not (pending or open_ or chat.presses)

    async def _result(self, store: Store, chat: Chat, wrong: list[str]) -> Result:
        async with connected(self.database) as database:
            found = [*wrong, *await complaints(store, database, chat)]
            rows = await kept(database)
        pages = [row for row in rows.deliveries if row.version > 0]
        figures = {
            "kills": self.kills,
            "messages": len(chat.said),
            "alerts": len(rows.alerts),
            "pages delivered": sum(row.state == "delivered" for row in pages),
            "pages buried": sum(row.state == "buried" for row in pages),
            "pages withdrawn": sum(row.state == "withdrawn" for row in pages),
            "pages held back": sum(row.fate != "sent" for row in rows.pages),
            "asked for again": sum(n > 1 for n in chat.asked.values()),
            "done, receipt lost": sum(
                row.state != "delivered" and row.key in chat.done and row.edits is None
                for row in rows.deliveries
            ),
            **chat.troubles,
        }
        return Result(self.seed, chat, found, figures)


def _say(chat: Chat, chance: Random) -> None:
    roll = chance.randrange(ONE_IN)
    text = {0: GRAVE, 1: URGENT}.get(roll, ORDINARY)
    chat.say(text, author(len(chat.said)))
