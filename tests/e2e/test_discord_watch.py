"""The watch list on Discord: a notice first, then reading; and what happens when it cannot be."""

import asyncio
from pathlib import Path

from bot.domain.ledger import Count
from bot.domain.watch import Stage
from tests.support.discord_desk import ADA
from tests.support.discord_watch import (
    MO,
    OWNER,
    added,
    command,
    notices,
    server,
    settled,
    stage,
    told,
    watching,
)
from tests.support.fake_discord.limits import Fault
from tests.support.fake_discord.state import (
    SEND_MESSAGES,
)
from tests.support.live import GRAVE


async def test_a_notice_is_posted_and_pinned_and_only_what_comes_after_it_is_read(
    tmp_path: Path,
) -> None:
    async with server() as (discord, clock), watching(tmp_path, discord, clock) as here:
        await discord.say("20", "7", GRAVE)
        assert await here.until_counted(1) == {Count.SEEN: 1, Count.SKIPPED_NOT_WATCHED: 1}
        notice = await added(here)
        await here.until(lambda: notice["pinned"])
        await discord.say("20", "7", GRAVE)
        pages = await here.pages(ADA, 1)
        counts = await here.until_counted(4)  # with the notice, and that it was pinned

    assert len(pages) == 1
    assert counts[Count.READ] == 1
    text = str(notice["embeds"])
    assert "/optout" in text
    assert "North careers desk" in text
    assert notice["mentions"] == []


async def test_the_notice_of_a_trial_does_not_say_that_anybody_on_duty_is_told(
    tmp_path: Path,
) -> None:
    async with server() as (discord, clock), watching(tmp_path, discord, clock) as here:
        notice = await added(here, mode="shadow")
        trial = str(notice["embeds"])
        await command(here, "watch set", channel="20", mode="watch")
        await here.until(lambda: "This is a trial" not in str(notice["embeds"]))
        live = str(notice["embeds"])
        await command(here, "watch set", channel="20", mode="shadow")
        await here.until(lambda: str(notice["embeds"]) == trial)

    assert "This is a trial. One person alone is told where to look" in trial
    assert "I do not tell the people on duty at North careers desk yet." in trial
    assert "They read it, and they decide" not in trial
    assert "I tell the people on duty at North careers desk where to look." in live


async def test_where_the_bot_may_not_write_nothing_is_read_and_the_mend_is_told(
    tmp_path: Path,
) -> None:
    async with server() as (discord, clock), watching(tmp_path, discord, clock) as here:
        await discord.hide("20", deny=SEND_MESSAGES)
        await command(here, "watch add", channel="20")
        (told,) = await here.pages(MO, 1)
        await discord.say("20", "7", GRAVE)
        counts = await here.until_counted(1)

        assert stage(here) is Stage.FAILED
        assert told["content"] == "#job-search is not read"
        assert "lacks a permission" in str(told["embeds"])
        assert "type /watch add once more" in str(told["embeds"])
        assert counts == {Count.SEEN: 1, Count.SKIPPED_NOT_WATCHED: 1}
        await discord.hide("20", deny=0)
        await added(here)


async def test_without_the_permission_to_pin_it_says_so_and_reads_all_the_same(
    tmp_path: Path,
) -> None:
    async with server(pins=False) as (discord, clock), watching(tmp_path, discord, clock) as here:
        notice = await added(here)
        (told,) = await here.pages(MO, 1)
        await discord.say("20", "7", GRAVE)
        await here.pages(ADA, 1)

        check = await command(here, "setup check", OWNER)

    assert not notice["pinned"]
    assert "#job-search: the notice cannot be pinned" in check
    assert "allow Pin Messages for the bot" in check
    assert told["content"] == "The notice is not pinned"
    assert "lacks the permission Pin Messages" in str(told["embeds"])


async def test_the_check_says_that_nothing_is_read_and_finds_nothing_once_it_is(
    tmp_path: Path,
) -> None:
    async with server() as (discord, clock), watching(tmp_path, discord, clock) as here:
        before = await command(here, "setup check", OWNER)
        notice = await added(here)
        await here.until(lambda: notice["pinned"])
        after = await command(here, "setup check", OWNER)

    assert "The check found one thing to mend" in before
    assert "No channel is read" in before
    assert "The check found nothing wrong" in after
    assert "No resource is vetted" in after
    assert "cannot be pinned" not in after


async def test_a_member_may_not_and_a_moderator_is_asked_at_that_moment(tmp_path: Path) -> None:
    async with server() as (discord, clock), watching(tmp_path, discord, clock) as here:
        assert "This is for moderators" in await command(here, "watch add", "7", channel="20")
        discord.state.guilds["10"].members[MO]["roles"] = []
        assert "This is for moderators" in await command(here, "watch add", channel="20")

        assert stage(here) is None


async def test_between_the_wish_and_its_receipt_the_bot_may_end_and_begin_again(
    tmp_path: Path,
) -> None:
    async with server() as (discord, clock):
        away = Fault("POST", "/channels/20/messages", 503, times=1_000)
        discord.limits.faults.append(away)
        async with watching(tmp_path, discord, clock) as here:
            await command(here, "watch add", channel="20")
            await discord.say("20", "7", GRAVE)
            await here.until_counted(1)
            assert stage(here) is Stage.WISHED
        discord.limits.faults.clear()
        channel = discord.state.channels["20"]
        discord.state.message(channel, "7", GRAVE)  # before the notice, while nobody listened
        clock.turn(minutes=5)
        async with watching(tmp_path, discord, clock) as again:
            while stage(again) is not Stage.ON:
                # What was tried before the connection stood is tried again some seconds later.
                clock.turn(seconds=1)
                await asyncio.sleep(0.005)
            await again.until_counted(3)
            assert again.discord.dms(ADA) == []
            await discord.say("20", "7", GRAVE)
            await again.pages(ADA, 1)
            assert len(notices(again)) == 1
        discord.state.add_member("10", "8")
        discord.state.message(channel, "8", GRAVE)  # after it, while nobody listened
        async with watching(tmp_path, discord, clock) as third:
            assert stage(third) is Stage.ON
            await third.pages(ADA, 2)
            assert len(notices(third)) == 1


