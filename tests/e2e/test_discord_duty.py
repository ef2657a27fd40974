"""The whole bot on Discord: a member writes, a practitioner is told and answers."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.action import Post
from bot.domain.card import Card
from bot.domain.ledger import Count
from bot.domain.setup import SpaceSetup
from bot.domain.space import SpaceRef
from bot.ports import Permanent
from tests.support.build import DISCORD, place
from tests.support.discord_desk import ADA, BO, LAST, desk, discord_server, duty, on_duty
from tests.support.live import GRAVE


async def test_a_members_message_becomes_a_direct_message_to_everyone_on_duty(
    tmp_path: Path,
) -> None:
    async with duty(tmp_path) as here:
        raw = await here.discord.say("20", "7", GRAVE)
        (ada,), (bo,) = await here.pages(ADA, 1), await here.pages(BO, 1)

    link = f"https://discord.com/channels/10/20/{raw['id']}"
    assert link in str(ada["components"])
    for dm in (ada, bo):
        assert "#job-search" in str(dm["embeds"])
        assert GRAVE not in str(dm)
        assert "Mia" not in str(dm)


async def test_a_press_takes_the_case_and_every_copy_says_so(tmp_path: Path) -> None:
    async with duty(tmp_path) as here:
        await here.discord.say("20", "7", GRAVE)
        (ada,), (bo,) = await here.pages(ADA, 1), await here.pages(BO, 1)
        await here.press("Take it", ADA, on=ada)
        await here.until(lambda: all("Ada took it" in str(dm["embeds"]) for dm in (ada, bo)))
        press = await here.press("Take it", BO, on=bo)
        refused = await here.discord.until_shown(press)

    assert "Somebody else has this one" in str(refused)


async def test_what_is_behind_more_is_shown_privately_alone(tmp_path: Path) -> None:
    async with duty(tmp_path) as here:
        await here.discord.say("20", "7", GRAVE)
        (ada,) = await here.pages(ADA, 1)
        press = await here.press("More", ADA, on=ada)
        more = await here.discord.until_shown(press)
        await here.press("I am looking", ADA, on=more)
        await here.until(lambda: "Ada is looking" in str(ada["embeds"]))

    assert more["flags"] == 64
    assert "A program chose these reasons" in str(more["embeds"])


async def test_a_stranger_who_presses_is_refused(tmp_path: Path) -> None:
    async with duty(tmp_path) as here:
        await here.discord.say("20", "7", GRAVE)
        (page,) = await here.pages(ADA, 1)
        press = await here.press("Take it", "7", on=page)
        refused = await here.discord.until_shown(press)

    assert "Only people of this desk" in str(refused)


async def test_closed_direct_messages_call_the_next_person(tmp_path: Path) -> None:
    async with discord_server() as (discord, clock):
        discord.state.closed |= {ADA, BO}
        async with on_duty(tmp_path, discord, clock) as here:
            await here.discord.say("20", "7", GRAVE)
            (page,) = await here.pages(LAST, 1)
            await here.until(lambda: "Could not be reached: Ada, Bo" in str(page["embeds"]))


async def test_a_cut_of_a_minute_in_which_500_messages_came_loses_none(tmp_path: Path) -> None:
    async with duty(tmp_path) as here:
        await here.discord.say("20", "7", "before")
        await here.until_counted(1)
        here.discord.gateway.forgets = True
        await here.discord.gateway.cut(forget=True)
        channel = here.discord.state.channels["20"]
        for number in range(500):
            here.clock.turn(milliseconds=120)
            here.discord.state.message(channel, "7", GRAVE if number == 333 else f"chat {number}")
        await here.discord.gateway.ready.wait()
        await here.discord.say("20", "7", "after")
        counts = await here.until_counted(502)
        pages = await here.pages(ADA, 1)

    assert (counts[Count.SEEN], counts[Count.READ]) == (502, 502)
    assert len(pages) == 1


async def test_a_flood_of_2000_messages_meets_limits_and_loses_none(tmp_path: Path) -> None:
    async with duty(tmp_path) as here:
        for number in range(20):
            here.discord.state.add_member("10", str(1000 + number))
        here.discord.limits.bucket, here.discord.limits.seconds = 5, 0.05
        here.discord.limits.shared = 4
        for number in range(2000):
            grave, who = number % 100 == 50, str(1000 + number // 100)
            await here.discord.say("20", who, GRAVE if grave else f"chat {number}")
        counts = await here.until_counted(2000)
        await here.pages(ADA, 20)
        pages = await here.pages(BO, 20)

    assert (counts[Count.SEEN], counts[Count.READ]) == (2000, 2000)
    assert len(pages) == 20
    assert here.discord.limits.met >= 4


async def test_a_stop_and_a_start_read_back_what_came_between(tmp_path: Path) -> None:
    async with discord_server() as (discord, clock):
        async with on_duty(tmp_path, discord, clock) as here:
            await discord.say("20", "7", "before")
            await here.until_counted(1)
        channel = discord.state.channels["20"]
        for text in ("meanwhile", GRAVE, "and more"):
            clock.turn(minutes=1)
            discord.state.message(channel, "7", text)
        async with on_duty(tmp_path, discord, clock) as here:
            counts = await here.until_counted(4)
            pages = await here.pages(ADA, 1)

    assert counts[Count.READ] == 4
    assert len(pages) == 1


async def test_a_kicked_bot_goes_on_elsewhere(tmp_path: Path) -> None:
    async with duty(tmp_path) as here:
        here.discord.state.add_guild("11", "South")
        here.discord.state.add_channel("50", "general", guild="11")
        here.discord.state.add_member("11", ADA)
        await here.discord.invite("11")
        await here.until(lambda: "50" in here.platform.places.opened)
        await here.discord.kick("10")
        await here.until(lambda: "20" not in here.platform.places.opened)
        with pytest.raises(Permanent, match="cannot see the channel"):
            await here.platform.perform(Post(place(), Card("Hello")), key="north/after")
        await here.discord.say("50", "1", GRAVE)
        pages = await here.pages(ADA, 1)

    assert len(pages) == 1


@pytest.mark.parametrize("archived", [False, True])
async def test_a_thread_that_began_while_nobody_listened_is_read_from_its_beginning(
    archived: bool,  # noqa: FBT001 - a parameter of the test
    tmp_path: Path,
) -> None:
    async with discord_server() as (discord, clock):
        async with on_duty(tmp_path, discord, clock) as here:
            await discord.say("20", "7", "before")
            await here.until_counted(1)
        clock.turn(minutes=5)
        thread = discord.state.add_channel(discord.state.snowflake(), "New", kind=11, parent="20")
        for number, text in enumerate((GRAVE, "please", "anybody")):
            clock.turn(minutes=number)
            discord.state.message(thread, "7", text)
        thread.raw["thread_metadata"] |= {
            "archived": archived,
            "archive_timestamp": clock().isoformat(),
        }
        clock.now += timedelta(hours=1)
        async with on_duty(tmp_path, discord, clock) as here:
            counts = await here.until_counted(4)
            await here.pages(ADA, 1)

    assert counts[Count.READ] == 4


async def test_whoever_loses_the_role_is_off_duty_and_somebody_else_is_called(
    tmp_path: Path,
) -> None:
    setups = {SpaceRef(DISCORD, "10"): SpaceSetup(practitioner="70")}
    async with discord_server() as (discord, clock):
        discord.state.add_role("10", "70", "Practitioner", 0)
        await discord.set_roles(ADA, "70")
        of = replace(desk(), setups=setups)
        async with on_duty(tmp_path, discord, clock, of=of, members=True) as here:
            assert here.app.watch is not None
            await here.app.watch.newsroom.leavers.ask_due()
            await discord.say("20", "7", GRAVE)
            (ada,), (bo,) = await here.pages(ADA, 1), await here.pages(BO, 1)
            await here.press("Take it", ADA, on=ada)
            await here.until(lambda: "Ada took it" in str(bo["embeds"]))
            await discord.set_roles(ADA)
            _, again = await here.pages(BO, 2)
            (notice,) = await here.pages(LAST, 1)
            await here.until(lambda: "of the desk no more" in str(ada["embeds"]))

    assert "Please look in their place" in str(again["embeds"])
    assert notice["content"] == "Ada is off the desk"
