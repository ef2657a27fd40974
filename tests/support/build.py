"""Builders with sound defaults, so that a test names only what it is about."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from bot.domain.action import Action, Delivery, DirectMessage
from bot.domain.card import Card
from bot.domain.code import Code
from bot.domain.decision import Alert, Batch, Decision, Outcome, Recorded
from bot.domain.desk import Desk
from bot.domain.ledger import Count, Stretch, Tally
from bot.domain.message import AccountRef, Message, MessageRef, Origin, Place, PlatformName
from bot.domain.reading import Evidence, Priority, Source, Versions

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)  # a Monday
DISCORD = PlatformName("discord")
DESK = "north"
ONE_SEEN_AND_READ = {(NOON.date(), Count.SEEN): 1, (NOON.date(), Count.READ): 1}


def at(minutes: float) -> datetime:
    """Minutes after noon."""
    return NOON + timedelta(minutes=minutes)


def place(channel: str = "20", thread: str | None = None, name: str = "#job-search") -> Place:
    return Place(DISCORD, "10", channel, thread, name)


def ref(number: int = 1, where: Place | None = None) -> MessageRef:
    return MessageRef(where or place(), str(number))


def account(number: str = "7") -> AccountRef:
    return AccountRef(DISCORD, number)


def message(number: int = 1, text: str = "Which course?", where: Place | None = None) -> Message:
    return Message(
        ref=ref(number, where),
        author=account(),
        origin=Origin.MEMBER,
        text=text,
        sent_at=at(number),
        position=f"{number:020}",
        link=f"https://discord.com/channels/10/20/{number}",
    )


def desk(id_: str = DESK, name: str = "North careers desk") -> Desk:
    return Desk(
        id=id_, name=name, region="GB", language="en", practitioners=(), last_resort=account("1")
    )


def evidence(code: Code = Code.HOPELESS, weight: float | None = None) -> Evidence:
    return Evidence(code, 0, 5, Source.CUE, "hopeless-3", weight)


def decision(
    priority: Priority | None = Priority.P1, outcomes: tuple[Outcome, ...] | None = None
) -> Decision:
    alert = () if priority is None else (Alert(priority),)
    return Decision(
        priority=priority,
        because=(Code.HOPELESS,),
        outcomes=alert if outcomes is None else outcomes,
        evidence=(evidence(),),
        versions=Versions("rules-1", "model-1", "policy-1"),
    )


def delivery(
    key: str = "d1", *, due_at: datetime = NOON, desk: str = DESK, action: Action | None = None
) -> Delivery:
    return Delivery(
        key=key,
        desk=desk,
        action=action or DirectMessage(account(), Card("P1 in #job-search")),
        attempts=0,
        due_at=due_at,
    )


def recorded(
    number: int = 1,
    *,
    desk: str = DESK,
    where: Place | None = None,
    joins: str | None = None,
    decided: Decision | None = None,
) -> Recorded:
    """Give a decision on message `number`, sent that many minutes after noon.

    It raises its own alert, with one delivery, unless it `joins` one.
    """
    about = ref(number, where)
    first = () if joins else (delivery(f"{about.key}#0", desk=desk),)
    return Recorded(
        desk=desk,
        ref=about,
        link=f"https://discord.com/channels/10/20/{number}",
        author="0f" * 16,
        sent_at=at(number),
        decision=decided or decision(),
        alert=joins or about.key,
        deliveries=first,
    )


def tally(
    first: int = 1,
    last: int = 1,
    *,
    where: Place | None = None,
    counts: Mapping[tuple[date, Count], int] = ONE_SEEN_AND_READ,
) -> Tally:
    return Tally(where or place(), Stretch(f"{first:020}", f"{last:020}"), counts)


def batch(*recordeds: Recorded, desk: str = DESK, tallies: tuple[Tally, ...] = ()) -> Batch:
    return Batch(desk, recordeds, tallies)
