"""What was sent without a receipt is found again, by whichever process looks for it."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from adapters.transcript.platform import TranscriptPlatform
from bot.domain.action import Action, DirectMessage, Post, Reply, ShowPrivately
from bot.domain.card import Button, Card
from bot.ports import Platform
from tests.support.build import NOON, account, place, ref
from tests.support.discording import discord_platform, seeded
from tests.support.exports import discord_json, discord_message
from tests.support.fake_discord.server import fake_discord
from tests.support.local import local_platform
from tests.support.scripted import Hands, ScriptedPlatform
from tests.support.slacktown import slacktown

PAGE = Card("P1 urgent", ("Look soon.",), buttons=(Button("alert.take", "Take it"),))
BARE = Card("Done", ("There is nothing to press.",), footer="Waymark")
LASTING = [
    make(card)
    for card in (PAGE, BARE)
    for make in (
        lambda card: Post(place(), card),
        lambda card: Reply(ref(), card),
        lambda card: DirectMessage(account(), card),
    )
]
KEY = "north/discord:10:20:1#0"


@dataclass(frozen=True, slots=True)
class Chat:
    """A platform's server; `opened` connects to it as a new process does. `now` is its time."""

    opened: Callable[[], AbstractAsyncContextManager[Platform]]
    now: datetime


@asynccontextmanager
async def scripted(_: Path) -> AsyncIterator[Chat]:
    kept = ScriptedPlatform()

    @asynccontextmanager
    async def opened() -> AsyncIterator[Platform]:
        yield ScriptedPlatform(performed=kept.performed)

    yield Chat(opened, NOON)


@asynccontextmanager
async def discord(_: Path) -> AsyncIterator[Chat]:
    clock = Hands(NOON)
    async with fake_discord(clock) as server:
        seeded(server)

        @asynccontextmanager
        async def opened() -> AsyncIterator[Platform]:
            async with discord_platform(clock) as platform:
                await platform.open()
                yield platform

        yield Chat(opened, NOON)


@asynccontextmanager
async def slack(_: Path) -> AsyncIterator[Chat]:
    async with slacktown(team="10") as here:
        here.town.user("7", "Sam")
        where = here.town.channel("20", "job-search", "7")
        where.messages["1"] = here.town.write(where, "7", "an old message", ts="1")

        @asynccontextmanager
        async def opened() -> AsyncIterator[Platform]:
            async with here.again() as platform:
                yield platform

        yield Chat(opened, here.clock())


@asynccontextmanager
async def local(folder: Path) -> AsyncIterator[Chat]:
    @asynccontextmanager
    async def opened() -> AsyncIterator[Platform]:
        yield local_platform(folder)

    yield Chat(opened, NOON)


@pytest.fixture(params=[scripted, discord, slack, local])
async def chat(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Chat]:
    async with request.param(tmp_path) as made:
        yield made


@pytest.mark.parametrize(
    "action", LASTING, ids=lambda one: f"{type(one).__name__} {one.card.title}"
)
async def test_a_new_process_finds_what_was_done_and_does_nothing_by_looking(
    action: Action, chat: Chat
) -> None:
    async with chat.opened() as first:
        before = await first.find(action, key=KEY, since=chat.now)
        done = await first.perform(action, key=KEY)
        in_it = await first.find(action, key=KEY, since=chat.now)
    async with chat.opened() as second:
        after = await second.find(action, key=KEY, since=chat.now)
        again = await second.perform(action, key=KEY)

    assert before is None
    assert in_it == done
    assert after == again == done
    assert (after.position, after.link) == (done.position, done.link)


async def test_another_key_and_another_place_are_not_found(chat: Chat) -> None:
    sent = DirectMessage(account(), PAGE)
    async with chat.opened() as first:
        await first.perform(sent, key=KEY)
    async with chat.opened() as second:
        assert await second.find(sent, key=f"{KEY}x", since=chat.now) is None
        if isinstance(second, ScriptedPlatform):
            return  # its server has no places
        assert await second.find(Post(place(), PAGE), key=f"{KEY}y", since=chat.now) is None


async def test_what_does_not_last_is_not_looked_for(chat: Chat) -> None:
    shown = ShowPrivately(account(), "press-1", PAGE)
    async with chat.opened() as platform:
        assert await platform.find(shown, key=KEY, since=chat.now) is None


async def test_the_past_holds_nothing_that_was_sent(tmp_path: Path) -> None:
    path = tmp_path / "export.json"
    path.write_bytes(discord_json([discord_message(1)]))
    platform = TranscriptPlatform([path])
    sent = DirectMessage(account(), PAGE)
    await platform.perform(sent, key=KEY)

    assert await platform.find(sent, key=KEY, since=NOON - timedelta(days=1)) is None
