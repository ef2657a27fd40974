"""Discord in a process of its own, for the benchmark: it writes what it is told to, and notes when.

    python -m tests.bench.discordload CHANNELS

It prints its address. Then each line of standard input is a wish, `MESSAGES RATE GRAVE`: so many
messages, so many a second (0: at once), one in so many of which calls for a page. `told PAGES` is
answered by one line of JSON: the seconds from the frame of a grave message to the first request for
a page about it, of as many as came. `sent` is answered by the moment at which the last flood went
out, by the clock that all processes of the machine share.

It leaves one core to whoever is measured: Discord is on another machine.
"""

import asyncio
import json
import re
import sys
from contextlib import suppress
from datetime import UTC, datetime
from itertools import count
from time import perf_counter
from typing import Any

from bot.cores import stand_aside
from tests.bench.chat import texts
from tests.support.discord_desk import ADA, BO, LAST
from tests.support.fake_discord.server import FakeDiscord, fake_discord
from tests.support.fake_discord.state import SEND_MESSAGES, VIEW_CHANNEL
from tests.support.live import GRAVE

GUILD, FIRST_CHANNEL, FIRST_MEMBER, MEMBERS = "10", 100_000, 10_000, 200
PATIENCE = 20.0  # seconds for the last pages
_LINK = re.compile(r"discord\.com/channels/\d+/\d+/(\d+)")


class Noted(list[Any]):
    """What was sent to the fake server; notes when each message was first paged about."""

    def __init__(self) -> None:
        super().__init__()
        self.paged: dict[str, float] = {}

    def append(self, body: Any) -> None:  # noqa: ANN401 - a payload
        now = perf_counter()
        found = _LINK.search(json.dumps(body))
        if found:
            self.paged.setdefault(found[1], now)


class Load:
    """Writes messages; remembers the grave ones."""

    def __init__(self, server: FakeDiscord, channels: list[str]) -> None:
        self.server = server
        self.channels = channels
        self.noted = Noted()
        self.said: dict[str, float] = {}
        self.sent = 0.0
        self._members = count()
        self._seed = 0
        server.rest.bodies = self.noted

    async def write(self, messages: int, rate: float, grave: int) -> None:
        self._seed += 1  # other words each time
        if rate:
            began = perf_counter()
            for number, text in enumerate(texts(messages, self._seed, share=0)):
                if (wait := began + number / rate - perf_counter()) > 0:
                    await asyncio.sleep(wait)
                at = perf_counter()
                for id_ in await self._say(number, text, grave):
                    self.said[id_] = at
            return
        # The frames are made before: making one takes longer than the bot takes to read it.
        async with self.server.gateway.in_one_go():
            ids = [
                id_
                for number, text in enumerate(texts(messages, self._seed, share=0))
                for id_ in await self._say(number, text, grave)
            ]
            self.sent = perf_counter()
            self.said |= dict.fromkeys(ids, self.sent)

    async def _say(self, number: int, text: str, grave: int) -> list[str]:
        """Say one thing, and give its id if it is grave."""
        where = self.channels[number % len(self.channels)]
        if not grave or number % grave != grave // 2:
            await self.server.say(where, str(FIRST_MEMBER + number % MEMBERS), text)
            return []
        # Each by somebody else: else they would join one alert.
        who = str(FIRST_MEMBER + MEMBERS + next(self._members))
        self.server.state.add_member(GUILD, who)
        made = await self.server.say(where, who, GRAVE)
        del self.server.state.users[who]
        return [made["id"]]

    async def told(self, pages: int) -> list[float]:
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                while len(self.said.keys() & self.noted.paged.keys()) < pages:  # noqa: ASYNC110 - it tells nobody
                    await asyncio.sleep(0.01)
        paged = self.noted.paged
        found = [paged[id_] - at for id_, at in self.said.items() if id_ in paged]
        self.said.clear()
        paged.clear()
        return found


async def serve(channels: int) -> None:
    async with fake_discord(lambda: datetime.now(UTC)) as server:
        where = ["20"]
        for who in (ADA, BO, LAST):
            server.state.add_member(GUILD, who)
        for number in range(MEMBERS):
            server.state.add_member(GUILD, str(FIRST_MEMBER + number))
        if channels > 1:
            # Without their history: reading back thousands of channels is another matter.
            everyone = server.state.guilds[GUILD].roles[GUILD]
            everyone["permissions"] = str(VIEW_CHANNEL | SEND_MESSAGES)
            where = [str(FIRST_CHANNEL + number) for number in range(channels)]
            for id_ in where:
                server.state.add_channel(id_, f"channel-{id_}")
        load = Load(server, where)
        print(server.gateway.address(), flush=True)  # noqa: T201 - told to the other process
        loop = asyncio.get_running_loop()
        while wish := (await loop.run_in_executor(None, sys.stdin.readline)).split():
            if wish[0] == "told":
                print(json.dumps(await load.told(int(wish[1]))), flush=True)  # noqa: T201 - as above
            elif wish[0] == "sent":
                print(json.dumps(load.sent), flush=True)  # noqa: T201 - as above
            else:
                await load.write(int(wish[0]), float(wish[1]), int(wish[2]))


if __name__ == "__main__":
    stand_aside()
    asyncio.run(serve(int(sys.argv[1])))
