"""A change of who is read: the channel is told before it holds."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from bot.commands.table import TABLE
from bot.domain.desk import ConsentMode, Desk
from bot.domain.ledger import Count
from tests.support.discord_desk import ADA, Duty, desk, on_duty
from tests.support.discord_watch import (
    MO,
    NOTHING,
    OWNER,
    added,
    command,
    notices,
    server,
    watching,
)
from tests.support.fake_discord.limits import Fault
from tests.support.fake_discord.state import (
    SEND_MESSAGES,
    Json,
)
from tests.support.live import GRAVE


async def agreed(here: Duty, consent: str, **more: str) -> str:
    """Let the owner choose who is read."""
    asked = await here.discord.command("setup show", OWNER, "20")
    card = await here.discord.until_shown(asked)
    opened = await here.discord.press("Desk and members", OWNER, on=card)
    await here.discord.until_answered(opened)
    sent = await here.discord.submit(opened, OWNER, consent=consent, **more)
    return str(await here.discord.until_shown(sent))


def is_told(here: Duty) -> bool:
    assert here.app.watch is not None
    watch = here.app.watch.watching.watches["discord:10:20"]
    return watch.told == ConsentMode.NOTICE_OPT_OUT


def changes(here: Duty, channel: str = "20") -> list[Json]:
    title = "I have changed whom I read here"
    return [one for one in here.discord.said(channel) if one["content"] == title]


@pytest.mark.parametrize("of", [NOTHING, desk()], ids=["moderators' list", "desk's file"])
async def test_nobody_more_is_read_before_the_channel_was_told(tmp_path: Path, of: Desk) -> None:
    of = replace(of, consent=ConsentMode.OPT_IN)
    async with server() as (discord, clock):
        async with on_duty(tmp_path, discord, clock, table=TABLE, of=of) as here:
            if of.reads_unlisted:
                notices_before = []
            else:
                notices_before = [await added(here)]
                assert "only if you say yes" in str(notices_before)
            away = Fault("POST", "/channels/20/messages", 503, times=1_000)
            discord.limits.faults.append(away)
            saved = await agreed(here, "notice_opt_out")
            await here.until(lambda: all("/optout" in str(one["embeds"]) for one in notices(here)))
            await discord.say("20", "7", GRAVE)
            before = await here.until_counted(1 + 2 * len(notices_before))
        # It is so after a restart, too.
        async with on_duty(tmp_path, discord, clock, table=TABLE, of=of) as here:
            await discord.say("20", "7", GRAVE)
            later = await here.until_counted(2 + 2 * len(notices_before))
            discord.limits.faults.clear()
            while not changes(here) or not is_told(here):
                clock.turn(seconds=30)
                await asyncio.sleep(0.005)
            (line,) = changes(here)
            assert not discord.dms(ADA)
            await discord.say("20", "7", GRAVE)
            pages = await here.pages(ADA, 1)

    assert "only once it was told" in saved
    assert (before[Count.SKIPPED_NO_CONSENT], later[Count.SKIPPED_NO_CONSENT]) == (1, 2)
    assert "From this message on" in str(line["embeds"])
    assert "/optout" in str(line["embeds"])
    assert len(pages) == 1


async def test_a_new_name_and_new_words_stand_in_the_notice_alone(tmp_path: Path) -> None:
    async with server() as (discord, clock), watching(tmp_path, discord, clock) as here:
        notice = await added(here)
        await agreed(here, "notice_opt_out", name="South desk", notice="We agreed in May.")
        await here.until(lambda: "South desk" in str(notice["embeds"]))

        assert "We agreed in May." in str(notice["embeds"])
        assert changes(here) == []


async def test_where_fewer_are_read_the_channel_is_told_and_it_holds_at_once(
    tmp_path: Path,
) -> None:
    async with server() as (discord, clock), watching(tmp_path, discord, clock) as here:
        notice = await added(here)
        await agreed(here, "opt_in")
        await here.until(lambda: here.app.intake.desk.consent is ConsentMode.OPT_IN)
        await discord.say("20", "7", GRAVE)
        await here.until(lambda: changes(here) and "/optin" in str(notice["embeds"]))
        counts = await here.until_counted(4)  # with the notice, its pin, and that it has changed
        (line,) = changes(here)

    assert counts[Count.SKIPPED_NO_CONSENT] == 1
    assert "only if you say yes" in str(line["embeds"])


async def test_a_channel_that_cannot_be_told_is_read_as_before(tmp_path: Path) -> None:
    of = replace(NOTHING, consent=ConsentMode.OPT_IN)
    async with (
        server() as (discord, clock),
        on_duty(tmp_path, discord, clock, table=TABLE, of=of) as here,
    ):
        await added(here)
        await discord.hide("20", deny=SEND_MESSAGES)
        await agreed(here, "notice_opt_out")
        (said,) = await here.pages(MO, 1)
        await discord.say("20", "7", GRAVE)
        counts = await here.until_counted(3)
        privacy = await command(here, "privacy", "7")
        help_now = await command(here, "help-now", "7")

    assert "Type /optin if you want" in privacy
    assert "To change that, type /optin" in help_now
    assert said["content"] == "#job-search was not told who is read"
    assert "lacks a permission" in str(said["embeds"])
    assert counts[Count.SKIPPED_NO_CONSENT] == 1
