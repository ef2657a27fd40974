"""The doors of the server, who may come in, and what goes wrong there."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from aiohttp import web

from tests.support.fake_slack.blocks import check
from tests.support.fake_slack.limits import Limits
from tests.support.fake_slack.methods import METHODS, Asked
from tests.support.fake_slack.sockets import Sockets
from tests.support.fake_slack.workspace import Raw, Refused, User, Workspace

BOT_TOKEN, APP_TOKEN, SECRET = "xoxb-fake", "xapp-fake", "signing-secret"
SCOPES = frozenset(
    {
        "channels:history",
        "channels:read",
        "chat:write",
        "commands",
        "groups:history",
        "groups:read",
        "im:history",
        "im:write",
        "users:read",
    }
)
TRIGGER_LIVES = timedelta(seconds=3)  # /interactivity/handling-user-interaction#modals
RESPONSE_URL_LIVES = timedelta(minutes=30)  # /interactivity/handling-user-interaction#responses
RESPONSE_URL_USES = 5
LOSE_ANSWER = "lose the answer"  # it is done, and the answer never comes
LOSE_REQUEST = "lose the request"  # it is not done, and no answer comes
BROKEN = "broken"  # 503: https://docs.slack.dev/apis/web-api#errors


@dataclass(slots=True)
class Token:
    """An organisation's token is good for several workspaces; `team_id` then says which.

    `refusal` is what every call is answered, once the token is good no more.
    """

    spaces: tuple[str, ...]
    scopes: frozenset[str] = SCOPES
    enterprise: str | None = None
    is_revoked: bool = False
    refusal: str = ""


@dataclass(slots=True)
class FakeSlack:
    """`calls` are the requests by method; `trouble` awaits the next requests of a method.

    `refusals` are what a method is answered as long as they stand, `app_refusal` what the app token
    is. `closed` are workspaces that are not granted to their organisation's token any more.
    """

    clock: Callable[[], datetime]
    spaces: dict[str, Workspace] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=dict)
    calls: Counter[str] = field(default_factory=Counter)
    trouble: dict[str, list[str]] = field(default_factory=dict)
    refusals: dict[str, str] = field(default_factory=dict)
    app_refusal: str = ""
    closed: set[str] = field(default_factory=set)
    views: dict[str, Raw] = field(default_factory=dict)
    answered: list[Raw] = field(default_factory=list)
    base: str = ""
    limits: Limits = field(init=False)
    sockets: Sockets = field(init=False)
    _triggers: dict[str, datetime] = field(default_factory=dict)
    _urls: dict[str, tuple[datetime, int, str, Workspace]] = field(default_factory=dict)
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self.limits = Limits(self.clock)
        self.sockets = Sockets(self.clock)

    def stamp(self) -> str:
        """Give the next message's ts: the clock's seconds, and a number that never comes twice."""
        return f"{int(self.clock().timestamp())}.{next(self._numbers):06}"

    def number(self) -> int:
        return next(self._numbers)

    def trigger(self) -> str:
        """https://docs.slack.dev/interactivity/handling-user-interaction."""
        id_ = f"trigger-{self.number()}"
        self._triggers[id_] = self.clock()
        return id_

    def redeem(self, trigger: str) -> None:
        made = self._triggers.pop(trigger, None)
        if made is None:
            raise Refused("invalid_trigger_id")
        if self.clock() - made > TRIGGER_LIVES:
            raise Refused("expired_trigger_id")

    def response_url(self, space: Workspace, user: User) -> str:
        path = f"/responses/{self.number()}"
        self._urls[path] = (self.clock(), 0, user.id, space)
        return self.base + path

    def open_view(self, space: Workspace, view: Raw) -> Raw:
        id_ = f"V{self.number():08}"
        whole = {**view, "id": id_, "hash": "1.x", "team_id": space.id}
        self.views[id_] = whole
        return whole

    def page(self, method: str, asked: int) -> int:
        return self.limits.page(method, asked)

    async def method(self, request: web.Request) -> web.StreamResponse:
        """Answer one call of the Web API."""
        name = request.match_info["name"]
        self.calls[name] += 1
        trouble = self._trouble(name)
        if trouble == BROKEN:
            return web.Response(status=503, text="upstream connect error")
        if trouble == LOSE_REQUEST:
            return _hang_up(request)
        if trouble not in {None, LOSE_ANSWER}:
            return web.json_response({"ok": False, "error": trouble})
        args = await _args(request)
        token = str(args.pop("token", "") or request.headers.get("Authorization", "")[7:])
        response = self._answer(name, args, token)
        return _hang_up(request) if trouble == LOSE_ANSWER else response

    def _trouble(self, name: str) -> str | None:
        waiting = self.trouble.get(name)
        return waiting.pop(0) if waiting else None

    def _answer(self, name: str, args: dict[str, Any], token: str) -> web.Response:
        try:
            if name == "apps.connections.open":
                return web.json_response({"ok": True, "url": self._socket_url(token)})
            return self._called(name, args, self._token(token))
        except Refused as refused:
            return web.json_response({"ok": False, "error": refused.error, **refused.more})

    def _called(self, name: str, args: dict[str, Any], token: Token) -> web.Response:
        if name == "auth.teams.list":
            teams = [{"id": id_, "name": id_} for id_ in token.spaces if id_ not in self.closed]
            return web.json_response({"ok": True, "teams": teams})
        if name in self.refusals:
            raise Refused(self.refusals[name])
        if args.get("team_id") in self.closed:
            raise Refused("team_access_not_granted")
        space = self._space(args, token)
        method = METHODS.get(name)
        if method is None:
            raise Refused("unknown_method")
        wait = self.limits.wait(name, method.tier, space.id, str(args.get("channel", "")))
        if wait:
            body = {"ok": False, "error": "ratelimited"}
            return web.json_response(body, status=429, headers={"Retry-After": str(wait)})
        answer = method.answer(Asked(name, args, space, self, token.scopes))
        if name == "auth.test" and token.enterprise:
            answer |= {"is_enterprise_install": True, "enterprise_id": token.enterprise}
            answer["team_id"] = token.enterprise
        # https://docs.slack.dev/authentication/installing-with-oauth says where scopes are told.
        headers = {"X-OAuth-Scopes": ",".join(sorted(token.scopes))}
        return web.json_response({"ok": True, **answer}, headers=headers)

    def _token(self, given: str) -> Token:
        """https://docs.slack.dev/reference/methods/auth.test#errors."""
        token = self.tokens.get(given)
        if token is None:
            raise Refused("invalid_auth")
        if token.is_revoked or token.refusal:
            raise Refused(token.refusal or "token_revoked")
        return token

    def _space(self, args: dict[str, Any], token: Token) -> Workspace:
        """Find where a token acts: an organisation's needs a channel of a workspace, or its id."""
        if (team := args.get("team_id")) in token.spaces:
            return self.spaces[str(team)]
        for id_ in token.spaces:
            if args.get("channel") in self.spaces[id_].channels:
                return self.spaces[id_]
        return self.spaces[token.spaces[0]]

    def _socket_url(self, token: str) -> str:
        if token != APP_TOKEN:
            raise Refused("not_allowed_token_type" if token in self.tokens else "invalid_auth")
        if self.app_refusal:
            raise Refused(self.app_refusal)
        return f"{self.base.replace('http', 'ws')}/link?ticket={self.sockets.ticket()}"

    async def respond(self, request: web.Request) -> web.Response:
        """https://docs.slack.dev/interactivity/handling-user-interaction#message_responses."""
        made, uses, user, space = self._urls[request.path]
        if self.clock() - made > RESPONSE_URL_LIVES or uses >= RESPONSE_URL_USES:
            return web.json_response({"ok": False, "error": "expired_url"}, status=404)
        self._urls[request.path] = (made, uses + 1, user, space)
        body = await request.json()
        try:
            check(body.get("blocks") or (), "message")
        except Refused as refused:
            return web.json_response({"ok": False, "error": refused.error}, status=400)
        self.answered.append({"user": user, **body})
        if body.get("response_type") != "in_channel":
            space.ephemerals.append((user, body))
        return web.Response(text="ok")


def _hang_up(request: web.Request) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def _args(request: web.Request) -> dict[str, Any]:
    if request.content_type == "application/json":
        return dict(await request.json())
    return {**request.query, **await request.post()}


@asynccontextmanager
async def fake_slack(clock: Callable[[], datetime]) -> AsyncIterator[FakeSlack]:
    """Start it on a free port of this machine; it is empty."""
    slack = FakeSlack(clock)
    app = web.Application()
    app.router.add_route("*", "/api/{name}", slack.method)
    app.router.add_post("/responses/{number}", slack.respond)
    app.router.add_get("/link", slack.sockets.accept)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    slack.base = f"http://{host}:{port}"
    try:
        yield slack
    finally:
        for socket in list(slack.sockets.open):
            await socket.close()
        await runner.cleanup()
        await asyncio.sleep(0)
