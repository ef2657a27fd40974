"""A desk that may speak in public: claims that are found, resources that somebody vetted."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import cache
from itertools import count
from pathlib import Path

from bot.data.claims import Registry
from bot.data.weights import load_meaning
from bot.domain.action import Reply
from bot.domain.card import Card
from bot.domain.desk import Desk
from bot.domain.event import Opened, Posted, Submitted
from bot.domain.message import AccountRef, Message
from bot.domain.output import Output
from bot.knowledge import Knowledge, know
from bot.settings import Settings
from tests.support.build import DISCORD, NOON, account, place
from tests.support.build import message as built
from tests.support.duty_desk import DutyDesk, duty_desk, two_people
from tests.support.live import cues_alone
from tests.support.scripted import Hands

WRONG = "ur too old for an apprenticeship once ur past 25"
CLAIM = "apprenticeship-age"
ASKED = "how do i find an apprenticeship in the uk?"
CY = account("103")
NUMBERS = count(1)


@cache
def knows() -> Knowledge:
    """The cues and the claims by meaning, with a catalogue that somebody of the desk has read."""
    shipped = cues_alone()
    vetted = (replace(one, vetted_by="Cy Clarke") for one in shipped.catalogue.resources)
    return know(
        rules=shipped.rules,
        catalogue=replace(shipped.catalogue, resources=tuple(vetted)),
        registry=shipped.registry,
        models=None,
        meaning=load_meaning(Settings().weights),
    )


def knows_otherwise() -> Knowledge:
    """The same, after somebody has corrected the claim's entry."""
    before = knows()
    claims = (
        replace(one, correction="There is no upper age limit at all.") if one.id == CLAIM else one
        for one in before.registry.claims
    )
    return know(
        rules=before.rules,
        catalogue=before.catalogue,
        registry=Registry("2026.2", tuple(claims)),
        models=None,
        meaning=before.meaning,
    )


@asynccontextmanager
async def public_desk(
    path: Path,
    desk: Desk | None = None,
    *,
    on: DutyDesk | None = None,
    knowledge: Knowledge | None = None,
) -> AsyncIterator[DutyDesk]:
    """Open the desk; with another's chats and clock, once more on what it left."""
    clock = on.clock if on else Hands(NOON.replace(hour=14))
    async with duty_desk(
        path,
        desk or two_people(),
        on=on.chats if on else None,
        clock=clock,
        knows=knowledge or knows(),
    ) as here:
        yield here


async def writes(here: DutyDesk, text: str, number: int = 1, *, by: str = "7") -> Message:
    """Let a member write, and the desk look at it. The message can be fetched from then on."""
    now = here.clock()
    message = replace(built(number, text), author=account(by), sent_at=now)
    chat = here.chats[DISCORD]
    chat.past = (*chat.past, message)
    await here.hears(Opened(place()), Posted(message))
    await looks(here)
    return message


async def looks(here: DutyDesk, **later: float) -> None:
    """Let time pass, and the desk see to what waits."""
    here.clock.turn(**later)
    for _ in range(2):  # what is sent in the first look is noted in the second
        assert here.app.watch is not None
        await here.app.watch.publishing.look()
        await here.app.courier.deliver_due()


async def suggests(here: DutyDesk, message: Message, by: AccountRef, claim: str = CLAIM) -> Card:
    """Send the form of the message's menu."""
    id_ = f"form-{next(NUMBERS)}"
    sent = Submitted(id_, by, place(), "note.suggest", {"claim": claim}, about=message)
    await here.hears(sent)
    await looks(here)
    return here.chats[by.platform].shown[f"receipt of north/press/{id_}"]


async def presses_last(here: DutyDesk, by: AccountRef, label: str) -> Card:
    """Press a button on the newest direct message, and give what is shown."""
    receipt, card = here.messages(by)[-1]
    button = next(one for one in card.buttons if one.label == label)
    pressed = await here.presses(by, button.id, receipt)
    await looks(here)
    return here.answer(pressed)


def replies(here: DutyDesk) -> list[tuple[str, Card | None]]:
    """Give what was said under messages, and what stands there now, None where it is gone."""
    chat = here.chats[DISCORD]
    keys = [key for key, action in chat.performed.items() if isinstance(action, Reply)]
    return [(key, chat.shown.get(f"receipt of {key}")) for key in keys]


async def only(here: DutyDesk, message: Message) -> Output:
    (one,) = await here.store.outputs.on("north", message.ref.key)
    return one
