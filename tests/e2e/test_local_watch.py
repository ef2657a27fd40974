"""The watch list in the practice community: a moderator says what is read."""

import asyncio
from dataclasses import replace
from pathlib import Path

from aiohttp import ClientSession

from adapters.local.people import LOCAL
from adapters.local.server import Server
from bot.app import build
from bot.commands.table import TABLE
from bot.domain.practitioner import Practitioner
from tests.support.build import desk as plain_desk
from tests.support.inbox import ListInbox
from tests.support.live import cues_alone
from tests.support.local import Open, local_platform, who
from tests.support.storefile import open_file

GRAVE = "i want to kill myself"


async def test_a_moderator_has_a_channel_read_from_its_notice_on(tmp_path: Path) -> None:
    platform = local_platform(tmp_path, TABLE)
    aino, sam = who("aino"), who("sam")
    people = (Practitioner("Aino", aino),)
    desk = replace(plain_desk(), practitioners=people, last_resort=sam, reads_unlisted=False)
    ready: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    platform.opens = lambda here, heard: Server(here, heard, port=0, on_ready=ready.set_result)
    async with (
        open_file(tmp_path / "local.db") as store,
        ClientSession() as web,
        asyncio.TaskGroup() as tasks,
    ):
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
        running = tasks.create_task(app.run())
        door = Open(platform, ListInbox(), await ready, web, running)
        mina, maya = await door.visitor("7"), await door.visitor("maya")
        helper = await door.visitor("aino")
        await mina.says(GRAVE)
        await maya.ask("command", name="watch add", where="20", options={"channel": "20"})
        while (shown := await mina.hears("message"))["card"] is None:
            pass
        assert app.watch is not None
        while not app.watch.watching.watches["local:practice:20"].is_on:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.01)
        said = await mina.says(GRAVE)
        while (page := await helper.hears("message"))["where"] == "20":
            pass
        app.stop()

    assert shown["card"]["title"] == "A bot reads this channel"
    assert said["id"] > shown["id"]
    assert "P0" in str(page["card"])
