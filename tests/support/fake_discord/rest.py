"""The REST routes that a bot like ours uses.

https://docs.discord.com/developers/resources/message and its neighbours. Error codes are those of
https://docs.discord.com/developers/topics/opcodes-and-status-codes#json.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from aiohttp import web

from tests.support.fake_discord import validate
from tests.support.fake_discord.gateway import Gateway
from tests.support.fake_discord.interactions import Interaction, Interactions, error
from tests.support.fake_discord.limits import Limits, reply
from tests.support.fake_discord.posts import Posts
from tests.support.fake_discord.refusal import Refused, body_of
from tests.support.fake_discord.state import (
    EMBED_LINKS,
    FORUMS,
    MANAGE_MESSAGES,
    PIN_MESSAGES,
    READ_MESSAGE_HISTORY,
    SEND_IN_THREADS,
    SEND_MESSAGES,
    VIEW_CHANNEL,
    WRITTEN_IN,
    Channel,
    Json,
    State,
)

Answer = web.Response
Route = Callable[[web.Request], Awaitable[Answer]]

# "enforce_nonce: ... it will be checked for uniqueness in the past few minutes": create-message.
NONCE_FOR: Final = timedelta(minutes=3)
_MAJOR: Final = ("channel", "guild", "application", "token")
_CHANGEABLE: Final = ("content", "embeds", "components", "flags")


@dataclass(slots=True, eq=False)
class Rest:
    """`asked` are all requests, as "METHOD path"; `synced` counts how often commands were set."""

    state: State
    gateway: Gateway
    interactions: Interactions
    limits: Limits
    clock: Callable[[], datetime]
    asked: list[str] = field(default_factory=list)
    bodies: list[Json] = field(default_factory=list)
    synced: int = 0
    session_starts: int = 1000
    _nonces: dict[tuple[str, str], tuple[datetime, Json]] = field(default_factory=dict)

    def routes(self) -> list[web.RouteDef]:
        message = "/channels/{channel}/messages/{message}"
        hook = "/webhooks/{application}/{token}"
        posts = Posts(self.state, self.gateway, self._visible, self._valid, self.bodies)
        table: list[tuple[str, str, Route]] = [
            ("GET", "/users/@me", self._me),
            ("GET", "/oauth2/applications/@me", self._application),
            ("GET", "/applications/@me", self._application),
            ("GET", "/gateway/bot", self._gateway),
            ("POST", "/users/@me/channels", self._open_dm),
            ("GET", "/channels/{channel}", self._channel),
            ("PATCH", "/channels/{channel}", posts.modify),
            ("POST", "/channels/{channel}/threads", posts.start),
            ("GET", "/guilds/{guild}/threads/active", posts.active),
            ("GET", "/channels/{channel}/messages", self._history),
            ("POST", "/channels/{channel}/messages", self._create),
            ("GET", message, self._message),
            ("PATCH", message, self._change),
            ("DELETE", message, self._delete),
            ("PUT", "/channels/{channel}/messages/pins/{message}", self._pin),
            ("DELETE", "/channels/{channel}/messages/pins/{message}", self._unpin),
            ("GET", "/channels/{channel}/threads/archived/public", self._archived),
            ("GET", "/guilds/{guild}", self._guild),
            ("GET", "/guilds/{guild}/members/{member}", self._member),
            ("GET", "/applications/{application}/commands", self._commands),
            ("PUT", "/applications/{application}/commands", self._sync),
            ("POST", "/interactions/{interaction}/{token}/callback", self._respond),
            ("POST", hook, self._follow_up),
            ("PATCH", hook + "/messages/{message}", self._edit_answer),
            ("DELETE", hook + "/messages/{message}", self._delete_answer),
        ]
        prefix = "/api/v10"
        return [web.route(m, prefix + path, self._guarded(path, r)) for m, path, r in table]

    def _guarded(self, template: str, route: Route) -> Route:
        """Do what stands before every route: count, fail as ordered, limit, authorise."""

        async def guarded(request: web.Request) -> web.StreamResponse:
            path = request.path.removeprefix("/api/v10")
            self.asked.append(f"{request.method} {path}")
            fault = self.limits.fault(request.method, path)
            if fault is not None and fault.wait is not None:
                await fault.wait.wait()
            if fault is not None and not fault.after and fault.status:
                return error((fault.status, fault.code, "as ordered"))
            if fault is not None and not fault.after and not fault.wait:
                return _cut(request)
            answer = await self._limited(request, template, route)
            if fault is not None and fault.after:
                return error((fault.status, fault.code, "late")) if fault.status else _cut(request)
            return answer

        return guarded  # type: ignore[return-value]  # aiohttp takes any StreamResponse

    async def _limited(self, request: web.Request, template: str, route: Route) -> Answer:
        major = "+".join(v for k, v in request.match_info.items() if k in _MAJOR)
        is_callback = template.startswith("/interactions")  # not limited, and needs no token
        headers: dict[str, str] = {}
        if not is_callback:
            headers, refusal = self.limits.admit(f"{request.method} {template}", major)
            if refusal is not None:
                return refusal
        is_open = is_callback or template.startswith("/webhooks")
        if not is_open and request.headers.get("Authorization") != f"Bot {self.gateway.token}":
            self.limits.invalid += 1
            return error((401, 0, "401: Unauthorized"))
        try:
            answer = await route(request)
        except Refused as refused:
            answer = refused.answer
            self.limits.invalid += answer.status == 403
        answer.headers.update(headers)
        return answer

    async def _me(self, _: web.Request) -> Answer:
        return reply(self.state.users[self.state.bot])

    async def _application(self, _: web.Request) -> Answer:
        bot = self.state.users[self.state.bot]
        body = {
            "id": bot["id"], "name": "Waymark", "icon": None, "description": "", "summary": "",
            "bot_public": False, "bot_require_code_grant": False, "verify_key": "", "team": None,
            "owner": bot, "flags": self.state.flags, "rpc_origins": [], "install_params": None,
        }  # fmt: skip
        return reply(body)

    async def _gateway(self, _: web.Request) -> Answer:
        limit = {"total": 1000, "remaining": self.session_starts, "reset_after": 1000}
        limit["max_concurrency"] = 1
        body = {"url": self.gateway.address(), "shards": self.gateway.shards}
        return reply({**body, "session_start_limit": limit})

    async def _open_dm(self, request: web.Request) -> Answer:
        who = str((await body_of(request))["recipient_id"])
        if who not in self.state.users:
            raise Refused(400, 50033, "Invalid Recipient(s)")
        return reply(self.state.dm(who).raw)

    async def _channel(self, request: web.Request) -> Answer:
        return reply(self._visible(request).raw)

    async def _history(self, request: web.Request) -> Answer:
        """Newest first, 1 to 100; nothing without READ_MESSAGE_HISTORY: get-channel-messages."""
        channel, query = self._visible(request), request.query
        limit = int(query.get("limit", 50))
        if not 1 <= limit <= 100:
            raise Refused(400, 50035, "limit: int value should be between 1 and 100.")
        if not self.state.permissions(self.state.bot, channel) & READ_MESSAGE_HISTORY:
            return reply([])
        ids = sorted(channel.messages)
        if "after" in query:
            ids = [id_ for id_ in ids if id_ > int(query["after"])][:limit]
        elif "before" in query:
            ids = [id_ for id_ in ids if id_ < int(query["before"])][-limit:]
        else:
            ids = ids[-limit:]
        rows = [_stored(channel.messages[id_]) for id_ in reversed(ids)]
        return reply(rows)

    async def _create(self, request: web.Request) -> Answer:
        channel, body = self._visible(request), await body_of(request)
        self.bodies.append(body)
        await self._allow_sending(channel, body)
        known = self._known(channel, body)
        if known is not None:
            return reply(known)
        more = {k: body[k] for k in ("embeds", "components", "flags") if k in body}
        reference = body.get("message_reference")
        if reference:
            more |= {"type": 19, "message_reference": {"channel_id": channel.id, **reference}}
        made = self.state.message(channel, self.state.bot, body.get("content") or "", **more)
        answer = {**made, "nonce": body["nonce"]} if "nonce" in body else made
        if body.get("enforce_nonce") and "nonce" in body:
            self._nonces[channel.id, str(body["nonce"])] = (self.clock(), answer)
        event = {**answer, "guild_id": channel.guild} if channel.guild else answer
        await self.gateway.dispatch("MESSAGE_CREATE", event, guild=channel.guild)
        return reply(answer)

    def _known(self, channel: Channel, body: Json) -> Json | None:
        if not body.get("enforce_nonce"):
            return None
        made_at, made = self._nonces.get((channel.id, str(body.get("nonce"))), (None, None))
        return made if made_at is not None and self.clock() - made_at <= NONCE_FOR else None

    async def _allow_sending(self, channel: Channel, body: Json) -> None:  # noqa: C901 - one rule after another
        if channel.is_dm:
            who = channel.raw["recipients"][0]["id"]
            if who in self.state.closed:
                raise Refused(403, 50007, "Cannot send messages to this user")
            if not any(who in guild.members for guild in self.state.guilds.values()):
                raise Refused(403, 50278, "Cannot send messages to this user: no mutual guild")
        needed = SEND_IN_THREADS if channel.is_thread else SEND_MESSAGES
        if not self.state.permissions(self.state.bot, channel) & needed:
            raise Refused(403, 50013, "Missing Permissions")
        embeds = self.state.strict_embeds and body.get("embeds")
        if embeds and not self.state.permissions(self.state.bot, channel) & EMBED_LINKS:
            raise Refused(403, 50013, "Missing Permissions")
        if channel.raw["type"] in FORUMS:
            raise Refused(400, 40058, "Cannot send a message in a forum channel")
        if channel.raw["type"] not in WRITTEN_IN:
            raise Refused(400, 50008, "Cannot send messages in a non-text channel")
        self._valid(body)
        if validate.is_empty(body):
            raise Refused(400, 50006, "Cannot send an empty message")
        reference = body.get("message_reference") or {}
        is_gone = reference and int(reference["message_id"]) not in channel.messages
        if is_gone and reference.get("fail_if_not_exists", True):
            raise Refused(400, 50035, "message_reference: Unknown message")

    def _valid(self, body: Json) -> None:
        wrong = validate.message(body)
        if wrong:
            raise Refused(400, 50035, "Invalid Form Body\n" + "\n".join(wrong))

    async def _message(self, request: web.Request) -> Answer:
        channel = self._visible(request)
        if not self.state.permissions(self.state.bot, channel) & READ_MESSAGE_HISTORY:
            raise Refused(403, 50013, "Missing Permissions")
        return reply(_stored(self._held(request, channel)))

    async def _change(self, request: web.Request) -> Answer:
        channel, body = self._visible(request), await body_of(request)
        held = self._held(request, channel)
        if held["author"]["id"] != self.state.bot:
            raise Refused(403, 50005, "Cannot edit a message authored by another user")
        self._valid(body)
        held.update({k: body[k] for k in _CHANGEABLE if k in body})
        held["edited_timestamp"] = self.clock().isoformat()
        event = {**held, "guild_id": channel.guild} if channel.guild else held
        await self.gateway.dispatch("MESSAGE_UPDATE", event, guild=channel.guild)
        return reply(held)

    async def _delete(self, request: web.Request) -> Answer:
        channel = self._visible(request)
        held = self._held(request, channel)
        mine = held["author"]["id"] == self.state.bot
        if not mine and not self.state.permissions(self.state.bot, channel) & MANAGE_MESSAGES:
            raise Refused(403, 50013, "Missing Permissions")
        del channel.messages[int(held["id"])]
        gone = {"id": held["id"], "channel_id": channel.id, "guild_id": channel.guild}
        await self.gateway.dispatch("MESSAGE_DELETE", gone, guild=channel.guild)
        return web.Response(status=204)

    async def _pin(self, request: web.Request) -> Answer:
        """Needs PIN_MESSAGES, and says so in the channel: message#pin-message."""
        channel, held = self._pinnable(request)
        if not held["pinned"]:
            held["pinned"] = True
            said = self.state.message(channel, self.state.bot, "", type=6)
            event = {**said, "guild_id": channel.guild}
            await self.gateway.dispatch("MESSAGE_CREATE", event, guild=channel.guild)
        return web.Response(status=204)

    async def _unpin(self, request: web.Request) -> Answer:
        self._pinnable(request)[1]["pinned"] = False
        return web.Response(status=204)

    def _pinnable(self, request: web.Request) -> tuple[Channel, Json]:
        channel = self._visible(request)
        if not self.state.permissions(self.state.bot, channel) & PIN_MESSAGES:
            raise Refused(403, 50013, "Missing Permissions")
        return channel, self._held(request, channel)

    async def _archived(self, request: web.Request) -> Answer:
        """https://docs.discord.com/developers/resources/channel#list-public-archived-threads."""
        parent = self._visible(request)
        found = [
            thread.raw
            for thread in self.state.threads(parent.guild or "", archived=True)
            if thread.raw["parent_id"] == parent.id
        ]
        found.sort(key=lambda raw: raw["thread_metadata"]["archive_timestamp"], reverse=True)
        limit = int(request.query.get("limit", 50))
        body = {"threads": found[:limit], "members": [], "has_more": len(found) > limit}
        return reply(body)

    async def _guild(self, request: web.Request) -> Answer:
        guild = self.state.guilds.get(request.match_info["guild"])
        if guild is None or self.state.bot not in guild.members:
            raise Refused(404, 10004, "Unknown Guild")
        return reply(self.state.guild(guild))

    async def _member(self, request: web.Request) -> Answer:
        guild = self.state.guilds.get(request.match_info["guild"])
        if guild is None or self.state.bot not in guild.members:
            raise Refused(404, 10004, "Unknown Guild")
        who = request.match_info["member"]
        if not who.isdecimal():
            raise Refused(400, 50035, "user_id: is not snowflake.")
        if who not in guild.members:
            raise Refused(404, 10007, "Unknown Member")
        return reply(guild.members[who])

    async def _commands(self, _: web.Request) -> Answer:
        return reply(self.state.commands)

    async def _sync(self, request: web.Request) -> Answer:
        rows = await body_of(request)
        wrong = validate.commands(rows)
        if wrong:
            raise Refused(400, 50035, "Invalid Form Body\n" + "\n".join(wrong))
        self.synced += 1
        defaults = {
            "type": 1, "description": "", "default_member_permissions": None, "nsfw": False,
            "name_localizations": None, "description_localizations": None,
        }  # fmt: skip
        own = {"application_id": self.state.bot, "version": self.state.snowflake()}
        self.state.commands = [
            {**defaults, **row, **own, "id": self.state.snowflake()} for row in rows
        ]
        return reply(self.state.commands)

    async def _respond(self, request: web.Request) -> Answer:
        wish = request.match_info
        body = await body_of(request)
        failure = self.interactions.respond(wish["interaction"], wish["token"], body)
        return error(failure) if failure else web.Response(status=204)

    async def _follow_up(self, request: web.Request) -> Answer:
        one, body = self._answered(request), await body_of(request)
        self._valid(body)
        return reply(self.interactions.follow_up(one, body))

    async def _edit_answer(self, request: web.Request) -> Answer:
        one, body = self._answered(request), await body_of(request)
        self._valid(body)
        made = self.interactions.edit(one, request.match_info["message"], body)
        if made is None:
            raise Refused(404, 10008, "Unknown Message")
        return reply(made)

    async def _delete_answer(self, request: web.Request) -> Answer:
        one = self._answered(request)
        before = len(one.shown)
        one.shown = [m for m in one.shown if m["id"] != request.match_info["message"]]
        if len(one.shown) == before:
            raise Refused(404, 10008, "Unknown Message")
        return web.Response(status=204)

    def _answered(self, request: web.Request) -> Interaction:
        found = self.interactions.find(request.match_info["token"])
        if not isinstance(found, Interaction):
            raise Refused(*found)
        if found.answer is None:
            raise Refused(404, 10015, "Unknown Webhook")
        return found

    def _visible(self, request: web.Request) -> Channel:
        channel = self.state.channels.get(request.match_info["channel"])
        if channel is None:
            raise Refused(404, 10003, "Unknown Channel")
        if not self.state.permissions(self.state.bot, channel) & VIEW_CHANNEL:
            raise Refused(403, 50001, "Missing Access")
        return channel

    def _held(self, request: web.Request, channel: Channel) -> Json:
        held = channel.messages.get(int(request.match_info["message"]))
        if held is None:
            raise Refused(404, 10008, "Unknown Message")
        return held


def _stored(message: Json) -> Json:
    """Give a message as it is fetched: its nonce is only in the answer to its making."""
    return {key: value for key, value in message.items() if key != "nonce"}


def _cut(request: web.Request) -> Answer:
    """Close the connection without an answer."""
    if request.transport is not None:
        request.transport.abort()
    raise asyncio.CancelledError
