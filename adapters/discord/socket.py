"""The gateway's socket: discord.py's own, with a short way for what comes by the thousand.

For a message discord.py reads the frame with the standard library, tells several listeners of it
that we do not have, and looks for those who wait for it. What is left out here is a third of what
the adapter costs; all other frames go the long way, and so does one that cannot be read.
"""

from typing import Any

from discord.gateway import DiscordWebSocket

from adapters.discord.payload import CREATED, created


class Socket(DiscordWebSocket):
    async def received_message(self, msg: Any, /) -> None:  # noqa: ANN401 - bytes, or text when it is not compressed
        if type(msg) is bytes:
            msg = self._decompressor.decompress(msg)
            if msg is None:  # the rest of the frame is still to come
                return
        found = created(msg)
        if found is None:
            await super().received_message(msg)
            return
        self.sequence, message = found
        if self._keep_alive:
            self._keep_alive.tick()
        self._discord_parsers[CREATED](message)
