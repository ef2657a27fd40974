"""The Slack platform on the fake server: one workspace with two channels and four people."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from adapters.slack.history import OWN, Reach
from adapters.slack.platform import Setup, SlackPlatform, slack
from bot.domain.command import Choice, Table
from bot.domain.event import Event, Posted, Typing
from bot.ports import Inbox, Platform
from tests.support.build import NOON
from tests.support.fake_slack.people import Town, settle_in
from tests.support.fake_slack.server import APP_TOKEN, BOT_TOKEN, SECRET, FakeSlack, fake_slack
from tests.support.fake_slack.workspace import Channel
from tests.support.inbox import ListInbox
from tests.support.scripted import Hands

_SAID = ("Which course?", "An <https://example.org|open> one &amp; free", "Thanks")
# Seconds; a cut connection is found after as long. Left alone, the platform pings as it is shipped:
# after four pings without an answer it connects anew, and what a test sends meanwhile may be lost.
# A machine that is busy for two seconds is to cut no connection of a test that cuts none.
CUT: dict[str, Any] = {"ping_every": 0.5}


@dataclass(slots=True)
class Heard(ListInbox):
    """Keeps what it is handed, and wakes whoever waits for it. `held` keeps it from the disk."""

    events: list[Event] = field(default_factory=list)
    typed: list[Typing] = field(default_factory=list)
    choices: tuple[Choice, ...] = ()
    held: asyncio.Future[None] | None = None
    bug: Exception | None = None
    _more: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def take(self, event: Event) -> Awaitable[None]:
        if self.bug is not None:
            raise self.bug
        written = await ListInbox.take(self, event)
        async with self._more:
            self._more.notify_all()
        return written if self.held is None else self.held

    async def until(self, kind: type[Event], at_least: int = 1) -> list[Any]:
        """Return when so many of a kind were heard."""
        async with self._more:
            await self._more.wait_for(lambda: len(self.of(kind)) >= at_least)
        return self.of(kind)

    def of(self, kind: type[Event]) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]


@dataclass(slots=True)
class Slacktown:
    """`jobs` and `help` are channels that the app is in; `ada` is on duty, `pip` asks things."""

    slack: FakeSlack
    town: Town
    clock: Hands
    platform: SlackPlatform
    inbox: Heard
    jobs: Channel
    help: Channel

    @asynccontextmanager
    async def running(self, inbox: Inbox | None = None) -> AsyncIterator[None]:
        """Stay connected while the test goes on."""
        running = asyncio.ensure_future(_run(self.platform, inbox or self.inbox))
        opened = self.slack.sockets.opened
        ready = asyncio.ensure_future(self.slack.sockets.connected(2, opened=opened + 2))
        await asyncio.wait({running, ready}, return_when=asyncio.FIRST_COMPLETED)
        ready.cancel()
        if running.done():
            running.result()
        try:
            yield
        finally:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running

    def again(self, **changes: Any) -> SlackPlatform:  # noqa: ANN401 - Setup's own fields
        """Start the process anew: nothing of what was in memory is left."""
        self.platform = made(self.slack, self.clock, self.platform.table, **changes)
        return self.platform


async def _run(platform: SlackPlatform, inbox: Inbox) -> None:
    async with platform:
        await platform.run(inbox)


def made(fake: FakeSlack, clock: Hands, table: Table, **changes: Any) -> SlackPlatform:  # noqa: ANN401 - as above
    given = {
        "bot_tokens": (BOT_TOKEN,),
        "app_token": APP_TOKEN,
        "signing_secret": SECRET,
        "host": "127.0.0.1",
        "port": 0,
        "base": f"{fake.base}/api",
        **changes,
    }
    return slack(Setup(**given), table=table, clock=clock)


@asynccontextmanager
async def slacktown(
    table: Table | None = None,
    *,
    reach: Reach = OWN,
    **changes: Any,  # noqa: ANN401 - as above
) -> AsyncIterator[Slacktown]:
    """It is two hours after noon in the workspace T1."""
    clock = Hands(NOON + timedelta(hours=2))
    async with fake_slack(clock) as fake:
        town = settle_in(fake, changes.pop("team", "T1"))
        for id_, name in (("UADA", "Ada"), ("UBO", "Bo"), ("UPIP", "Pip"), ("ULAST", "Lee")):
            town.user(id_, name)
        jobs = town.channel("C1", "job-search", "UADA", "UPIP")
        advice = town.channel("C2", "advice", "UPIP")
        platform = made(fake, clock, table or Table(), reach=reach, **changes)
        yield Slacktown(fake, town, clock, platform, Heard(), jobs, advice)


@dataclass(slots=True)
class Overheard:
    """The platform for as long as it takes to hear three messages, so that its past is read out."""

    inner: SlackPlatform
    here: Slacktown
    where: Channel

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - the platform's own
        return getattr(self.inner, name)

    async def run(self, inbox: Inbox) -> None:
        heard = Heard()
        async with self.here.running(heard):
            for number, text in enumerate(_SAID, 1):
                await self.here.town.say(self.where, "7", text)
                await heard.until(Posted, number)  # neighbours may overtake on two sockets
        for event in heard.events:
            await inbox.take(event)


@asynccontextmanager
async def overheard() -> AsyncIterator[Platform]:
    """Give the platform as the contract knows its world: space 10, channels 20 and 404."""
    async with slacktown(team="10") as here:
        here.town.user("7", "Sam")
        where = here.town.channel("20", "job-search", "7")
        here.town.channel("404", "silent")
        for channel in (here.jobs, here.help):
            del here.town.space.channels[channel.id]
        platform: Any = Overheard(here.platform, here, where)
        yield platform
