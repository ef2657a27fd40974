"""The help button and /help-now: nobody is asked to write where nobody reads."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.commands.table import TABLE
from bot.domain.card import Card
from bot.domain.desk import ConsentMode
from bot.domain.event import Event, Opened, Pressed, SpaceJoined
from bot.domain.message import Place
from bot.domain.space import SpaceRef, Standing
from tests.support.build import DISCORD, account, place
from tests.support.discord_desk import desk as discord_desk
from tests.support.discord_desk import discord_server, on_duty
from tests.support.duty_desk import DutyDesk, chats, duty_desk, two_people

MEMBER, MO = account(), account("300")
JOBS, CHAT = place(), place("21", name="#off-topic")
ALONE = Place(DISCORD, "", "77")
WRITE, MENU = "Write here what you need.", 'choose "Ask a practitioner"'
NOT_ALL: dict[str, Any] = {"watched": frozenset({"job-search"}), "reads_unlisted": False}
LISTED = replace(two_people(), **NOT_ALL)


async def asked(here: DutyDesk, where: Place | None) -> Card:
    """Give what the button says in a place: what /help-now says there, too."""
    typed = replace(here.commanded(MEMBER, "help-now"), place=where or ALONE)
    pressed = Pressed(f"{typed.id}-pressed", MEMBER, "help.now", "notice", where)
    await here.hears(pressed, typed)
    assert here.answer(pressed).text == here.answer(typed).text
    return here.answer(typed)


async def test_where_it_is_read_one_has_only_to_write(tmp_path: Path) -> None:
    async with duty_desk(tmp_path, LISTED) as here:
        await here.hears(Opened(JOBS), Opened(CHAT))
        for where in (JOBS, replace(JOBS, thread="33")):
            assert WRITE in (await asked(here, where)).text
            assert MENU not in (await asked(here, where)).text


@pytest.mark.parametrize("where", [CHAT, ALONE, None])
async def test_elsewhere_a_channel_is_named_in_which_it_is_read(
    tmp_path: Path, where: Place | None
) -> None:
    async with duty_desk(tmp_path, LISTED) as here:
        await here.hears(Opened(JOBS), Opened(CHAT))
        said = (await asked(here, where)).text

    assert WRITE not in said
    assert "What you write here does not reach the desk. Write in #job-search." in said
    assert MENU in said


async def test_a_channel_that_they_may_not_see_is_not_named(tmp_path: Path) -> None:
    async with duty_desk(tmp_path, LISTED) as here:
        here.chats[DISCORD].hidden.add("20")
        await here.hears(Opened(JOBS), Opened(CHAT))
        said = (await asked(here, CHAT)).text

    assert "#job-search" not in said
    assert MENU in said


@pytest.mark.parametrize(
    "other", [Opened(replace(JOBS, space="11", channel="30")), SpaceJoined(SpaceRef(DISCORD, "11"))]
)
async def test_a_direct_message_is_of_no_space_where_there_are_two(
    tmp_path: Path, other: Event
) -> None:
    async with duty_desk(tmp_path, LISTED) as here:
        await here.hears(Opened(JOBS), other)
        said = (await asked(here, ALONE)).text

    assert "#job-search" not in said
    assert MENU in said


async def test_whoever_is_not_read_is_told_so_where_others_are(tmp_path: Path) -> None:
    async with duty_desk(tmp_path, LISTED) as here:
        await here.hears(Opened(JOBS), Opened(CHAT))
        await here.asks(MEMBER, "optout")
        out, elsewhere = (await asked(here, JOBS)).text, (await asked(here, CHAT)).text
        await here.asks(MEMBER, "optin")
        read = (await asked(here, JOBS)).text

    assert "What you write does not reach the desk. To change that, type /optin." in out
    assert MENU in out
    assert "type /optin. Then write in #job-search." in elsewhere
    assert WRITE not in out + elsewhere
    assert WRITE in read


async def test_where_members_must_agree_nobody_is_read_who_has_not(tmp_path: Path) -> None:
    async with duty_desk(tmp_path, replace(LISTED, consent=ConsentMode.OPT_IN)) as here:
        await here.hears(Opened(JOBS))
        before = (await asked(here, JOBS)).text
        await here.asks(MEMBER, "optin")
        after = (await asked(here, JOBS)).text

    assert "To change that, type /optin." in before
    assert WRITE not in before
    assert WRITE in after


async def test_in_shadow_mode_nobody_is_asked_to_write(tmp_path: Path) -> None:
    on = chats()
    on[DISCORD].standings[MO] = Standing(is_member=True, moderates=True)
    async with duty_desk(tmp_path, LISTED, on=on) as here:
        await here.hears(Opened(JOBS))
        await here.asks(MO, "watch set", channel="20", mode="shadow")
        said = (await asked(here, JOBS)).text

    assert WRITE not in said
    assert "What you write here does not reach the desk." in said
    assert MENU in said


async def test_the_pinned_button_on_discord_knows_where_it_stands(tmp_path: Path) -> None:
    async with (
        discord_server() as (discord, clock),
        on_duty(
            tmp_path, discord, clock, table=TABLE, of=replace(discord_desk(), **NOT_ALL)
        ) as here,
    ):
        await discord.add_channel("21", "off-topic")
        await here.until(lambda: "21" in here.platform.places.opened)
        inside = await discord.until_shown(await discord.command("help-now", "7", "20"))
        outside = await discord.until_shown(await discord.command("help-now", "7", "21"))
        await discord.close_to_all("20")
        await here.until(lambda: not here.platform.shows(JOBS, MEMBER))
        closed = await discord.until_shown(await discord.command("help-now", "7", "21"))
        told = await discord.until_shown(await discord.command("privacy", "7", "21"))

    assert WRITE in str(inside["embeds"])
    assert "Write in #job-search." in str(outside["embeds"])
    assert "job-search" not in str(closed["embeds"]) + str(told["embeds"])
    assert "1 channel that is not open to all" in str(told["embeds"])
