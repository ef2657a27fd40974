"""A platform without a network: plays a list of events, does what it is told or fails as told."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import assert_never

from bot.domain.action import (
    Action,
    DirectMessage,
    Post,
    Receipt,
    Reply,
    ShowPrivately,
    Update,
)
from bot.domain.card import Card
from bot.domain.event import Event
from bot.domain.message import AccountRef, PlatformName
from bot.ports import Capabilities, Inbox, Permanent


@dataclass(slots=True, eq=False)
class ScriptedPlatform:
    """`failures` are raised by the next performs, one each; what was done is in `performed`.

    `shown` is what stands on people's screens, by receipt; `closed` are the accounts that take no
    direct messages.
    """

    events: Sequence[Event] = ()
    failures: list[Exception] = field(default_factory=list)
    performed: dict[str, Action] = field(default_factory=dict)
    shown: dict[str, Card] = field(default_factory=dict)
    closed: set[AccountRef] = field(default_factory=set)
    attempts: int = 0

    @property
    def name(self) -> PlatformName:
        return PlatformName("discord")

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(threads=True, buttons=True, history=False, max_text=2_000)

    async def run(self, inbox: Inbox) -> None:
        for event in self.events:
            await inbox.take(event)

    async def perform(self, action: Action, *, key: str) -> Receipt:
        self.attempts += 1
        if self.failures:
            raise self.failures.pop(0)
        receipt = f"receipt of {key}"
        if key not in self.performed:
            self._show(action, receipt)
        self.performed.setdefault(key, action)
        return Receipt(receipt)

    def _show(self, action: Action, receipt: str) -> None:
        match action:
            case DirectMessage(to=to) if to in self.closed:
                raise Permanent("takes no direct messages")
            case Post(card=card) | Reply(card=card) | DirectMessage(card=card):
                self.shown[receipt] = card
            case ShowPrivately(card=card):
                self.shown[receipt] = card
            case Update(external_id=external_id, card=card):
                if external_id not in self.shown:
                    raise Permanent("no such message")
                self.shown[external_id] = card
            case _:
                assert_never(action)


@dataclass(slots=True)
class Hands:
    """A clock with hands that a test turns."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def turn(self, **by: float) -> None:
        self.now += timedelta(**by)
