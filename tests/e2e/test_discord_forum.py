"""Forums, channels of other kinds and refusals: how a notice comes to stand there."""

import asyncio
from pathlib import Path

import pytest

from bot.domain.watch import Stage
from tests.support.discord_desk import ADA
from tests.support.discord_watch import (
    MO,
    add_to,
    added,
    command,
    server,
    stage,
    told,
    watching,
)
from tests.support.fake_discord.limits import Fault
from tests.support.fake_discord.server import FakeDiscord
from tests.support.fake_discord.state import (
    ANNOUNCEMENT,
    CATEGORY,
    FORUM,
    MANAGE_THREADS,
    MEDIA,
    PIN_MESSAGES,
    PINNED,
    PUBLIC_THREAD,
    REQUIRE_TAG,
    SEND_MESSAGES,
    VOICE,
    Channel,
)
from tests.support.live import GRAVE


def posts(discord: FakeDiscord, forum: str = "40") -> list[Channel]:
    return [one for one in discord.state.threads("10") if one.raw["parent_id"] == forum]


async def test_in_a_forum_the_notice_is_a_post_and_what_comes_after_it_is_read(
    tmp_path: Path,
) -> None:
    async with server() as (discord, clock):
        state = discord.state
        state.guilds["10"].roles["78"]["permissions"] = str(PIN_MESSAGES | MANAGE_THREADS)
        forum = state.add_channel("40", "ask-here", kind=FORUM)
        forum.raw["available_tags"] = [
            {"id": "501", "name": "Staff", "moderated": True},
            {"id": "502", "name": "News", "moderated": False},
        ]
        forum.raw["flags"] = REQUIRE_TAG
        state.add_channel("41", "an old question", kind=PUBLIC_THREAD, parent="40")
        async with watching(tmp_path, discord, clock) as here:
            shown = await command(here, "watch add", channel="40")
            await here.until(lambda: stage(here, "40") is Stage.ON)
            (post,) = [one for one in posts(discord) if one.id != "41"]
            await here.until(lambda: post.raw["flags"] & PINNED)
            listed = await command(here, "watch list")
            await discord.start_thread("42", "help me", "40")
            await discord.say("42", "7", GRAVE)
            await here.pages(ADA, 1)
            await discord.say("41", "7", GRAVE)
            await here.pages(ADA, 2)
            await command(here, "watch remove", channel="40")
            await here.until(lambda: not post.raw["flags"] & PINNED)
            await here.until(lambda: len(posts(discord)) == 4)

    (notice, *_) = post.messages.values()
    assert "#ask-here will be read" in shown
    assert "#ask-here" in listed
    assert f"/10/{post.id}/{post.id}" in listed
    assert post.raw["name"] == "A bot reads this channel"
    assert post.raw["applied_tags"] == ["502"]
    assert "not read any more" in notice["content"]


async def test_a_forum_that_cannot_be_posted_in_says_why_and_what_to_do(tmp_path: Path) -> None:
    async with server() as (discord, clock):
        forum = discord.state.add_channel("40", "ask-here", kind=FORUM)
        forum.raw["flags"] = REQUIRE_TAG
        async with watching(tmp_path, discord, clock) as here:
            await add_to(here, "40")
            assert "asks for a tag and has none" in await told(here)
            forum.raw["flags"] = 0
            await discord.hide("40", deny=SEND_MESSAGES)
            await add_to(here, "40")
            assert "lacks a permission there: Send Messages" in await told(here, 2)
            await discord.hide("40", deny=0)
            await add_to(here, "40")
            assert "Manage Threads, which pins posts of a forum" in await told(here, 3)

            assert stage(here, "40") is Stage.ON
            assert len(posts(discord)) == 1


async def test_a_post_whose_answer_is_lost_is_made_once(tmp_path: Path) -> None:
    async with server() as (discord, clock):
        discord.state.add_channel("40", "ask-here", kind=FORUM)
        lost = Fault("POST", "/channels/40/threads", 500, after=True)
        discord.limits.faults.append(lost)
        async with watching(tmp_path, discord, clock) as here:
            await command(here, "watch add", channel="40")
            while stage(here, "40") is not Stage.ON:
                clock.turn(seconds=1)
                await asyncio.sleep(0.005)

    assert len(posts(discord)) == 1


async def test_a_forum_that_is_deleted_is_read_no_longer(tmp_path: Path) -> None:
    async with server() as (discord, clock):
        discord.state.add_channel("40", "ask-here", kind=FORUM)
        async with watching(tmp_path, discord, clock) as here:
            await add_to(here, "40")
            await here.pages(MO, 1)  # that it is not pinned
            await discord.delete_channel("40")

            assert "#ask-here was deleted or closed to me" in await told(here, 2)
            await here.until(lambda: stage(here, "40") is Stage.OFF)


@pytest.mark.parametrize("kind", [MEDIA, VOICE, ANNOUNCEMENT])
async def test_channels_of_other_kinds_are_read_from_their_notice_on(
    tmp_path: Path, kind: int
) -> None:
    async with server() as (discord, clock):
        discord.state.add_channel("40", "ask-here", kind=kind)
        async with watching(tmp_path, discord, clock) as here:
            await add_to(here, "40")
            where = "40"
            if kind == MEDIA:
                where = (await discord.start_thread("42", "a picture", "40")).id
            await discord.say(where, "7", GRAVE)
            await here.pages(ADA, 1)

            assert stage(here, "40") is Stage.ON


async def test_a_category_is_refused_with_what_to_choose(tmp_path: Path) -> None:
    async with server() as (discord, clock):
        discord.state.add_channel("40", "Careers", kind=CATEGORY)
        async with watching(tmp_path, discord, clock) as here:
            await add_to(here, "40")

            assert "choose a text channel" in await told(here)
            await here.until(lambda: stage(here, "40") is Stage.FAILED)


@pytest.mark.parametrize(
    ("status", "code", "said"),
    [
        (403, 50001, "give its role View Channel there, or add the bot again"),
        (404, 10003, "the channel is gone"),
        (400, 160006, "close some first"),
        (400, 200000, "AutoMod blocked the text"),
        (403, 60003, "two-factor login"),
        (400, 123456, "type /setup check"),
    ],
)
async def test_what_discord_refuses_is_said_with_its_mend(
    tmp_path: Path, status: int, code: int, said: str
) -> None:
    async with server() as (discord, clock):
        fault = Fault("POST", "/channels/20/messages", status, times=9, code=code)
        discord.limits.faults.append(fault)
        async with watching(tmp_path, discord, clock) as here:
            await add_to(here, "20")

            assert said in await told(here)
            await here.until(lambda: stage(here) is Stage.FAILED)


async def test_a_channel_that_is_full_of_pins_is_read_all_the_same(tmp_path: Path) -> None:
    async with server() as (discord, clock), watching(tmp_path, discord, clock) as here:
        full = Fault("PUT", "/channels/20/messages/pins/", 400, code=30003)
        discord.limits.faults.append(full)
        await added(here)

        assert "take one pin away first" in await told(here)
