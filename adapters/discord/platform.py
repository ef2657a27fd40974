"""Discord as a platform: one connection in, calls out.

Events are handed over in the order in which they came, by one hand; what people ask by interaction
goes past them, because Discord waits for it.
"""

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from time import monotonic
from types import TracebackType
from typing import Any, Final, Self

import aiohttp
import structlog

from adapters.discord import commands, translate
from adapters.discord.calls import Refused, TokenRefused, call
from adapters.discord.content import Content
from adapters.discord.deliver import Deliveries
from adapters.discord.events import events
from adapters.discord.gateway import PAUSE, BadToken, Client, intents, log_in
from adapters.discord.inspection import inspected, names
from adapters.discord.interaction import Interactions
from adapters.discord.payload import MessageObject, Raw
from adapters.discord.places import Places, can, is_open
from adapters.discord.sleepers import sleepers
from adapters.discord.translate import DISCORD, UNREADABLE, channel_of
from bot.domain.action import Action, Receipt
from bot.domain.command import Table
from bot.domain.event import Posted
from bot.domain.message import AccountRef, Message, MessageRef, Place, PlatformName
from bot.domain.setup import Found, Need
from bot.domain.space import SpaceRef, Standing
from bot.ports import Capabilities, Clock, Inbox, Permanent, Temporary

log = structlog.get_logger(__name__)

PATIENCE: Final = 10.0
# How many events may wait before no more frames are read.
_FULL, _ROOM = 10_000, 5_000
_PAGE: Final = 100  # https://docs.discord.com/developers/resources/message#get-channel-messages
_FIRST_WAIT, _LONGEST_WAIT, _NO_WAIT = 1.0, 60.0, 0.01
_MESSAGES: Final = "/channels/{channel_id}/messages"
# How long events are handed over before others get their turn, which with `gateway.SLICE` and what
# is begun meanwhile is most of what the loop keeps the others waiting in a flood.
_SLICE: Final = 0.0008


