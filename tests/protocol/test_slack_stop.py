"""A stop while something is being answered: nothing of it goes on when the platform has ended."""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.command import Command, Table
from bot.domain.event import Commanded, Event, Posted, SpaceJoined
from tests.support.slacktown import Heard, slacktown

TABLE = Table(nouns={"duty": "Who is on duty"}, commands=(Command("duty", "on", "Go on duty"),))
TURNS = 1_000  # of the loop: hanging up takes some twenty


@dataclass(slots=True)
class Slow(Heard):
    """Takes for ever over what is typed."""

    was_stopped: bool = False

    async def take(self, event: Event) -> Awaitable[None]:
        written = await Heard.take(self, event)
        if isinstance(event, Commanded):
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                self.was_stopped = True
                raise
        return written


async def _after_turns(held: asyncio.Future[None]) -> None:
    for _ in range(TURNS):
        await asyncio.sleep(0)
    held.set_result(None)


async def test_what_is_on_its_way_to_the_disk_is_acknowledged_first() -> None:
    async with slacktown() as here:
        async with here.running():
            await here.inbox.until(SpaceJoined)
            held = here.inbox.held = asyncio.get_running_loop().create_future()
            envelope = await here.town.say(here.jobs, "UPIP", "hello")
            await here.inbox.until(Posted)
            releasing = asyncio.ensure_future(_after_turns(held))
        assert releasing.done()
        await envelope.acknowledged.wait()


async def test_what_takes_too_long_is_broken_off() -> None:
    inbox = Slow()
    async with slacktown(TABLE, deadline=timedelta()) as here:
        async with here.running(inbox):
            await inbox.until(SpaceJoined)
            await here.town.interacts(here.town.command(here.jobs, "UADA", "duty on"))
            await inbox.until(Commanded)
        assert inbox.was_stopped