async def test_a_channel_that_was_not_read_yet_is_removed_without_a_word_there(
    tmp_path: Path,
) -> None:
    async with server() as (discord, clock), watching(tmp_path, discord, clock) as here:
        away = Fault("POST", "/channels/20/messages", 503, times=1_000)
        discord.limits.faults.append(away)
        await command(here, "watch add", channel="20")
        await here.until(lambda: away.times < 1_000)
        said = await command(here, "watch remove", channel="20")
        discord.limits.faults.clear()
        clock.turn(minutes=5)
        await discord.say("20", "7", GRAVE)
        counts = await here.until_counted(1)
        await settled(here)

        assert "#job-search will not be read" in said
        assert "I say so in the channel" not in said
        assert counts == {Count.SEEN: 1, Count.SKIPPED_NOT_WATCHED: 1}
        assert [one["content"] for one in discord.said("20")] == [GRAVE]
        await added(here)


async def test_what_is_removed_is_not_read_and_says_so(tmp_path: Path) -> None:
    async with server() as (discord, clock), watching(tmp_path, discord, clock) as here:
        notice = await added(here)
        await here.until(lambda: notice["pinned"])
        assert "Type /watch set" in await command(here, "watch add", channel="20")
        listed = await command(here, "watch list")
        assert "Mode: watch." in listed
        assert "Set by Mo on" in listed
        await command(here, "watch remove", channel="20")
        await here.until(lambda: not notice["pinned"])
        await here.until(lambda: discord.said("20")[-1]["content"].startswith("From now on"))
        seen = (await here.until_counted(1))[Count.SEEN]
        await discord.say("20", "7", GRAVE)
        counts = await here.until_counted(seen + 1)

        assert "not read any more" in notice["content"]
        assert notice["components"] == []
        assert Count.READ not in counts
        assert "Nothing is read" in await command(here, "watch list")
        await command(here, "watch add", channel="20")
        await here.until(lambda: len(notices(here)) == 1)


async def test_a_channel_that_cannot_be_told_that_it_is_over_is_told_of_once(
    tmp_path: Path,
) -> None:
    async with server() as (discord, clock), watching(tmp_path, discord, clock) as here:
        notice = await added(here)
        await here.until(lambda: notice["pinned"])
        await discord.hide("20", deny=SEND_MESSAGES)
        await command(here, "watch remove", channel="20")
        said = await told(here)
        clock.turn(minutes=1)
        assert here.app.watch is not None
        await here.app.watch.watching.look()

        assert "could not say so there: the bot lacks a permission there: Send Messages" in said
        assert "Tell its members yourself" in said
        assert len(discord.dms(MO)) == 1
        assert stage(here) is Stage.OFF


async def test_a_channel_that_is_gone_ends_its_watching_and_whoever_set_it_hears(
    tmp_path: Path,
) -> None:
    async with server() as (discord, clock), watching(tmp_path, discord, clock) as here:
        notice = await added(here)
        await here.until(lambda: notice["pinned"])
        await discord.rename("20", "jobs")
        await discord.say("20", "7", GRAVE)
        await here.pages(ADA, 1)
        await discord.delete_channel("20")
        (told,) = await here.pages(MO, 1)

        assert stage(here) is Stage.OFF
        assert "#jobs was deleted or closed to me" in str(told["embeds"])


async def test_the_help_button_answers_whoever_presses_it_alone(tmp_path: Path) -> None:
    async with server() as (discord, clock), watching(tmp_path, discord, clock) as here:
        notice = await added(here)
        asked = await discord.command("help-now", "7", "20")
        shown = await discord.until_shown(asked)
        pressed = await discord.press("Talk to a practitioner", "7", on=notice)
        private = await discord.until_shown(pressed)
        known = tmp_path.joinpath("desk.db").read_bytes()

    assert private["flags"] & 64
    assert private["content"] == shown["content"] == "Talk to a person"
    assert private["embeds"] == shown["embeds"]
    assert "999" in str(private["embeds"])
    assert b"discord:press" not in known  # nobody keeps who asked for help


async def test_who_opts_out_is_not_read_and_what_was_kept_of_them_is_erased(
    tmp_path: Path,
) -> None:
    async with server() as (discord, clock), watching(tmp_path, discord, clock) as here:
        await added(here)
        raw = await discord.say("20", "7", GRAVE)
        await here.pages(ADA, 1)
        key = f"discord:10:20:{raw['id']}"
        before = await here.store.decisions.one("north", key)
        assert "#job-search" in await command(here, "privacy", "7")
        assert "You are out" in await command(here, "optout", "7")
        after = await here.store.decisions.one("north", key)
        await discord.say("20", "7", GRAVE)
        while Count.SKIPPED_OPTED_OUT not in await here.until_counted(1):
            pass

        assert before is not None
        assert after is not None
        assert before.author
        assert before.decision.evidence
        assert (after.author, after.decision.evidence) == ("", ())
        assert len(discord.dms(ADA)) == 1
        assert await here.store.alerts.find("north", key) is not None
