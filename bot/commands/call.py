"""What a command is given, and what it says."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeAlias

from bot.domain.action import Delivery
from bot.domain.alert import What
from bot.domain.card import Card
from bot.domain.command import Form
from bot.domain.event import Asking, Chosen
from bot.domain.kept import Kept
from bot.domain.message import AccountRef, Place
from bot.domain.practitioner import Practitioner
from bot.domain.space import Role


@dataclass(frozen=True, slots=True)
class Call:
    """One asking, by somebody whose roles were looked up for it.

    `person` None: not of this desk. `by` stands for the person, whichever account they asked from.
    `alert` is what a pressed button is about.
    """

    asking: Asking
    name: str
    options: Mapping[str, str]
    person: Practitioner | None
    by: AccountRef
    roles: frozenset[Role]
    at: datetime
    alert: str | None = None

    def option(self, name: str) -> str:
        return self.options.get(name, "").strip()


@dataclass(frozen=True, slots=True)
class Said:
    """The answer, for the asker's eyes, with all that is written beside it in one transaction.

    `what` is what the audit is told, if anything. Nothing of a `secret` card is kept: it is shown
    at once, without the outbox. With a `form` that is opened, and the card says what to do when it
    could not be.
    """

    card: Card
    what: What | None = None
    alert: str | None = None
    to: AccountRef | None = None
    kept: tuple[Kept, ...] = ()
    deliveries: tuple[Delivery, ...] = field(default=())
    secret: bool = False
    form: Form | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """Everything was written already. `closed` is the alert that was closed by it, if one was."""

    closed: str | None = None


Handler: TypeAlias = Callable[[Call], Awaitable[Said | Done]]


class Noun(Protocol):
    """One noun's commands by name, and its buttons by the first part of their id."""

    @property
    def commands(self) -> Mapping[str, Handler]: ...

    @property
    def buttons(self) -> Mapping[str, Handler]: ...


def place_of(asking: Asking) -> Place | None:
    """Give where something is asked, if the platform says so; it may be a direct message."""
    return asking.message.ref.place if isinstance(asking, Chosen) else asking.place


def sentence(title: str, *said: str) -> Card:
    """Give a card that only says something."""
    return Card(title, said)
