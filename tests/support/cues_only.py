"""A bot that reads by the shipped cues alone, so that no test depends on trained weights."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from bot.app import App, build
from bot.domain.decision import Recorded
from bot.domain.desk import Desk
from bot.domain.event import Event
from bot.domain.ledger import Count
from bot.store.engine import Store, open_store
from bot.triage.read import Triage
from bot.triage.words import Reader
from bot.workers.turns import Pace
from tests.support.build import DISCORD, NOON, desk
from tests.support.live import cues_alone
from tests.support.scripted import Hands, ScriptedPlatform

KEY = b"k" * 40


def triage(kind: Callable[..., Triage] = Triage) -> Triage:
    rules = cues_alone().rules
    return kind(rules, reader=Reader(rules.lexicon), models=None, known=None)


@dataclass(slots=True)
class CuesOnly:
    """Everything of one desk, and what a test looks at."""

    app: App
    store: Store
    platform: ScriptedPlatform
    desk: Desk

    async def hears(self, *events: Event) -> None:
        """Hand over events as one connection would, then let all that follows happen."""
        self.platform.events = events
        await self.app.run()

    async def recorded(self) -> dict[str, Recorded]:
        return {one.ref.id: one async for one in self.store.decisions.stream(self.desk.id)}

    async def counted(self) -> dict[Count, int]:
        totals = await self.store.ledger.totals(self.desk.id)
        return {count: n for count, n in totals.items() if n}


@asynccontextmanager
async def cues_only(
    url: str, desk_: Desk | None = None, *, reads: Triage | None = None, pace: Pace = Pace.LIVE
) -> AsyncIterator[CuesOnly]:
    """Start the bot on the database at `url`; `reads` stands in for the triage of the cues."""
    platform, chosen = ScriptedPlatform(), desk_ or desk()
    async with open_store(url) as store:
        app = await build(
            desk=chosen,
            knowledge=cues_alone(),
            store=store,
            platforms={DISCORD: platform},
            clock=Hands(NOON + timedelta(hours=2)),
            chance=lambda: 0.5,
            author_key=KEY,
            on_decided=lambda _message, _recorded: None,
            pace=pace,
        )
        if reads is not None:
            app.intake.decider.triage = reads
        yield CuesOnly(app, store, platform, chosen)
