"""Slack's events come in over sockets: translated, safe first, acknowledged then, once each."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.event import (
    Deleted,
    Edited,
    HomeOpened,
    Opened,
    PlaceGone,
    PlaceRenamed,
    Posted,
    Reconnected,
    RolesChanged,
    SpaceJoined,
    SpaceLeft,
    SpacesNamed,
)
from bot.domain.message import AccountRef, Origin, Place
from bot.domain.space import SpaceRef
from tests.support.fake_slack.people import settle_in
from tests.support.fake_slack.server import BOT_TOKEN, Token
from tests.support.slackdesk import SLACK
from tests.support.slacktown import CUT, Slacktown, slacktown


async def heard_one(here: Slacktown, text: str = "", **more: object) -> Posted:
    before = len(here.inbox.of(Posted))
    await here.town.say(here.jobs, "UPIP", text, **more)
    posted: list[Posted] = await here.inbox.until(Posted, before + 1)
    return posted[-1]


async def test_its_channels_are_opened_before_anything_is_taken_in() -> None:
    async with slacktown() as here, here.running():
        await here.inbox.until(SpaceJoined)

        assert [event.place.name for event in here.inbox.of(Opened)] == ["#job-search", "#advice"]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("a &lt; b &amp;&amp; c &gt; d", "a < b && c > d"),
        ("&amp;lt;@UADA&amp;gt;", "&lt;@UADA&gt;"),
        ("hi <@UADA>, see <#C2|advice>", "hi @Ada, see #advice"),
        ("<!channel> <!here> <!subteam^S1> <!subteam^S1|@team>", "@channel @here @group @team"),
        ("<https://example.org|the form> <http://example.org>",
         "the form (https://example.org) http://example.org"),
        ("<mailto:a@example.org|a@example.org>", "a@example.org"),
        ("<!date^1392734382^{date}|18 February 2014>", "18 February 2014"),
        ("*bold* `code`", "*bold* `code`"),
    ],
)  # fmt: skip
async def test_text_is_read_plainly(written: str, read: str) -> None:
    async with slacktown() as here, here.running():
        assert (await heard_one(here, written)).message.text == read


async def test_names_from_outside_are_not_kept_and_a_guests_message_is_a_message() -> None:
    async with slacktown() as here:
        here.town.user("UOUT", "Olga Outside", team="T9")
        here.jobs.is_shared = True
        async with here.running():
            await here.town.say(here.jobs, "UOUT", "thanks <@UOUT|olga> and <@UPIP>", team="T9")
            (posted,) = await here.inbox.until(Posted)

    assert posted.message.origin is Origin.MEMBER
    assert posted.message.ref.place.space == "T1"
    assert posted.message.mentions == ("member", "Pip")
    assert "olga" not in repr(posted).lower()


@pytest.mark.parametrize(
    ("more", "origin"),
    [
        ({}, Origin.MEMBER),
        ({"subtype": "me_message"}, Origin.MEMBER),
        ({"subtype": "file_share", "files": [{"id": "F1"}]}, Origin.MEMBER),
        ({"subtype": "thread_broadcast", "thread_ts": "1767621600.000000"}, Origin.MEMBER),
        ({"subtype": "bot_message", "bot_id": "B9"}, Origin.BOT),
        ({"bot_id": "B9"}, Origin.BOT),
        ({"subtype": "channel_join"}, Origin.SYSTEM),
        ({"subtype": "channel_topic"}, Origin.SYSTEM),
        ({"subtype": "something_new"}, Origin.SYSTEM),
    ],
)
async def test_who_speaks_is_told_by_the_subtype(more: dict[str, object], origin: Origin) -> None:
    async with slacktown() as here, here.running():
        message = (await heard_one(here, "hello", **more)).message

    assert message.origin is origin
    assert message.ref.place.thread == more.get("thread_ts")
    assert message.attachments == len(str(more.get("files", "")).split("'id'")) - 1


async def test_a_reply_stands_in_its_thread_and_its_first_message_in_the_channel() -> None:
    async with slacktown() as here, here.running():
        first = (await heard_one(here, "which course?")).message
        reply = (await heard_one(here, "this one", thread_ts=first.ref.id)).message

    assert first.ref.place.thread is None
    assert (reply.ref.place.thread, reply.reply_to) == (first.ref.id, first.ref.id)
    assert reply.ref.place.channel_key == first.ref.place.key
    assert reply.link.endswith(f"?thread_ts={first.ref.id}&cid=C1")


async def test_edits_and_deletes_are_told_and_unfurled_links_are_not() -> None:
    async with slacktown() as here, here.running():
        first = (await heard_one(here, "before")).message
        ts = first.ref.id
        await here.town.edit(here.jobs, ts, "before")  # only a link was unfurled
        await here.town.edit(here.jobs, ts, "after")
        (edited,) = await here.inbox.until(Edited)
        await here.town.delete(here.jobs, ts)
        (deleted,) = await here.inbox.until(Deleted)

    assert (edited.ref, edited.message.text) == (first.ref, "after")
    assert edited.message.edited_at is not None
    assert deleted.refs == (first.ref,)


async def test_a_deleted_first_message_of_a_thread_is_a_delete() -> None:
    async with slacktown() as here, here.running():
        first = (await heard_one(here, "to be deleted")).message
        tomb = {"ts": first.ref.id, "subtype": "tombstone", "text": "This message was deleted."}
        changed = {"subtype": "message_changed", "message": tomb, "channel": "C1", "ts": "1.1"}
        await here.town.tell({"type": "message", **changed})
        (deleted,) = await here.inbox.until(Deleted)

    assert deleted.refs == (first.ref,)


async def test_direct_messages_are_let_go() -> None:
    async with slacktown() as here, here.running():
        said = {"type": "message", "channel": "D1", "channel_type": "im", "user": "UPIP"}
        envelope = await here.town.tell({**said, "ts": here.slack.stamp(), "text": "private"})
        await envelope.acknowledged.wait()

        assert here.inbox.of(Posted) == []


async def test_who_is_put_in_a_user_group_or_out_of_it_is_told_and_asked_after_anew() -> None:
    ada, space = AccountRef(SLACK, "UADA"), SpaceRef(SLACK, "T1")
    async with slacktown() as here:
        here.slack.tokens[BOT_TOKEN].scopes |= {"usergroups:read"}
        groups = here.town.space.groups
        groups["S1"] = ("Guides", {"UADA"})
        async with here.running():
            before = await here.platform.standing(ada, space)
            groups["S1"] = ("Guides", {"UBO"})
            changed = {"subteam_id": "S1", "removed_users": ["UADA"], "added_users": ["UBO"]}
            await here.town.hears_of("subteam_members_changed", **changed)
            told = await here.inbox.until(RolesChanged, 2)
            after = await here.platform.standing(ada, space)

    assert [one.who.id for one in told] == ["UADA", "UBO"]
    assert (before.roles, after.roles) == (frozenset({"S1"}), frozenset())


async def test_what_becomes_of_channels_people_and_the_app_is_told() -> None:
    async with slacktown() as here, here.running():
        await here.town.hears_of("channel_rename", channel={"id": "C1", "name": "jobs"})
        (renamed,) = await here.inbox.until(PlaceRenamed)
        await here.town.hears_of("channel_archive", channel="C2", user="UADA")
        (gone,) = await here.inbox.until(PlaceGone)
        await here.town.hears_of("app_home_opened", user="UADA", tab="home")
        (opened,) = await here.inbox.until(HomeOpened)
        here.town.space.users["UADA"].is_admin = True
        await here.town.hears_of("user_change", user=here.town.space.users["UADA"].raw)
        (changed,) = await here.inbox.until(RolesChanged)
        here.town.channel("C3", "new")
        await here.town.hears_of("member_joined_channel", user="UBOT", channel="C3")
        places = await here.inbox.until(Opened, 3)
        await here.town.hears_of("app_uninstalled")
        (left,) = await here.inbox.until(SpaceLeft)

    assert renamed.place.name == "#jobs"
    assert gone.place.channel == "C2"
    assert (opened.by.id, changed.who.id, left.space.id) == ("UADA", "UADA", "T1")
    assert places[-1].place.name == "#new"


async def test_revoked_tokens_are_no_goodbye() -> None:
    async with slacktown() as here, here.running():
        for tokens in ({"oauth": ["UADA"]}, {"bot": ["UBOT"]}):
            envelope = await here.town.hears_of("tokens_revoked", tokens=tokens)
            await envelope.acknowledged.wait()

        assert here.inbox.of(SpaceLeft) == []


async def test_nothing_is_acknowledged_before_it_is_on_disk() -> None:
    async with slacktown() as here, here.running():
        await here.inbox.until(SpaceJoined)
        here.inbox.held = asyncio.get_running_loop().create_future()
        envelope = await here.town.say(here.jobs, "UPIP", "hello")
        await here.inbox.until(Posted)
        assert not envelope.acknowledged.is_set()

        here.inbox.held.set_result(None)
        await envelope.acknowledged.wait()


async def test_what_is_not_safe_in_time_is_sent_again_and_then_waits_for_the_same() -> None:
    async with slacktown(deadline=timedelta()) as here, here.running():
        await here.inbox.until(SpaceJoined)
        here.inbox.held = asyncio.get_running_loop().create_future()
        envelope = await here.town.say(here.jobs, "UPIP", "hello")
        await here.inbox.until(Posted)
        assert not envelope.acknowledged.is_set()

        here.inbox.held.set_result(None)
        here.clock.turn(seconds=4)
        assert await here.slack.sockets.redeliver() == 1
        await envelope.acknowledged.wait()

        assert len(here.inbox.of(Posted)) == 1
        assert envelope.body["retry_attempt"] == 1


async def test_what_a_bug_stopped_is_sent_again_and_taken_in() -> None:
    async with slacktown() as here, here.running():
        await here.inbox.until(SpaceJoined)
        here.inbox.bug = RuntimeError("a bug")
        envelope = await here.town.say(here.jobs, "UPIP", "hello")
        done = await here.town.say(here.help, "UPIP", "is it me?")
        here.inbox.bug = None
        here.clock.turn(seconds=4)
        while not (envelope.acknowledged.is_set() and done.acknowledged.is_set()):
            await here.slack.sockets.redeliver()
            here.clock.turn(seconds=4)
            await asyncio.sleep(0)

        assert {one.message.text for one in here.inbox.of(Posted)} == {"hello", "is it me?"}


async def test_the_same_event_by_retry_and_by_both_sockets_is_one() -> None:
    async with slacktown() as here, here.running():
        first = await here.town.say(here.jobs, "UPIP", "hello")
        again = [await here.slack.sockets.repeat(first, over=over) for over in (0, 1, 0)]
        for envelope in (first, *again):
            await envelope.acknowledged.wait()

        assert len(here.inbox.of(Posted)) == 1


async def test_a_cold_start_under_a_flood_asks_once_who_we_are() -> None:
    async with slacktown() as here, here.running():
        flood = [await here.town.say(here.jobs, "UPIP", f"{number}") for number in range(200)]
        for envelope in flood:
            await envelope.acknowledged.wait()

        assert len(here.inbox.of(Posted)) == 200
        assert here.slack.calls["auth.test"] == 1


@pytest.mark.parametrize("reason", ["warning", "refresh_requested", "too_many_websockets"])
async def test_a_connection_is_renewed_while_the_other_stays_so_that_nothing_is_missed(
    reason: str,
) -> None:
    async with slacktown() as here, here.running():
        await here.inbox.until(SpaceJoined)
        await here.slack.sockets.disconnect(0, reason)
        await here.slack.sockets.connected(2, opened=3)
        assert (await heard_one(here, "still here")).message.text == "still here"

        assert here.inbox.of(Reconnected) == []


async def test_when_one_connection_broke_without_a_word_all_is_read_back_too() -> None:
    async with slacktown(**CUT) as here, here.running():
        await here.inbox.until(SpaceJoined)
        await here.slack.sockets.cut(1)
        assert await here.inbox.until(Reconnected)
        await here.slack.sockets.connected(2)

        assert len(here.inbox.of(Reconnected)) == 1


async def test_what_was_written_before_the_connection_stood_is_told_from_what_is_new() -> None:
    async with slacktown() as here:
        here.clock.turn(minutes=-1)
        old = here.town.write(here.jobs, "UPIP", "old")
        here.clock.turn(minutes=1)
        async with here.running():
            await here.inbox.until(SpaceJoined)
            new = await heard_one(here, "new")
            await here.town.tell(here.town.event(here.jobs, old))
            (_, again) = await here.inbox.until(Posted, 2)

    assert (new.is_late, again.is_late) == (False, True)


async def test_what_history_brings_again_is_told_from_what_it_may_not_find() -> None:
    async with slacktown() as here, here.running():
        await here.inbox.until(SpaceJoined)
        first = await heard_one(here, "in the channel")
        reply = await heard_one(here, "in a thread", thread_ts=first.message.ref.id)

    assert (first.is_kept, reply.is_kept) == (True, False)


async def test_when_both_connections_were_cut_what_was_missed_is_to_be_read_back() -> None:
    async with slacktown(**CUT) as here, here.running():
        await here.inbox.until(SpaceJoined)
        await here.slack.sockets.cut()
        assert await here.inbox.until(Reconnected)
        await here.slack.sockets.connected(2)

        assert (await heard_one(here, "back")).message.text == "back"


async def test_what_slack_let_go_under_a_rate_limit_is_read_back_now_and_afterwards() -> None:
    async with slacktown() as here, here.running():
        await here.inbox.until(SpaceJoined)
        minute = int(here.clock().timestamp())
        limited = {"type": "app_rate_limited", "team_id": "T1", "minute_rate_limited": minute}
        await here.slack.sockets.send("events_api", limited)
        assert (await here.inbox.until(Reconnected))[0].space == "T1"
        await heard_one(here, "within the minute")
        assert len(here.inbox.of(Reconnected)) == 1

        here.clock.turn(minutes=1)
        await heard_one(here, "after it")
        assert len(here.inbox.of(Reconnected)) == 2


async def test_an_organisations_app_knows_each_workspace_by_its_own_id() -> None:
    async with slacktown() as here:
        other = settle_in(here.slack, "T2")
        other.user("UTWO", "Two")
        channel = other.channel("C9", "elsewhere", "UTWO")
        here.slack.tokens[BOT_TOKEN] = Token(("T1", "T2"), enterprise="E1")
        async with here.running():
            places = [one.place.space for one in await here.inbox.until(Opened, 3)]
            message = other.event(channel, other.write(channel, "UTWO", "hello"))
            body = other.callback(message, enterprise_id="E1")
            body["authorizations"] = [{"enterprise_id": "E1", "team_id": None}]
            await here.slack.sockets.send("events_api", body)
            (posted,) = await here.inbox.until(Posted)

    assert places == ["T1", "T1", "T2"]
    assert posted.message.ref.place.space == "T2"
    assert posted.message.author == AccountRef(here.platform.name, "UTWO")


async def test_an_event_of_a_workspace_that_is_not_ours_is_let_go() -> None:
    async with slacktown() as here, here.running():
        message = here.town.event(here.jobs, here.town.write(here.jobs, "UPIP", "hello"))
        body = here.town.callback(message, team_id="T77", authorizations=[{"team_id": "T77"}])
        body["event"]["team"] = "T77"
        envelope = await here.slack.sockets.send("events_api", body)
        await envelope.acknowledged.wait()

        assert here.inbox.of(Posted) == []


async def test_public_channels_are_shown_to_all_but_guests_and_private_ones_to_nobody() -> None:
    async with slacktown() as here:
        here.town.user("UGUEST", "Gus", is_restricted=True)
        here.help.is_private = True
        async with here.running():
            await here.inbox.until(SpacesNamed)
            shows = here.platform.shows
            jobs, advice = Place(SLACK, "T1", "C1"), Place(SLACK, "T1", "C2")

            assert shows(jobs, AccountRef(SLACK, "UPIP"))
            assert shows(replace(jobs, thread="1.0"), AccountRef(SLACK, "UPIP"))
            assert not shows(advice, AccountRef(SLACK, "UPIP"))
            assert not shows(jobs, AccountRef(SLACK, "UGUEST"))
            assert not shows(jobs, AccountRef(SLACK, "USTRANGER"))

            said = here.town.event(here.jobs, here.town.write(here.jobs, "UADA", "made it private"))
            await here.town.tell({**said, "subtype": "channel_convert_to_private"})
            await here.inbox.until(Posted)

            assert not shows(jobs, AccountRef(SLACK, "UPIP"))


async def test_a_channel_that_the_app_is_invited_to_is_shown_if_it_is_public() -> None:
    async with slacktown() as here, here.running():
        await here.inbox.until(SpacesNamed)
        for id_, is_private in (("C7", False), ("C8", True)):
            here.town.channel(id_, "new", is_private=is_private)
            await here.town.hears_of("member_joined_channel", user="UBOT", channel=id_)
        await here.inbox.until(Opened, 4)
        pip = AccountRef(SLACK, "UPIP")

        assert here.platform.shows(Place(SLACK, "T1", "C7"), pip)
        assert not here.platform.shows(Place(SLACK, "T1", "C8"), pip)
