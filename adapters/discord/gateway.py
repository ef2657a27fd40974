"""The connection: discord.py's client, with a loop that neither starves the others nor ends.

discord.py reads on while frames are buffered, so that a flood keeps everybody else waiting (230 ms
were measured); an error while one event is read ends its loop; and a first connection that fails
ends in an AttributeError. Here it is read by the same classes, a few frames at a time, and what
fails is tried again. Nothing of discord.py is changed: this is a subclass of its client.
"""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from time import monotonic
from typing import Any, Final, TypeAlias

import aiohttp
import discord
import structlog
import yarl
from discord.gateway import ReconnectWebSocket

from adapters.discord.socket import Socket
from bot.ports import Misconfigured, Temporary

log = structlog.get_logger(__name__)

Heard: TypeAlias = Callable[[str, Any], None]

# Discord starts sessions in turn, one in 5 seconds:
# https://docs.discord.com/developers/events/gateway#rate-limiting
PAUSE: Final = timedelta(seconds=5)
# How long frames are read before others get their turn. Nobody notices it, and what it costs to
# give the turn is lost in it.
SLICE: Final = 0.0004
_CONNECT: Final = 60.0
_FIRST_WAIT, _LONGEST_WAIT, _NO_WAIT = 1.0, 60.0, 0.01
_FORGETTING: Final = "a frame could not be read"

# What discord.py's cache must see, and what only we read.
_CACHED: Final = frozenset(
    {
        "READY", "RESUMED", "GUILD_CREATE", "GUILD_UPDATE", "GUILD_DELETE", "GUILD_ROLE_CREATE",
        "GUILD_ROLE_UPDATE", "GUILD_ROLE_DELETE", "GUILD_MEMBER_UPDATE", "GUILD_MEMBER_REMOVE",
        "CHANNEL_CREATE", "CHANNEL_UPDATE", "CHANNEL_DELETE", "THREAD_CREATE", "THREAD_UPDATE",
        "THREAD_DELETE", "THREAD_LIST_SYNC",
    }
)  # fmt: skip
_OURS: Final = frozenset(
    {
        "MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE", "MESSAGE_DELETE_BULK",
        "INTERACTION_CREATE",
    }
)  # fmt: skip
# https://docs.discord.com/developers/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes
_BAD_TOKEN, _DISALLOWED = 4004, 4014
_UNAUTHORISED: Final = 401
_FOR_GOOD: Final = frozenset({_BAD_TOKEN, 4010, 4011, 4012, 4013, _DISALLOWED})
_WEATHER: Final = (
    OSError,
    TimeoutError,
    aiohttp.ClientError,
    discord.HTTPException,
    discord.GatewayNotFound,
    discord.ConnectionClosed,
)


class BadToken(Misconfigured):
    def __init__(self) -> None:
        super().__init__(
            "Discord does not know the token. Make a new one (Developer Portal, Bot, Reset Token)"
            " and put it in WAYMARK_DISCORD_TOKEN."
        )


class MissingIntent(Misconfigured):
    def __init__(self) -> None:
        super().__init__(
            "Discord does not let the bot read messages. Switch on Message Content Intent"
            " (Developer Portal, Bot, Privileged Gateway Intents)."
        )


class CannotConnect(Temporary):
    """Discord cannot be reached now. `run` goes on trying."""


