"""A platform without a network: plays a list of events, does what it is told or fails as told."""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.action import (
    Action,
    DirectMessage,
    OpenForm,
    Pin,
    Post,
    Receipt,
    Reply,
    ShowPrivately,
    Update,
    Withdraw,
    is_lasting,
)
from bot.domain.card import Card
from bot.domain.command import Form
from bot.domain.event import Event
from bot.domain.message import AccountRef, Message, MessageRef, Place, PlatformName
from bot.domain.setup import Found, Need, Trouble
from bot.domain.space import SpaceRef, Standing
from bot.ports import Capabilities, Inbox, Permanent, Unreachable


@dataclass(slots=True, eq=False)
class ScriptedPlatform:
    """`failures` are raised by the next performs, one each; what was done is in `performed`.

    `unsaid` are raised as well, one each, after the thing was done: only the answer is lost.
    `unfound` are raised by the next finds, `sought` are the keys that were looked for.

    `past` is what its server holds, in any order and as often as it likes; `history` gives `page`
    messages a request, and the next requests raise one of `refusals` each. `asked` are the
    requests for history. A `stuck` platform never answers a perform, one that
    `stays` remains connected when its events are over.
    `troubles` are what an inspection finds, `inspected` what was asked.
    `hidden` are the ids of channels that not everybody sees.
    What it posts stands at the position `reached`.
    `shown` is what stands on people's screens, by receipt; `closed` are the accounts that take no
    direct messages; `standings` say what somebody is, a member when nothing is said.
    """

    events: Sequence[Event] = ()
    failures: list[Exception] = field(default_factory=list)
    unsaid: list[Exception] = field(default_factory=list)
    unfound: list[Exception] = field(default_factory=list)
    sought: list[str] = field(default_factory=list)
    performed: dict[str, Action] = field(default_factory=dict)
    shown: dict[str, Card] = field(default_factory=dict)
    closed: set[AccountRef] = field(default_factory=set)
    attempts: int = 0
    past: Sequence[Message] = ()
    page: int = 100
    refusals: list[Exception] = field(default_factory=list)
    asked: list[tuple[Place, str | None]] = field(default_factory=list)
    forms: list[tuple[AccountRef, Form]] = field(default_factory=list)
    standings: dict[AccountRef, Standing] = field(default_factory=dict)
    troubles: Sequence[Found] = ()
    inspected: list[tuple[SpaceRef, tuple[Need, ...]]] = field(default_factory=list)
    hidden: set[str] = field(default_factory=set)
    reached: str = ""
    pinned: set[str] = field(default_factory=set)
    stuck: bool = False
    stays: bool = False

    @property
    def name(self) -> PlatformName:
        return PlatformName("discord")

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(
            threads=True, buttons=True, history=True, max_text=2_000, forms=True, pins=True
        )

    async def run(self, inbox: Inbox) -> None:
        for event in self.events:
            await inbox.take(event)
        if self.stays:
            await asyncio.Event().wait()

    async def perform(self, action: Action, *, key: str) -> Receipt:
        self.attempts += 1
        if self.stuck:
            await asyncio.Event().wait()
        if self.failures:
            raise self.failures.pop(0)
        receipt = self._receipt(action, key)
        if key not in self.performed:
            self._show(action, receipt.external_id)
        self.performed.setdefault(key, action)
        if self.unsaid:
            raise self.unsaid.pop(0)
        return receipt

    def _receipt(self, action: Action, key: str) -> Receipt:
        return Receipt(f"receipt of {key}", self.reached if isinstance(action, Post) else "")

    async def find(self, action: Action, *, key: str, since: datetime) -> Receipt | None:  # noqa: ARG002 - the port's
        self.sought.append(key)
        if self.unfound:
            raise self.unfound.pop(0)
        is_there = is_lasting(action) and key in self.performed
        return self._receipt(action, key) if is_there else None

    def _show(self, action: Action, receipt: str) -> None:
        match action:
            case DirectMessage(to=to) if to in self.closed:
                raise Unreachable("takes no direct messages")
            case Post() | Reply() | DirectMessage() | ShowPrivately():
                self.shown[receipt] = action.card
            case Update(external_id=external_id, card=card):
                if external_id not in self.shown:
                    raise Permanent("no such message")
                self.shown[external_id] = card
            case Withdraw(external_id=external_id):
                self.shown.pop(external_id, None)
            case Pin(external_id=external_id, on=on):
                (self.pinned.add if on else self.pinned.discard)(external_id)
            case OpenForm(to=to, form=form):
                self.forms.append((to, form))
            case _:
                raise Permanent("has no home page")

    async def history(self, place: Place, *, after: str | None) -> AsyncIterator[Message]:
        while page := self._page(place, after):
            for message in page:
                yield message
            if after is None:
                return
            after = page[-1].position

    async def fetch(self, ref: MessageRef) -> Message | None:
        return next((one for one in self.past if one.ref == ref), None)

    async def called(self, space: SpaceRef, ids: Collection[str]) -> Mapping[str, str]:  # noqa: ARG002 - the port's
        """Know the channel in which all is said, and nothing else."""
        return {one: "#job-search" for one in ids if one == "20"}

    async def inspect(self, space: SpaceRef, needs: Sequence[Need]) -> tuple[Found, ...]:
        """Find what `troubles` holds, and that nobody can be in a place that is called 405."""
        gone = [Found(Trouble.GONE, n.place.name) for n in needs if n.place.channel == "405"]
        self.inspected.append((space, tuple(needs)))
        return (*self.troubles, *gone)

    async def standing(self, who: AccountRef, space: SpaceRef) -> Standing:  # noqa: ARG002 - the port's
        return self.standings.get(who, Standing(is_member=True))

    def shows(self, place: Place, to: AccountRef) -> bool:  # noqa: ARG002 - the port's
        """Show everything but what is `hidden`, and what is not there."""
        return place.channel not in {*self.hidden, "405"}

    def _page(self, place: Place, after: str | None) -> list[Message]:
        """Answer one request as a server does, in order and each message once."""
        self.asked.append((place, after))
        if self.refusals:
            raise self.refusals.pop(0)
        held = {one.position: one for one in self.past if one.ref.place.channel_key == place.key}
        if place.thread is not None:
            held = {one.position: one for one in self.past if one.ref.place == place}
        ordered = sorted(held)
        if after is None:
            return [held[position] for position in ordered[-1:]]
        return [held[position] for position in ordered if position > after][: self.page]


@dataclass(slots=True, eq=False)
class FedPlatform(ScriptedPlatform):
    """Stays connected until it is cancelled; a test hands it events whenever it likes."""

    fed: asyncio.Queue[Event] = field(default_factory=asyncio.Queue)

    async def feed(self, *events: Event) -> None:
        """Return when all of them have been taken."""
        for event in events:
            self.fed.put_nowait(event)
        await self.fed.join()

    async def run(self, inbox: Inbox) -> None:
        while True:
            await inbox.take(await self.fed.get())
            self.fed.task_done()


@dataclass(slots=True)
class Hands:
    """A clock with hands that a test turns."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def turn(self, **by: float) -> None:
        self.now += timedelta(**by)
