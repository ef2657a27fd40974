"""What people ask by command, button, menu and form, and how each is answered in time.

https://docs.discord.com/developers/interactions/receiving-and-responding: the first answer within 3
seconds, more for 15 minutes by the interaction's token, which is kept in memory alone.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import discord
import structlog

from adapters.discord import markup, translate
from adapters.discord.calls import Refused, call
from adapters.discord.payload import Raw
from adapters.discord.translate import AUTOCOMPLETE, COMPONENT, SUBMIT
from bot.domain.action import OpenForm, ShowPrivately
from bot.domain.command import Form, Table
from bot.domain.event import Chosen, Commanded, Pressed, Submitted
from bot.domain.message import Message, MessageRef, Place
from bot.ports import Clock, Inbox, Permanent, Temporary

log = structlog.get_logger(__name__)

# Half a minute less than Discord's 15: what is sent then must arrive.
TOKEN: Final = timedelta(minutes=14, seconds=30)
# A form of the moment has this long to come before "please wait" is said after all.
HELD_BACK: Final = 2.0
MOST_OPEN: Final = 10_000
_LATER, _LATER_SAME, _CHOICES, _MODAL = 5, 6, 8, 9
_CALLBACK: Final = "/interactions/{interaction_id}/{webhook_token}/callback"
_HOOK: Final = "/webhooks/{webhook_id}/{webhook_token}"

Find = Callable[[str], Awaitable[Place | None]]
Fetch = Callable[[MessageRef], Awaitable[Message | None]]


@dataclass(slots=True, eq=False)
class Open:
    """An interaction that can still be answered. `is_waiting`: its "please wait" still stands.

    `about` is the key of the message whose menu it is, which a form goes on to carry.
    """

    id: str
    token: str
    kind: int
    at: datetime
    is_acknowledged: bool = False
    is_waiting: bool = False
    source: str = ""
    about: str = ""
    shown: set[str] = field(default_factory=set)


@dataclass(slots=True, eq=False)
class Interactions:
    """`find` gives the place of a channel's id, `fetch` a message as it is now."""

    client: discord.Client
    table: Table
    clock: Clock
    find: Find
    fetch: Fetch
    _open: OrderedDict[str, Open] = field(default_factory=OrderedDict)
    _by_answer: dict[str, Open] = field(default_factory=dict)
    _about: OrderedDict[str, Message] = field(default_factory=OrderedDict)

    async def hear(self, raw: Raw, inbox: Inbox) -> None:
        """Acknowledge, and hand on what was asked. A form that needs nothing opens at once."""
        try:
            await self._hear(raw, inbox)
        except translate.UNREADABLE as bug:  # without its text (I4)
            log.error("an interaction cannot be read", bug=type(bug).__name__)  # noqa: TRY400 - as above
        except Refused as refused:
            log.warning("an interaction is not answered", why=str(refused))
        except Temporary as failure:
            log.warning("an interaction is not answered", why=str(failure))

    async def _hear(self, raw: Raw, inbox: Inbox) -> None:
        one = self._remember(raw)
        if raw["type"] == AUTOCOMPLETE:
            await self._suggest(one, raw, inbox)
            return
        form = translate.opened_at_once(raw, self.table)
        if form is not None:
            await self._open_form(one, form, await self._about_key(raw))
            return
        if not translate.asks_back(raw, self.table):
            await self._acknowledge_safely(one)
            await self._hand_on(raw, inbox)
            return
        async with asyncio.TaskGroup() as tasks:
            later = tasks.create_task(self._acknowledge_later(one))
            one.about = await self._about_key(raw)
            await self._hand_on(raw, inbox)
            if one.is_acknowledged:
                later.cancel()

    async def _hand_on(self, raw: Raw, inbox: Inbox) -> None:
        event = await self._event(raw)
        if event is not None:
            await inbox.take(event)

    async def _event(self, raw: Raw) -> Pressed | Commanded | Chosen | Submitted | None:
        if raw["type"] == COMPONENT:
            is_in_space = raw.get("guild_id") is not None
            return translate.pressed(raw, await self._where(raw) if is_in_space else None)
        where = await self._where(raw)
        if translate.is_menu(raw):
            return translate.chosen(raw, where, self.table)
        if raw["type"] == SUBMIT:
            return translate.submitted(raw, where, await self._about_of(raw))
        return translate.commanded(raw, where)

    async def show(self, action: ShowPrivately) -> str | None:
        """Answer privately; None when it can no longer be done by the interaction's token."""
        one = self._open.get(action.press)
        if one is None or self.clock() - one.at > TOKEN:
            return None
        if not one.is_acknowledged:  # it could have been a form, and is a card after all
            await self._acknowledge_safely(one)
        if not one.is_acknowledged:
            return None
        body = markup.drawn(action.card)
        try:
            made = await self._answer(one, body)
        except Refused as refused:
            if refused.is_gone:
                return None
            raise
        one.shown.add(made["id"])
        self._by_answer[made["id"]] = one
        return translate.external_id(made)

    async def _answer(self, one: Open, body: markup.Payload) -> Any:  # noqa: ANN401 - a message object
        if one.is_waiting:
            path = f"{_HOOK}/messages/@original"
            made = await self._ask("PATCH", path, one, json=body)
            one.is_waiting = False
            return made
        body = {**body, "flags": markup.EPHEMERAL}
        return await self._ask("POST", _HOOK, one, json=body, params={"wait": "true"})

    async def change(self, message: str, body: markup.Payload | None) -> bool:
        """Draw again, or with None take back, a private answer; False when it is none of ours."""
        one = self._by_answer.get(message)
        if one is None:
            return False
        path = f"{_HOOK}/messages/{{message_id}}"
        if body is None:
            await self._ask("DELETE", path, one, message_id=message)
        else:
            await self._ask("PATCH", path, one, message_id=message, json=body)
        return True

    async def open(self, action: OpenForm) -> str:
        """Open a form of the moment. Raises Permanent when Discord no longer waits for it."""
        one = self._open.get(action.press)
        if one is None or one.is_acknowledged:
            raise Permanent("a form can be opened only as the first answer, within 3 seconds")
        await self._open_form(one, action.form, one.about)
        return f"form:{one.id}"

    async def _open_form(self, one: Open, form: Form, about: str) -> None:
        one.is_acknowledged = True
        await self._respond(one, {"type": _MODAL, "data": markup.modal(form, one.source, about)})

    async def _suggest(self, one: Open, raw: Raw, inbox: Inbox) -> None:
        typing = translate.typing(raw, await self._where(raw))
        given = await inbox.suggest(typing) if typing is not None else ()
        one.is_acknowledged = True
        body = {"type": _CHOICES, "data": {"choices": markup.choices(given)}}
        await self._respond(one, body)

    async def _acknowledge_safely(self, one: Open) -> None:
        """Say "please wait"; if that fails, what was asked is done all the same."""
        kind = one.kind
        one.is_acknowledged = True
        answer = _LATER_SAME if kind == COMPONENT else _LATER
        flags = {} if kind == COMPONENT else {"data": {"flags": markup.EPHEMERAL}}
        one.is_waiting = answer == _LATER
        try:
            await self._respond(one, {"type": answer, **flags})
        except (Refused, Temporary) as failure:
            one.is_acknowledged = one.is_waiting = False
            log.warning("an interaction is not acknowledged", why=str(failure))

    async def _acknowledge_later(self, one: Open) -> None:
        await asyncio.sleep(HELD_BACK)
        if not one.is_acknowledged:
            await self._acknowledge_safely(one)

    async def _respond(self, one: Open, body: markup.Payload) -> None:
        await self._ask("POST", _CALLBACK, one, json=body)

    async def _ask(self, method: str, path: str, one: Open, **more: Any) -> Any:  # noqa: ANN401 - as `call`
        ids: dict[str, Any] = {"webhook_token": one.token, **more}
        if path == _CALLBACK:
            ids["interaction_id"] = one.id
        else:
            ids["webhook_id"] = self.client.application_id
        return await call(self.client, method, path, **ids)

    def _remember(self, raw: Raw) -> Open:
        source = ""
        if raw["type"] == COMPONENT:
            source = translate.button_id(raw["data"]["custom_id"])
        one = Open(raw["id"], raw["token"], raw["type"], self.clock(), source=source)
        self._open[one.id] = one
        while len(self._open) > MOST_OPEN:
            _, oldest = self._open.popitem(last=False)
            for shown in oldest.shown:
                self._by_answer.pop(shown, None)
        return one

    async def _where(self, raw: Raw) -> Place:
        found = await self.find(raw["channel_id"])
        if found is None:  # a DM
            return Place(translate.DISCORD, raw.get("guild_id") or "", raw["channel_id"])
        return found

    async def _about_key(self, raw: Raw) -> str:
        """Keep the message whose menu opened a form; its key goes into the form."""
        if not translate.is_menu(raw):
            return ""
        about = translate.target(raw, await self._where(raw))
        key = f"{translate.channel_of(about.ref.place)}:{about.ref.id}"
        self._about[key] = about
        while len(self._about) > MOST_OPEN:
            self._about.popitem(last=False)
        return key

    async def _about_of(self, raw: Raw) -> Message | None:
        """Find the message that a form is about: fetched anew after a restart."""
        key = translate.form_parts(raw["data"]["custom_id"])[2]
        if not key:
            return None
        kept = self._about.get(key)
        channel, _, id_ = key.partition(":")
        where = await self.find(channel)
        if kept is not None or where is None:
            return kept
        return await self.fetch(MessageRef(where, id_))