@dataclass(slots=True, eq=False)
class DiscordPlatform:
    """Enter it before use.

    `table` is what can be asked; `members` asks for the privileged intent that tells when roles
    change (without it they are asked for when they matter).
    `counts` says what came: by event, and messages that were empty (until one was not) or could
    not be read.
    `pause` is between two sessions' beginnings, `patience` how long one perform waits.
    """

    token: str = field(repr=False)
    clock: Clock
    table: Table = field(default_factory=Table)
    members: bool = False
    pause: timedelta = PAUSE
    patience: float = PATIENCE
    heartbeat_timeout: float = 60.0
    counts: Counter[str] = field(default_factory=Counter)
    places: Places = field(default_factory=Places)
    _waiting: deque[tuple[str, Any]] = field(default_factory=deque)
    _more: asyncio.Event = field(default_factory=asyncio.Event)
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)
    _tasks: asyncio.TaskGroup | None = None
    _client: Client | None = None
    _deliveries: Deliveries | None = None
    _interactions: Interactions | None = None
    _inbox: Inbox | None = None
    _shards: set[int] = field(default_factory=set)
    _content: Content = field(init=False)
    _named: dict[int, frozenset[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._content = Content(self.counts)

    @property
    def name(self) -> PlatformName:
        return DISCORD

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(
            threads=True, buttons=True, history=True, max_text=2_000, forms=True, ephemeral=True,
            pins=True,
        )  # fmt: skip

    async def __aenter__(self) -> Self:
        self._tasks = await self._stack.enter_async_context(asyncio.TaskGroup())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        if self._deliveries is not None:
            self._deliveries.stop()
        if self._client is not None:
            await self._client.close()
        await self._stack.__aexit__(kind, error, None)

    async def open(self) -> None:
        """Log in, once. Raises BadToken or CannotConnect."""
        if self._deliveries is not None:
            return
        if self._tasks is None:
            raise RuntimeError("enter the platform before it is used")
        client = Client(
            self._hear,
            intents=intents(members=self.members),
            pause=self.pause,
            heartbeat_timeout=self.heartbeat_timeout,
        )
        await log_in(client, self.token)
        self._client = client
        self._interactions = Interactions(client, self.table, self.clock, self.place_of, self.fetch)
        self._deliveries = Deliveries(
            client, self._interactions, self.clock, self._tasks, self.patience, self.clock()
        )

    async def run(self, inbox: Inbox) -> None:
        """Stay connected until cancelled. Raises Misconfigured when only a person can mend it."""
        client = await self._opened()
        self._inbox = inbox
        self.places.opened.clear()
        self._shards.clear()
        self._named.clear()
        self._waiting.clear()
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._hand_over(inbox), name="discord events")
                tasks.create_task(client.connect(), name="discord gateway")
        except ExceptionGroup as group:
            raise _first(group) from None
        finally:
            self._inbox = None
            with suppress(OSError, aiohttp.ClientError):
                await client.hang_up()

    async def _opened(self) -> Client:
        """Log in and bring the commands up to date, however long Discord cannot be reached."""
        wait = _FIRST_WAIT
        while True:
            try:
                await self.open()
                await self._sync()
            except TokenRefused:
                raise BadToken from None
            except Temporary as failure:
                log.warning("Discord cannot be reached; trying again", why=str(failure), wait=wait)
                await asyncio.sleep(wait if self.pause else _NO_WAIT)
                wait = min(_LONGEST_WAIT, wait * 2)
            else:
                return self._connected

    @property
    def _connected(self) -> Client:
        if self._client is None:
            raise Temporary("not connected to Discord yet")
        return self._client

    async def _sync(self) -> None:
        """Tell Discord the commands when they have changed: 200 may be created a day."""
        client, wanted = self._connected, commands.drawn(self.table)
        path, ids = (
            "/applications/{application_id}/commands",
            {"application_id": client.application_id},
        )
        try:
            held = await call(client, "GET", path, **ids)
            if not commands.is_same(wanted, held):
                await call(client, "PUT", path, json=wanted, **ids)
        except Refused as refused:  # a bot without commands still listens
            log.error("Discord does not take the commands", why=str(refused))  # noqa: TRY400 - one line

    async def perform(self, action: Action, *, key: str) -> Receipt:
        if self._deliveries is None:
            raise Temporary("not connected to Discord yet", retry_after=timedelta(seconds=1))
        return await self._deliveries.perform(action, key)

    async def find(self, action: Action, *, key: str, since: datetime) -> Receipt | None:
        if self._deliveries is None:
            raise Temporary("not connected to Discord yet", retry_after=timedelta(seconds=1))
        return await self._deliveries.find(action, key, since)

    async def history(self, place: Place, *, after: str | None) -> AsyncIterator[Message]:
        channel = channel_of(place)
        if not self.sees_history(place):
            # Discord would answer with an empty page, as if nothing had been said.
            raise Permanent("the bot may not read that channel's history")
        if after is None:
            for message in self._read(await self._page(channel, limit=1), place):
                yield message
            return
        cursor = str(int(after or 0))
        while rows := await self._page(channel, limit=_PAGE, after=cursor):
            for message in self._read(reversed(rows), place):
                yield message
            cursor = rows[0]["id"]

    async def _page(self, channel: str, **params: Any) -> list[Raw]:  # noqa: ANN401 - the query's
        rows: list[Raw] = await call(
            self._connected, "GET", _MESSAGES, channel_id=channel, params=params
        )
        return rows

    def _read(self, rows: Iterable[Raw], place: Place) -> Iterable[Message]:
        for raw in rows:
            try:
                yield translate.message(raw, place)
            except UNREADABLE as bug:
                self._tell(bug)

    async def fetch(self, ref: MessageRef) -> Message | None:
        if not ref.id.isdecimal():
            return None
        path = f"{_MESSAGES}/{{message_id}}"
        ids = {"channel_id": channel_of(ref.place), "message_id": ref.id}
        try:
            raw = await call(self._connected, "GET", path, **ids)
        except Refused as refused:
            if refused.is_gone:
                return None
            raise
        return next(iter(self._read([raw], ref.place)), None)

    async def called(self, space: SpaceRef, ids: Collection[str]) -> Mapping[str, str]:
        """Ask the cache. See `bot.ports.Platform`."""
        return names(self._connected, space, ids)

    async def inspect(self, space: SpaceRef, needs: Sequence[Need]) -> tuple[Found, ...]:
        is_here = space.id in self.places.spaces
        return await inspected(
            self._connected, space, needs, is_here=is_here, is_empty=self._content.is_missing
        )

    async def standing(self, who: AccountRef, space: SpaceRef) -> Standing:
        client = self._connected
        stranger = Standing(is_member=False)
        if not (who.id.isdecimal() and space.id.isdecimal()):
            return stranger
        # Where the bot itself is not, it cannot tell who is: that is refused, and no answer.
        guild = await call(client, "GET", "/guilds/{guild_id}", guild_id=space.id)
        try:
            ids = {"guild_id": space.id, "user_id": who.id}
            member = await call(client, "GET", "/guilds/{guild_id}/members/{user_id}", **ids)
        except Refused as refused:
            if refused.is_gone or refused.is_forbidden:
                return stranger
            raise
        found = translate.standing(member, guild)
        is_closed = self._deliveries is not None and who.id in self._deliveries.closed
        return _unreachable(found) if is_closed else found

    def shows(self, place: Place, to: AccountRef) -> bool:  # noqa: ARG002 - nobody's roles are kept
        """Go by what @everyone may: who sees more by a role is told less than they could be."""
        return self._client is not None and is_open(self._client, place)

    def _hear(self, event: str, raw: Any) -> None:  # noqa: ANN401 - what a frame holds
        """Take an event from the gateway, between two of its frames."""
        self.counts[event] += 1
        if event == "INTERACTION_CREATE":
            if self._tasks is not None and self._interactions is not None and self._inbox:
                self._tasks.create_task(self._ask(raw, self._inbox), name="interaction")
            return
        if event == "GUILD_CREATE" and self._tasks is not None:
            self._tasks.create_task(self._look_for_sleepers(raw), name="archived threads")
        self._queue(event, raw)

    def _queue(self, event: str, raw: Any) -> None:  # noqa: ANN401 - as above
        if not self._waiting:
            self._more.set()
        self._waiting.append((event, raw))
        if len(self._waiting) >= _FULL:
            self._connected.room.clear()

    async def _look_for_sleepers(self, guild: Raw) -> None:
        try:
            async for thread in sleepers(self._connected, guild, self.clock()):
                self._queue("THREAD_SLEEPS", thread)
        except (Temporary, Permanent, *UNREADABLE) as failure:
            log.warning("archived threads are not looked for", why=type(failure).__name__)

    async def _ask(self, raw: Raw, inbox: Inbox) -> None:
        try:
            if self._interactions is not None:
                await self._interactions.hear(raw, inbox)
        except Exception as bug:  # noqa: BLE001 - the item boundary: one press must not end the rest
            log.error("an interaction is broken", bug=type(bug).__name__)  # noqa: TRY400 - it may quote (I4)

    async def _hand_over(self, inbox: Inbox) -> None:
        waiting, room = self._waiting, self._connected.room
        since = monotonic()
        while True:
            if not waiting:
                room.set()
                self._more.clear()
                await self._more.wait()
                since = monotonic()
            event, raw = waiting.popleft()
            await self._hand_on(event, raw, inbox)
            if monotonic() - since > _SLICE:
                if len(waiting) <= _ROOM:
                    room.set()
                await asyncio.sleep(0)
                since = monotonic()

    async def _hand_on(self, event: str, raw: Any, inbox: Inbox) -> None:  # noqa: ANN401 - as above
        if type(raw) is MessageObject:
            place = self.places.known.get(raw.channel_id)
            if place is not None and raw.channel_id in self.places.opened:
                await self._hand_on_message(raw, place, inbox)
                return
        try:
            async for one in events(self, event, raw):
                await inbox.take(one)
                if self._deliveries is not None:
                    self._deliveries.follow(one)
        except UNREADABLE as bug:
            self._tell(bug)
        except (Temporary, Permanent) as failure:
            log.warning("an event is not understood", name=event, why=str(failure))

    async def _hand_on_message(self, raw: MessageObject, place: Place, inbox: Inbox) -> None:
        """Take the short way with what comes by the thousand."""
        try:
            message = translate.message(raw, place)
        except UNREADABLE as bug:
            self._tell(bug)
            return
        await inbox.take(Posted(message))
        if not self._content.is_sure:
            self._content.hear(raw)

    async def place_of(self, channel: str) -> Place | None:
        """Give the place of a channel's id, asked for when it is new; None for a DM."""
        known = self.places.known.get(channel)
        if known is not None:
            return known
        try:
            raw = await call(self._connected, "GET", "/channels/{channel_id}", channel_id=channel)
        except Refused:
            return None
        return self.places.learn(raw) if "guild_id" in raw else None

    @property
    def me(self) -> str:
        user = self._connected.user
        return str(user.id) if user is not None else ""

    @property
    def shards(self) -> set[int]:
        """The shards that were connected before in this run."""
        return self._shards

    @property
    def named(self) -> dict[int, frozenset[str]]:
        """The guilds that each shard has named in this run."""
        return self._named

    @property
    def shard_count(self) -> int:
        return self._connected.shard_count or 1

    def sees(self, place: Place) -> bool:
        """Tell whether the bot sees a channel; what the cache does not know it has just seen."""
        return can(self._connected, place.space, channel_of(place), "view_channel") is not False

    def sees_history(self, place: Place) -> bool:
        """Tell whether the bot may read back what was said there."""
        needed = ("view_channel", "read_message_history")
        return can(self._connected, place.space, channel_of(place), *needed) is not False

    def _tell(self, bug: Exception) -> None:
        self.counts["unreadable"] += 1
        log.error("a message or event cannot be read", bug=type(bug).__name__)


def _unreachable(found: Standing) -> Standing:
    return replace(found, is_reachable=False)


def _first(group: BaseExceptionGroup[Any]) -> BaseException:
    """Unwrap what a task group wrapped."""
    error: BaseException = group
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
