"""Doing what the bot asks, each thing once.

Slack has no key against doubles. So each message carries its key in its metadata, and before a
second try, or the first to a channel since the start (the process may have died between sending
and noting it), what stands in the channel is looked through.

https://docs.slack.dev/messaging/message-metadata
"""

import hashlib
from collections import OrderedDict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import aiohttp
from slack_sdk.errors import SlackClientError
from slack_sdk.webhook.async_client import AsyncWebhookClient

from adapters.slack.asked import Where, external_id
from adapters.slack.form import Origin, modal
from adapters.slack.groups import Groups
from adapters.slack.history import Reach
from adapters.slack.installed import Installed, Raw
from adapters.slack.markup import drawn, home
from adapters.slack.translate import position
from adapters.slack.typed import as_typed
from adapters.slack.wire import LOG, SECONDS, Refused, TurnedAway, Unsure, call
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
from bot.domain.message import AccountRef
from bot.ports import Clock, Permanent, Shut, Temporary, Unreachable

EVENT_TYPE: Final = "waymark_delivery"
PRIVATE: Final = "~"  # stands for the channel in the name of what one person alone was shown
MOST_REMEMBERED = 10_000
# https://docs.slack.dev/interactivity/handling-user-interaction: 30 minutes and five times; 3 s.
RESPONSE_URL_LIVES, RESPONSE_URL_USES = timedelta(minutes=29), 5
TRIGGER_LIVES = timedelta(seconds=3)
# What was sent is looked for from a little before it was asked for: two clocks are never the same.
_CLOCKS_APART, _MOST_PAGES = timedelta(minutes=1), 5
_NO_THREAD: Final = "thread_not_found"
_GONE: Final = frozenset({"message_not_found", "channel_not_found"})
_PINNED: Final = frozenset({"already_pinned"})
_UNPINNED: Final = frozenset({"no_pin", "not_pinned", "missing_scope", *_GONE})
_UNREACHED: Final = frozenset({"messages_tab_disabled", "user_disabled", "cannot_dm_bot"})
_NOT_THERE: Final = frozenset({"user_not_in_channel", "channel_not_found", "not_in_channel"})


@dataclass(slots=True)
class Waiting:
    """Somebody asked, and Slack waits: what an answer needs. `thread` is where they asked."""

    trigger: str
    at: datetime
    response_url: str = ""
    thread: str | None = None
    origin: Origin = field(default_factory=Origin)
    uses: int = 0


