"""Who looked at what concerns members is noted: who, when, and at what. No text."""

from collections import Counter
from pathlib import Path

from sqlalchemy import select

from bot.cards.case import MORE
from bot.cards.caseload import LIST
from bot.domain.alert import What
from bot.domain.event import HomeOpened
from bot.domain.message import AccountRef
from bot.store.schema import AUDIT
from tests.e2e.test_home import PIP, SPACE, WithHome
from tests.support.build import DISCORD
from tests.support.databases import connected
from tests.support.duty_desk import (
    ADA,
    ALERT,
    BO,
    GRAVE,
    SLACK,
    STRANGER,
    DutyDesk,
    duty_desk,
    said,
)
from tests.support.scripted import ScriptedPlatform


async def looks(here: DutyDesk) -> list[tuple[AccountRef, str, str | None]]:
    """Give who looked, by what, and at which case; None: at the queue."""
    c = AUDIT.c
    asked = select(c.who, c.command, c.alert).where(c.what == What.LOOKED).order_by(c.at, c.id)
    url = f"sqlite:///{here.path / 'desk.db'}"
    async with connected(url) as database, database.reading() as connection:
        return [(who, by, at) for who, by, at in await connection.execute(asked)]


async def test_a_look_at_the_queue_and_at_a_case_is_noted_each_time(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        await here.hears(*said(GRAVE))
        for _ in range(2):
            await here.asks(ADA, "case list")
        await here.presses(ADA, f"{LIST}/0", here.messages(ADA)[0][0])
        await here.asks(BO, "case show", key=ALERT)
        await here.presses(BO, MORE, here.messages(BO)[0][0])
        found = await looks(here)

        assert Counter(found) == Counter(  # all at the same moment, so in no order
            [
                *[(ADA, "case list", None)] * 2,
                (ADA, "case.list", ALERT),
                (BO, "case show", ALERT),
                (BO, "alert.more", ALERT),
            ]
        )
        assert b"kill myself" not in here.on_disk()


async def test_whoever_is_refused_has_not_looked(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        await here.hears(*said(GRAVE))
        await here.asks(STRANGER, "case list")
        await here.asks(ADA, "case show", key="none")

        assert await looks(here) == []


async def test_a_page_that_is_drawn_again_is_one_look_for_ten_minutes(tmp_path: Path) -> None:
    chat = WithHome()
    on = {DISCORD: ScriptedPlatform(), SLACK: chat}
    async with duty_desk(tmp_path, on=on) as here:
        await here.hears(*said(GRAVE))
        for who in (BO, BO, PIP):
            await here.hears(HomeOpened(who, SPACE))
        clock = here.clock
    async with duty_desk(tmp_path, on=on, clock=clock) as here:
        await here.hears(HomeOpened(BO, SPACE))
        within = await looks(here)
        clock.turn(minutes=10)
        await here.hears(HomeOpened(BO, SPACE))

        assert within == [(BO, "home", None)]
        assert await looks(here) == [(BO, "home", None)] * 2


async def test_keys_that_are_offered_while_typing_are_one_look(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        await here.hears(*said(GRAVE))
        for typed in ("", "p", "p0"):
            assert await here.types(ADA, "case show", "key", typed) == [ALERT]
        await here.types(ADA, "case hand", "person", "b")
        await here.types(STRANGER, "case show", "key", "")

        assert await looks(here) == [(ADA, "key", None)]


async def test_looks_at_the_rota_are_not_noted(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        for command in ("duty show", "duty gaps", "practitioner list", "help"):
            await here.asks(ADA, command)

        assert await looks(here) == []


async def test_a_look_at_the_notes_is_noted(tmp_path: Path) -> None:
    async with duty_desk(tmp_path) as here:
        await here.asks(ADA, "note list")

        assert await looks(here) == [(ADA, "note list", None)]
