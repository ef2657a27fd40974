"""Red itself on the tests' gateway, with its Filter cog and a list of words.

It is run by an interpreter that has Red, which Waymark does not:

    python3.11 -m venv red && red/bin/pip install Red-DiscordBot
    python -m tests.bench.discord 6000 red/bin/python

which starts this as `redbot.py REST GATEWAY TOKEN FOLDER COGS`, with the words in a file of FOLDER.
It prints `ready`. For each number that comes in it prints `go`, and, when it has taken so many
messages more, its filter has answered and all has been told, `took` and a list in JSON: moments of
the clock that all processes share, each with the seconds of CPU time that had been spent. The last
is the end, the others lie before the first message. Red itself prints what it likes between.
"""

import asyncio
import gc
import json
import sys
from collections import deque
from pathlib import Path
from time import perf_counter, process_time

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route
from redbot.core import _drivers, data_manager
from redbot.core._cli import parse_cli_flags
from redbot.core.bot import Red

READY = 60.0
_MOST_MARKS = 500  # the latest of them: those of a second, which is more than a held-up loop takes


class Told:
    """Counts the messages that went the whole way."""

    def __init__(self) -> None:
        self.count = 0

    async def one(self, _: discord.Message) -> None:
        self.count += 1


async def main(rest: str, gateway: str, token: str, folder: Path, cogs: str) -> None:
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = rest, yarl.URL(gateway)
    given = ["bench", "--no-prompt", "--token", token, "--prefix", "!", "--owner", "5"]
    data_manager.load_basic_configuration("bench")
    await _drivers.get_driver_class().initialize(**data_manager.storage_details())
    (data_manager.cog_data_path(raw_name="Downloader") / "lib").mkdir(parents=True, exist_ok=True)
    red = Red(cli_flags=parse_cli_flags(given), description="", dm_help=None)
    told = Told()
    red.add_listener(told.one, "on_message_without_command")
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(red.start(token))
        async with asyncio.timeout(READY):
            while not red.guilds:  # noqa: ASYNC110 - it tells nobody
                await asyncio.sleep(0.05)
        for cog in cogs.split(","):
            await red.load_extension(await red._cog_mgr.find_cog(cog))  # noqa: SLF001 - as its own start does
        filter_ = red.get_cog("Filter")
        for guild in red.guilds:
            await filter_.config.guild(guild).filter.set(
                json.loads((folder / "words.json").read_text())
            )
            filter_.invalidate_cache(guild)
        gc.collect()
        gc.freeze()
        print("ready", flush=True)  # noqa: T201 - whoever started this reads it
        await _measure(told)
        running.cancel()
    await red.close()


async def _measure(told: Told) -> None:
    """Count messages; note the time while their frames are being made."""
    loop = asyncio.get_running_loop()
    while line := (await loop.run_in_executor(None, sys.stdin.readline)).strip():
        before, count = told.count, int(line)
        print("go", flush=True)  # noqa: T201 - as above
        marks = deque([(perf_counter(), process_time())], maxlen=_MOST_MARKS)
        while told.count == before:
            await asyncio.sleep(0.002)
            marks.append((perf_counter(), process_time()))
        while told.count < before + count:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.02)
        print("took", json.dumps([*marks, (perf_counter(), process_time())]), flush=True)  # noqa: T201 - as above


if __name__ == "__main__":
    REST, GATEWAY, SECRET, FOLDER, COGS = sys.argv[1:]
    asyncio.run(main(REST, GATEWAY, SECRET, Path(FOLDER), COGS))
