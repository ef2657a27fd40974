"""Socket Mode: two connections, so that one is there while the other is renewed.

https://docs.slack.dev/apis/events-api/using-socket-mode. slack_sdk renews a connection by itself
when Slack asks for it (`disconnect`) or when it breaks; here is heard whether anything may have
been missed meanwhile.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import structlog
from aiohttp import WSMessage, WSMsgType
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.wire import LOG, call

log = structlog.get_logger(__name__)

CONNECTIONS = 2
PING_EVERY = 5.0  # seconds; after four without an answer slack_sdk connects anew

OnGap = Callable[[], Awaitable[None]]


@dataclass(slots=True, eq=False)
class Line:
    """One of the connections. `is_announced`: Slack has asked for a new one in its place."""

    handler: AsyncSocketModeHandler
    is_live: bool = False
    is_announced: bool = False
    was_live: bool = False


@dataclass(slots=True)
class Lines:
    on_gap: OnGap
    lines: list[Line]

    async def hear(self, line: Line, message: WSMessage) -> None:
        """Follow what Slack says of a connection itself; all else is for bolt."""
        if message.type is not WSMsgType.TEXT:
            return
        start = message.data[:60]
        if '"hello"' in start:
            await self._hello(line)
        elif '"disconnect"' in start:
            body = json.loads(message.data)
            if body.get("type") == "disconnect":
                log.info("Slack renews a connection", reason=body.get("reason"))
                line.is_announced, line.is_live = True, False

    async def closed(self, line: Line) -> None:
        line.is_live = False

    async def _hello(self, line: Line) -> None:
        """Hear that a connection stands: were others there all the while that it was away."""
        is_covered = line.is_announced and any(one.is_live for one in self.lines if one is not line)
        has_gap = line.was_live and not is_covered
        line.is_live, line.is_announced, line.was_live = True, False, True
        if has_gap:
            log.warning("the connection to Slack was cut; what was missed is read back")
            await self.on_gap()


@asynccontextmanager
async def connected(
    app: AsyncApp, client: AsyncWebClient, on_gap: OnGap, *, ping_every: float
) -> AsyncIterator[None]:
    """Hold the connections; `client` has the app-level token. Raises Temporary or Permanent."""
    lines = Lines(on_gap, [])
    try:
        for _ in range(CONNECTIONS):
            await _connect(lines, app, client, ping_every)
        yield
    finally:
        for line in lines.lines:
            await line.handler.client.close()  # type: ignore[no-untyped-call]  # slack_sdk's
        await asyncio.sleep(0)  # what was cancelled gets its turn to end


async def _connect(lines: Lines, app: AsyncApp, client: AsyncWebClient, ping_every: float) -> None:
    handler = AsyncSocketModeHandler(
        app, client.token, logger=LOG, web_client=client, ping_interval=ping_every
    )
    line = Line(handler)
    lines.lines.append(line)
    socket = handler.client

    async def hear(message: WSMessage) -> None:
        await lines.hear(line, message)

    async def closed(_: WSMessage) -> None:
        await lines.closed(line)

    socket.on_message_listeners.append(hear)
    socket.on_close_listeners.append(closed)
    # Asked here, not by slack_sdk: it would try for ever with a wrong token.
    socket.wss_uri = (await call(client, "apps.connections.open"))["url"]
    await socket.connect()  # type: ignore[no-untyped-call]  # slack_sdk's
