"""The daily statement: it adds up over the sample community, comes once, and can be printed."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.__main__ import cli
from bot.domain.card import Card
from bot.domain.event import Opened, Posted
from bot.domain.ledger import Count
from bot.domain.message import PlatformName
from bot.ports import Permanent
from tests.support.build import DISCORD, message, place
from tests.support.inbox import replayed
from tests.support.live import GRAVE, LAST, SUPERVISOR, Live, heard, live
from tests.support.scripted import Hands, ScriptedPlatform
from tests.support.waymark import COMMUNITY

TUESDAY = datetime(2026, 1, 6, 7, 59, tzinfo=UTC)  # a minute before it is due, in London
SAMPLE_DAY = date(2026, 11, 12)


async def stated(here: Live) -> list[Card]:
    await here.watch.stating.state_due()
    await here.app.courier.deliver_due()
    return here.cards(SUPERVISOR)


async def test_it_comes_at_the_desks_time_and_says_the_day_before(tmp_path: Path) -> None:
    clock = Hands(TUESDAY)
    async with live(tmp_path, clock=clock) as here:
        await here.hears(*heard(1, 2), Posted(message(3, GRAVE)))
        too_early = await stated(here)
        clock.turn(minutes=1)
        (card,) = await stated(here)

        assert too_early == []
        assert card.title == (
            "North careers desk, Monday 5 January 2026: 3 seen, 3 accounted for, 1 alert."
        )


async def test_kill_and_restart_do_not_send_it_twice(tmp_path: Path) -> None:
    clock, sent = Hands(TUESDAY), 0
    async with live(tmp_path, clock=clock) as here:
        await here.hears(*heard(1, 2))
    for minutes in (1, 1, 60, 600):
        clock.turn(minutes=minutes)
        async with live(tmp_path, clock=clock) as here:
            sent += len(await stated(here))

    assert sent == 1


async def test_killed_before_it_was_delivered_it_still_comes_once(tmp_path: Path) -> None:
    clock = Hands(TUESDAY + timedelta(minutes=1))
    async with live(tmp_path, clock=clock) as here:
        await here.hears(*heard(1, 2))
        await here.watch.stating.state_due()
    async with live(tmp_path, clock=clock) as here:
        await here.watch.stating.state_due()
        assert len(await stated(here)) == 1


async def test_each_day_has_its_own_and_a_quiet_day_too(tmp_path: Path) -> None:
    clock = Hands(TUESDAY + timedelta(hours=1))
    async with live(tmp_path, clock=clock) as here:
        await here.hears(*heard(1))
        for _ in range(3):
            clock.turn(days=1)
            await stated(here)
        cards = here.cards(SUPERVISOR)

    assert [card.title.partition(", ")[2].partition(":")[0] for card in cards] == [
        "Tuesday 6 January 2026", "Wednesday 7 January 2026", "Thursday 8 January 2026",
    ]  # fmt: skip
    assert "0 seen, 0 accounted for, 0 alerts" in cards[-1].title


async def test_a_desk_that_is_new_states_nothing_of_the_days_before_it(tmp_path: Path) -> None:
    async with live(tmp_path, clock=Hands(TUESDAY + timedelta(hours=1))) as here:
        assert await stated(here) == []


async def test_what_cannot_reach_the_supervisor_reaches_the_last_resort(tmp_path: Path) -> None:
    async with live(tmp_path, clock=Hands(TUESDAY + timedelta(hours=1))) as here:
        await here.hears(*heard(1))
        here.platform.failures = [Permanent("closed")]
        await stated(here)
        await here.app.courier.deliver_due()

        assert [card.title for card in here.cards(LAST)] == [
            "North careers desk, Monday 5 January 2026: 1 seen, 1 accounted for, 0 alerts."
        ]


async def test_what_the_auditor_found_is_in_it(tmp_path: Path) -> None:
    clock = Hands(TUESDAY + timedelta(hours=1))
    async with live(tmp_path, clock=clock) as here:
        await here.hears(Opened(place()), Posted(message(1)))
        here.platform.past = [message(1), message(5, GRAVE)]
        await here.watch.auditor.audit()
        *_, card = await stated(here)

        assert "Messages in a channel were not read" in card.text
        assert "since 2026-01-05 12:05 UTC" in card.text


async def community() -> ScriptedPlatform:
    """The sample community, live: a connection brings all that its exports hold."""
    inbox, _ = await replayed(COMMUNITY / "discord", COMMUNITY / "slack")
    return ScriptedPlatform(inbox.events, past=inbox.messages)


async def test_it_adds_up_after_a_day_of_the_sample_community(tmp_path: Path) -> None:
    chat = await community()
    of_the_day = [one for one in chat.past if one.sent_at.date() == SAMPLE_DAY]
    next_morning = datetime(2026, 11, 13, 9, tzinfo=UTC)
    both = dict.fromkeys((DISCORD, PlatformName("slack")), chat)
    async with live(tmp_path, chat, platforms=both, clock=Hands(next_morning)) as here:
        await here.app.run()
        found = await here.watch.auditor.audit()
        (card,) = await stated(here)
        on_day = await here.store.ledger.on_day("north", SAMPLE_DAY)

    assert len(of_the_day) == on_day[Count.SEEN] > 20
    assert f"{len(of_the_day):,} seen, {len(of_the_day):,} accounted for" in card.title
    assert "alert" in card.title
    assert (found.found, card.paragraphs) == ((), ())


# the command


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A database that a bot has left."""

    async def run() -> None:
        async with live(tmp_path) as here:
            await here.hears(*heard(1, 2), Posted(message(3, GRAVE)))

    asyncio.run(run())
    return tmp_path / "live.db"


def waymark(*args: object) -> tuple[int, str]:
    ran = CliRunner().invoke(cli, [str(arg) for arg in args])
    return ran.exit_code, ran.output


def test_the_command_prints_the_last_day_of_a_kept_database(kept: Path) -> None:
    code, printed = waymark("statement", kept)

    assert code == 0
    assert "Monday 5 January 2026: 3 seen, 3 accounted for, 1 alert." in printed
    assert "Alerts: P0 emergency 1" in printed
    assert printed == waymark("statement", kept, "--day", "2026-01-05")[1]


def test_the_command_says_when_it_does_not_add_up(kept: Path) -> None:
    with closing(sqlite3.connect(kept)) as plain:
        plain.execute("UPDATE ledger SET n = n - 1 WHERE count = 'read'")
        plain.commit()
    code, printed = waymark("statement", kept)

    assert code == 65
    assert "3 seen, 2 accounted for" in printed
    assert "It does not add up, in 1 channel." in printed


def test_what_the_command_cannot_state_is_said_in_a_line(kept: Path, tmp_path: Path) -> None:
    code, printed = waymark("statement", kept, "--day", "2025-12-31")
    assert (code, printed.count("\n")) == (66, 1)
    assert "Nothing was counted on 2025-12-31" in printed

    code, printed = waymark("statement", tmp_path / "other.db")
    assert (code, printed.count("\n")) == (66, 1)
    assert not (tmp_path / "other.db").exists()
