"""What is asked of Discord is done once, or it is said why not."""

import asyncio
from datetime import timedelta

import pytest

from bot.domain.action import (
    Action,
    DirectMessage,
    OpenForm,
    Post,
    Receipt,
    Reply,
    ShowHome,
    ShowPrivately,
    Update,
    Withdraw,
)
from bot.domain.card import Button, Card, Field, Link
from bot.domain.command import Form, Line
from bot.domain.event import Posted
from bot.domain.space import SpaceRef
from bot.ports import Permanent, Temporary
from tests.support.build import DISCORD, account, place, ref
from tests.support.discording import Connected, connected, discord_platform
from tests.support.fake_discord.limits import Fault
from tests.support.fake_discord.state import (
    ADMINISTRATOR,
    EMBED_LINKS,
    MANAGE_CHANNELS,
    READ_MESSAGE_HISTORY,
    SEND_MESSAGES,
)

CARD = Card("P1 urgent", ("Look soon.",), links=(Link("Open", "https://example.org"),),
            buttons=(Button("alert.take", "Take it"),))  # fmt: skip
BARE = Card("Done", ("Nothing to press here.",))
DM = DirectMessage(account("7"), CARD)
KEY = "north/discord:10:20:1#0"
LATER = timedelta(minutes=11)  # when a delivery of an earlier process is not looked for any more


async def failing(here: Connected, action: Action, key: str = KEY) -> Exception:
    with pytest.raises((Temporary, Permanent)) as raised:
        await here.platform.perform(action, key=key)
    return raised.value


async def test_a_direct_message_arrives_with_its_buttons_and_pings_nobody() -> None:
    async with connected() as here:
        receipt = await here.platform.perform(DM, key=KEY)
        (dm,) = here.discord.dms("7")
        body = here.discord.rest.bodies[-1]

    assert receipt == Receipt(f"{dm['channel_id']}:{dm['id']}")
    assert dm["content"] == "P1 urgent"
    assert [b["label"] for row in dm["components"] for b in row["components"]] == [
        "Take it",
        "Open",
    ]
    assert body["allowed_mentions"] == {"parse": [], "replied_user": False}


async def test_a_lost_answer_is_asked_for_again_and_the_message_is_there_once() -> None:
    async with connected() as here:
        here.clock.turn(seconds=LATER.total_seconds())
        here.discord.limits.faults.append(Fault("POST", "/messages", 0, after=True))
        assert isinstance(await failing(here, DM), Temporary)
        await here.platform.perform(DM, key=KEY)

        assert len(here.discord.dms("7")) == 1


@pytest.mark.parametrize("card", [CARD, BARE], ids=["buttons", "none"])
async def test_when_discord_has_forgotten_the_nonce_what_was_sent_is_looked_for(card: Card) -> None:
    async with connected() as here:
        here.clock.turn(seconds=LATER.total_seconds())
        here.discord.limits.faults.append(Fault("POST", "/messages", 0, after=True))
        action = DirectMessage(account("7"), card)
        await failing(here, action)
        here.clock.turn(minutes=30)
        receipt = await here.platform.perform(action, key=KEY)
        (dm,) = here.discord.dms("7")

    assert receipt.external_id.endswith(dm["id"])


async def test_a_new_process_finds_what_the_one_before_it_sent() -> None:
    async with connected() as here:
        sent = await here.platform.perform(DM, key=KEY)
        here.clock.turn(minutes=30)
        async with discord_platform(here.clock) as another:
            await another.open()
            again = await another.perform(DM, key=KEY)
            await another.perform(DM, key="north/another#0")

        assert again == sent
        assert len(here.discord.dms("7")) == 2


async def test_two_askings_at_once_are_one_sending() -> None:
    async with connected() as here:
        async with asyncio.TaskGroup() as tasks:
            asked = [tasks.create_task(here.platform.perform(DM, key=KEY)) for _ in range(3)]

        assert len({task.result() for task in asked}) == 1
        assert len(here.discord.dms("7")) == 1


async def test_a_slow_answer_holds_nobody_up_and_is_not_lost() -> None:
    async with connected(patience=0.05) as here:
        go_on = asyncio.Event()
        here.discord.limits.faults.append(Fault("POST", "/messages", 0, wait=go_on))
        assert isinstance(await failing(here, DM), Temporary)
        go_on.set()
        await here.until(lambda: here.discord.dms("7"))
        await here.platform.perform(DM, key=KEY)

        assert len(here.discord.dms("7")) == 1


async def test_limits_are_kept_and_what_is_refused_comes_later() -> None:
    async with connected() as here:
        here.discord.limits.bucket, here.discord.limits.seconds = 5, 0.05
        here.discord.limits.shared = 1
        for number in range(12):
            await here.platform.perform(Post(place(), BARE), key=f"k{number}")

        assert len(here.discord.said("20")) == 12
        assert here.discord.limits.met >= 1
        assert here.discord.limits.invalid == 0


