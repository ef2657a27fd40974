"""The whole bot in a Slack workspace: from what somebody writes to what people see and press."""

import asyncio
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.cards.case import CLOSE, MORE, TAKE
from bot.domain.action import DirectMessage
from bot.domain.event import Pressed
from bot.domain.ledger import Count
from bot.domain.practitioner import Practitioner
from bot.store.engine import open_store
from bot.triage.head import Head
from tests.support.build import DISCORD, account
from tests.support.fake_slack.server import LOSE_ANSWER
from tests.support.models import models
from tests.support.network import Words, encoder, session
from tests.support.scripted import FedPlatform
from tests.support.sessions import Held
from tests.support.slackdesk import BO, GRAVE, SlackDesk, copies, desk, slackdesk
from tests.support.slacktown import CUT, Slacktown, slacktown
from tests.support.warm import Warm, start
from tests.support.waymark import environment
from tests.support.world import reading_with

PEOPLE = ("UADA", "UBO")


def pages(of: SlackDesk) -> int:
    return sum(len(of.copies(user)) for user in PEOPLE)


async def test_a_grave_message_becomes_a_page_without_its_words(tmp_path: Path) -> None:
    async with slacktown() as here, slackdesk(here, tmp_path) as bot:
        envelope = await here.town.say(here.jobs, "UPIP", GRAVE)
        await bot.until(lambda: pages(bot) == 2)
        (page,) = bot.copies("UADA")
        await envelope.acknowledged.wait()

    assert "kill" not in str(page)
    assert "Pip" not in str(page)
    assert "#job-search" in page["text"]
    assert "https://t1.slack.example/archives/C1/p" in page["text"]


async def test_whoever_takes_a_case_is_named_on_every_copy(tmp_path: Path) -> None:
    async with slacktown() as here, slackdesk(here, tmp_path) as bot:
        await here.town.say(here.jobs, "UPIP", GRAVE)
        await bot.until(lambda: pages(bot) == 2)
        await bot.press("UBO", TAKE)
        await bot.until(lambda: all("Bo" in bot.copies(user)[0]["text"] for user in PEOPLE))


async def test_a_stranger_who_presses_is_refused_and_nothing_changes(tmp_path: Path) -> None:
    async with slacktown() as here, slackdesk(here, tmp_path) as bot:
        await here.town.say(here.jobs, "UPIP", GRAVE)
        await bot.until(lambda: pages(bot) == 2)
        before = bot.copies("UADA")[0]["text"]
        await bot.press("UPIP", TAKE, on="UADA")
        await bot.until(lambda: bool(here.town.space.ephemerals))
        ((seer, said),) = here.town.space.ephemerals

        assert seer == "UPIP"
        assert "Only people of this desk" in said["text"]
        assert bot.copies("UADA")[0]["text"] == before


async def test_reasons_are_shown_to_one_person_whose_buttons_then_work(tmp_path: Path) -> None:
    async with slacktown() as here, slackdesk(here, tmp_path) as bot:
        await here.town.say(here.jobs, "UPIP", GRAVE)
        await bot.until(lambda: pages(bot) == 2)
        shown = here.town.space.ephemerals
        await bot.press("UADA", MORE)
        await bot.until(lambda: len(shown) == 1)
        for count, button in ((2, CLOSE), (3, f"{CLOSE}/helped")):
            # On what she alone was shown: there the button itself says which case it is of.
            payload = here.town.press_ephemeral(shown[-1][1], _dm(here, "UADA"), "UADA", button)
            await here.town.interacts(payload)
            if count == 2:
                await bot.until(lambda: len(shown) == 2)
        await bot.until(lambda: all(_is_closed(bot.copies(user)[0]) for user in PEOPLE))

        assert {seer for seer, _ in shown} == {"UADA"}


def _is_closed(page: dict[str, object]) -> bool:
    return "'type': 'actions'" not in str(page["blocks"])


def _dm(here: Slacktown, user: str) -> str:
    channels = here.town.space.channels.values()
    return next(channel.id for channel in channels if channel.is_im and user in channel.members)


