"""Where Slack's requests come in, over sockets or HTTP: safe first, acknowledged then (I1).

It stands in bolt as a middleware that answers everything, so that nothing is acknowledged by
anybody else. Answering 200 acknowledges; anything else lets Slack send it again
(https://docs.slack.dev/apis/events-api#retries).
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from adapters.slack import asked
from adapters.slack.form import Origin, asking, modal, options, values
from adapters.slack.installed import SLACK, Installed, Raw
from adapters.slack.sending import Sender, Waiting
from adapters.slack.translate import event_of
from adapters.slack.typed import NotUnderstood, understood, wrong_options
from adapters.slack.wire import call
from bot.domain.command import Table
from bot.domain.event import (
    Event,
    Opened,
    PlaceGone,
    PlaceRenamed,
    Posted,
    Reconnected,
    RolesChanged,
    SpaceLeft,
)
from bot.domain.message import AccountRef, Message, MessageRef
from bot.domain.space import SpaceRef
from bot.ports import Clock, Inbox, Permanent, Temporary

log = structlog.get_logger(__name__)

# Slack waits three seconds; what is answered later counts as not answered.
DEADLINE = timedelta(seconds=2.5)
MOST_HEARD = 20_000  # events that are recognised when they come again
MOST_ABOUT = 200  # messages whose menu opened a form that is not sent yet
MINUTE = 60
_MADE_PRIVATE = "channel_convert_to_private"  # a message that says so in the channel itself
_OF_GROUPS = frozenset({"subteam_members_changed", "subteam_updated"})

Fetch = Callable[[MessageRef], Awaitable[Message | None]]


class NotSafe(Exception):  # noqa: N818 - an outcome: Slack is to send it again
    """It is not on disk in time."""


@dataclass(slots=True, eq=False)
class Door(AsyncMiddleware):
    """`ready` is set once places are opened; until then what comes has to wait.

    What was written before `opened_at` comes once more, from before this connection.
    """

    spaces: MutableMapping[str, Installed]
    sender: Sender
    table: Table
    clock: Clock
    fetch: Fetch
    deadline: timedelta = DEADLINE
    inbox: Inbox | None = None
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    opened_at: datetime | None = None
    on_left: Callable[[], None] = lambda: None
    _heard: OrderedDict[str, asyncio.Future[None]] = field(default_factory=OrderedDict)
    _limited: dict[str, int] = field(default_factory=dict)
    _about: OrderedDict[str, Message] = field(default_factory=OrderedDict)

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,  # noqa: ARG002 - bolt's
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002, ARG002 - as above
    ) -> BoltResponse:
        """Answer a request of Slack's; see `AsyncMiddleware`."""
        try:
            body = await self.answer(req.body)
        except NotSafe:
            return BoltResponse(status=503, body="")
        return BoltResponse(status=200, body="" if body is None else body)

    async def answer(self, body: Raw) -> Raw | None:
        """Do what a payload asks for; give what to answer. Raises NotSafe."""
        where = self.space_of(body)
        if where is None:
            log.warning("a request for a workspace that is not ours is let go")
            return None
        if not self.ready.is_set():
            await self._until_ready()
        kind = body.get("type")
        if kind == "event_callback":
            await self._event(body, where)
            return None
        if kind == "app_rate_limited":
            await self._rate_limited(body, where)
            return None
        return await self._interaction(body, where)

    async def _until_ready(self) -> None:
        """Wait until places are opened. Raises NotSafe when that takes too long for Slack."""
        try:
            async with asyncio.timeout(self.deadline.total_seconds()):
                await self.ready.wait()
        except TimeoutError:
            raise NotSafe from None

    def space_of(self, body: Raw) -> Installed | None:
        """Find the workspace that a payload is of."""
        return next((self.spaces[id_] for id_ in asked.team_of(body) if id_ in self.spaces), None)

    async def tell(self, event: Event) -> None:
        """Hand over what no request brought, and wait until it is safe."""
        if self.inbox is not None:
            await (await self.inbox.take(event))

    # Events

    async def _event(self, body: Raw, where: Installed) -> None:
        raw = body["event"]
        if self._limited:
            await self._after_limit(body, where)
        if raw.get("subtype") == _MADE_PRIVATE:
            where.open.discard(str(raw.get("channel")))
        if raw.get("type") in _OF_GROUPS:
            await self._group(body, where)
            return
        event = event_of(raw, where) or await self._news(raw, where)
        if event is not None:
            own = str(body.get("event_id"))
            if isinstance(event, Posted):
                own = event.message.ref.key
                event = self._dated(event)
            await self._safe(own, event)
            self._settle(event, where)

    async def _group(self, body: Raw, where: Installed) -> None:
        """Tell of each who was taken out of a user group, or put in.

        https://docs.slack.dev/reference/events/subteam_members_changed
        """
        raw = body["event"]
        self.sender.groups.forget(where.team)
        users = [*(raw.get("removed_users") or ()), *(raw.get("added_users") or ())]
        for user in dict.fromkeys(map(str, users)):
            changed = RolesChanged(AccountRef(SLACK, user), SpaceRef(SLACK, where.team))
            await self._safe(f"{body.get('event_id')}/{user}", changed)

    def _dated(self, event: Posted) -> Posted:
        opened_at = self.opened_at
        is_late = opened_at is not None and event.message.sent_at < opened_at
        # Of what is said in threads history finds only what is recent: see `history.THREADS_BACK`.
        is_kept = event.message.ref.place.thread is None
        return Posted(event.message, is_late=is_late, is_kept=is_kept)

    async def _news(self, raw: Raw, where: Installed) -> Event | None:
        """Read what needs more than its own payload."""
        kind, user = raw.get("type"), raw.get("user")
        if kind == "tokens_revoked" and (raw.get("tokens") or {}).get("bot"):
            # https://docs.slack.dev/reference/events/tokens_revoked: whether it is ours is asked.
            where.refusals.refused(kind, "token_revoked", "")
            return None
        if kind in ("user_change", "team_join") and isinstance(user, dict):
            has_changed = where.learn(user)
            who = AccountRef(SLACK, str(user.get("id")))
            return RolesChanged(who, SpaceRef(SLACK, where.team)) if has_changed else None
        is_joined = kind == "member_joined_channel" and user == where.bot_user
        if not (is_joined or kind in ("channel_unarchive", "group_unarchive")):
            return None
        channel = str(raw.get("channel"))
        try:
            found = (await call(where.client, "conversations.info", channel=channel))["channel"]
        except (Temporary, Permanent):
            found = {}
        if not is_joined and not found.get("is_member", channel in where.channels):
            return None
        where.enter(channel, found)
        return Opened(where.place(channel))

    def _settle(self, event: Event, where: Installed) -> None:
        """Keep the names of channels as they are now."""
        match event:
            case PlaceRenamed(place=place):
                where.channels[place.channel] = place.name.removeprefix("#")
            case PlaceGone(place=place):
                where.leave(place.channel)
            case SpaceLeft():
                self.spaces.pop(where.team, None)
                self.on_left()
            case _:
                pass

    async def _rate_limited(self, body: Raw, where: Installed) -> None:
        """Slack lets events go for a minute: what it let go is read back, now and afterwards.

        https://docs.slack.dev/reference/events/app_rate_limited
        """
        minute = int(body.get("minute_rate_limited") or self.clock().timestamp())
        log.warning("Slack sends no events for now; they are read back", space=where.team)
        self._limited[where.team] = minute + MINUTE
        await self._safe(f"limited/{where.team}/{minute}", Reconnected(SLACK, where.team))

    async def _after_limit(self, body: Raw, where: Installed) -> None:
        end = self._limited.get(where.team)
        if end is not None and int(body.get("event_time") or 0) >= end:
            del self._limited[where.team]
            await self._safe(f"limit over/{where.team}/{end}", Reconnected(SLACK, where.team))

    async def _safe(self, key: str, event: Event) -> None:
        """Hand it over and wait until all that follows from it is on disk. Raises NotSafe.

        The same once more, by a retry or another socket, waits for the same.
        """
        known = self._heard.get(key)
        if known is None:
            known = await self._take(key, event)
        if not known.done():
            await asyncio.wait({known}, timeout=self.deadline.total_seconds())
        if not known.done():
            raise NotSafe
        known.result()

    async def _take(self, key: str, event: Event) -> asyncio.Future[None]:
        assert self.inbox is not None  # noqa: S101 - `answer` has seen to it
        known: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._heard[key] = known
        if len(self._heard) > MOST_HEARD:
            self._heard.popitem(last=False)
        try:
            written = asyncio.ensure_future(await self.inbox.take(event))
        except BaseException:
            del self._heard[key]
            known.cancel()
            raise

        def settle(done: asyncio.Future[None]) -> None:
            if done.cancelled() or done.exception() is not None:
                self._heard.pop(key, None)
                known.cancel()
            else:
                known.set_result(None)

        if written.done():
            settle(written)
        else:
            written.add_done_callback(settle)
        return known

    # What people ask

    async def _interaction(self, body: Raw, where: Installed) -> Raw | None:
        if "command" in body:
            return await self._command(body, where)
        match body.get("type"):
            case "block_actions":
                await self._pressed(body, where)
            case "message_action":
                await self._chosen(body, where)
            case "view_submission":
                return await self._submitted(body, where)
            case "block_suggestion":
                typing = asked.typing(body, where)
                choices = await self._inbox.suggest(typing) if typing else ()
                return {"options": options(choices)}
            case _:
                pass
        return None

    @property
    def _inbox(self) -> Inbox:
        assert self.inbox is not None  # noqa: S101 - as above
        return self.inbox

    async def _pressed(self, body: Raw, where: Installed) -> None:
        if (body.get("actions") or [{}])[0].get("type", "button") != "button":
            return
        pressed = asked.pressed(body, where)
        container = body.get("container") or {}
        channel = container.get("channel_id", "")
        origin = Origin(channel, pressed.button, pressed.on)
        self._remember(pressed.id, body, origin, container.get("thread_ts"))
        form = self.table.opens.get(pressed.button.partition("/")[0])
        if form is not None:
            await self._open(body, where, modal(form, origin))
        else:
            await self._safe(pressed.id, pressed)

    async def _chosen(self, body: Raw, where: Installed) -> None:
        chosen = asked.chosen(body, where)
        if chosen is None:
            return
        ref = chosen.message.ref
        origin = Origin(ref.place.channel, "", None, ref.id, ref.place.thread)
        self._remember(chosen.id, body, origin, ref.place.thread)
        menu = next((menu for menu in self.table.menus if menu.id == chosen.menu), None)
        is_asked_back = menu is not None and menu.id in self.table.asks
        if menu is not None and (menu.form is not None or is_asked_back):
            self._about[ref.key] = chosen.message
            if len(self._about) > MOST_ABOUT:
                self._about.popitem(last=False)
        if menu is not None and menu.form is not None:
            await self._open(body, where, modal(menu.form, origin))
        else:
            await self._safe(chosen.id, chosen)

    async def _command(self, body: Raw, where: Installed) -> Raw | None:
        """Answer at once what can be answered at once: help, and what was typed wrong."""
        typed = understood(body.get("text") or "", self.table)
        if isinstance(typed, NotUnderstood):
            return _said(typed.say)
        command, origin = typed.command, Origin(body["channel_id"])
        if command.form is not None:
            return await self._open(body, where, modal(command.form, origin))
        if typed.missing:
            return await self._open(body, where, asking(command, typed.options, origin))
        event = asked.commanded(body, where, command.noun, command.verb, typed.options)
        self._remember(event.id, body, origin, None)
        await self._safe(event.id, event)
        return None

    async def _submitted(self, body: Raw, where: Installed) -> Raw | None:
        """Hear a form; what cannot be read of it is said at its line, and the form stays open."""
        wrong = self._wrong(body["view"])
        if wrong:
            return {"response_action": "errors", "errors": wrong}
        origin = Origin.read(body["view"].get("private_metadata", ""))
        about = None
        if origin.about is not None:
            ref = MessageRef(where.place(origin.channel, origin.thread), origin.about)
            about = self._about.get(ref.key) or await self._fetched(ref)
        event = asked.submitted(body, where, about)
        if event is not None:
            self._remember(event.id, body, origin, origin.thread)
            await self._safe(event.id, event)
        return None

    def _wrong(self, view: Raw) -> dict[str, str]:
        """Say by line what was written wrong where the options of a command were asked for."""
        kind, _, name = str(view.get("callback_id")).partition("/")
        noun, _, verb = name.partition("/")
        command = next((c for c in self.table.commands if (c.noun, c.verb) == (noun, verb)), None)
        return wrong_options(command, values(view)) if kind == "ask" and command else {}

    async def _fetched(self, ref: MessageRef) -> Message | None:
        try:
            return await self.fetch(ref)
        except (Temporary, Permanent) as failure:
            log.warning("a message could not be fetched", message=ref.key, why=str(failure))
            return None

    def _remember(self, id_: str, body: Raw, origin: Origin, thread: str | None) -> None:
        waiting = Waiting(
            body.get("trigger_id") or "", self.clock(), body.get("response_url") or "", thread,
            origin,
        )  # fmt: skip
        self.sender.remember(id_, waiting)

    async def _open(self, body: Raw, where: Installed, view: Raw) -> Raw | None:
        """Open a form; say it where that can be said when Slack would not."""
        try:
            await call(where.client, "views.open", trigger_id=body.get("trigger_id"), view=view)
        except (Temporary, Permanent) as failure:
            log.warning("a form was not opened", why=str(failure))
            return _said("The form could not be opened. Please try again.")
        return None


def _said(text: str) -> Raw:
    """https://docs.slack.dev/interactivity/implementing-slash-commands#responding_immediate_response."""
    block = {"type": "section", "text": {"type": "plain_text", "text": text[:3_000]}}
    return {"response_type": "ephemeral", "text": "Waymark", "blocks": [block]}
