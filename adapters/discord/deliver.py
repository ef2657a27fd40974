"""Doing what the bot asks, once for each key.

A key is done once in three ways. In this process the receipts are kept, and a second asking while
the first is under way waits for it. For some minutes Discord itself knows the nonce. And after a
start, or when the outcome of an older attempt is not known, what was sent is looked for first: its
buttons carry a trace of the key. (Discord gives a nonce back only in the answer to its sending.)
What has no buttons is known by its words, among what was said since it was first to be sent.
"""

import asyncio
import re
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final, assert_never

import discord
import structlog

from adapters.discord import forum, markup, translate
from adapters.discord.calls import MISSING, NO_DM, NO_MUTUAL_GUILD, Refused, call
from adapters.discord.inspection import lacking
from adapters.discord.interaction import Interactions
from adapters.discord.payload import Raw
from adapters.discord.sent import is_delivery
from adapters.discord.translate import DISCORD, channel_of, external_id
from bot.domain.action import (
    Action,
    DirectMessage,
    OpenForm,
    Pin,
    Post,
    Receipt,
    Reply,
    ShowHome,
    ShowPrivately,
    Update,
    Withdraw,
)
from bot.domain.card import Card
from bot.domain.event import Event, SpaceLeft, SpacesNamed
from bot.domain.message import AccountRef, Place
from bot.ports import Clock, Permanent, Temporary, Unreachable

log = structlog.get_logger(__name__)

# "in the past few minutes" says Discord of nonces: no more than this is relied on.
NONCE: Final = timedelta(minutes=2)
# An earlier process may have tried what comes within this time: longer than any wait for a retry.
CAREFUL: Final = timedelta(minutes=10)
_LOOKED_AT: Final = 50
# Since a moment: so many pages, from a little before it, as two clocks are never the same.
_PAGES, _A_PAGE, _CLOCKS_APART = 3, 100, timedelta(seconds=30)
_MOST: Final = 20_000
_UNREACHED: Final = frozenset({NO_DM, NO_MUTUAL_GUILD})
_MESSAGES: Final = "/channels/{channel_id}/messages"
_MESSAGE: Final = "/channels/{channel_id}/messages/{message_id}"
_PINNED: Final = "/channels/{channel_id}/messages/pins/{message_id}"
_MAY_NOT_PIN: Final = "the bot lacks the permission Pin Messages"
_MAY_NOT_PIN_POST: Final = (
    "the bot lacks the permission Manage Threads, which pins posts of a forum"
)
_SPACE: Final = re.compile(rf"\b{DISCORD}:(\d+):")  # in the keys of what is about a message
# Shown instead of a private answer whose time has gone by: the answer may hold what no direct
# message may (I5), and asking again costs one press.
_AGAIN: Final = Card(
    "Please try again",
    ("The answer could not be shown in time. Please press the button or ask again.",),
)