async def test_what_was_written_while_the_connection_was_cut_is_read_back(tmp_path: Path) -> None:
    async with slacktown(**CUT) as here, slackdesk(here, tmp_path) as bot:
        root = await here.town.say(here.jobs, "UPIP", "hello")
        await root.acknowledged.wait()
        await here.slack.sockets.cut()
        thread = root.body["payload"]["event"]["ts"]
        here.town.write(here.jobs, "UPIP", GRAVE, thread_ts=thread)
        await bot.until(lambda: pages(bot) == 2)
        await here.slack.sockets.connected(2)
        await bot.until(lambda: not bot.app.intake.waiting)

        assert (await bot.counted())[Count.SEEN] == 2
        assert "thread_ts" in bot.copies("UADA")[0]["text"]


async def test_what_a_dying_connection_swallowed_is_found_before_what_came_since(
    tmp_path: Path,
) -> None:
    async with slacktown(**CUT) as here, slackdesk(here, tmp_path) as bot:
        await (await here.town.say(here.jobs, "UPIP", "hello")).acknowledged.wait()
        here.town.write(here.jobs, "UPIP", GRAVE)
        await (await here.town.say(here.jobs, "UPIP", "hello again")).acknowledged.wait()
        await here.slack.sockets.cut(1)
        await bot.until(lambda: pages(bot) == 2)
        await here.slack.sockets.connected(2)

        assert (await bot.counted())[Count.SEEN] == 3


async def test_a_flood_is_acknowledged_counted_and_paged_once_each(tmp_path: Path) -> None:
    async with slacktown() as here, slackdesk(here, tmp_path) as bot:
        for number in range(6):
            here.town.user(f"UF{number}")
        envelopes = [
            await here.town.say(
                here.jobs, f"UF{number % 6}", GRAVE if number % 100 == 0 else f"hello {number}"
            )
            for number in range(600)
        ]
        twice = [await here.slack.sockets.repeat(one, over=1) for one in envelopes[::50]]
        for envelope in (*envelopes, *twice):
            await envelope.acknowledged.wait()
        # 0, 100, ... 500 are of UF0, UF4, UF2, UF0, UF4, UF2: one case a person (coalesced).
        await bot.until(lambda: pages(bot) >= 6)

        counted = await bot.counted()
        assert (counted[Count.SEEN], counted[Count.READ]) == (600, 600)
        assert pages(bot) == 6
        assert here.slack.calls["auth.test"] == 1


async def test_what_the_encoder_has_not_read_is_acknowledged_and_read_all_the_same(
    tmp_path: Path,
) -> None:
    """History keeps it, so Slack need not wait, nor send it again and again in a flood."""
    words: Words = {"blick": {Head.SELF_HARM: 9.0}, "hello": {}}
    held = Held(session(words))
    held.let_go.set()
    slow = reading_with(models({}, encoder(words, through=lambda _: held)))
    quick = reading_with(models({}, encoder(words)))
    async with slacktown() as here:
        async with slackdesk(here, tmp_path, knows=slow) as bot:
            await (await here.town.say(here.jobs, "UPIP", "hello")).acknowledged.wait()
            await bot.counted()  # from here on a cursor is on disk
            held.let_go.clear()
            held.reached.clear()
            await (await here.town.say(here.jobs, "UPIP", "blick today")).acknowledged.wait()
            await asyncio.to_thread(held.wait)
            await (await here.town.say(here.jobs, "UBO", "blick as well")).acknowledged.wait()
            waiting = bot.app.intake.waiting
            bot.app.stop()
            held.let_go.set()
        # What was not begun at the stop is left to the next process.
        async with slackdesk(here, tmp_path, knows=quick) as bot:
            await bot.until(lambda: pages(bot) == 2)
            counted = await bot.counted()

    assert waiting == 2
    assert (counted[Count.SEEN], counted[Count.READ]) == (3, 3)


def _bot(here: Slacktown, database: Path) -> Warm:
    return start("tests.support.slackdesk", here.slack.base, database, env=environment())


async def _until(is_so: Callable[[], bool]) -> None:
    while not is_so():  # noqa: ASYNC110 - another process tells nobody
        await asyncio.sleep(0.02)


