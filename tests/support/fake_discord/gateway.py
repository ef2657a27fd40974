"""The gateway: sessions over websockets.

https://docs.discord.com/developers/events/gateway
"""

import asyncio
import json
import zlib
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from aiohttp import WSCloseCode, WSMsgType, web

from tests.support.fake_discord.state import State

# https://docs.discord.com/developers/topics/opcodes-and-status-codes#gateway-gateway-opcodes
DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT = 0, 1, 2, 6, 7
INVALID_SESSION, HELLO, HEARTBEAT_ACK = 9, 10, 11
# https://docs.discord.com/developers/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes
UNKNOWN_OPCODE, DECODE_ERROR, NOT_AUTHENTICATED, BAD_TOKEN = 4001, 4002, 4003, 4004
ALREADY_AUTHENTICATED, INVALID_INTENTS, DISALLOWED_INTENTS = 4005, 4013, 4014
# https://docs.discord.com/developers/events/gateway#list-of-intents
GUILDS, MEMBERS, MESSAGES, DIRECT, CONTENT = 1 << 0, 1 << 1, 1 << 9, 1 << 12, 1 << 15
PRIVILEGED: Final = MEMBERS | CONTENT | 1 << 8
_NEEDS: Final = {
    "GUILD_MEMBER": MEMBERS,
    "MESSAGE": MESSAGES,
    "INTERACTION_CREATE": 0,
}
# How much is replayed on RESUME; Discord says only that a session cannot be resumed for ever.
_KEPT: Final = 10_000


@dataclass(slots=True, eq=False)
class Session:
    id: str
    intents: int
    shard: tuple[int, int]
    socket: "Socket | None" = None
    seq: int = 0
    sent: deque[tuple[int, str]] = field(default_factory=lambda: deque(maxlen=_KEPT))

    def takes(self, guild: str | None) -> bool:
        """https://docs.discord.com/developers/events/gateway#sharding."""
        number, count = self.shard
        return number == (0 if guild is None else (int(guild) >> 22) % count)


@dataclass(slots=True, eq=False)
class Socket:
    """One connection; with zlib-stream all of it is one compressed stream.

    While there is a list in `held`, what is to be sent is kept there.
    """

    ws: web.WebSocketResponse
    packer: Any = None
    held: list[str | bytes] | None = None

    async def send(self, text: str) -> None:
        frame: str | bytes = text
        if self.packer is not None:
            frame = self.packer.compress(text.encode()) + self.packer.flush(zlib.Z_SYNC_FLUSH)
        if self.held is None:
            await self._write(frame)
        else:
            self.held.append(frame)

    async def release(self) -> None:
        """Send what was held, as fast as it is taken."""
        held, self.held = self.held, None
        for frame in held or ():
            await self._write(frame)

    async def _write(self, frame: str | bytes) -> None:
        if self.ws.closed:
            return
        try:
            if isinstance(frame, str):
                await self.ws.send_str(frame)
            else:
                await self.ws.send_bytes(frame)
        except ConnectionError:
            return


