"""The process that is killed. `python -m tests.soak.bot DATABASE PORT SPEED BEGAN LOG APART`

It loads what the bot knows once, then waits on standard input: for each line it makes a child that
is the bot, says its process id, and, when the child has ended, how. The child is a whole bot with
connections of its own; only the files were read before.
"""

import asyncio
import os
import random
import sys
import time
import traceback
from datetime import datetime

from bot.app import build
from bot.knowledge import Knowledge
from bot.ports import Clock
from bot.store.apart import Start, in_process
from bot.store.engine import open_store
from tests.soak.chat import at_speed
from tests.soak.remote import RemotePlatform
from tests.soak.setting import KEY, START, desk
from tests.support.build import DISCORD
from tests.support.live import cues_alone


def main(database: str, port: int, speed: float, began: float, log: str, apart: str) -> None:
    knows = cues_alone()

    def clock() -> datetime:
        return at_speed(START, speed, began, time.time())

    print("ready", flush=True)  # noqa: T201 - whoever started this reads it
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            _be_the_bot(database, port, knows, clock, log, in_process if apart else None)
        print(child, flush=True)  # noqa: T201 - as above
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)  # noqa: T201 - as above


def _be_the_bot(
    database: str, port: int, knows: Knowledge, clock: Clock, log: str, start: Start | None
) -> None:
    written = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(written, 1)
    os.dup2(written, 2)
    code = 1
    try:
        asyncio.run(_live(database, port, knows, clock, start))
        code = 0
    except BaseException:  # noqa: BLE001 - the log has to say why, whatever it was
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        os._exit(code)


async def _live(
    database: str, port: int, knows: Knowledge, clock: Clock, start: Start | None
) -> None:
    async with open_store(database, start) as store:
        app = await build(
            desk=desk(),
            knowledge=knows,
            store=store,
            platforms={DISCORD: RemotePlatform(port)},
            clock=clock,
            chance=random.random,
            author_key=KEY,
            on_decided=lambda _message, _recorded: None,
        )
        await app.run()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), float(sys.argv[4]), *sys.argv[5:])
