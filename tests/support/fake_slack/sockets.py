"""Socket Mode: https://docs.slack.dev/apis/events-api/using-socket-mode.

Up to ten connections; each envelope goes to one of them. An envelope that is not acknowledged
within three seconds is sent again, three times at most, with retry fields (as the Events API does:
https://docs.slack.dev/apis/events-api#retries).
"""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from aiohttp import WSMsgType, web

from tests.support.fake_slack.workspace import Raw

MOST_CONNECTIONS = 10
DEADLINE = timedelta(seconds=3)
MOST_RETRIES = 3


@dataclass(slots=True)
class Envelope:
    """`acknowledged` is set when the app has answered; `answer` is the payload of that."""

    id: str
    body: Raw
    sent_at: datetime
    acknowledged: asyncio.Event = field(default_factory=asyncio.Event)
    answer: Raw | None = None
    retries: int = 0


@dataclass(slots=True)
class Sockets:
    """`turned_away` is how many of the next connections are refused, whatever they bring."""

    clock: Callable[[], datetime]
    envelopes: dict[str, Envelope] = field(default_factory=dict)
    open: list[web.WebSocketResponse] = field(default_factory=list)
    opened: int = 0
    turned_away: int = 0
    on_acknowledged: Callable[[dict[str, Any]], None] = lambda _: None
    _numbers: "count[int]" = field(default_factory=count)
    _tickets: set[str] = field(default_factory=set)
    _arrival: asyncio.Condition = field(default_factory=asyncio.Condition)

    def ticket(self) -> str:
        """https://docs.slack.dev/reference/methods/apps.connections.open: it is used once."""
        made = f"ticket-{next(self._numbers)}"
        self._tickets.add(made)
        return made

    async def accept(self, request: web.Request) -> web.StreamResponse:
        given = request.query.get("ticket", "")
        if given not in self._tickets or self.turned_away:
            self.turned_away = max(0, self.turned_away - 1)
            self._tickets.discard(given)
            return web.Response(status=404)
        self._tickets.discard(given)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        if len(self.open) >= MOST_CONNECTIONS:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return socket
        await socket.send_json({"type": "hello", "num_connections": len(self.open) + 1})
        async with self._arrival:
            self.open.append(socket)
            self.opened += 1
            self._arrival.notify_all()
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                self._acknowledge(json.loads(message.data))
        async with self._arrival:
            if socket in self.open:
                self.open.remove(socket)
            self._arrival.notify_all()
        return socket

    async def connected(self, at_least: int = 1, *, opened: int = 0) -> None:
        """Return when so many connections stand, and so many were opened over all."""
        async with self._arrival:
            await self._arrival.wait_for(
                lambda: len(self.open) >= at_least and self.opened >= opened
            )

    async def send(self, type_: str, payload: Raw, *, over: int | None = None) -> Envelope:
        """Send a payload over one connection: in turn, or over the one that a test names."""
        await self.connected()
        number = next(self._numbers)
        body: Raw = {
            "type": type_,
            "envelope_id": f"envelope-{number}",
            "payload": payload,
            "accepts_response_payload": type_ != "events_api",
        }
        if type_ == "events_api":
            body |= {"retry_attempt": 0, "retry_reason": ""}
        envelope = Envelope(body["envelope_id"], body, self.clock())
        self.envelopes[envelope.id] = envelope
        await self._put(envelope, number if over is None else over)
        return envelope

    async def repeat(self, envelope: Envelope, *, over: int = 0) -> Envelope:
        """Send the same event once more under an envelope of its own, as several sockets may."""
        return await self.send(envelope.body["type"], envelope.body["payload"], over=over)

    async def redeliver(self) -> int:
        """Send again what was not acknowledged in time; give how many those were."""
        late = [
            one
            for one in self.envelopes.values()
            if not one.acknowledged.is_set()
            and one.retries < MOST_RETRIES
            and self.clock() - one.sent_at >= DEADLINE
        ]
        for one in late:
            one.retries += 1
            one.sent_at = self.clock()
            one.body |= {"retry_attempt": one.retries, "retry_reason": "timeout"}
            await self._put(one, one.retries)
        return len(late)

    async def disconnect(self, over: int, reason: str = "refresh_requested") -> None:
        """Ask the app to connect anew: `warning` some seconds ahead, or `refresh_requested`."""
        socket = self.open[over]
        body = {"type": "disconnect", "reason": reason, "debug_info": {"host": "fake"}}
        await socket.send_json(body)

    async def cut(self, most: int = MOST_CONNECTIONS) -> None:
        """Break connections without a word, as a network does."""
        cut = self.open[:most]
        for socket in cut:
            assert socket._req is not None  # noqa: SLF001 - aiohttp has no public way to do this
            transport = socket._req.transport  # noqa: SLF001 - as above
            if transport is not None:
                transport.abort()
        async with self._arrival:
            await self._arrival.wait_for(lambda: not set(cut) & set(self.open))

    async def _put(self, envelope: Envelope, number: int) -> None:
        socket = self.open[number % len(self.open)]
        await socket.send_str(json.dumps(envelope.body))

    def _acknowledge(self, body: dict[str, Any]) -> None:
        self.on_acknowledged(body)
        envelope = self.envelopes.get(body.get("envelope_id", ""))
        if envelope is not None:
            envelope.answer = body.get("payload")
            envelope.acknowledged.set()
