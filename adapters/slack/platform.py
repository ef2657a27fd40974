"""Slack as a platform: connected, heard, asked and answered.

slack_bolt and slack_sdk as they are; only the base address can be another (`Setup.base`).
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Self

import aiohttp
import structlog
from slack_bolt.app.async_app import AsyncApp

from adapters.slack.admission import Admission
from adapters.slack.client import Client, refused_tokens
from adapters.slack.door import DEADLINE, Door
from adapters.slack.groups import Groups
from adapters.slack.history import OWN, Histories, Reach
from adapters.slack.inspection import absent, channel_name, inspected
from adapters.slack.installed import SLACK, Installed
from adapters.slack.joining import Entry, Known, joined
from adapters.slack.markup import MOST_TEXT
from adapters.slack.sending import Sender
from adapters.slack.sockets import PING_EVERY, connected
from adapters.slack.translate import message_of
from adapters.slack.web import served, verification
from adapters.slack.wire import AGAIN, BASE, LOG, SECONDS, Refused, TurnedAway, call, rest_after
from bot.domain.action import Action, Receipt
from bot.domain.command import Table
from bot.domain.event import Opened, Reconnected, SpaceJoined, SpacesNamed
from bot.domain.message import AccountRef, Message, MessageRef, Place, PlatformName
from bot.domain.setup import Found, Need
from bot.domain.space import SpaceRef, Standing
from bot.ports import Capabilities, Clock, Inbox, Misconfigured, Permanent, Temporary

log = structlog.get_logger(__name__)

_NOBODY = frozenset({"user_not_found", "user_not_visible", "users_not_found"})
_GONE = frozenset({"thread_not_found", "message_not_found", "channel_not_found"})
_NO_WAY_IN = (
    "Slack: set the app token (xapp-, for Socket Mode) or the signing secret (for HTTP)."
    " Both are on the app's page, under Basic Information."
)
LONGEST_REST = 60.0  # seconds between two tries to start
KNOCK_EVERY = 60.0  # seconds between two tries of a token that is refused


@dataclass(frozen=True, slots=True)
class Setup:
    """What the app was given. One bot token a workspace, or one for an organisation.

    With `app_token` (xapp-) it uses Socket Mode; without, it listens for HTTP and needs the
    `signing_secret`. `reach` is how much it may read back: `OWN` for an organisation's own app,
    `SOLD` for one that is distributed outside Slack's Marketplace.
    """

    bot_tokens: tuple[str, ...]
    app_token: str = ""
    signing_secret: str = ""
    host: str = "0.0.0.0"  # noqa: S104 - Slack comes from outside
    port: int = 3000
    reach: Reach = OWN
    base: str = BASE
    ping_every: float = PING_EVERY
    knock_every: float = KNOCK_EVERY
    deadline: timedelta = DEADLINE


@dataclass(slots=True, eq=False)
class SlackPlatform:
    """A Platform. `table` is what can be asked. Build it with `slack`, and enter it."""

    setup: Setup
    table: Table
    clock: Clock
    rest: Callable[[float], Awaitable[None]] = asyncio.sleep
    spaces: dict[str, Installed] = field(default_factory=dict)
    port: int = 0
    _door: Door = field(init=False)
    _sender: Sender = field(init=False)
    _histories: Histories = field(init=False)
    _groups: Groups = field(init=False)
    _admission: Admission = field(init=False)
    _gap: asyncio.Event = field(default_factory=asyncio.Event)
    _entries: tuple[Entry, ...] = ()
    _refused: tuple[Found, ...] = ()
    _joining: asyncio.Lock = field(default_factory=asyncio.Lock)

    def __post_init__(self) -> None:
        self._groups = Groups(self.clock)
        nouns = tuple(self.table.nouns)
        self._sender = Sender(self.spaces, self.clock, self.setup.reach, self._groups, nouns)
        self._histories = Histories(self.setup.reach)
        self._door = Door(
            self.spaces, self._sender, self.table, self.clock, self.fetch, self.setup.deadline
        )
        self._admission = Admission(
            self.spaces,
            self._door.tell,
            lambda seconds: self.rest(seconds),  # noqa: PLW0108 - a test may give another
            self.setup.ping_every,
            self.setup.knock_every,
        )
        self._door.on_left = self._admission.changed.set

    @property
    def name(self) -> PlatformName:
        return SLACK

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(
            threads=True, buttons=True, history=True, max_text=MOST_TEXT, forms=True,
            ephemeral=True, home=True, pins=True,
        )  # fmt: skip

    async def __aenter__(self) -> Self:
        """Open the connections to the Web API that are kept; without, each call opens its own."""
        timeout = aiohttp.ClientTimeout(total=SECONDS)
        self._sender.session = aiohttp.ClientSession(timeout=timeout)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._sender.session is not None:
            await self._sender.session.close()

    async def run(self, inbox: Inbox) -> None:
        """Stay connected until cancelled. Raises Misconfigured when Slack will not have us."""
        async with AsyncExitStack() as stack:
            try:
                await self._patiently(self._join)
            except Misconfigured:
                await inbox.take(self._named())
                raise
            self._door.inbox = inbox
            await self._patiently(lambda: self._listen(stack))
            self._door.opened_at = self.clock()
            for where in self.spaces.values():
                for channel in where.channels:
                    await (await inbox.take(Opened(where.place(channel))))
            for entry in self._entries:
                for where in entry.spaces:
                    ref = SpaceRef(SLACK, where.team)
                    await inbox.take(SpaceJoined(ref, where.name, entry.account))
            await inbox.take(self._named())
            self._door.ready.set()
            stack.callback(self._door.ready.clear)
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._tell_gaps(), name="slack gaps")
                tasks.create_task(self._admission.run(), name="slack admission")

    async def _tell_gaps(self) -> None:
        while True:
            await self._gap.wait()
            self._gap.clear()
            await self._door.tell(Reconnected(SLACK))

    def _named(self) -> SpacesNamed:
        """Name where the app is, by what each of the tokens is good for."""
        spaces = {
            entry.account: frozenset(SpaceRef(SLACK, one.team) for one in entry.spaces)
            for entry in self._entries
        }
        return SpacesNamed(SLACK, spaces, self._refused)

    async def perform(self, action: Action, *, key: str) -> Receipt:
        """Do it once. See `bot.ports.Platform`."""
        await self._join()
        return await self._sender.perform(action, key)

    async def find(self, action: Action, *, key: str, since: datetime) -> Receipt | None:
        """Look for it by its key. See `bot.ports.Platform`."""
        await self._join()
        return await self._sender.find(action, key, since)

    async def history(self, place: Place, *, after: str | None) -> AsyncIterator[Message]:
        """Read a channel and its threads back. See `bot.ports.Platform`."""
        await self._join()
        where = self._sender.space(place.space)
        if after is None:
            newest = await self._histories.newest(where, place)
            if newest is not None:
                yield newest
            return
        async for message in self._histories.after(where, place, after):
            yield message

    async def fetch(self, ref: MessageRef) -> Message | None:
        """Give a message as it is now. See `bot.ports.Platform`."""
        await self._join()
        where, place = self._sender.space(ref.place.space), ref.place
        one = {"oldest": ref.id, "latest": ref.id, "inclusive": True, "limit": 2}
        method = "conversations.replies" if place.thread else "conversations.history"
        ts = {"ts": place.thread} if place.thread else {}
        try:
            page = await call(where.client, method, channel=place.channel, **one, **ts)
        except Refused as refused:
            if refused.error in _GONE:
                return None
            raise
        found = next((raw for raw in page.get("messages", []) if raw["ts"] == ref.id), None)
        return message_of(found, place.channel, where) if found else None

    async def standing(self, who: AccountRef, space: SpaceRef) -> Standing:
        """Say what somebody is in a workspace now. See `bot.ports.Platform`."""
        await self._join()
        where = self._sender.space(space.id)
        try:
            user = (await call(where.client, "users.info", user=who.id))["user"]
        except Refused as refused:
            if refused.error in _NOBODY:
                return Standing(is_member=False, is_reachable=False)
            raise
        where.learn(user)
        teams = (user.get("enterprise_user") or {}).get("teams") or [user.get("team_id")]
        is_member = not user.get("deleted") and where.team in teams
        owns = bool(user.get("is_owner") or user.get("is_primary_owner"))
        return Standing(
            is_member=is_member,
            roles=await self._groups.of(where, who.id) if is_member else frozenset(),
            moderates=is_member and (owns or bool(user.get("is_admin"))),
            owns=is_member and owns,
            is_reachable=None if is_member and not user.get("is_bot") else False,
            name=where.names.get(who.id, "") if is_member else "",
            is_bot=bool(user.get("is_bot")),
        )

    async def called(self, space: SpaceRef, ids: Collection[str]) -> Mapping[str, str]:
        """Ask for the user groups, and for channels that the app is not in."""
        await self._join()
        where = self._sender.space(space.id)
        groups = {one.id: one.name for one in await self._groups.all(where)}
        found = {id_: groups.get(id_) or await channel_name(where, id_) for id_ in ids}
        return {id_: name for id_, name in found.items() if name}

    def shows(self, place: Place, to: AccountRef) -> bool:
        """Show public channels to all but guests. See `bot.ports.Platform`."""
        where = self.spaces.get(place.space)
        return where is not None and where.shows(place.channel, to.id)

    async def inspect(self, space: SpaceRef, needs: Sequence[Need]) -> tuple[Found, ...]:
        """Name what the app lacks in a workspace. See `bot.ports.Platform`."""
        await self._join()
        organisations = [one.client for one in self._entries if one.is_of_organisation]
        if space.id not in self.spaces and organisations:
            return await absent(organisations, space)
        return await inspected(self._sender.space(space.id), needs)

    async def _join(self) -> None:
        """Find out once where the app is installed: one auth.test a token, however many ask.

        A token that is refused keeps nobody waiting whom another is good for.
        """
        async with self._joining:
            if self._entries:
                return
            found: list[Entry] = []
            refused: list[TurnedAway] = []
            for token in self.setup.bot_tokens:
                try:
                    found.append(await joined(partial(self._client, token)))
                except TurnedAway as turned_away:
                    refused.append(turned_away)
            self._refused = refused_tokens(one.error for one in refused)
            if refused and not found:
                raise refused[0]
            for where in (one for entry in found for one in entry.spaces):
                where.refusals.on_change = self._admission.changed.set
                self.spaces[where.team] = where
            for why in refused:
                log.error("Slack refuses one of the tokens", why=str(why))
            self._entries = tuple(found)
            self._admission.changed.set()  # a scope may have been missed already

    async def _patiently(self, start: Callable[[], Awaitable[None]]) -> None:
        """Start, and try again while the outside is in trouble."""
        wait = 1.0
        while True:
            try:
                return await start()
            except Temporary as failure:
                rest = rest_after(failure, wait)
                log.warning(AGAIN, why=str(failure), wait=rest)
                await self.rest(rest)
                wait = min(2 * wait, LONGEST_REST)
            except Permanent as failure:
                raise Misconfigured(f"Slack: {failure}") from None

    async def _listen(self, stack: AsyncExitStack) -> None:
        setup = self.setup
        if not (setup.app_token or setup.signing_secret):
            raise Misconfigured(_NO_WAY_IN)
        app = self._app()
        if setup.app_token:
            client = self._client(setup.app_token)
            lines = connected(
                app,
                self._door,
                client,
                self._missed,
                self._admission.hears,
                ping_every=setup.ping_every,
            )
            await stack.enter_async_context(lines)
        else:
            self.port = await stack.enter_async_context(served(app, setup.host, setup.port))

    async def _missed(self) -> None:
        if self._door.ready.is_set():
            self._gap.set()

    def _app(self) -> AsyncApp:
        """Build bolt around the door. All of bolt that would acknowledge by itself is off."""
        is_http = not self.setup.app_token
        app = AsyncApp(
            name="waymark",
            logger=LOG,
            signing_secret=self.setup.signing_secret,
            client=self._client(""),
            authorize=Known(self.spaces),  # type: ignore[arg-type]  # as bolt's own, it may give None
            process_before_response=True,
            before_authorize=(
                verification(self.setup.signing_secret, self.clock) if is_http else None
            ),
            request_verification_enabled=False,  # the one above, by our clock
            ignoring_self_events_enabled=False,  # our own messages are counted like all others
            ssl_check_enabled=is_http,
            url_verification_enabled=is_http,
            attaching_function_token_enabled=False,
        )
        app.use(self._door)
        return app

    def _client(self, token: str) -> Client:
        """Make a client that tries once: the courier decides about more."""
        return Client(
            token or None, base_url=self.setup.base, timeout=SECONDS, logger=LOG,
            session=self._sender.session, retry_handlers=[],
        )  # fmt: skip


def slack(setup: Setup, *, table: Table, clock: Clock) -> SlackPlatform:
    """Make the platform; nothing is asked of Slack before it runs or is asked for something."""
    return SlackPlatform(replace(setup, base=setup.base.rstrip("/") + "/"), table, clock)
