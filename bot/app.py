"""The composition root: the one place where everything is built and joined."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar

from bot.commands.case import Cases
from bot.data.claims import Registry, load_claims
from bot.data.desk import account
from bot.data.resources import Catalogue, load_resources
from bot.data.rules import load_rules
from bot.data.weights import TrainedMeaning, TrainedModels, load_meaning, load_models
from bot.data.yamlfile import BadFile
from bot.domain.desk import Desk
from bot.domain.message import PlatformName
from bot.domain.reading import Versions
from bot.policy.decide import VERSION, Shelf
from bot.policy.privacy import author_hash
from bot.policy.routing import OnDutyAt, in_order
from bot.ports import Clock, Platform
from bot.settings import Settings
from bot.store.engine import Store
from bot.triage.information import KnownClaims, Thresholds
from bot.triage.likeness import Likeness
from bot.triage.read import Triage
from bot.triage.ruleset import Ruleset
from bot.triage.words import Reader
from bot.workers.casebook import Casebook
from bot.workers.courier import Courier
from bot.workers.escalator import Escalator
from bot.workers.intake import Intake, OnDecided, open_intake

Loaded = TypeVar("Loaded")


@dataclass(frozen=True, slots=True)
class Knowledge:
    """All that Waymark knows before it has read a message. `gaps` says what could not be loaded."""

    rules: Ruleset
    catalogue: Catalogue
    registry: Registry
    models: TrainedModels | None
    meaning: TrainedMeaning | None
    gaps: tuple[str, ...]
    triage: Triage
    likeness: Likeness

    @property
    def versions(self) -> Versions:
        return replace(self.triage.versions, policy=VERSION)

    def shelf(self, today: date) -> Shelf:
        claims = {claim.id: claim for claim in self.registry.claims}
        return Shelf(self.catalogue.resources, claims, today)


def load_knowledge(settings: Settings) -> Knowledge:
    """Load the files that `settings` name. Raises BadFile with every mistake in what people edit.

    Weights that cannot be loaded are no reason to stop: the cues decide alone, and `gaps` and the
    ledger say so (I3).
    """
    rules, catalogue, registry = _load_edited(settings)
    gaps: list[str] = []
    models = _try(lambda: load_models(settings.weights), gaps)
    meaning = _try(lambda: load_meaning(settings.weights), gaps)
    gaps += models.gaps if models is not None else ()
    return know(
        rules=rules,
        catalogue=catalogue,
        registry=registry,
        models=models,
        meaning=meaning,
        gaps=tuple(f"Read without a model, less well than it should be: {gap}" for gap in gaps),
    )


def know(
    *,
    rules: Ruleset,
    catalogue: Catalogue,
    registry: Registry,
    models: TrainedModels | None,
    meaning: TrainedMeaning | None,
    gaps: tuple[str, ...] = (),
) -> Knowledge:
    """Make what reads from what was loaded."""
    reader = Reader(rules.lexicon)
    vectors = meaning.model if meaning else None
    triage = Triage(
        rules,
        reader=reader,
        models=models.models if models else None,
        known=_known(registry, rules, reader, meaning) if meaning else None,
        about=[(claim.id, claim.about) for claim in registry.claims],
    )
    likeness = Likeness(catalogue.resources, meaning=vectors, reader=reader)
    return Knowledge(rules, catalogue, registry, models, meaning, gaps, triage, likeness)


def _load_edited(settings: Settings) -> tuple[Ruleset, Catalogue, Registry]:
    """Load all three, so that the mistakes of all three show at once."""
    mistakes: list[str] = []
    rules = _try(lambda: load_rules(settings.cues), mistakes)
    catalogue = _try(lambda: load_resources(settings.resources), mistakes)
    registry = _try(lambda: load_claims(settings.claims), mistakes)
    if rules is None or catalogue is None or registry is None:
        raise BadFile("\n".join(mistakes))
    return rules, catalogue, registry


def _try(load: Callable[[], Loaded], mistakes: list[str]) -> Loaded | None:
    try:
        return load()
    except BadFile as bad:
        mistakes.append(str(bad))
        return None


def _known(
    registry: Registry, rules: Ruleset, reader: Reader, meaning: TrainedMeaning
) -> KnownClaims:
    return KnownClaims(
        registry.claims,
        meaning=meaning.model,
        reader=reader,
        thresholds=Thresholds(suggest=meaning.likeness.suggest, match=meaning.likeness.match),
        negations=rules.negations,
    )


@dataclass(slots=True)
class App:
    """Everything that runs. `run` ends when every platform has been read out, or after `stop`."""

    platforms: Mapping[PlatformName, Platform]
    intake: Intake
    courier: Courier
    escalator: Escalator
    is_live: bool = True
    stopped: bool = False
    _reading: list[asyncio.Task[None]] = field(default_factory=list)

    async def run(self) -> None:
        """Run until all is read and delivered. If any part fails, all stop: state is on disk."""
        async with asyncio.TaskGroup() as tasks:
            working = [
                tasks.create_task(self.intake.run(), name="intake"),
                tasks.create_task(self.courier.run(), name="courier"),
            ]
            if self.is_live:
                working.append(tasks.create_task(self.escalator.run(), name="escalator"))
            self._reading = [
                tasks.create_task(platform.run(self.intake), name=platform.name)
                for platform in dict.fromkeys(self.platforms.values())
            ]
            await asyncio.wait(self._reading)
            await self.intake.settle(unread=not self.stopped)
            for task in working:
                task.cancel()
        await self.courier.deliver_due()

    def stop(self) -> None:
        """Take in nothing more; what was taken in is written and delivered before `run` ends."""
        self.stopped = True
        for task in self._reading:
            task.cancel()


async def build(  # noqa: PLR0913 - the root joins all there is, by keyword
    *,
    desk: Desk,
    knowledge: Knowledge,
    store: Store,
    platforms: Mapping[PlatformName, Platform],
    clock: Clock,
    chance: Callable[[], float],
    author_key: bytes,
    on_decided: OnDecided,
    on_duty: OnDutyAt | None = None,
    is_live: bool = True,
) -> App:
    """Join the parts of one desk. Tests call the same function with platforms of their own.

    Without `on_duty` all the desk's practitioners are on duty always, in their order.
    """
    shelf = knowledge.shelf(clock().date())
    duty = on_duty or in_order(desk)
    casebook = Casebook(desk=desk, store=store, clock=clock, on_duty=duty)
    intake = await open_intake(
        desk=_hashed(desk, author_key),
        triage=knowledge.triage,
        shelf=shelf,
        likeness=knowledge.likeness,
        store=store,
        clock=clock,
        author_key=author_key,
        on_decided=on_decided,
        on_pressed=Cases(casebook).press,
        on_duty=duty,
        is_live=is_live,
    )
    return App(
        platforms=platforms,
        intake=intake,
        courier=Courier(
            store=store, platforms=platforms, casebook=casebook, clock=clock, chance=chance
        ),
        escalator=Escalator(store=store, casebook=casebook, clock=clock),
        is_live=is_live,
    )


def _hashed(desk: Desk, key: bytes) -> Desk:
    """Replace the accounts that staff wrote down by the hashes that messages are compared with."""
    return replace(
        desk,
        opted_out=frozenset(author_hash(account(a), key=key) for a in desk.opted_out),
        opted_in=frozenset(author_hash(account(a), key=key) for a in desk.opted_in),
    )
