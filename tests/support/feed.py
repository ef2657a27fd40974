"""A calendar server on this machine: it serves what a test puts there, well or badly."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

LOCALHOST = "localhost"


@dataclass(slots=True)
class Feed:
    """`body` is the calendar. `answers` are given instead to the next requests, one each.

    `asked` are the heads of the requests that came, and each sets `came`. A `stuck` one answers
    nothing.
    """

    body: bytes = b""
    etag: str = ""
    modified: str = ""
    content_type: str = "text/calendar"
    answers: list[web.Response] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)
    came: asyncio.Event = field(default_factory=asyncio.Event)
    stuck: asyncio.Event | None = None
    port: int = 0

    @property
    def address(self) -> str:
        return f"http://{LOCALHOST}:{self.port}/private-5ecret/basic.ics"

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(dict(request.headers))
        self.came.set()
        if self.stuck is not None:
            await self.stuck.wait()
        if self.answers:
            return self.answers.pop(0)
        head = {"ETag": self.etag, "Last-Modified": self.modified}
        head = {name: value for name, value in head.items() if value}
        if self.etag and request.headers.get("If-None-Match") == self.etag:
            return web.Response(status=304, headers=head)
        return web.Response(body=self.body, content_type=self.content_type, headers=head)


@asynccontextmanager
async def feed(body: bytes = b"", *, etag: str = "", modified: str = "") -> AsyncIterator[Feed]:
    """Serve on a free port until the end of the block."""
    served = Feed(body, etag, modified)
    app = web.Application()
    app.router.add_get("/{path:.*}", served.answer)
    runner = web.AppRunner(app, shutdown_timeout=0)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    served.port = runner.addresses[0][1]
    try:
        yield served
    finally:
        if served.stuck is not None:
            served.stuck.set()
        await runner.cleanup()