async def test_the_overall_limit_stops_everything_for_a_while_and_loses_nothing() -> None:
    async with connected() as here:
        here.discord.limits.overall = 20
        async with asyncio.TaskGroup() as tasks:
            for number in range(30):
                action = Post(place(), BARE)
                tasks.create_task(here.platform.perform(action, key=f"k{number}"))

        assert len(here.discord.said("20")) == 30
        assert here.discord.limits.met >= 1


async def test_a_broken_server_is_weather() -> None:
    async with connected() as here:
        here.discord.limits.faults.append(Fault("POST", "/messages", 503))
        assert isinstance(await failing(here, DM), Temporary)
        await here.platform.perform(DM, key=KEY)

        assert len(here.discord.dms("7")) == 1


async def test_no_connection_is_weather() -> None:
    async with connected() as here:
        here.discord.limits.faults.append(Fault("POST", "/users/@me/channels", 0))

        assert isinstance(await failing(here, DM), Temporary)


async def test_before_it_is_connected_everything_waits() -> None:
    platform = discord_platform(lambda: (_ for _ in ()).throw(AssertionError))
    with pytest.raises(Temporary):
        await platform.perform(DM, key=KEY)


async def test_closed_direct_messages_are_for_good_and_known() -> None:
    async with connected() as here:
        here.discord.state.closed.add("7")
        failure = await failing(here, DM)
        standing = await here.platform.standing(account("7"), SpaceRef(DISCORD, "10"))

    assert isinstance(failure, Permanent)
    assert "direct messages" in str(failure)
    assert standing.is_reachable is False


async def test_who_shares_no_server_cannot_be_written_to() -> None:
    async with connected() as here:
        here.discord.state.add_user("8", "Stranger")

        assert isinstance(await failing(here, DirectMessage(account("8"), CARD)), Permanent)


async def test_a_missing_permission_is_for_good_in_that_channel() -> None:
    async with connected() as here:
        await here.discord.hide("20", deny=SEND_MESSAGES)
        failure = await failing(here, Post(place(), CARD))

    assert isinstance(failure, Permanent)
    assert "permission" in str(failure)


async def test_a_channel_that_is_gone_is_for_good() -> None:
    async with connected() as here:
        assert isinstance(await failing(here, Post(place("999"), CARD)), Permanent)


async def test_an_answer_stands_under_its_message_and_pings_nobody() -> None:
    async with connected() as here:
        raw = await here.discord.say("20", "7", "is it true?")
        await here.platform.perform(Reply(ref(int(raw["id"])), CARD), key=KEY)
        reply = here.discord.said("20")[-1]

    assert reply["message_reference"]["message_id"] == raw["id"]


async def test_an_answer_to_what_is_gone_is_not_given() -> None:
    async with connected() as here:
        assert isinstance(await failing(here, Reply(ref(5), CARD)), Permanent)
        assert here.discord.said("20") == []


async def test_what_was_sent_is_drawn_again_and_taken_back() -> None:
    async with connected() as here:
        sent = await here.platform.perform(DM, key=KEY)
        drawn = Card("P1 urgent", ("Ada took it.",))
        await here.platform.perform(Update(DISCORD, sent.external_id, drawn), key=f"{KEY}~2")
        (shown,) = here.discord.dms("7")
        for key in ("w1", "w2"):
            await here.platform.perform(Withdraw(DISCORD, sent.external_id), key=key)
        failure = await failing(here, Update(DISCORD, sent.external_id, drawn), "u3")

        assert here.discord.dms("7") == []
    assert shown["components"] == []
    assert "Ada took it" in shown["embeds"][0]["description"]
    assert isinstance(failure, Permanent)


async def test_discord_has_no_home_page_and_opens_no_form_unasked() -> None:
    form = Form("f", "Title", (Line("name", "Name"),))
    async with connected() as here:
        for action in (ShowHome(account(), "10", (CARD,)), OpenForm(account(), "press-1", form)):
            assert isinstance(await failing(here, action), Permanent)


async def test_a_private_answer_whose_press_is_forgotten_asks_to_press_again() -> None:
    secret = Card("More", ("The reasons.",))
    async with connected() as here:
        await here.platform.perform(ShowPrivately(account("7"), "press-1", secret), key=KEY)
        (dm,) = here.discord.dms("7")

    assert dm["content"] == "Please try again"
    assert "reasons" not in str(dm)


async def test_a_card_is_plain_text_where_embeds_are_forbidden() -> None:
    async with connected() as here:
        here.discord.state.strict_embeds = True
        await here.discord.hide("20", deny=EMBED_LINKS)
        await here.platform.perform(Post(place(), CARD), key=KEY)
        (made,) = here.discord.said("20")

    assert made["embeds"] == []
    assert made["content"] == "P1 urgent\nLook soon."


async def test_standing_is_asked_of_discord_at_the_moment() -> None:
    async with connected() as here:
        state, space = here.discord.state, SpaceRef(DISCORD, "10")
        state.add_role("10", "70", "Moderator", MANAGE_CHANNELS)
        state.add_role("10", "71", "Admin", ADMINISTRATOR)
        stand = here.platform.standing
        member = await stand(account("7"), space)
        await here.discord.set_roles("7", "70")
        moderator = await stand(account("7"), space)
        await here.discord.set_roles("7", "71")
        admin, owner = await stand(account("7"), space), await stand(account("1"), space)
        await here.discord.leave("7")
        gone = await stand(account("7"), space)

    assert (member.is_member, member.moderates, member.owns) == (True, False, False)
    assert (member.name, gone.name) == ("Mia", "")
    assert (moderator.moderates, moderator.owns, set(moderator.roles)) == (True, False, {"70"})
    assert admin.owns
    assert owner.owns
    assert not gone.is_member