@pytest.mark.timeout(180)  # two processes start; on a busy machine each takes ten seconds
@pytest.mark.parametrize("is_answer_lost", [False, True])
async def test_a_killed_bot_started_again_misses_nothing_and_pages_nobody_twice(
    is_answer_lost: bool,  # noqa: FBT001 - both ways to die
    tmp_path: Path,
) -> None:
    database = tmp_path / "killed.db"
    async with slacktown() as here:
        bot = await asyncio.to_thread(_bot, here, database)
        try:
            await here.slack.sockets.connected(2)
            # A place counts from where its reading began: that has to be on disk before it dies.
            begun = await here.town.say(here.help, "UPIP", "hello")
            await begun.acknowledged.wait()
            if is_answer_lost:  # it dies before it can note that it has sent
                here.slack.trouble["chat.postMessage"] = [LOSE_ANSWER] * 2
            await here.town.say(here.jobs, "UPIP", GRAVE)
            await _until(lambda: all(copies(here, user) for user in PEOPLE))
        finally:
            bot.send_signal(signal.SIGKILL)
            await asyncio.to_thread(bot.wait)
        await _until(lambda: not here.slack.sockets.open)
        here.town.write(here.help, "UPIP", GRAVE)
        again = await asyncio.to_thread(_bot, here, database)
        try:
            await _until(lambda: all(len(copies(here, user)) >= 2 for user in PEOPLE))
            await here.slack.sockets.connected(2)
            envelope = await here.town.say(here.jobs, "UPIP", "hello again")
            await envelope.acknowledged.wait()
        finally:
            again.send_signal(signal.SIGTERM)
            await asyncio.to_thread(again.wait)

    places = [[_place(page) for page in copies(here, user)] for user in PEOPLE]
    assert [sorted(one) for one in places] == [["#advice", "#job-search"]] * 2


@pytest.mark.timeout(180)  # as above
async def test_a_message_that_was_overtaken_and_not_recorded_before_the_kill_is_found_once(
    tmp_path: Path,
) -> None:
    """Slack had given it to the other socket: the cursor stands past it, and it was never heard."""
    database = tmp_path / "killed.db"
    async with slacktown() as here:
        for is_first in (True, False):
            bot = await asyncio.to_thread(_bot, here, database)
            try:
                await here.slack.sockets.connected(2)
                if is_first:
                    await (await here.town.say(here.jobs, "UPIP", "hello")).acknowledged.wait()
                    here.town.write(here.jobs, "UPIP", GRAVE)
                await (await here.town.say(here.jobs, "UPIP", "hello")).acknowledged.wait()
                if not is_first:
                    await _until(lambda: all(copies(here, user) for user in PEOPLE))
            finally:
                bot.send_signal(signal.SIGKILL)
                await asyncio.to_thread(bot.wait)
            await _until(lambda: not here.slack.sockets.open)
    async with open_store(f"sqlite:///{database}") as store:
        totals = await store.ledger.totals("north")

    assert [len(copies(here, user)) for user in PEOPLE] == [1, 1]
    assert totals[Count.SEEN] == totals[Count.READ] == 4


def _place(page: dict[str, str]) -> str:
    return "#advice" if "#advice" in page["text"] else "#job-search"


async def test_one_desk_on_two_platforms_is_one_case(tmp_path: Path) -> None:
    ada = account("101")
    people = (Practitioner("Ada", ada), Practitioner("Bo", BO))
    discord = FedPlatform()
    async with slacktown() as here:
        both = slackdesk(
            here, tmp_path, of=replace(desk(), practitioners=people), others={DISCORD: discord}
        )
        async with both as bot:
            await here.town.say(here.jobs, "UPIP", GRAVE)
            await bot.until(lambda: len(bot.copies("UBO")) == 1 and len(discord.shown) == 1)
            ((receipt, page),) = discord.shown.items()
            assert "kill" not in page.text

            await bot.has_receipt(receipt, DISCORD)
            await discord.feed(Pressed("press-1", ada, TAKE, receipt))
            await bot.until(lambda: "Ada" in bot.copies("UBO")[0]["text"])
            assert [a.to for a in discord.performed.values() if isinstance(a, DirectMessage)] == [
                ada
            ]