@dataclass(slots=True, eq=False)
class Deliveries:
    """`patience` is how long one asking waits; the doing goes on, and the next asking finds it."""

    client: discord.Client
    interactions: Interactions
    clock: Clock
    tasks: asyncio.TaskGroup
    patience: float
    opened_at: datetime
    closed: set[str] = field(default_factory=set)
    _done: OrderedDict[str, Receipt] = field(default_factory=OrderedDict)
    _doing: dict[str, asyncio.Task[Receipt | Exception]] = field(default_factory=dict)
    _tried: OrderedDict[str, datetime] = field(default_factory=OrderedDict)
    _dms: dict[str, str] = field(default_factory=dict)
    _absent: set[str] = field(default_factory=set)

    async def perform(self, action: Action, key: str) -> Receipt:
        if key in self._done:
            return self._done[key]
        task = self._doing.get(key)
        if task is None:
            task = self._doing[key] = self.tasks.create_task(self._safely(action, key))
        await asyncio.wait({task}, timeout=self.patience)
        if not task.done():
            raise Temporary("Discord is slow to answer")
        self._doing.pop(key, None)
        outcome = task.result()
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    async def find(self, action: Action, key: str, since: datetime) -> Receipt | None:
        """See `bot.ports.Platform.find`."""
        doing = self._doing.get(key)
        if doing is not None:
            await asyncio.wait({doing}, timeout=self.patience)
            if not doing.done():
                raise Temporary("it is still under way")
        if key not in self._done:
            await self._look(action, key, since)
        return self._done.get(key)

    async def _look(self, action: Action, key: str, since: datetime) -> None:
        """Keep the receipt of what is found; what is not there need not be looked for again."""
        match action:
            case Post(place=place, card=card):
                channel = channel_of(place)
            case Reply(to=ref, card=card):
                channel = channel_of(ref.place)
            case DirectMessage(to=to, card=card):
                channel = await self._dm(to.id)
            case _:
                return
        sent = await self._sent(channel, key, card, since)
        if sent is None:
            self._absent.add(key)
        else:
            self._done[key] = _receipt(action, sent)

    def follow(self, event: Event) -> None:
        """Forget what was done about a server that was left, now or while nobody was connected.

        The desk erases what it knows of it. Should the bot be invited again, an old message may be
        asked about anew: the pages about it have the old keys, and would pass for sent.
        """
        if isinstance(event, SpaceLeft):
            self._forget(lambda id_: id_ == event.space.id)
        elif isinstance(event, SpacesNamed):
            here = {space.id for named in event.spaces.values() for space in named}
            self._forget(lambda id_: id_ not in here)

    def _forget(self, is_left: Callable[[str], bool]) -> None:
        for known in (self._done, self._tried):
            spaces = [(key, _SPACE.search(key)) for key in known]
            for key in [key for key, found in spaces if found and is_left(found[1])]:
                del known[key]

    def stop(self) -> None:
        """Give up what is under way: without a receipt it is tried, or found, again."""
        for task in self._doing.values():
            task.cancel()

    async def _safely(self, action: Action, key: str) -> Receipt | Exception:
        """Do it, and give what came of it: nobody may be waiting any more."""
        try:
            done = _receipt(action, await self._do(action, key))
        except Exception as failure:  # noqa: BLE001 - raised by `perform`
            return failure
        self._done[key] = done
        self._tried.pop(key, None)
        while len(self._done) > _MOST:
            self._done.popitem(last=False)
        return done

    async def _do(self, action: Action, key: str) -> str:  # noqa: C901, PLR0911 - one arm an action
        match action:
            case Post(place=place, card=card):
                return await self._post(place, card, key)
            case Reply(to=ref, card=card):
                about = {"message_id": ref.id, "fail_if_not_exists": True}
                return await self._send(channel_of(ref.place), card, key, message_reference=about)
            case DirectMessage(to=to, card=card):
                return await self._send_privately(to, card, key)
            case Update(external_id=id_, card=card):
                return await self._change(id_, markup.drawn(card))
            case Withdraw(external_id=id_):
                return await self._withdraw(id_)
            case Pin(external_id=id_, on=on):
                return await self._pin(id_, on=on)
            case ShowPrivately(to=to):
                shown = await self.interactions.show(action)
                return shown or await self._send_privately(to, _AGAIN, key)
            case OpenForm():
                return await self.interactions.open(action)
            case ShowHome():
                raise Permanent("Discord has no home page")
            case _:
                assert_never(action)

    async def _post(self, place: Place, card: Card, key: str) -> str:
        try:
            return await self._send(channel_of(place), card, key)
        except Refused as refused:
            names = lacking(self.client, place) if refused.code == MISSING else ()
            if not names:
                raise
            raise Permanent(f"{refused}: {', '.join(names)}") from None

    async def _send_privately(self, to: AccountRef, card: Card, key: str) -> str:
        try:
            sent = await self._send(await self._dm(to.id), card, key)
        except Refused as refused:
            if refused.code not in _UNREACHED:
                raise
            self.closed.add(to.id)
            raise Unreachable(str(refused)) from None
        self.closed.discard(to.id)
        return sent

    async def _dm(self, who: str) -> str:
        """Open the DM with somebody, or find it opened: Discord gives the same one each time."""
        if not who.isdecimal():
            raise Permanent("no such account on Discord")
        if who not in self._dms:
            path = "/users/@me/channels"
            opened = await call(self.client, "POST", path, json={"recipient_id": who})
            self._dms[who] = opened["id"]
        return self._dms[who]

    async def _send(self, channel: str, card: Card, key: str, **more: Any) -> str:  # noqa: ANN401 - fields of the payload
        before = self._tried.get(key)
        body = {**markup.drawn(card, key=key), **more}
        if self._may_be_there(key, before) and (
            sent := await self._sent(channel, key, card, before)
        ):
            return sent
        self._absent.discard(key)
        self._tried.setdefault(key, self.clock())
        body |= {"nonce": markup.nonce(key), "enforce_nonce": True}
        try:
            made = await self._create(channel, body, card, key)
        except Refused as refused:
            if not refused.is_forbidden or not body["embeds"] or refused.code in _UNREACHED:
                raise
            plain = markup.drawn(card, key=key, as_text=True)  # perhaps embeds alone are forbidden
            made = await self._create(channel, {**body, **plain}, card, key)
        return external_id(made)

    async def _create(self, channel: str, body: markup.Payload, card: Card, key: str) -> Any:  # noqa: ANN401 - a message object
        try:
            return await call(self.client, "POST", _MESSAGES, channel_id=channel, json=body)
        except Refused as refused:
            if refused.code not in forum.NO_MESSAGES:
                raise
        before = self._tried.get(key)
        return await forum.posted(self.client, channel, card, body, key, before)

    def _may_be_there(self, key: str, before: datetime | None) -> bool:
        now = self.clock()
        if before is None:
            return now - self.opened_at < CAREFUL and key not in self._absent
        return now - before > NONCE

    async def _sent(self, channel: str, key: str, card: Card, since: datetime | None) -> str | None:
        """Look for a delivery in a channel: since a moment, or among the newest messages.

        What has no button is compared only where it is known since when: without that, the same
        words may be another delivery's. Nor is it one whose receipt is known.
        """
        try:
            rows = await self._said(channel, since)
        except Refused:  # it may not be read, only written: then there is nothing to go by
            return None
        known = {receipt.external_id for receipt in self._done.values()}
        found = (external_id(row) for row in rows if is_delivery(row, card, key, since))
        return next((id_ for id_ in found if id_ not in known), None)

    async def _said(self, channel: str, since: datetime | None) -> list[Raw]:
        """Give what the bot said in a channel, the oldest first."""
        found: list[Raw] = []
        params: dict[str, int | str] = {"limit": _LOOKED_AT}
        if since is not None:
            after = translate.first_id(since - _CLOCKS_APART)
            params = {"limit": _A_PAGE, "after": after}
        for _ in range(_PAGES):
            rows = await call(self.client, "GET", _MESSAGES, channel_id=channel, params=params)
            found += reversed(rows)
            if since is None or len(rows) < _A_PAGE:
                break
            params = {**params, "after": rows[0]["id"]}
        me = self.client.user
        return [row for row in found if me is not None and row["author"]["id"] == str(me.id)]

    async def _change(self, id_: str, body: markup.Payload) -> str:
        channel, message = _apart(id_)
        if not await self.interactions.change(message, body):
            ids = {"channel_id": channel, "message_id": message}
            await call(self.client, "PATCH", _MESSAGE, **ids, json=body)
        return id_

    async def _pin(self, id_: str, *, on: bool) -> str:
        """https://docs.discord.com/developers/resources/message#pin-message."""
        channel, message = _apart(id_)
        is_post = forum.is_post(channel, message)
        ids = {"channel_id": channel, "message_id": message}
        try:
            if is_post:
                await forum.pin(self.client, channel, on=on)
            else:
                await call(self.client, "PUT" if on else "DELETE", _PINNED, **ids)
        except Refused as refused:
            if on and refused.is_forbidden:
                raise Permanent(_MAY_NOT_PIN_POST if is_post else _MAY_NOT_PIN) from None
            if on or not refused.is_gone:
                raise
        return id_

    async def _withdraw(self, id_: str) -> str:
        channel, message = _apart(id_)
        try:
            if not await self.interactions.change(message, None):
                ids = {"channel_id": channel, "message_id": message}
                await call(self.client, "DELETE", _MESSAGE, **ids)
        except Refused as refused:
            if not refused.is_gone:
                raise
        return id_


def _receipt(action: Action, id_: str) -> Receipt:
    if not isinstance(action, Post):
        return Receipt(id_)
    channel, message = _apart(id_)
    is_there = channel == channel_of(action.place)
    where = action.place if is_there else replace(action.place, thread=channel)
    return Receipt(id_, translate.position(message), translate.link(where, message))


def _apart(id_: str) -> tuple[str, str]:
    channel, _, message = id_.partition(":")
    if not (channel.isdecimal() and message.isdecimal()):
        raise Permanent("no message of Discord's has such an id")
    return channel, message
