"""What Slack keeps is read back in order, threads included, within what it lets an app ask."""

from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.slack.history import OWN, SOLD, Reach
from bot.domain.message import Message, Place, PlatformName
from bot.ports import Permanent, Temporary
from tests.support.fake_slack.server import BOT_TOKEN, Token
from tests.support.slacktown import Slacktown, slacktown

JOBS = Place(PlatformName("slack"), "T1", "C1", None, "#job-search")


async def past(here: Slacktown, after: str | None = "", where: Place = JOBS) -> list[Message]:
    return [message async for message in here.platform.history(where, after=after)]


def texts(messages: list[Message]) -> list[str]:
    return [message.text for message in messages]


def write(here: Slacktown, text: str, thread: str | None = None, **more: object) -> str:
    if thread is not None:
        more["thread_ts"] = thread
    ts: str = here.town.write(here.jobs, "UPIP", text, **more)["ts"]
    return ts


async def test_replies_stand_among_the_rest_in_order_and_broadcast_ones_once() -> None:
    async with slacktown() as here:
        root = write(here, "1")
        write(here, "2")
        write(here, "3", root)
        write(here, "4")
        write(here, "5", root, subtype="thread_broadcast")

        assert texts(await past(here)) == ["1", "2", "3", "4", "5"]
        thread = Place(JOBS.platform, "T1", "C1", root)
        assert texts(await past(here, "", thread)) == ["3", "5"]
        assert texts(await past(here, None, thread)) == ["5"]


async def test_a_reply_to_an_old_thread_is_found_in_the_gap() -> None:
    async with slacktown() as here:
        root = write(here, "an old thread")
        here.clock.turn(hours=40)
        last = write(here, "before the gap")
        here.clock.turn(hours=1)
        write(here, "in the gap")
        write(here, "a reply in the gap", root)

        assert texts(await past(here, last)) == ["in the gap", "a reply in the gap"]
        assert texts(await past(here, None)) == ["a reply in the gap"]


async def test_many_pages_are_read_and_none_twice() -> None:
    async with slacktown() as here:
        written = [write(here, f"{number}") for number in range(650)]
        messages = await past(here, written[49])

        assert texts(messages) == [f"{number}" for number in range(50, 650)]
        assert here.slack.calls["conversations.history"] == 4


async def test_who_stops_early_goes_on_without_asking_again() -> None:
    async with slacktown() as here:
        for number in range(300):
            write(here, f"{number}")
        read = []
        async for message in here.platform.history(JOBS, after=""):
            read.append(message)
            if len(read) == 120:
                break
        asked = here.slack.calls["conversations.history"]
        more = here.platform.history(JOBS, after=read[-1].position)
        first = await anext(more)

        assert first.text == "120"
        assert here.slack.calls["conversations.history"] == asked
        write(here, "written since")
        assert texts([message async for message in more])[-1] == "written since"


async def test_of_more_than_is_held_nothing_is_left_out() -> None:
    async with slacktown(reach=replace(OWN, held=50)) as here:
        written = [write(here, f"{number}") for number in range(420)]

        assert texts(await past(here, written[9])) == [f"{n}" for n in range(10, 420)]


async def test_a_sold_app_reads_on_where_slack_made_it_wait() -> None:
    async with slacktown(reach=SOLD) as here:
        root = write(here, "0")
        for number in range(1, 40):
            write(here, f"{number}", root if number % 10 == 0 else None)
        here.slack.limits.is_on = here.slack.limits.is_sold = True
        read: list[Message] = []
        waits: list[timedelta] = []
        while len(read) < 40:
            after = read[-1].position if read else ""
            try:
                async for message in here.platform.history(JOBS, after=after):
                    read.append(message)  # noqa: PERF401 - what came before a refusal counts
            except Temporary as wait:
                waits.append(wait.retry_after or timedelta())
                here.clock.turn(seconds=waits[-1].total_seconds())

        assert texts(read) == [f"{number}" for number in range(40)]
        assert (
            waits == [timedelta(minutes=1)] * 3
        )  # 37 in three pages, one thread of four: a request a minute


@pytest.mark.parametrize(
    ("reach", "messages", "says"),
    [
        (SOLD, 15, "read 15 messages a minute, so 15 messages take about a minute."),
        (SOLD, 900, "so 900 messages take about 60 minutes."),
        (SOLD, 5_000, "so 5,000 messages take about 6 hours."),
        (OWN, 5_000, "read 10,000 messages a minute, so 5,000 messages take about a minute."),
    ],
)  # fmt: skip
def test_how_long_catching_up_takes_is_said_plainly(reach: Reach, messages: int, says: str) -> None:
    assert says in reach.catching_up(messages)


async def test_a_history_that_may_not_be_read_says_why() -> None:
    async with slacktown() as here:
        await past(here)
        here.jobs.members.discard("UBOT")
        with pytest.raises(Permanent, match="/invite"):
            await past(here)
        here.jobs.members.add("UBOT")
        here.slack.tokens[BOT_TOKEN] = Token(("T1",), frozenset({"channels:read"}))
        with pytest.raises(Permanent, match="channels:history"):
            await past(here)


async def test_a_thread_whose_beginning_is_gone_does_not_stop_the_rest() -> None:
    async with slacktown() as here:
        root = write(here, "root")
        write(here, "reply", root)
        write(here, "after")
        async for first in here.platform.history(JOBS, after=""):
            assert first.text == "root"
            break
        del here.jobs.messages[root]
        here.again()

        assert texts(await past(here)) == ["after"]


async def test_a_message_is_fetched_as_it_is_now_in_a_thread_too() -> None:
    async with slacktown() as here:
        root = write(here, "root")
        write(here, "reply", root)
        message, reply = await past(here)
        here.jobs.messages[reply.ref.id]["text"] = "changed"
        del here.jobs.messages[root]

        assert await here.platform.fetch(message.ref) is None
        assert await here.platform.fetch(reply.ref) is None  # with its thread
        here.jobs.messages[root] = {**here.jobs.messages[reply.ref.id], "ts": root}
        found = await here.platform.fetch(reply.ref)
        assert found is not None
        assert found.text == "changed"
