"""A server that the bot is removed from and invited to again: its watch list begins anew."""

from pathlib import Path

import pytest

from bot.domain.watch import Stage
from tests.support.discord_desk import ADA, Duty
from tests.support.discord_watch import added, command, notices, server, settled, stage, watching
from tests.support.live import GRAVE


async def left(here: Duty, *, unheard: bool = False) -> None:
    """Remove the bot from the server, perhaps while it is cut off; return when it was followed."""
    if unheard:
        await here.discord.gateway.cut(forget=True)
    await here.discord.kick("10")
    await here.until(lambda: stage(here) is None)


async def paged_and_left(here: Duty) -> None:
    """Watch the channel, page about what is said there, and be removed."""
    await added(here)
    await here.discord.say("20", "7", GRAVE)
    await here.pages(ADA, 1)
    await left(here)


async def added_again(here: Duty) -> None:
    """Add the channel where the notice of the first time still stands."""
    await command(here, "watch add", channel="20")
    await here.until(lambda: stage(here) is Stage.ON)
    assert len(notices(here)) == 2


async def test_a_channel_is_read_again_once_the_bot_was_kicked_and_invited(tmp_path: Path) -> None:
    async with server() as (discord, clock):
        async with watching(tmp_path, discord, clock) as here:
            await paged_and_left(here)
            await discord.invite("10")
            await here.until(lambda: "20" in here.platform.places.opened)
            await added_again(here)
            await discord.say("20", "7", GRAVE)
            await here.pages(ADA, 2)
            assert "Mode: watch." in await command(here, "watch list")
        discord.state.add_member("10", "8")
        async with watching(tmp_path, discord, clock) as again:
            assert stage(again) is Stage.ON
            await discord.say("20", "8", GRAVE)
            await again.pages(ADA, 3)


async def test_a_channel_is_read_again_also_after_a_restart_since_it_was_kicked(
    tmp_path: Path,
) -> None:
    async with server() as (discord, clock):
        async with watching(tmp_path, discord, clock) as here:
            await paged_and_left(here)
        await discord.invite("10")
        async with watching(tmp_path, discord, clock) as again:
            assert stage(again) is None
            await added_again(again)
            await discord.say("20", "7", GRAVE)
            await again.pages(ADA, 2)


@pytest.mark.parametrize("unheard", [False, True], ids=["heard of", "cut off"])
async def test_who_asks_about_a_message_of_before_the_kick_is_heard_of(
    tmp_path: Path, *, unheard: bool
) -> None:
    async with server() as (discord, clock), watching(tmp_path, discord, clock) as here:
        await added(here)
        raw = await discord.say("20", "7", GRAVE)
        await here.pages(ADA, 1)
        await settled(here)
        await left(here, unheard=unheard)
        await discord.invite("10")
        await here.until(lambda: "20" in here.platform.places.opened)
        await added_again(here)
        asked = await discord.choose("Ask a practitioner", "7", "20", raw["id"])
        await discord.until_shown(asked)
        before = len(discord.dms(ADA))
        clock.turn(hours=5)
        pages = await here.pages(ADA, before + 1)

    assert pages[0]["content"] == "Closed"
    assert "Take it" in str(pages[-1]["components"])