async def test_history_that_may_not_be_read_is_no_empty_history() -> None:
    async with connected() as here:
        await here.discord.say("20", "7", "hello")
        await here.heard(Posted)
        await here.discord.hide("20", deny=READ_MESSAGE_HISTORY)
        await here.until(lambda: not here.platform.sees_history(place()))
        with pytest.raises(Permanent, match="history"):
            _ = [one async for one in here.platform.history(place(), after="")]


async def test_history_is_read_a_hundred_at_a_time_and_whole() -> None:
    async with connected() as here:
        for number in range(250):
            await here.discord.say("20", "7", str(number))
        here.discord.rest.asked.clear()
        texts = [one.text async for one in here.platform.history(place(), after="")]
        pages = [line for line in here.discord.rest.asked if line.endswith("/messages")]

    assert texts == [str(number) for number in range(250)]
    assert len(pages) == 4


async def bare_of_an_earlier_process(here: Connected, *words: str) -> None:
    """Send cards without buttons; the last one's answer is lost, and the process with it."""
    async with discord_platform(here.clock) as earlier:
        await earlier.open()
        for number, word in enumerate(words[:-1]):
            await earlier.perform(DirectMessage(account("7"), bare(word)), key=f"old {number}")
            here.clock.turn(minutes=2)
        here.discord.limits.faults.append(Fault("POST", "/messages", 0, after=True))
        with pytest.raises(Temporary):
            await earlier.perform(DirectMessage(account("7"), bare(words[-1])), key=KEY)


def bare(word: str) -> Card:
    """Build a card with much that Discord may give back otherwise than it was sent."""
    fields = (Field("Where", "#job-search"), Field("Since", "Monday  \n"))
    return Card("Digest", (f"{word}.  ", "*Nothing* to press."), fields=fields, footer="Waymark ")


async def test_a_card_without_buttons_of_an_earlier_process_is_found_by_its_words() -> None:
    async with connected() as here:
        since = here.clock()
        await bare_of_an_earlier_process(here, "One")
        here.clock.turn(minutes=30)
        action = DirectMessage(account("7"), bare("One"))
        found = await here.platform.find(action, key=KEY, since=since)
        done = await here.platform.perform(action, key=KEY)
        (dm,) = here.discord.dms("7")

    assert found == done == Receipt(f"{dm['channel_id']}:{dm['id']}")


async def test_the_same_words_of_an_earlier_time_are_another_message() -> None:
    async with connected() as here:
        await bare_of_an_earlier_process(here, "One", "Two")
        action = DirectMessage(account("7"), bare("One"))
        found = await here.platform.find(action, key="new", since=here.clock())
        await here.platform.perform(action, key="new")

        assert found is None
        assert len(here.discord.dms("7")) == 3


async def test_one_message_is_not_taken_for_two_of_the_same_words() -> None:
    async with connected() as here:
        since, action = here.clock(), DirectMessage(account("7"), BARE)
        sent = await here.platform.perform(action, key="one")
        async with discord_platform(here.clock) as another:
            await another.open()
            one = await another.find(action, key="one", since=since)
            other = await another.find(action, key="other", since=since)

    assert (one, other) == (sent, None)


async def test_a_card_that_was_sent_as_text_is_found() -> None:
    async with connected() as here:
        here.discord.state.strict_embeds = True
        await here.discord.hide("20", deny=EMBED_LINKS)
        sent = await here.platform.perform(Post(place(), BARE), key=KEY)
        async with discord_platform(here.clock) as another:
            await another.open()
            found = await another.find(Post(place(), BARE), key=KEY, since=here.clock())

    assert found == sent


async def test_what_is_still_under_way_is_neither_found_nor_missing() -> None:
    async with connected(patience=0.05) as here:
        go_on = asyncio.Event()
        here.discord.limits.faults.append(Fault("POST", "/messages", 0, wait=go_on))
        await failing(here, DM)
        with pytest.raises(Temporary):
            await here.platform.find(DM, key=KEY, since=here.clock())
        go_on.set()
        await here.until(lambda: here.discord.dms("7"))
        found = await here.platform.find(DM, key=KEY, since=here.clock())
        (dm,) = here.discord.dms("7")

    assert found is not None
    assert found.external_id.endswith(dm["id"])


async def test_it_is_found_behind_hundreds_of_others() -> None:
    async with connected() as here:
        since = here.clock()
        sent = await here.platform.perform(DM, key=KEY)
        channel = here.discord.state.dm("7")
        here.clock.turn(minutes=1)
        for number in range(250):
            here.discord.state.message(channel, "7", str(number))
        async with discord_platform(here.clock) as another:
            await another.open()

            assert await another.find(DM, key=KEY, since=since) == sent
