"""How the bot's process and the chat talk: whole values, one after the other, over loopback.

Both ends are ours and trust each other, as a test may.
"""

import asyncio
import pickle
from typing import Any

_SIZE = 4


async def read(reader: asyncio.StreamReader) -> Any:  # noqa: ANN401 - whatever the other end sent
    """Raise IncompleteReadError or ConnectionError when the other end is gone."""
    size = int.from_bytes(await reader.readexactly(_SIZE), "big")
    return pickle.loads(await reader.readexactly(size))  # noqa: S301 - both ends are ours


async def write(writer: asyncio.StreamWriter, value: object) -> None:
    packed = pickle.dumps(value)
    writer.write(len(packed).to_bytes(_SIZE, "big") + packed)
    await writer.drain()