@dataclass(slots=True)
class Sender:
    """`spaces` are the workspaces by id, `nouns` those of the commands that cards speak of.

    `remember` is called by whoever hears what people ask.
    """

    spaces: Mapping[str, Installed]
    clock: Clock
    reach: Reach
    groups: Groups
    nouns: Collection[str]
    session: aiohttp.ClientSession | None = None
    _waiting: OrderedDict[str, Waiting] = field(default_factory=OrderedDict)
    _sent: OrderedDict[str, Receipt] = field(default_factory=OrderedDict)
    _unsure: set[str] = field(default_factory=set)
    _looked: set[tuple[str, str | None]] = field(default_factory=set)
    _dms: dict[str, tuple[Installed, str]] = field(default_factory=dict)

    def remember(self, asking: str, waiting: Waiting) -> None:
        """Keep how an asking can be answered."""
        self._waiting[asking] = waiting
        if len(self._waiting) > MOST_REMEMBERED:
            self._waiting.popitem(last=False)

    async def perform(self, action: Action, key: str) -> Receipt:
        """See `bot.ports.Platform.perform`."""
        if (done := self._sent.get(key)) is not None:
            return done
        receipt = self._placed(action, await self._perform(action, key))
        self._note(key, receipt)
        return receipt

    async def find(self, action: Action, key: str, since: datetime) -> Receipt | None:
        """See `bot.ports.Platform.find`. What Slack cannot tell now is Temporary."""
        match action:
            case Post(place=place):
                where, channel, thread = self.space(place.space), place.channel, place.thread
            case Reply(to=ref):
                where, channel = self.space(ref.place.space), ref.place.channel
                thread = ref.place.thread or ref.id
            case DirectMessage(to=to):
                where, channel = await self._dm(to)
                thread = None
            case _:
                return None
        if key not in self._sent:
            try:
                await self._look(where, channel, thread, since=since)
            except Refused as refused:
                if refused.error != _NO_THREAD:
                    raise
        found = self._sent.get(key)
        return None if found is None else self._placed(action, found)

    def _placed(self, action: Action, receipt: Receipt) -> Receipt:
        """Say where something posted stands."""
        if not isinstance(action, Post):
            return receipt
        team, channel, ts = _parts(receipt.external_id)
        link = self.space(team).link(channel, ts, action.place.thread)
        return Receipt(receipt.external_id, position(ts), link)

    async def _perform(self, action: Action, key: str) -> Receipt:
        match action:
            case Post(place=place, card=card):
                where = self.space(place.space)
                return await self._send(where, place.channel, place.thread, card, key)
            case Reply(to=ref, card=card):
                where, thread = self.space(ref.place.space), ref.place.thread or ref.id
                return await self._send(where, ref.place.channel, thread, card, key)
            case DirectMessage(to=to, card=card):
                return await self._send_privately(to, card, key)
            case ShowPrivately(to=to, press=press, card=card):
                return await self._show(to, press, card, key)
            case _:
                return await self._change(action)

    async def _send_privately(self, to: AccountRef, card: Card, key: str) -> Receipt:
        try:
            where, channel = await self._dm(to)
            return await self._send(where, channel, None, card, key)
        except Refused as refused:
            if refused.error not in _UNREACHED:
                raise
            raise Unreachable(str(refused)) from None

    async def _change(self, action: Action) -> Receipt:
        match action:
            case Update(external_id=id_, card=card):
                return await self._update(id_, card)
            case Withdraw(external_id=id_):
                return await self._withdraw(id_)
            case Pin(external_id=id_, on=on):
                return await self._pin(id_, on=on)
            case OpenForm(press=press):
                return await self._open(action, press)
            case ShowHome(to=to, space=space, cards=cards):
                client = self.space(space).client
                view = home([as_typed(card, self.nouns) for card in cards])
                await call(client, "views.publish", user_id=to.id, view=view)
                return Receipt(f"{space}/home/{to.id}")
            case _:
                raise Permanent(f"Slack cannot do {type(action).__name__}")

    def _drawn(self, card: Card, *, on: str = "") -> Raw:
        return drawn(as_typed(card, self.nouns), on=on)

    def space(self, id_: str) -> Installed:
        """Find a workspace. Raises Permanent."""
        found = self.spaces.get(id_)
        if found is None:
            raise Permanent(f"the app is not installed in the workspace {id_}")
        return found

    async def _send(
        self, where: Installed, channel: str, thread: str | None, card: Card, key: str
    ) -> Receipt:
        is_unsure = key in self._unsure
        if is_unsure or (channel, thread) not in self._looked:
            await self._look_first(where, channel, thread, is_unsure=is_unsure)
            if (found := self._sent.get(key)) is not None:
                self._unsure.discard(key)
                return found
        metadata = {"event_type": EVENT_TYPE, "event_payload": {"key": key}}
        message = {
            "channel": channel,
            "thread_ts": thread,
            "metadata": metadata,
            **self._drawn(card),
        }
        try:
            answer = await self._post(where, message)
        except Unsure:
            self._unsure.add(key)
            raise
        self._unsure.discard(key)
        return Receipt(external_id(where.team, answer["channel"], answer["ts"]))

    async def _post(self, where: Installed, message: Raw) -> Raw:
        """Post it; go into a public channel first where the app may (`channels:join`)."""
        plain = {"parse": "none", "unfurl_links": False, "unfurl_media": False}
        try:
            return await call(where.client, "chat.postMessage", **plain, **message)
        except Refused as refused:
            if refused.error != "not_in_channel":
                raise
            try:
                await call(where.client, "conversations.join", channel=message["channel"])
            except Refused:
                raise refused from None
        return await call(where.client, "chat.postMessage", **plain, **message)

    async def _look_first(
        self, where: Installed, channel: str, thread: str | None, *, is_unsure: bool
    ) -> None:
        """Look for what was sent before, where Slack lets us.

        Whoever only looks because the process is new does not wait where Slack allows one look a
        minute, or none: a page that comes twice is better than one that comes late.
        """
        try:
            await self._look(where, channel, thread)
        except Temporary:
            if is_unsure:
                raise
        except Shut:
            raise
        except Permanent:
            return

    async def _look(
        self, where: Installed, channel: str, thread: str | None, *, since: datetime | None = None
    ) -> None:
        """Remember all that stands there of what was sent: the newest page, or all of it `since`.

        Raises Temporary or Permanent.
        """
        method = "conversations.replies" if thread else "conversations.history"
        asked: Raw = {"channel": channel, "ts": thread, "limit": self.reach.page}
        if since is not None:
            asked["oldest"] = f"{(since - _CLOCKS_APART).timestamp():.6f}"
        cursor = None
        for _ in range(1 if since is None else _MOST_PAGES):
            page = await call(
                where.client, method, include_all_metadata=True, cursor=cursor, **asked
            )
            for message in page.get("messages", []):
                self._note_sent(where, channel, message)
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or None
            if cursor is None:
                break
        self._looked.add((channel, thread))

    def _note_sent(self, where: Installed, channel: str, message: Raw) -> None:
        metadata = message.get("metadata") or {}
        key = (metadata.get("event_payload") or {}).get("key")
        is_own = message.get("bot_id") in (where.bot_id, None)
        if metadata.get("event_type") == EVENT_TYPE and isinstance(key, str) and is_own:
            self._note(key, Receipt(external_id(where.team, channel, message["ts"])))

    def _note(self, key: str, receipt: Receipt) -> None:
        self._sent[key] = receipt
        if len(self._sent) > MOST_REMEMBERED:
            self._sent.popitem(last=False)

    async def _dm(self, to: AccountRef) -> tuple[Installed, str]:
        """Open the direct message with somebody, in the workspace that they are of."""
        known = self._dms.get(to.id)
        if known is not None and not known[0].refusals.bars:
            return known
        # One that does not let the app in comes last: they may be in another.
        spaces = sorted(
            self.spaces.values(), key=lambda one: (one.refusals.bars, to.id not in one.members)
        )
        failure: Permanent = Permanent("the app is not installed in any workspace")
        for where in spaces:
            try:
                opened = await call(where.client, "conversations.open", users=to.id)
            except Refused as refused:
                if not isinstance(failure, TurnedAway):
                    failure = refused
                if refused.error != "user_not_found" and not isinstance(refused, TurnedAway):
                    raise
                continue
            self._dms[to.id] = (where, opened["channel"]["id"])
            return self._dms[to.id]
        raise failure

    async def _show(self, to: AccountRef, press: str, card: Card, key: str) -> Receipt:
        """Answer where it was asked, for one pair of eyes; else by direct message, as private."""
        asked = Where.of(press)
        team = asked.team if asked else ""
        name = hashlib.blake2b(key.encode(), digest_size=16).hexdigest()
        receipt = Receipt(external_id(team, PRIVATE, name))
        said = self._drawn(card, on=receipt.external_id)
        if await self._respond(press, said):
            return receipt
        if asked is not None and asked.channel and asked.team in self.spaces:
            waiting = self._waiting.get(press)
            try:
                await call(
                    self.space(asked.team).client, "chat.postEphemeral",
                    channel=asked.channel, user=to.id, parse="none",
                    thread_ts=waiting.thread if waiting else None, **said,
                )  # fmt: skip
            except Refused as refused:
                if refused.error not in _NOT_THERE:
                    raise
            else:
                return receipt
        where, channel = await self._dm(to)
        return await self._send(where, channel, None, card, key)

    async def _respond(self, press: str, said: Raw) -> bool:
        """Use the address that came with the asking, while it is good. In a thread it would not
        answer there: chat.postEphemeral does.
        """  # noqa: D205 - one sentence more than a line
        waiting = self._waiting.get(press)
        if waiting is None or not waiting.response_url or waiting.thread:
            return False
        is_old = self.clock() - waiting.at > RESPONSE_URL_LIVES
        if is_old or waiting.uses >= RESPONSE_URL_USES:
            return False
        waiting.uses += 1
        hook = AsyncWebhookClient(
            waiting.response_url, timeout=SECONDS, session=self.session, logger=LOG,
            retry_handlers=[],
        )  # fmt: skip
        body = {"response_type": "ephemeral", "replace_original": False, **said}
        try:
            answer = await hook.send_dict(body)
        except (aiohttp.ClientError, TimeoutError, OSError, SlackClientError):
            return False
        return answer.status_code == 200  # noqa: PLR2004 - OK

    async def _update(self, id_: str, card: Card) -> Receipt:
        team, channel, ts = _parts(id_)
        if channel == PRIVATE:
            raise Permanent("what one person alone was shown cannot be drawn again")
        said = self._drawn(card)
        await call(self.space(team).client, "chat.update", channel=channel, ts=ts, **said)
        return Receipt(id_)

    async def _withdraw(self, id_: str) -> Receipt:
        """Take a message back. What one person alone was shown goes by itself."""
        team, channel, ts = _parts(id_)
        if channel != PRIVATE:
            try:
                await call(self.space(team).client, "chat.delete", channel=channel, ts=ts)
            except Refused as refused:
                if refused.error not in _GONE:
                    raise
        return Receipt(id_)

    async def _pin(self, id_: str, *, on: bool) -> Receipt:
        """https://docs.slack.dev/reference/methods/pins.add."""
        team, channel, ts = _parts(id_)
        method = "pins.add" if on else "pins.remove"
        try:
            await call(self.space(team).client, method, channel=channel, timestamp=ts)
        except Refused as refused:
            if refused.error not in (_PINNED if on else _UNPINNED):
                raise
        return Receipt(id_)

    async def _open(self, action: OpenForm, press: str) -> Receipt:
        waiting, asked = self._waiting.get(press), Where.of(press)
        if waiting is None or asked is None or self.clock() - waiting.at > TRIGGER_LIVES:
            raise Permanent("it took longer than Slack waits for a form (3 seconds)")
        where = self.space(asked.team)
        view = modal(await self.groups.offered(action.form, where), waiting.origin)
        client = where.client
        opened = await call(client, "views.open", trigger_id=waiting.trigger, view=view)
        return Receipt(f"{asked.team}/view/{opened['view']['id']}")


def _parts(id_: str) -> tuple[str, str, str]:
    team, _, rest = id_.partition("/")
    channel, _, ts = rest.partition("/")
    if not (channel and ts):
        raise Permanent(f"{id_!r} is no message of Slack's")
    return team, channel, ts