@dataclass(slots=True, eq=False)
class Gateway:
    """`allowed` are the privileged intents switched on; without acks a client must go away.

    `forgets` makes the next RESUME an invalid session. `identified` counts sessions begun.
    """

    state: State
    token: str
    allowed: int = PRIVILEGED
    interval: int = 41_250
    shards: int = 1
    acks: bool = True
    forgets: bool = False
    identified: int = 0
    resumed: int = 0
    heartbeats: int = 0
    address: Callable[[], str] = str
    sessions: dict[str, Session] = field(default_factory=dict)
    ready: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        ws = web.WebSocketResponse(max_msg_size=0)
        await ws.prepare(request)
        is_packed = request.query.get("compress") == "zlib-stream"
        socket = Socket(ws, zlib.compressobj() if is_packed else None)
        await socket.send(_frame(HELLO, {"heartbeat_interval": self.interval}))
        session: Session | None = None
        async for message in ws:
            if message.type is not WSMsgType.TEXT:
                break
            session = await self._receive(socket, session, message.data)
        if session is not None and session.socket is socket:
            session.socket = None
        return ws

    async def _receive(  # noqa: C901 - one arm an opcode
        self, socket: Socket, session: Session | None, text: str
    ) -> Session | None:
        try:
            frame = json.loads(text)
        except ValueError:
            await socket.ws.close(code=DECODE_ERROR)
            return session
        match frame["op"]:
            case 1:
                self.heartbeats += 1
                if self.acks:
                    await socket.send(_frame(HEARTBEAT_ACK, None))
            case 2 if session is None:
                return await self._identify(socket, frame["d"])
            case 6 if session is None:
                return await self._resume(socket, frame["d"])
            case 2 | 6:
                await socket.ws.close(code=ALREADY_AUTHENTICATED)
            case 3 | 4 | 8:
                if session is None:
                    await socket.ws.close(code=NOT_AUTHENTICATED)
            case _:
                await socket.ws.close(code=UNKNOWN_OPCODE)
        return session

    async def _identify(self, socket: Socket, wish: dict[str, Any]) -> Session | None:
        intents = int(wish["intents"])
        if wish["token"] != self.token:
            await socket.ws.close(code=BAD_TOKEN)
        elif intents >> 32:
            await socket.ws.close(code=INVALID_INTENTS)
        elif intents & PRIVILEGED & ~self.allowed:
            await socket.ws.close(code=DISALLOWED_INTENTS, message=b"Disallowed intent(s).")
        else:
            return await self._begin(socket, intents, tuple(wish.get("shard") or (0, 1)))
        return None

    async def _begin(self, socket: Socket, intents: int, shard: Any) -> Session:  # noqa: ANN401 - two numbers out of JSON
        self.identified += 1
        session = Session(f"session-{self.identified}", intents, shard, socket)
        self.sessions = {id_: s for id_, s in self.sessions.items() if s.shard != shard}
        self.sessions[session.id] = session
        mine = (g for g in self.state.guilds.values() if self.state.bot in g.members)
        guilds = [g for g in mine if session.takes(g.id)]
        await self._deliver(
            session,
            "READY",
            {
                "v": 10,
                "user": self.state.users[self.state.bot],
                "guilds": [{"id": guild.id, "unavailable": True} for guild in guilds],
                "session_id": session.id,
                "resume_gateway_url": self.address(),
                "shard": list(shard),
                "application": {"id": self.state.bot, "flags": 0},
            },
        )
        for guild in (one for one in guilds if one.id not in self.state.outages):
            await self._deliver(session, "GUILD_CREATE", self.state.guild_create(guild))
        self.ready.set()
        return session

    async def _resume(self, socket: Socket, wish: dict[str, Any]) -> Session | None:
        session = self.sessions.get(wish["session_id"])
        if wish["token"] != self.token:
            await socket.ws.close(code=BAD_TOKEN)
            return None
        if session is None or self.forgets:
            self.forgets = False
            await socket.send(_frame(INVALID_SESSION, False))  # noqa: FBT003 - as on the wire
            return None
        self.resumed += 1
        session.socket = socket
        missed = [text for seq, text in session.sent if seq > wish["seq"]]
        for text in missed:
            await socket.send(text)
        await self._deliver(session, "RESUMED", {"_trace": []})
        self.ready.set()
        return session

    async def dispatch(self, event: str, data: Any, *, guild: str | None) -> None:  # noqa: ANN401 - any event
        """Tell every session that asked for such events and has the guild."""
        for session in self.sessions.values():
            if session.takes(guild) and self._wants(session, event, guild):
                await self._deliver(session, event, self._seen(session, event, data, guild))

    def _wants(self, session: Session, event: str, guild: str | None) -> bool:
        if event.startswith("MESSAGE") and guild is None:
            return bool(session.intents & DIRECT)
        needed = next((bit for name, bit in _NEEDS.items() if event.startswith(name)), GUILDS)
        return needed == 0 or bool(session.intents & needed)

    def _seen(self, session: Session, event: str, data: Any, guild: str | None) -> Any:  # noqa: ANN401 - as above
        """https://docs.discord.com/developers/events/gateway#message-content-intent."""
        if not event.startswith("MESSAGE_") or "content" not in data or guild is None:
            return data
        mine = data["author"]["id"] == self.state.bot
        named = any(user["id"] == self.state.bot for user in data["mentions"])
        if session.intents & CONTENT or mine or named:
            return data
        return {**data, "content": "", "embeds": [], "attachments": [], "components": []}

    async def _deliver(self, session: Session, event: str, data: Any) -> None:  # noqa: ANN401 - as above
        session.seq += 1
        text = json.dumps({"op": DISPATCH, "t": event, "s": session.seq, "d": data})
        session.sent.append((session.seq, text))
        if session.socket is not None:
            await session.socket.send(text)

    @asynccontextmanager
    async def in_one_go(self) -> AsyncIterator[None]:
        """Hold all that is dispatched, and send it when the block has ended."""
        sockets = [one.socket for one in self.sessions.values() if one.socket is not None]
        for socket in sockets:
            socket.held = []
        yield
        for socket in sockets:
            await socket.release()

    async def cut(self, *, code: int = WSCloseCode.SERVICE_RESTART, forget: bool = False) -> None:
        """Cut every connection. With `forget` no session can be resumed."""
        self.ready.clear()
        for session in self.sessions.values():
            socket, session.socket = session.socket, None
            if socket is not None:
                await socket.ws.close(code=code)
        if forget:
            self.sessions.clear()

    async def ask_to_reconnect(self) -> None:
        self.ready.clear()
        for session in self.sessions.values():
            if session.socket is not None:
                await session.socket.send(_frame(RECONNECT, None))

    async def send_raw(self, text: str) -> None:
        for session in self.sessions.values():
            if session.socket is not None:
                await session.socket.send(text)


def _frame(op: int, data: Any) -> str:  # noqa: ANN401 - any payload
    return json.dumps({"op": op, "d": data, "s": None, "t": None})
