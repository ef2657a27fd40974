"""What the bot asks a platform to do: a closed union, and how a doing travels."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from bot.domain.card import Card
from bot.domain.message import AccountRef, MessageRef, Place


@dataclass(frozen=True, slots=True)
class Post:
    """Say something in a place, for all to see."""

    place: Place
    card: Card


@dataclass(frozen=True, slots=True)
class Reply:
    """Answer under a message, for all to see, without a ping."""

    to: MessageRef
    card: Card


@dataclass(frozen=True, slots=True)
class DirectMessage:
    """Tell one person, privately."""

    to: AccountRef
    card: Card


Action: TypeAlias = Post | Reply | DirectMessage


@dataclass(frozen=True, slots=True)
class Delivery:
    """An action on its way. `key` is its identity outside: the same key is done once."""

    key: str
    desk: str
    action: Action
    attempts: int
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Receipt:
    """The platform's proof that an action was done."""

    external_id: str
