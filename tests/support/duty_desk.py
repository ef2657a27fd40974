"""A desk that is live on two scripted platforms at once, with commands and a clock to turn."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count
from pathlib import Path

from bot.app import App, build
from bot.domain.action import DirectMessage
from bot.domain.alert import Case, What
from bot.domain.card import Card
from bot.domain.command import Choice
from bot.domain.desk import Desk
from bot.domain.event import Commanded, Event, Opened, Posted, Pressed, Typing
from bot.domain.message import AccountRef, Place, PlatformName
from bot.domain.practitioner import Practitioner
from bot.knowledge import Knowledge
from bot.ports import Fetcher
from bot.store.engine import Store
from tests.support.build import DISCORD, NOON, account, place, ref
from tests.support.build import desk as plain_desk
from tests.support.build import message as built
from tests.support.live import cues_alone
from tests.support.scripted import Hands, ScriptedPlatform
from tests.support.storefile import open_file

SLACK = PlatformName("slack")
GRAVE, URGENT, SOON = (
    "i want to kill myself",
    "i wish i was dead",
    "they havent paid me for two months",
)
ADA, BO, LAST, STRANGER = account("101"), AccountRef(SLACK, "U2"), account("199"), account("666")
ADA_IN_SLACK = AccountRef(SLACK, "U1")
WORKSPACE = Place(SLACK, "T1", "C1", name="#general")
ALERT = ref(1).key
NUMBERS = count(1)  # of what is asked: an id comes once, after a restart as well


class SlackLike(ScriptedPlatform):
    """The second platform."""

    @property
    def name(self) -> PlatformName:
        return SLACK


@dataclass(slots=True)
class DutyDesk:
    """One desk, with what a test looks at."""

    app: App
    store: Store
    clock: Hands
    chats: Mapping[PlatformName, ScriptedPlatform]
    path: Path

    async def hears(self, *events: Event) -> None:
        for event in events:
            await self.app.inbox.take(event)
        await self.app.intake.settle()
        await self.app.courier.deliver_due()

    async def waits(self, **by: float) -> None:
        """Let time pass, and what is due happen."""
        self.clock.turn(**by)
        await self.app.escalator.escalate()
        await self.app.courier.deliver_due()

    async def asks(self, by: AccountRef, command: str, **options: str) -> Card:
        """Type a command, and give what is shown."""
        asking = self.commanded(by, command, **options)
        await self.hears(asking)
        return self.answer(asking)

    def commanded(self, by: AccountRef, command: str, **options: str) -> Commanded:
        noun, _, verb = command.partition(" ")
        where = place() if by.platform == DISCORD else WORKSPACE
        return Commanded(f"asking-{next(NUMBERS)}", by, where, noun, verb, options)

    def answer(self, asking: Commanded | Pressed) -> Card:
        return self.chats[asking.by.platform].shown[f"receipt of north/press/{asking.id}"]

    async def presses(self, by: AccountRef, button: str, on: str) -> Pressed:
        pressed = Pressed(f"press-{next(NUMBERS)}", by, button, on)
        await self.hears(pressed)
        return pressed

    async def types(self, by: AccountRef, command: str, option: str, typed: str) -> list[str]:
        noun, _, verb = command.partition(" ")
        typing = Typing(by, place(), noun, verb, option, typed)
        found: Sequence[Choice] = await self.app.inbox.suggest(typing)
        return [one.value for one in found]

    def messages(self, to: AccountRef) -> list[tuple[str, Card]]:
        """Give the direct messages to an account, each with its receipt, as they look now."""
        chat = self.chats[to.platform]
        sent = chat.performed.items()
        keys = [key for key, a in sent if isinstance(a, DirectMessage) and a.to == to]
        return [(f"receipt of {key}", chat.shown[f"receipt of {key}"]) for key in keys]

    def now_says(self, to: AccountRef) -> list[str]:
        return [
            field.value
            for _, card in self.messages(to)
            for field in card.fields
            if field.name == "Now"
        ]

    async def case(self, key: str = ALERT) -> Case:
        dossier = await self.store.alerts.find("north", key)
        assert dossier is not None
        return dossier.case

    async def audit(self, key: str = ALERT) -> list[What]:
        return [deed.what for deed in await self.store.alerts.audit("north", key)]

    def on_disk(self) -> bytes:
        return b"".join(path.read_bytes() for path in self.path.iterdir())


def two_people() -> Desk:
    """Ada is known on Discord, Bo on Slack. There is no rota: both are always on duty."""
    people = (Practitioner("Ada", ADA, id="ada"), Practitioner("Bo", BO, id="bo"))
    return replace(plain_desk(), practitioners=people, last_resort=LAST)


def chats() -> dict[PlatformName, ScriptedPlatform]:
    return {DISCORD: ScriptedPlatform(), SLACK: SlackLike()}


def codes(length: int) -> bytes:
    return bytes(range(length))


@asynccontextmanager
async def duty_desk(  # noqa: PLR0913 - each is left out by most
    path: Path,
    desk: Desk | None = None,
    *,
    on: Mapping[PlatformName, ScriptedPlatform] | None = None,
    clock: Hands | None = None,
    knows: Knowledge | None = None,
    key: bytes = b"k" * 40,
    old_keys: Sequence[bytes] = (),
    fetcher: Fetcher | None = None,
) -> AsyncIterator[DutyDesk]:
    """Open the desk at two in the afternoon; with the chats and clock of another, once more."""
    chosen, hands = on or chats(), clock or Hands(NOON + timedelta(hours=2))
    async with open_file(path / "desk.db") as store:
        app = await build(
            desk=desk or two_people(),
            knowledge=knows or cues_alone(),
            store=store,
            platforms=chosen,
            clock=hands,
            chance=lambda: 0.5,
            author_key=key,
            old_keys=old_keys,
            on_decided=lambda _message, _recorded: None,
            random_bytes=codes,
            fetcher=fetcher,
        )
        yield DutyDesk(app, store, hands, chosen, path)


def said(*texts: str, first: int = 1) -> Sequence[Event]:
    messages = [built(n, text) for n, text in enumerate(texts, start=first)]
    return [Opened(place()), *map(Posted, messages)]
