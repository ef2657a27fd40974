"""The gateway's socket: discord.py's own, with a short way for what comes by the thousand.

For a message discord.py reads the frame with the standard library, tells several listeners of it
that we do not have, and looks for those who wait for it. What is left out here is a fifth of what
the adapter costs; all other frames go the long way, and so does one that cannot be read.
"""

from collections.abc import Mapping
from typing import Any, Final

from discord.gateway import DiscordWebSocket
from pydantic_core import from_json

_SHORT: Final = "MESSAGE_CREATE"


class Socket(DiscordWebSocket):
    async def received_message(self, msg: Any, /) -> None:  # noqa: ANN401 - bytes, or text when it is not compressed
        if type(msg) is bytes:
            msg = self._decompressor.decompress(msg)
            if msg is None:  # the rest of the frame is still to come
                return
        frame = _read(msg)
        if frame.get("t") != _SHORT:
            await super().received_message(msg)
            return
        self.sequence = frame["s"]
        if self._keep_alive:
            self._keep_alive.tick()
        self._discord_parsers[_SHORT](frame["d"])


def _read(text: str) -> Mapping[str, Any]:
    """Read a frame; nothing when that fails, which discord.py has words for."""
    try:
        frame = from_json(text)
    except ValueError:
        return {}
    return frame if isinstance(frame, dict) else {}
