"""What comes in from Discord, over the real client and a socket."""

import pytest

from adapters.discord.gateway import BadToken, MissingIntent
from bot.domain.event import (
    Deleted,
    Edited,
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
from bot.domain.message import AccountRef, Message, Origin, Place
from bot.domain.setup import Trouble
from bot.domain.space import SpaceRef
from bot.ports import Temporary
from tests.support.build import DISCORD, NOON, account
from tests.support.discording import Connected, connected, discord_platform
from tests.support.fake_discord.gateway import CONTENT
from tests.support.fake_discord.limits import Fault
from tests.support.fake_discord.server import TOKEN, FakeDiscord, fake_discord
from tests.support.fake_discord.state import FORUM, PUBLIC_THREAD, VIEW_CHANNEL
from tests.support.inbox import ListInbox
from tests.support.scripted import Hands


async def posted(here: Connected, count: int = 1) -> list[Message]:
    return [event.message for event in await here.heard(Posted, count)]


async def test_what_a_member_writes_comes_in_with_all_there_is_to_know() -> None:
    async with connected() as here:
        raw = await here.discord.say("20", "7", "hello <@7>, see <#20>")
        (message,) = await posted(here)

    assert message.text == "hello @Mia, see #channel"
    assert message.origin is Origin.MEMBER
    assert message.ref.place == Place(DISCORD, "10", "20")
    assert message.ref.place.name == "#job-search"
    assert message.mentions == ("Mia",)
    assert message.link == f"https://discord.com/channels/10/20/{raw['id']}"
    assert message.position == raw["id"].rjust(20, "0")
    assert message.sent_at == NOON


async def test_a_place_is_opened_before_its_messages_come() -> None:
    async with connected() as here:
        await here.discord.say("20", "7", "hello")
        await posted(here)

    kinds = [type(event) for event in here.inbox.events]
    assert kinds == [SpacesNamed, SpaceJoined, Opened, Posted]


async def test_who_is_no_member_is_told_by_origin() -> None:
    def add(discord: FakeDiscord) -> None:
        discord.state.add_user("60", "OtherBot", bot=True)
        discord.state.add_member("10", "60")
        discord.state.add_user("456226577798135808", "Deleted User")

    async with connected(before=add) as here:
        say = here.discord.say
        await say("20", "60", "a bot")
        await say("20", "7", "a webhook", webhook_id="61")
        await say("20", here.discord.state.bot, "the bot itself")
        await say("20", "7", "", type=7)  # joined
        await say("20", "60", "an answer to a command", type=20)
        await say("20", "456226577798135808", "the words stay")
        await say("20", "7", "a reply", type=19, message_reference={"message_id": "5"})
        messages = await posted(here, 7)

    origins = [message.origin for message in messages]
    assert origins == [
        Origin.BOT, Origin.BOT, Origin.BOT, Origin.SYSTEM, Origin.BOT, Origin.DELETED_MEMBER,
        Origin.MEMBER,
    ]  # fmt: skip
    assert messages[-1].reply_to == "5"


async def test_edits_come_with_and_without_content() -> None:
    async with connected() as here:
        raw = await here.discord.say("20", "7", "helo")
        await here.discord.edit("20", raw["id"], "hello")
        await here.discord.resolve_embeds("20", raw["id"])
        first, second = await here.heard(Edited, 2)

    assert first.message is not None
    assert first.message.text == "hello"
    assert first.message.edited_at == NOON
    assert second.message is None
    assert second.ref.id == raw["id"]


async def test_an_unfurled_link_is_no_edit() -> None:
    async with connected() as here:
        raw = await here.discord.say("20", "7", "https://example.org")
        event = {**raw, "guild_id": "10"}
        await here.discord.gateway.dispatch("MESSAGE_UPDATE", event, guild="10")
        await here.discord.delete("20", raw["id"])
        await here.heard(Deleted)

    assert here.of(Edited) == []


async def test_deletes_carry_ids_one_or_many() -> None:
    async with connected() as here:
        ids = [(await here.discord.say("20", "7", "x"))["id"] for _ in range(3)]
        await here.discord.delete("20", ids[0])
        await here.discord.delete("20", *ids[1:])
        one, many = await here.heard(Deleted, 2)

    assert [ref.id for ref in one.refs] == ids[:1]
    assert [ref.id for ref in many.refs] == ids[1:]


async def test_a_thread_has_its_channel_and_a_name_of_both() -> None:
    async with connected() as here:
        await here.discord.start_thread("33", "My story", "20")
        await here.discord.say("33", "7", "in the thread")
        (message,) = await posted(here)

    assert message.ref.place == Place(DISCORD, "10", "20", "33")
    assert message.ref.place.name == "#job-search > My story"
    assert [place.thread for place in here.inbox.opened] == [None, "33"]


async def test_a_forum_post_is_a_thread() -> None:
    def add(discord: FakeDiscord) -> None:
        discord.state.add_channel("40", "ask-here", kind=FORUM)

    async with connected(before=add) as here:
        await here.discord.start_thread("41", "Which course?", "40")
        await here.discord.say("41", "7", "I am 34.", id="41")
        (message,) = await posted(here)

    assert message.ref.place == Place(DISCORD, "10", "40", "41")
    assert [place.channel for place in here.inbox.opened] == ["20", "40"]
    assert here.inbox.opened[1].thread == "41"


async def test_an_archived_thread_wakes_when_somebody_writes() -> None:
    def add(discord: FakeDiscord) -> None:
        thread = discord.state.add_channel("33", "Old", kind=PUBLIC_THREAD, parent="20")
        thread.raw["thread_metadata"]["archived"] = True

    async with connected(before=add) as here:
        await here.discord.say("33", "7", "again")
        (message,) = await posted(here)

    assert message.ref.place.thread == "33"
    assert [place.thread for place in here.inbox.opened] == [None, "33"]


async def test_channels_come_and_go_and_change_their_names() -> None:
    async with connected() as here:
        await here.discord.add_channel("21", "new")
        await here.discord.rename("21", "newer")
        await here.discord.start_thread("33", "A thread", "21")
        await here.discord.archive("33")
        await here.discord.delete_channel("21")
        await here.heard(PlaceGone, 2)

    assert [place.name for place in here.inbox.opened] == [
        "#job-search",
        "#new",
        "#newer > A thread",
    ]
    assert [event.place.name for event in here.of(PlaceRenamed)] == ["#newer"]
    assert [event.place.thread for event in here.of(PlaceGone)] == ["33", None]


async def test_a_channel_that_is_hidden_from_the_bot_is_gone_and_may_come_back() -> None:
    async with connected() as here:
        await here.discord.hide("20")
        await here.heard(PlaceGone)
        await here.discord.hide("20", deny=0)
        await here.heard(Opened, 2)


async def test_a_channel_that_the_bot_never_saw_is_not_opened() -> None:
    def hide(discord: FakeDiscord) -> None:
        row = {"id": "10", "type": 0, "allow": "0", "deny": str(VIEW_CHANNEL)}
        discord.state.add_channel("21", "staff").raw["permission_overwrites"] = [row]

    async with connected(before=hide) as here:
        assert [place.channel for place in here.inbox.opened] == ["20"]


async def test_the_bot_is_invited_and_kicked() -> None:
    async with connected() as here:
        state = here.discord.state
        state.add_guild("11", "South")
        state.add_channel("50", "general", guild="11")
        await here.discord.invite("11")
        await here.heard(SpaceJoined, 2)
        await here.discord.kick("11")
        (left,) = await here.heard(SpaceLeft)

    assert [event.name for event in here.of(SpaceJoined)] == ["North", "South"]
    assert left.space == SpaceRef(DISCORD, "11")


async def test_changed_roles_and_leavers_are_told_when_the_desk_asks_for_it() -> None:
    async with connected(members=True) as here:
        here.discord.state.add_role("10", "70", "Practitioner", 0)
        await here.discord.set_roles("7", "70")
        await here.discord.leave("7")
        events = await here.heard(RolesChanged, 2)

    told = RolesChanged(AccountRef(DISCORD, "7"), SpaceRef(DISCORD, "10"))
    assert events == [told, told]


async def test_no_member_events_are_asked_for_without_need() -> None:
    async with connected() as here:
        (session,) = here.discord.gateway.sessions.values()

    assert session.intents == 1 << 0 | 1 << 9 | CONTENT


async def test_a_short_cut_is_resumed_and_nothing_is_missing() -> None:
    async with connected() as here:
        await here.discord.say("20", "7", "before")
        await posted(here)
        await here.discord.gateway.cut()
        for number in range(50):
            await here.discord.say("20", "7", f"meanwhile {number}")
        messages = await posted(here, 51)

    assert [m.text for m in messages[1:]] == [f"meanwhile {number}" for number in range(50)]
    assert here.discord.gateway.resumed == 1
    assert here.of(Reconnected) == []


async def test_a_lost_session_is_a_gap_that_is_told_before_anything_new() -> None:
    async with connected() as here:
        await here.discord.gateway.cut(forget=True)
        await here.discord.say("20", "7", "nobody hears this live")
        await here.until(lambda: here.discord.gateway.identified == 2)
        await here.discord.say("20", "7", "after")
        (message,) = await posted(here)

    kinds = [type(event) for event in here.inbox.events]
    assert kinds.index(Reconnected) < kinds.index(Posted)
    assert message.text == "after"
    assert len(here.inbox.opened) == 1


async def test_discord_may_ask_to_reconnect() -> None:
    async with connected() as here:
        await here.discord.gateway.ask_to_reconnect()
        await here.until(lambda: here.discord.gateway.resumed == 1)
        await here.discord.say("20", "7", "after")
        assert [m.text for m in await posted(here)] == ["after"]


async def test_a_connection_that_answers_no_more_is_left() -> None:
    def quiet(discord: FakeDiscord) -> None:
        discord.gateway.interval, discord.gateway.acks = 50, False

    async with connected(before=quiet, heartbeat_timeout=0.2) as here:
        await here.until(lambda: here.discord.gateway.resumed >= 1)
        await here.discord.say("20", "7", "after")
        assert [m.text for m in await posted(here)] == ["after"]


async def test_a_frame_that_cannot_be_read_ends_nothing() -> None:
    async with connected() as here:
        await here.discord.gateway.send_raw("{no json")
        await here.heard(Reconnected)
        await here.discord.say("20", "7", "after")
        assert [m.text for m in await posted(here)] == ["after"]


async def test_a_message_that_cannot_be_read_is_counted_and_the_next_one_comes() -> None:
    async with connected() as here:
        strange = {"id": "1", "channel_id": "20", "guild_id": "10", "content": "?", "mentions": [],
                   "author": {"id": "7"}}  # fmt: skip
        await here.discord.gateway.dispatch("MESSAGE_CREATE", strange, guild="10")
        await here.discord.say("20", "7", "after")
        assert [m.text for m in await posted(here)] == ["after"]
        assert here.platform.counts["unreadable"] == 1


async def test_half_a_character_does_not_lose_the_message() -> None:
    async with connected() as here:
        await here.discord.say("20", "7", "half \ud83d")
        await here.discord.say("20", "7", "after")
        assert [m.text for m in await posted(here, 2)] == [
            "half \N{REPLACEMENT CHARACTER}", "after",
        ]  # fmt: skip


async def test_content_that_never_comes_is_counted() -> None:
    async with connected() as here:
        for _ in range(20):
            await here.discord.say("20", "7", "")
        await posted(here, 20)

    assert here.platform.counts["empty"] == 20


async def test_a_guild_that_discord_lost_for_a_while_is_read_back() -> None:
    async with connected() as here:
        lost = {"id": "10", "unavailable": True}
        await here.discord.gateway.dispatch("GUILD_DELETE", lost, guild="10")
        await here.discord.invite("10")
        (again,) = await here.heard(Reconnected)

    assert again == Reconnected(DISCORD, "10")
    assert here.of(SpaceLeft) == []


async def test_shards_share_the_guilds_and_a_gap_is_told_for_its_guilds_alone() -> None:
    other = str(1 << 22 | 5)  # the second shard's, of two

    def add(discord: FakeDiscord) -> None:
        discord.gateway.shards = 2
        discord.state.add_guild(other, "South")
        discord.state.add_channel("50", "general", guild=other)

    async with connected(before=add) as here:
        await here.discord.say("20", "7", "north")
        await here.discord.say("50", "1", "south")
        await posted(here, 2)
        await here.discord.gateway.cut(forget=True)
        await here.heard(Reconnected, 2)

    spaces = sorted(event.space for event in here.of(Reconnected))
    assert spaces == sorted(["10", other])


@pytest.mark.parametrize(
    ("token", "allowed", "raised"),
    [("wrong", CONTENT, BadToken), (TOKEN, 0, MissingIntent)],
)
async def test_what_only_a_person_can_mend_ends_the_run(
    token: str, allowed: int, raised: type[Exception]
) -> None:
    async with fake_discord(Hands(NOON)) as discord:
        discord.gateway.allowed = allowed
        async with discord_platform(discord.state.clock, token=token) as platform:
            with pytest.raises(raised, match="Developer Portal"):
                await platform.run(ListInbox())


async def test_a_token_that_is_taken_back_ends_the_run() -> None:
    async with fake_discord(Hands(NOON)) as discord, discord_platform(Hands(NOON)) as platform:
        await platform.open()
        discord.gateway.token = TOKEN[::-1]
        with pytest.raises(BadToken):
            await platform.run(ListInbox())


async def test_every_guild_is_named_and_one_with_an_outage_is_none_that_was_left() -> None:
    def add(discord: FakeDiscord) -> None:
        for guild, name in (("11", "South"), ("12", "West")):
            discord.state.add_guild(guild, name)
        discord.state.outages.add("11")
        del discord.state.guilds["12"].members[discord.state.bot]

    async with connected(before=add) as here:
        (named,) = await here.heard(SpacesNamed)
        lost, left = SpaceRef(DISCORD, "11"), SpaceRef(DISCORD, "12")
        found = {one: await here.platform.inspect(one, ()) for one in (lost, left)}
        here.discord.limits.faults.append(Fault("GET", "/guilds/12", 503, times=9))
        with pytest.raises(Temporary):
            await here.platform.inspect(left, ())

    assert named.spaces == {"900": {SpaceRef(DISCORD, "10"), lost}}
    assert [one.trouble for one in found[lost]] == [Trouble.UNKNOWN]
    assert [one.trouble for one in found[left]] == [Trouble.NOT_IN]


async def test_shards_name_their_guilds_together() -> None:
    other = str(1 << 22 | 5)

    def add(discord: FakeDiscord) -> None:
        discord.gateway.shards = 2
        discord.state.add_guild(other, "South")

    async with connected(before=add) as here:
        (named,) = await here.heard(SpacesNamed)

    assert {one.id for one in named.spaces["900"]} == {"10", other}


async def test_a_channel_that_everyone_sees_is_shown_and_one_that_needs_a_role_is_not() -> None:
    async with connected() as here:
        where, post = Place(DISCORD, "10", "20"), Place(DISCORD, "10", "20", "33")
        before = [here.platform.shows(one, account()) for one in (where, post)]
        await here.discord.close_to_all("20")
        await here.until(lambda: not here.platform.shows(where, account()))

        assert before == [True, True]
        assert not here.platform.shows(post, account())
        assert here.of(PlaceGone) == []  # the bot sees it still
