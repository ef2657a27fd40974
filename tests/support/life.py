"""The life of an alert on a scripted platform: the real store, the real cues, a turned clock."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from bot.app import App, Watch, build
from bot.domain.action import DirectMessage
from bot.domain.alert import Case, Deed, What
from bot.domain.card import Card
from bot.domain.desk import Desk
from bot.domain.event import Event, Opened, Posted, Pressed
from bot.domain.message import AccountRef, PlatformName
from bot.domain.practitioner import Practitioner
from bot.policy.routing import InOrder, OnDutyAt
from bot.ports import Platform
from bot.store.engine import Store
from bot.workers.turns import Pace
from tests.support.build import DISCORD, NOON, account, place, ref
from tests.support.build import desk as plain_desk
from tests.support.build import message as built
from tests.support.live import cues_alone
from tests.support.scripted import Hands, ScriptedPlatform
from tests.support.storefile import open_file

GRAVE = "i want to kill myself"
URGENT = "i wish i was dead"
SOON = "they havent paid me for two months"
ADA, BO, CY, LAST, STRANGER = (account(n) for n in ("101", "102", "103", "199", "666"))
ALERT = ref(1).key
NAMES = {ADA: "Ada", BO: "Bo", CY: "Cy", LAST: "last resort"}


@dataclass(slots=True)
class World:
    """One desk, with what a test looks at. `platform` outlives a restart, as Discord does."""

    app: App
    store: Store
    platform: ScriptedPlatform
    clock: Hands
    desk: Desk
    presses: list[str] = field(default_factory=list)
    seen: int = 0

    async def hears(self, *events: Event) -> None:
        """Hand over events as one connection would; what follows at once happens."""
        for event in events:
            await self.app.inbox.take(event)
        await self.app.intake.settle()
        await self.app.courier.deliver_due()

    @property
    def watch(self) -> Watch:
        assert self.app.watch is not None
        return self.app.watch

    async def waits(self, **by: float) -> None:
        """Let time pass, and what is due happen."""
        self.clock.turn(**by)
        await self.app.escalator.escalate()
        await self.app.courier.deliver_due()

    async def presses_on(self, button: str, by: AccountRef, on: str | None = None) -> Pressed:
        """Press a button on the copy of the card that `by` was sent, or on another's."""
        receipt = on or self.copies(by)[0]
        self.presses.append(button)
        pressed = Pressed(f"press-{by.id}-{len(self.presses)}", by, button, receipt)
        await self.hears(pressed)
        return pressed

    def told(self) -> list[str]:
        """Give who was sent a page since this was last asked, in order, by name."""
        sent = [a.to for a in self.platform.performed.values() if isinstance(a, DirectMessage)]
        new, self.seen = sent[self.seen :], len(sent)
        return [NAMES[to] for to in new]

    def copies(self, of: AccountRef) -> list[str]:
        performed = self.platform.performed.items()
        pages = [key for key, a in performed if isinstance(a, DirectMessage) and a.to == of]
        return [f"receipt of {key}" for key in pages]

    def cards(self) -> list[Card]:
        """Give every copy of the page as it stands on somebody's screen now."""
        return [self.platform.shown[on] for of in (ADA, BO, CY, LAST) for on in self.copies(of)]

    def now_says(self) -> set[str]:
        """Give what the copies say of who has it; one saying, when they agree."""
        return {now(card) for card in self.cards()}

    def answer(self, pressed: Pressed) -> Card:
        return self.platform.shown[f"receipt of {self.desk.id}/press/{pressed.id}"]

    async def case(self) -> Case:
        dossier = await self.store.alerts.find(self.desk.id, ALERT)
        assert dossier is not None
        return dossier.case

    async def audit(self) -> list[What]:
        return [deed.what for deed in await self.deeds()]

    async def deeds(self) -> list[Deed]:
        return await self.store.alerts.audit(self.desk.id, ALERT)


def now(card: Card) -> str:
    return next(f.value for f in card.fields if f.name == "Now")


def desk() -> Desk:
    people = tuple(Practitioner(n, a) for n, a in (("Ada", ADA), ("Bo", BO), ("Cy", CY)))
    return replace(plain_desk(), practitioners=people, last_resort=LAST)


@asynccontextmanager
async def world(  # noqa: PLR0913 - a test names the few that it is about
    path: Path,
    *,
    platform: ScriptedPlatform | None = None,
    clock: Hands | None = None,
    on_duty: OnDutyAt | None = None,
    pace: Pace = Pace.LIVE,
    desk_: Desk | None = None,
    platforms: Mapping[PlatformName, Platform] | None = None,
) -> AsyncIterator[World]:
    """Open the desk; with the `platform` and `clock` of another world, after a restart."""
    platform, clock = platform or ScriptedPlatform(), clock or Hands(NOON + timedelta(hours=2))
    async with open_file(path / "life.db") as store:
        app = await build(
            desk=desk_ or desk(),
            knowledge=cues_alone(),
            store=store,
            platforms=platforms or {DISCORD: platform},
            clock=clock,
            chance=lambda: 0.5,
            author_key=b"k" * 40,
            on_decided=lambda _message, _recorded: None,
            on_duty=on_duty or (lambda _now: InOrder((ADA, BO))),
            pace=pace,
        )
        yield World(app, store, platform, clock, desk_ or desk())


def said(*texts: str, first: int = 1, by: AccountRef | None = None) -> Sequence[Event]:
    messages = [built(n, text) for n, text in enumerate(texts, start=first)]
    if by is not None:
        messages = [replace(one, author=by) for one in messages]
    return [Opened(place()), *map(Posted, messages)]
