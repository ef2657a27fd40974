"""A replay that kills itself once it has read so many bytes. Run as a process of its own.

    python -m tests.support.killed BYTES DATABASE EXPORT ...

SIGKILL cannot be caught, so nothing is tidied up: what is on disk is all that is left.
"""

import asyncio
import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

from adapters.transcript.platform import TranscriptPlatform
from adapters.transcript.window import Window
from bot.data.desk import SHIPPED, load_desk
from bot.knowledge import load_knowledge
from bot.replay import Asked, Replay
from bot.settings import Settings
from bot.store.engine import open_store
from tests.support.waymark import KEY


def main(most: int, database: Path, paths: list[Path]) -> None:
    read = 0

    def count(some: int) -> None:
        nonlocal read
        read += some
        if read >= most:
            os.kill(os.getpid(), signal.SIGKILL)

    asked = Asked(paths=paths, window=Window(), desk=load_desk(SHIPPED), quote=False)
    transcript = TranscriptPlatform(paths, on_bytes=count)

    async def replay() -> None:
        async with open_store(f"sqlite:///{database}") as store:
            await Replay(asked, transcript).run(
                store,
                load_knowledge(Settings.from_env({})),
                clock=lambda: datetime.now(UTC),
                chance=lambda: 0.5,
                author_key=KEY.encode(),
            )

    asyncio.run(replay())


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), [Path(path) for path in sys.argv[3:]])
