"""The watch list on Discord: a notice first, then reading; and what happens when it cannot be."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bot.commands.table import TABLE
from bot.domain.desk import ConsentMode, Desk
from bot.domain.ledger import Count
from bot.domain.watch import Stage
from tests.support.discord_desk import ADA, Duty, desk, discord_server, on_duty
from tests.support.fake_discord.limits import Fault
from tests.support.fake_discord.server import FakeDiscord
from tests.support.fake_discord.state import (
    ANNOUNCEMENT,
    CATEGORY,
    FORUM,
    MANAGE_CHANNELS,
    MANAGE_THREADS,
    MEDIA,
    PIN_MESSAGES,
    PINNED,
    PUBLIC_THREAD,
    REQUIRE_TAG,
    SEND_MESSAGES,
    VOICE,
    Channel,
    Json,
)
from tests.support.live import GRAVE
from tests.support.scripted import Hands

OWNER = "1"
MO = "300"
NOTHING = replace(desk(), reads_unlisted=False)


@asynccontextmanager
async def server(*, pins: bool = True) -> AsyncIterator[tuple[FakeDiscord, Hands]]:
    async with discord_server() as (discord, clock):
        state = discord.state
        state.add_role("10", "77", "Moderators", MANAGE_CHANNELS)
        state.add_member("10", MO, "77", name="Mo")
        if pins:
            state.add_role("10", "78", "Pinning", PIN_MESSAGES)
            state.guilds["10"].members[state.bot]["roles"] = ["78"]
        yield discord, clock


@asynccontextmanager
async def watching(folder: Path, discord: FakeDiscord, clock: Hands) -> AsyncIterator[Duty]:
    async with on_duty(folder, discord, clock, table=TABLE, of=NOTHING) as here:
        yield here


async def command(here: Duty, name: str, who: str = MO, /, **options: str) -> str:
    """Type a command, and give what is shown."""
    asked = await here.discord.command(name, who, "20", **options)
    return str(await here.discord.until_shown(asked))


def notices(here: Duty) -> list[Json]:
    return [one for one in here.discord.said("20") if one["content"] == "A bot reads this channel"]


def stage(here: Duty, channel: str = "20") -> Stage | None:
    assert here.app.watch is not None
    watch = here.app.watch.watching.watches.get(f"discord:10:{channel}")
    return None if watch is None else watch.stage


async def added(here: Duty, **options: str) -> Json:
    """Add the channel, and give its notice once it is read."""
    await command(here, "watch add", channel="20", **options)
    await here.until(lambda: stage(here) is Stage.ON)
    (notice,) = notices(here)
    return notice


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


async def left(here: Duty) -> None:
    """Remove the bot from the server, and return when that was followed."""
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


async def settled(here: Duty) -> None:
    """Return when nothing is on its way."""
    while (await here.store.deliveries.counts("north"))["pending"]:  # noqa: ASYNC110 - it tells nobody
        await asyncio.sleep(0)


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


async def test_who_asks_about_a_message_of_before_the_kick_is_heard_of(tmp_path: Path) -> None:
    async with server() as (discord, clock), watching(tmp_path, discord, clock) as here:
        await added(here)
        raw = await discord.say("20", "7", GRAVE)
        await here.pages(ADA, 1)
        await settled(here)
        await left(here)
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


async def add_to(here: Duty, channel: str) -> None:
    await command(here, "watch add", channel=channel)
    await here.until(lambda: stage(here, channel) in {Stage.ON, Stage.FAILED})


def posts(discord: FakeDiscord, forum: str = "40") -> list[Channel]:
    return [one for one in discord.state.threads("10") if one.raw["parent_id"] == forum]


async def told(here: Duty, count: int = 1) -> str:
    return str((await here.pages(MO, count))[count - 1])


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