class Client(discord.AutoShardedClient):
    """Discord's own client, for REST, rate limits and the cache.

    Its events go to `heard` as they come, in order, and nothing else is dispatched.
    `pause` is between two sessions' beginnings. While there is no `room` no turn of reading begins.
    """

    def __init__(
        self,
        heard: Heard,
        *,
        intents: discord.Intents,
        pause: timedelta = PAUSE,
        heartbeat_timeout: float = 60.0,
    ) -> None:
        super().__init__(
            intents=intents,
            max_messages=None,  # no text is kept (I4)
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            heartbeat_timeout=heartbeat_timeout,
            allowed_mentions=discord.AllowedMentions.none(),
            max_ratelimit_timeout=30.0,
        )
        self._heard = heard
        self._pause = pause
        self._starting = asyncio.Lock()
        self._sockets: dict[int, Socket] = {}
        self.room = asyncio.Event()
        self.room.set()
        self._readers = {event: self._reader(event) for event in _CACHED | _OURS}

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - discord.py's
        """Start no task for an event: `heard` has it already."""

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:  # noqa: ARG002 - discord.py's
        """Let sessions begin one after another."""
        async with self._starting:
            if not initial:
                await asyncio.sleep(self._pause.total_seconds())

    async def connect(self, *, reconnect: bool = True) -> None:  # noqa: ARG002 - it always does
        """Stay connected, with as many shards as Discord recommends, until cancelled.

        Raises BadToken, MissingIntent or Misconfigured when only a person can mend it.
        """
        count, url, limit = await self._recommended()
        log.info("gateway", shards=count, sessions_left=limit["remaining"])
        self.shard_count = self._connection.shard_count = count
        self._connection.shard_ids = range(count)
        async with asyncio.TaskGroup() as tasks:
            for shard in range(count):
                tasks.create_task(self._keep(shard, yarl.URL(url)), name=f"shard {shard}")

    async def _recommended(self) -> tuple[int, str, Any]:
        """Ask how many shards, at which address, and how many sessions may still begin today."""
        wait = _FIRST_WAIT
        while True:
            try:
                return await self.http.get_bot_gateway()
            except _WEATHER as failure:
                if isinstance(failure.__cause__, discord.HTTPException):
                    _raise_if_unauthorised(failure.__cause__)
                wait = await self._rest(wait, failure)

    async def hang_up(self) -> None:
        """Close the gateway alone: what is still to be said can be."""
        for socket in self._sockets.values():
            await socket.close(code=1000)
        self._sockets.clear()

    async def close(self) -> None:
        await self.hang_up()
        await super().close()

    async def _keep(self, shard: int, url: yarl.URL) -> None:
        """Keep one shard connected."""
        wish: dict[str, Any] = {"gateway": url, "initial": shard == 0}
        wait = _FIRST_WAIT
        while True:
            socket: Socket | None = None
            try:
                opening = Socket.from_client(self, shard_id=shard, **wish)
                socket = self._sockets[shard] = await asyncio.wait_for(opening, _CONNECT)
                wait = _FIRST_WAIT
                await self._read(socket)
            except ReconnectWebSocket as again:
                # An opening that was cut short says it too: then the session is the one before.
                wish = _resumed(self._sockets.get(shard), url) if again.resume else {"gateway": url}
                if socket is None:
                    wait = await self._rest(wait, again)
            except _WEATHER as failure:
                _raise_if_for_good(failure)
                wish = _resumed(self._sockets.get(shard), url)
                wait = await self._rest(wait, failure)
            except Exception as bug:  # noqa: BLE001 - the item boundary: one frame must not end all
                # Without the frame, which the exception may quote (I4).
                log.error(_FORGETTING, bug=type(bug).__name__)  # noqa: TRY400 - as above
                if socket is not None:
                    await socket.close(code=4000)
                # The same session would bring the same frame: begin anew, and read history.
                wish = {"gateway": url}
                wait = await self._rest(wait, bug)

    async def _read(self, socket: Socket) -> None:
        """Read until the connection ends, and let the others have their turn."""
        socket._discord_parsers = self._readers  # noqa: SLF001 - it is set so by from_client
        # A timer for each frame costs a tenth of the reading. Discord that has fallen silent is
        # noticed by the heartbeats that it does not answer (`heartbeat_timeout`).
        socket._max_heartbeat_timeout = 0.0  # noqa: SLF001 - discord.py passes it on to aiohttp
        since = monotonic()
        while True:
            await socket.poll_event()
            if monotonic() - since > SLICE:
                await asyncio.sleep(0)
                await self.room.wait()
                since = monotonic()

    def _reader(self, event: str) -> Callable[[Any], None]:
        cache = self._connection.parsers[event] if event in _CACHED else None
        heard = self._heard

        def read(raw: Any) -> None:  # noqa: ANN401 - what a frame holds
            if cache is not None:
                try:
                    cache(raw)
                except Exception as bug:  # noqa: BLE001 - the cache is a help, the event is the thing
                    log.error("an event is not cached", name=event, bug=type(bug).__name__)  # noqa: TRY400 - it may quote (I4)
            heard(event, raw)

        return read if cache is not None else lambda raw: heard(event, raw)

    async def _rest(self, wait: float, failure: BaseException) -> float:
        """Say in one line that it is tried again, wait, and give the next wait."""
        log.warning(
            "Discord cannot be reached; trying again", why=type(failure).__name__, wait=wait
        )
        await asyncio.sleep(wait if self._pause else _NO_WAIT)
        return min(_LONGEST_WAIT, wait * 2)


def _resumed(socket: Socket | None, url: yarl.URL) -> dict[str, Any]:
    """Say how to go on with the session of `socket`, or begin one when there is none."""
    if socket is None or socket.session_id is None:
        return {"gateway": url}
    return {
        "gateway": socket.gateway,
        "resume": True,
        "session": socket.session_id,
        "sequence": socket.sequence,
    }


def _raise_if_unauthorised(failure: discord.HTTPException) -> None:
    if failure.status == _UNAUTHORISED:
        raise BadToken from None


def _raise_if_for_good(failure: BaseException) -> None:
    if not isinstance(failure, discord.ConnectionClosed) or failure.code not in _FOR_GOOD:
        return
    if failure.code == _BAD_TOKEN:
        raise BadToken from None
    if failure.code == _DISALLOWED:
        raise MissingIntent from None
    raise Misconfigured(f"Discord refuses the connection (code {failure.code}).") from None


def intents(*, members: bool = False) -> discord.Intents:
    """Ask for no more than is used: guilds, their messages, and what stands in them."""
    wanted = discord.Intents.none()
    wanted.guilds = wanted.guild_messages = wanted.message_content = True
    wanted.members = members
    return wanted


async def log_in(client: Client, token: str) -> None:
    """Log in. Raises BadToken or CannotConnect."""
    try:
        await client.login(token)
    except BaseException as failure:
        await client.http.close()
        if isinstance(failure, discord.LoginFailure):
            raise BadToken from None
        if isinstance(failure, _WEATHER):
            raise CannotConnect(type(failure).__name__) from None
        raise
