"""Serves the page on this machine alone, to whoever has its address.

Three doors: the server listens on loopback; the address has a random token; and what changes
anything is a WebSocket that only a page of this very origin may open (any site's page may try to,
RFC 6455 section 10.2, so the Origin is checked). The Host is checked as well: a name of somebody
else's may be made to point here (DNS rebinding).
"""

import asyncio
import hmac
import os
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Final

from aiohttp import WSCloseCode, web
from aiohttp.typedefs import Handler, Middleware

from adapters.local.platform import LocalPlatform
from adapters.local.practice import Practice
from adapters.local.tour import ScriptLine, Tour
from adapters.local.view import Explaining, Glancing, Trainer, nothing_to_say, nothing_to_see
from adapters.local.window import Window
from bot.ports import Inbox

HOST: Final = "127.0.0.1"
PORT: Final = 8737
KEPT_IN: Final = "address.token"
MOST_BYTES: Final = 64 * 1024  # of one frame: a message of 4,000 characters has at most 24,000
TYPES: Final = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}
HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
        " img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
EVERY: Final = 1.0  # seconds between two looks at the desk, while somebody of it is there


@dataclass(slots=True, eq=False)
class Server:
    """Serves the windows of a platform. `on_ready` hears the address once it can be opened.

    `port` 0 takes any that is free; so does a taken one.
    """

    platform: LocalPlatform
    inbox: Inbox
    glance: Glancing = nothing_to_see
    why: Explaining = nothing_to_say
    script: Sequence[ScriptLine] = ()
    trainer: Trainer | None = None
    port: int = PORT
    on_ready: Callable[[str], None] = lambda _: None
    _token: str = ""
    _hosts: frozenset[str] = frozenset()
    _tour: Tour | None = None
    _practice: Practice | None = None
    _sockets: set[web.WebSocketResponse] = field(default_factory=set)

    async def run(self) -> None:
        """Serve until cancelled."""
        self._token = token_in(self.platform.folder)
        if self.script:
            self._tour = Tour(self.platform, self.script, self.why)
        if self.trainer is not None:
            self._practice = Practice(self.platform, self.trainer)
            await self._practice.open()
        runner = web.AppRunner(self._app(), access_log=None, shutdown_timeout=1)
        await runner.setup()
        try:
            port = await self._listen(runner)
            self._hosts = frozenset({f"{HOST}:{port}", f"localhost:{port}"})
            self.on_ready(f"http://{HOST}:{port}/{self._token}/")
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._look(), name="local desk")
                if self._tour is not None:
                    tasks.create_task(self._tour.run(), name="local tour")
                if self._practice is not None:
                    tasks.create_task(self._practice.run(), name="local training")
        finally:
            for socket in tuple(self._sockets):
                await socket.close(code=WSCloseCode.GOING_AWAY)
            await runner.cleanup()

    async def _listen(self, runner: web.AppRunner) -> int:
        try:
            await web.TCPSite(runner, HOST, self.port, reuse_address=True).start()
        except OSError:
            await web.TCPSite(runner, HOST, 0).start()
        return int(runner.addresses[0][1])

    def _app(self) -> web.Application:
        app = web.Application(middlewares=[_guard(self._admits)])
        app.router.add_get("/{token}/", self._page)
        app.router.add_get("/{token}/page/{file}", self._file)
        app.router.add_get("/{token}/summary.html", self._summary)
        app.router.add_get("/{token}/socket", self._socket)
        return app

    def _admits(self, request: web.Request) -> bool:
        given = request.match_info.get("token", "")
        is_known = hmac.compare_digest(given.encode(), self._token.encode())
        return is_known and request.host in self._hosts

    async def _page(self, _: web.Request) -> web.StreamResponse:
        return _served("index.html")

    async def _file(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["file"]
        if name not in NAMES:
            return web.Response(status=404, headers=HEADERS)
        return _served(name)

    async def _summary(self, _: web.Request) -> web.StreamResponse:
        """Give the last training's summary as a file to keep."""
        page = None if self._practice is None else self._practice.page()
        if page is None:
            return web.Response(status=404, text="No training is over yet.\n", headers=HEADERS)
        named = {"Content-Disposition": 'attachment; filename="waymark-training.html"'}
        return web.Response(text=page, content_type="text/html", headers=HEADERS | named)

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("Origin") != f"http://{request.host}":
            return web.Response(status=403, text="Another page may not do that.", headers=HEADERS)
        socket = web.WebSocketResponse(heartbeat=20, max_msg_size=MOST_BYTES)
        await socket.prepare(request)
        self._sockets.add(socket)
        try:
            window = Window(
                self.platform, self.inbox, why=self.why, tour=self._tour, practice=self._practice
            )
            await window.run(socket)
        finally:
            self._sockets.discard(socket)
        return socket

    async def _look(self) -> None:
        """Show the desk what it sees, as often as somebody may look."""
        while True:
            windows = [one for one in self.platform.windows if isinstance(one, Window)]
            if windows:
                glance = await self.glance()
                for window in windows:
                    window.show_desk(glance)
            await asyncio.sleep(EVERY)


def _guard(admits: Callable[[web.Request], bool]) -> Middleware:
    @web.middleware
    async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
        if admits(request):
            return await handler(request)
        words = "Open the whole address that Waymark printed in the terminal.\n"
        return web.Response(status=404, text=words, headers=HEADERS)

    return guarded


_FOLDER = files("adapters.local") / "page"
NAMES: Final = frozenset(one.name for one in _FOLDER.iterdir() if Path(one.name).suffix in TYPES)


def _served(name: str) -> web.Response:
    return web.Response(
        body=(_FOLDER / name).read_bytes(),
        content_type=TYPES[Path(name).suffix],
        charset="utf-8",
        headers=HEADERS,
    )


def token_in(folder: Path) -> str:
    """Give the token of this community, made on the first run: an open page finds its way back."""
    path = folder / KEPT_IN
    try:
        return path.read_text("ascii").strip()
    except FileNotFoundError:
        token = secrets.token_urlsafe(24)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(token)
        return token
