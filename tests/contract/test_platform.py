"""What every platform promises, whatever it is made of. Fakes are held to it like the real ones."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.transcript.platform import TranscriptPlatform
from bot.domain.action import Action, DirectMessage, Post, Reply, ShowPrivately, Update, Withdraw
from bot.domain.card import Button, Card, Link
from bot.domain.event import Event, Opened, Posted
from bot.domain.message import Message, Place
from bot.domain.setup import Found, Need, Trouble, Use
from bot.domain.space import SpaceRef
from bot.ports import Platform
from tests.support.build import NOON, account, message, place, ref
from tests.support.discording import ReadOut, discord_platform, seeded
from tests.support.exports import discord_json, discord_message
from tests.support.fake_discord.server import fake_discord
from tests.support.fake_discord.state import PIN_MESSAGES
from tests.support.inbox import ListInbox
from tests.support.local import visited
from tests.support.scripted import Hands, ScriptedPlatform
from tests.support.slacktown import overheard

CARD = Card("P1 urgent", ("Look soon.",), links=(Link("Open the message", "https://example.org"),),
            buttons=(Button("alert.take", "Take it"),))  # fmt: skip
ACTIONS: Sequence[Action] = (
    Post(place(), CARD),
    Reply(ref(), CARD),
    DirectMessage(account(), CARD),
    ShowPrivately(account(), "press-1", CARD),
)


@asynccontextmanager
async def scripted(_: Path) -> AsyncIterator[Platform]:
    said = [message(n) for n in range(1, 4)]
    others = [message(2, where=place("21")), message(2, where=place(thread="33"))]
    events: list[Event] = [Opened(place()), *map(Posted, said)]
    yield ScriptedPlatform(events, past=[*reversed(said), *others, *said], page=2)


@asynccontextmanager
async def transcript(folder: Path) -> AsyncIterator[Platform]:
    path = folder / "export.json"
    path.write_bytes(discord_json([discord_message(number) for number in range(3)]))
    yield TranscriptPlatform([path])


@asynccontextmanager
async def discord(_: Path) -> AsyncIterator[Platform]:
    async with fake_discord(Hands(NOON)) as server:
        seeded(server)
        state = server.state
        state.add_role("10", "78", "Pinning", PIN_MESSAGES)
        state.guilds["10"].members[state.bot]["roles"] = ["78"]
        async with discord_platform(server.state.clock) as platform:
            await platform.open()
            yield ReadOut(platform, server)


def slack(_: Path) -> AbstractAsyncContextManager[Platform]:
    return overheard()


@asynccontextmanager
async def local(folder: Path) -> AsyncIterator[Platform]:
    yield visited(folder)


@pytest.fixture(params=[scripted, transcript, discord, slack, local])
async def platform(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Platform]:
    make: Callable[[Path], AbstractAsyncContextManager[Platform]] = request.param
    async with make(tmp_path) as made:
        yield made


async def test_a_message_can_be_fetched_again_until_it_is_gone(platform: Platform) -> None:
    inbox = ListInbox()
    await platform.run(inbox)
    said = inbox.messages[-1]

    assert await platform.fetch(said.ref) == said
    assert await platform.fetch(replace(said.ref, id="0")) is None


async def test_what_is_gone_can_be_withdrawn(platform: Platform) -> None:
    sent = await platform.perform(Post(place(), CARD), key="north/1#0")
    for key in ("north/1#1", "north/1#2"):
        assert await platform.perform(Withdraw(platform.name, sent.external_id), key=key)


async def test_a_stranger_has_no_more_than_a_members_standing(platform: Platform) -> None:
    standing = await platform.standing(account("nobody"), SpaceRef(platform.name, "10"))

    assert not standing.owns
    assert not standing.moderates


async def test_a_place_is_opened_before_its_messages_come(platform: Platform) -> None:
    inbox = ListInbox()
    await platform.run(inbox)

    assert isinstance(inbox.events[0], Opened)
    assert len(inbox.messages) == 3
    assert {m.ref.place.channel_key for m in inbox.messages} == {inbox.opened[0].channel_key}


async def test_messages_of_a_place_come_in_order_of_their_positions(platform: Platform) -> None:
    inbox = ListInbox()
    await platform.run(inbox)
    positions = [m.position for m in inbox.messages]

    assert positions == sorted(positions)
    assert len({m.ref.key for m in inbox.messages}) == 3


async def test_times_are_aware_and_texts_plain(platform: Platform) -> None:
    inbox = ListInbox()
    await platform.run(inbox)

    assert all(m.sent_at.utcoffset() is not None for m in inbox.messages)
    assert all(m.text.isprintable() or "\n" in m.text for m in inbox.messages)


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: type(action).__name__)
async def test_the_same_key_is_done_once_and_has_one_receipt(
    action: Action, platform: Platform
) -> None:
    first = await platform.perform(action, key="north/discord:10:20:1#0")
    again = await platform.perform(action, key="north/discord:10:20:1#0")

    assert first == again
    assert first.external_id


async def test_what_was_sent_can_be_drawn_again_once_for_one_key(platform: Platform) -> None:
    sent = await platform.perform(DirectMessage(account(), CARD), key="k#0")
    drawn = Update(account().platform, sent.external_id, Card("P1 urgent", ("Ada took it.",)))
    first = await platform.perform(drawn, key="k#0~2")

    assert first == await platform.perform(drawn, key="k#0~2")


def test_it_says_who_it_is_and_what_it_can(platform: Platform) -> None:
    assert platform.name
    assert platform.capabilities.max_text > 0


async def heard(platform: Platform) -> tuple[Place, list[Message]]:
    inbox = ListInbox()
    await platform.run(inbox)
    return inbox.opened[0], inbox.messages


async def past(platform: Platform, where: Place, after: str | None) -> list[Message]:
    return [message async for message in platform.history(where, after=after)]


async def test_history_has_what_came_live_in_order_and_once(platform: Platform) -> None:
    where, messages = await heard(platform)

    assert platform.capabilities.history
    assert await past(platform, where, "") == messages


async def test_history_begins_after_a_position_and_ends_at_the_newest(platform: Platform) -> None:
    where, messages = await heard(platform)

    assert await past(platform, where, messages[0].position) == messages[1:]
    assert await past(platform, where, messages[-1].position) == []
    assert await past(platform, where, None) == messages[-1:]


async def test_history_of_a_place_where_nothing_was_said_is_empty(platform: Platform) -> None:
    where, _ = await heard(platform)
    silent = replace(where, channel="404")

    assert await past(platform, silent, "") == []
    assert await past(platform, silent, None) == []


async def test_history_may_be_left_early_and_asked_again(platform: Platform) -> None:
    where, messages = await heard(platform)
    async for first in platform.history(where, after=""):
        assert first == messages[0]
        break

    assert await past(platform, where, "") == messages


async def test_channels_are_called_by_name_and_what_is_not_there_by_none(
    platform: Platform,
) -> None:
    where, _ = await heard(platform)
    found = await platform.called(SpaceRef(where.platform, where.space), (where.channel, "405"))

    is_past = isinstance(platform, TranscriptPlatform)  # nobody chooses a channel of the past
    assert found == ({} if is_past else {where.channel: where.name})


async def test_an_inspection_finds_a_place_that_is_not_there_and_no_other(
    platform: Platform,
) -> None:
    where, _ = await heard(platform)
    space = SpaceRef(where.platform, where.space)
    gone = Place(where.platform, where.space, "405", name="#gone")
    sound = await platform.inspect(
        space, [Need(where, use) for use in (Use.READ, Use.POST, Use.PIN)]
    )
    found = await platform.inspect(space, (Need(where, Use.READ), Need(gone, Use.READ)))

    assert sound == ()
    is_past = isinstance(platform, TranscriptPlatform)  # the past lacks nothing that can be mended
    assert found == (() if is_past else (Found(Trouble.GONE, "#gone"),))


async def test_a_channel_that_all_see_is_shown_to_a_member_and_one_that_is_not_there_to_nobody(
    platform: Platform,
) -> None:
    where, _ = await heard(platform)
    is_past = isinstance(platform, TranscriptPlatform)  # nobody looks at the past

    assert platform.shows(where, account()) is not is_past
    assert platform.shows(replace(where, thread="33"), account()) is not is_past
    assert not platform.shows(replace(where, channel="405"), account())
    assert not platform.shows(Place(where.platform, "no space", "405"), account())
