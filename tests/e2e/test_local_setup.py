"""The practice community: whoever supervises sets the desk up, and checks it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from aiohttp import ClientSession

from adapters.local.people import LOCAL
from adapters.local.server import Server
from bot.app import App, build
from bot.commands.table import TABLE
from bot.domain.desk import ConsentMode, Desk
from bot.domain.practitioner import Practitioner
from tests.support.build import desk as plain_desk
from tests.support.inbox import ListInbox
from tests.support.live import cues_alone
from tests.support.local import Open, Visitor, local_platform, who
from tests.support.storefile import open_file

DESK = replace(
    plain_desk(), practitioners=(Practitioner("Aino", who("aino")),), last_resort=who("sam")
)


GRAVE = "i want to kill myself"


@asynccontextmanager
async def practising(folder: Path, desk: Desk = DESK) -> AsyncIterator[tuple[Open, App]]:
    platform = local_platform(folder, TABLE)
    ready = asyncio.get_running_loop().create_future()
    platform.opens = lambda here, heard: Server(here, heard, port=0, on_ready=ready.set_result)
    async with open_file(folder / "desk.db") as store:
        app = await build(
            desk=desk,
            knowledge=cues_alone(),
            store=store,
            platforms={LOCAL: platform},
            clock=platform.clock,
            chance=lambda: 0.5,
            author_key=b"k" * 40,
            on_decided=lambda _message, _recorded: None,
        )
        async with ClientSession() as web, asyncio.TaskGroup() as tasks:
            running = tasks.create_task(app.run())
            yield Open(platform, ListInbox(), await ready, web, running), app
            app.stop()


async def answered(visitor: Visitor, title: str) -> dict[str, Any]:
    """Wait for the card that has this title."""
    while True:
        shown: dict[str, Any] = await visitor.hears("message")
        if shown["card"] is not None and shown["card"]["title"] == title:
            return shown


async def test_whoever_supervises_may_choose_and_it_holds(tmp_path: Path) -> None:
    async with practising(tmp_path) as (here, app):
        sam, mina = await here.visitor("sam"), await here.visitor("7")
        await mina.ask("command", name="setup show", where="20")
        refused = await mina.hears("refused")
        await sam.ask("command", name="setup show", where="20")
        card = await answered(sam, "Setting up the desk")
        await sam.ask("press", on=card["id"], button="setup.edit/alerts")
        form = await sam.hears("form")
        values = {"last_resort": "aino"}
        await sam.ask("submit", form=form["token"], values=values)
        after = await answered(sam, "Setting up the desk")
        while app.intake.desk.last_resort != who("aino"):  # noqa: ASYNC110 - it tells nobody
            await asyncio.sleep(0.005)

    assert "setup show" in refused
    assert "Sam" in str(form)
    assert "Aino (set here on" in str(after)


async def test_the_check_finds_nothing_and_its_test_arrives(tmp_path: Path) -> None:
    async with practising(tmp_path) as (here, _):
        sam, aino = await here.visitor("sam"), await here.visitor("aino")
        await sam.ask("command", name="setup check", where="20")
        await answered(sam, "The check found nothing wrong")
        await answered(aino, "Drill: this is a test")


async def test_every_channel_is_public_there_so_none_takes_alerts(tmp_path: Path) -> None:
    async with practising(tmp_path) as (here, _):
        sam = await here.visitor("sam")
        await sam.ask("command", name="setup show", where="20")
        card = await answered(sam, "Setting up the desk")
        await sam.ask("press", on=card["id"], button="setup.edit/alerts")
        form = await sam.hears("form")
        await sam.ask("submit", form=form["token"], values={"staff_channel": "20"})
        said = await answered(sam, "Nothing was saved")

    assert "Everybody can see" in str(said)


async def test_a_channel_is_told_before_more_people_are_read(tmp_path: Path) -> None:
    of = replace(DESK, reads_unlisted=False, consent=ConsentMode.OPT_IN)
    async with practising(tmp_path, of) as (here, app):
        sam, mina, aino = [await here.visitor(one) for one in ("sam", "7", "aino")]
        await sam.ask("command", name="watch add", where="20", options={"channel": "20"})
        await answered(mina, "A bot reads this channel")
        await sam.ask("command", name="setup show", where="20")
        card = await answered(sam, "Setting up the desk")
        hidden = await mina.says(GRAVE)
        await sam.ask("press", on=card["id"], button="setup.edit/desk")
        form = await sam.hears("form")
        values = {"name": "North", "consent": "notice_opt_out", "notice": ""}
        await sam.ask("submit", form=form["token"], values=values)
        told = await answered(mina, "I have changed whom I read here")
        assert app.watch is not None
        watching = app.watch.watching
        while watching.watches["local:practice:20"].told != ConsentMode.NOTICE_OPT_OUT:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.005)
        seen = await mina.says(GRAVE)
        while (page := await aino.hears("message"))["where"] == "20":
            pass

    assert hidden["id"] < told["id"] < seen["id"]
    before = [news["message"] for news in aino.heard if "message" in news]
    assert [one["text"] for one in before].count(GRAVE) == 2  # of the first one she was not told
    assert "P0" in str(page["card"])
    assert "/optout" in str(told)
