"""Socket Mode: two connections, so that one is there while the other is renewed.

https://docs.slack.dev/apis/events-api/using-socket-mode. slack_sdk renews a connection by itself
when Slack asks for it (`disconnect`) or when it breaks; here is heard whether anything may have
been missed meanwhile.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from time import time
from typing import Final

import structlog
from aiohttp import WSMessage, WSMsgType
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.client import DEAF
from adapters.slack.door import Door, NotSafe
from adapters.slack.wire import AGAIN, LOG, call, rest_after
from bot.ports import Permanent, Temporary

log = structlog.get_logger(__name__)

CONNECTIONS = 2
PING_EVERY = 5.0  # seconds; after four without an answer slack_sdk connects anew

_EVENT: Final = "events_api"

OnGap = Callable[[], Awaitable[None]]
OnHearing = Callable[[str], None]
FIRST_REST, LONGEST_REST = 1.0, 60.0  # pings, and seconds


class Socket(SocketModeClient):
    """slack_sdk's own, which asks for its address as all else is asked.

    By itself slack_sdk would ask every few seconds for ever, and nobody would hear of it.
    """

    def __init__(self, client: AsyncWebClient, on_hearing: OnHearing, ping_every: float) -> None:
        super().__init__(str(client.token), LOG, client, ping_interval=ping_every)
        self._on_hearing = on_hearing
        self._closing = asyncio.Event()

    async def issue_new_wss_url(self) -> str:
        """Ask until there is one. What is refused twice is told."""
        wait, refused = self.ping_interval * FIRST_REST, 0
        while not self._closing.is_set():
            try:
                url = str((await call(self.web_client, "apps.connections.open"))["url"])
            except Temporary as failure:
                rest = rest_after(failure, wait)
                log.warning(AGAIN, why=str(failure), wait=rest)
                await self._rest(rest)
            except Permanent as failure:
                log.warning("Slack refuses a connection; trying again", why=str(failure), wait=wait)
                refused += 1
                if refused > 1:
                    self._on_hearing(DEAF)
                await self._rest(wait)
            else:
                self._on_hearing("")
                return url
            wait = min(2 * wait, LONGEST_REST)
        raise asyncio.CancelledError

    async def _rest(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._closing.wait()

    async def close(self) -> None:
        self._closing.set()
        await super().close()  # type: ignore[no-untyped-call]  # slack_sdk's


@dataclass(slots=True, eq=False)
class Line:
    """One of the connections. `is_announced`: Slack has asked for a new one in its place."""

    socket: Socket
    is_live: bool = False
    is_announced: bool = False
    was_live: bool = False


@dataclass(slots=True)
class Lines:
    """The connections, and what is being answered: slack_sdk forgets the tasks that it begins."""

    on_gap: OnGap
    lines: list[Line] = field(default_factory=list)
    is_over: bool = False
    _answering: set[asyncio.Task[None]] = field(default_factory=set)

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Hold what this task does against the end."""
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - slack_sdk made one
        self._answering.add(task)
        try:
            yield
        finally:
            self._answering.discard(task)

    async def end(self, within: float) -> None:
        """Let what is being answered end in so many seconds, then hang up and break off the rest.

        Whatever went on afterwards would ask a database that is closed.
        """
        if self._answering:
            await asyncio.wait(self._answering, timeout=within)
        self.is_over = True
        for line in self.lines:
            await line.socket.close()
        late = tuple(self._answering)
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late)
        await asyncio.sleep(0)  # what else was cancelled gets its turn to end

    async def tend(self, every: float) -> None:
        """Let a line that is down ask for another address: each is good once, for a while.

        https://docs.slack.dev/reference/methods/apps.connections.open. slack_sdk tries the one that
        it has until it works.
        """
        while True:
            await asyncio.sleep(every)
            for line in self.lines:
                if not await line.socket.is_connected():
                    line.socket.wss_uri = None

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
    app: AsyncApp,
    door: Door,
    client: AsyncWebClient,
    on_gap: OnGap,
    on_hearing: OnHearing,
    *,
    ping_every: float,
) -> AsyncIterator[None]:
    """Hold the connections; `client` has the app-level token. Raises Temporary or Permanent.

    What people ask goes through `app`; what happened goes straight to `door`.

    `on_hearing` hears why nothing can be heard any more, and "" when it can be again.
    """
    lines = Lines(on_gap)
    tending = asyncio.ensure_future(lines.tend(2 * ping_every))
    try:
        for _ in range(CONNECTIONS):
            await _connect(lines, app, door, Socket(client, on_hearing, ping_every))
        yield
    finally:
        tending.cancel()
        await lines.end(2 * door.deadline.total_seconds())


async def _is_safe(door: Door, asked: SocketModeRequest) -> bool:
    """Hand an event to the door at once, and tell whether it may be acknowledged.

    Bolt comes to the same door, by way of a request, a context and a client that it makes for each
    event and that nobody uses: more than all else that an event costs.
    """
    try:
        await door.answer(asked.payload)
    except NotSafe:
        return False
    except Exception as bug:  # noqa: BLE001 - the item boundary: one event must not end the rest
        log.error("an event is broken", bug=type(bug).__name__)  # noqa: TRY400 - it may quote (I4)
        return False
    return True


async def _connect(lines: Lines, app: AsyncApp, door: Door, socket: Socket) -> None:
    line = Line(socket)
    lines.lines.append(line)

    async def answer(_: AsyncBaseSocketModeClient, asked: SocketModeRequest) -> None:
        if lines.is_over:
            return
        with lines.answering():
            if asked.type != _EVENT:
                answered = await run_async_bolt_app(app, asked)
                await send_async_response(socket, asked, answered, time())
            elif await _is_safe(door, asked):
                response = SocketModeResponse(asked.envelope_id)
                await socket.send_socket_mode_response(response)

    async def hear(message: WSMessage) -> None:
        await lines.hear(line, message)

    async def closed(_: WSMessage) -> None:
        await lines.closed(line)

    socket.socket_mode_request_listeners.append(answer)
    socket.on_message_listeners.append(hear)
    socket.on_close_listeners.append(closed)
    # Asked here, not by the socket: a wrong token is to be said at once.
    socket.wss_uri = (await call(socket.web_client, "apps.connections.open"))["url"]
    await socket.connect()  # type: ignore[no-untyped-call]  # slack_sdk's
