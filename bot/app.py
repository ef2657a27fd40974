"""The composition root: the one place where everything is built and joined."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from secrets import token_bytes
from typing import TypeVar

from bot.commands.ask import Askers
from bot.commands.case import Cases
from bot.commands.caseload import Caseload
from bot.commands.duty import Duty
from bot.commands.front import Front
from bot.commands.help import Help
from bot.commands.home import Home
from bot.commands.hours import Hours
from bot.commands.note import Notes
from bot.commands.practitioner import People
from bot.commands.privacy import Privacy
from bot.commands.resource import Resources
from bot.commands.suggest import Suggesting
from bot.commands.table import TABLE
from bot.data.calibration import tuned
from bot.data.claims import Registry, load_claims
from bot.data.practitioner import account
from bot.data.resources import Catalogue, load_resources
from bot.data.rules import load_rules, missing_files
from bot.data.weights import TrainedMeaning, TrainedModels, load_meaning, load_models
from bot.data.yamlfile import BadFile
from bot.domain.command import Choice
from bot.domain.desk import Desk, Sensitivity
from bot.domain.message import PlatformName
from bot.domain.reading import Versions
from bot.policy.decide import VERSION, Shelf
from bot.policy.privacy import author_hash, chosen_by, is_read
from bot.policy.routing import OnDutyAt
from bot.ports import Clock, Inbox, Platform
from bot.settings import Settings
from bot.store.engine import Store
from bot.store.seal import Seal
from bot.triage.information import KnownClaims, Thresholds
from bot.triage.likeness import Likeness
from bot.triage.read import Triage
from bot.triage.ruleset import Ruleset
from bot.triage.words import Reader
from bot.workers.auditor import COURIER, Auditor, Check
from bot.workers.backfill import EVERY as BACKFILL_EVERY
from bot.workers.backfill import Backfill
from bot.workers.budget import open_budget
from bot.workers.casebook import Casebook
from bot.workers.courier import EVERY as COURIER_EVERY
from bot.workers.courier import Courier
from bot.workers.digest import EVERY as DIGEST_EVERY
from bot.workers.digest import Digesting
from bot.workers.drill import EVERY as DRILL_EVERY
from bot.workers.drill import Drilling
from bot.workers.escalator import EVERY as ESCALATOR_EVERY
from bot.workers.escalator import Escalator
from bot.workers.handover import EVERY as HANDOVER_EVERY
from bot.workers.handover import Handover
from bot.workers.heartbeat import Heartbeats
from bot.workers.intake import Intake, OnDecided, Pace
from bot.workers.janitor import LOOK as JANITOR_LOOK
from bot.workers.janitor import Janitor
from bot.workers.news import EVERY as NEWS_EVERY
from bot.workers.news import Newsroom
from bot.workers.opening import open_intake
from bot.workers.output import EVERY as PUBLISHING_EVERY
from bot.workers.output import Publishing
from bot.workers.reception import Reception
from bot.workers.roster import Roster
from bot.workers.statement import EVERY as STATING_EVERY
from bot.workers.statement import Stating

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

    @property
    def choices(self) -> tuple[Choice, ...]:
        """The claims to choose from."""
        return tuple(Choice(one.id, one.claim) for one in self.registry.claims)

    def shelf(self, today: date) -> Shelf:
        claims = {claim.id: claim for claim in self.registry.claims}
        return Shelf(self.catalogue.resources, claims, today)


def load_knowledge(settings: Settings, thresholds: Sensitivity | None = None) -> Knowledge:
    """Load the files that `settings` name, and set the alarms by a desk's `thresholds`.

    Raises BadFile with every mistake in what people edit.
    Weights that cannot be loaded are no reason to stop: the cues decide alone, and `gaps` and the
    ledger say so (I3). Nor is a cue file that is gone: `gaps` names it.
    """
    rules, catalogue, registry = _load_edited(settings)
    gaps: list[str] = []
    models = _try(lambda: load_models(settings.weights), gaps)
    meaning = _try(lambda: load_meaning(settings.weights), gaps)
    gaps += models.gaps if models is not None else ()
    gaps = [f"Read without a model, less well than it should be: {gap}" for gap in gaps]
    if models is not None and thresholds is not None:
        models = replace(models, models=tuned(models, thresholds, gaps))
    return know(
        rules=rules,
        catalogue=catalogue,
        registry=registry,
        models=models,
        meaning=meaning,
        gaps=(*missing_files(settings.cues), *gaps),
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


@dataclass(frozen=True, slots=True)
class Watch:
    """What keeps a desk that is live from missing anything. The past needs none of it."""

    backfill: Backfill
    auditor: Auditor
    stating: Stating
    digesting: Digesting
    drilling: Drilling
    janitor: Janitor
    handover: Handover
    newsroom: Newsroom
    publishing: Publishing


@dataclass(slots=True)
class App:
    """Everything that runs. `run` ends when every platform has been read out, or after `stop`."""

    platforms: Mapping[PlatformName, Platform]
    intake: Intake
    courier: Courier
    escalator: Escalator
    watch: Watch | None = None
    reception: Reception | None = None
    stopped: bool = False
    _reading: list[asyncio.Task[None]] = field(default_factory=list)

    async def run(self) -> None:
        """Run until all is read and delivered. If any part fails, all stop: state is on disk."""
        async with asyncio.TaskGroup() as tasks:
            working = [
                tasks.create_task(self.intake.run(), name="intake"),
                tasks.create_task(self.courier.run(), name=COURIER),
            ]
            if self.watch:
                working += [
                    tasks.create_task(self.escalator.run(), name="escalator"),
                    tasks.create_task(self.watch.backfill.run(), name="backfill"),
                    tasks.create_task(self.watch.auditor.run(), name="auditor"),
                    tasks.create_task(self.watch.stating.run(), name="stating"),
                    tasks.create_task(self.watch.digesting.run(), name="digesting"),
                    tasks.create_task(self.watch.drilling.run(), name="drilling"),
                    tasks.create_task(self.watch.janitor.run(), name="janitor"),
                    tasks.create_task(self.watch.handover.run(), name="handover"),
                    tasks.create_task(self.watch.newsroom.run(), name="news"),
                    tasks.create_task(self.watch.publishing.run(), name="publishing"),
                ]
            self._reading = [
                tasks.create_task(platform.run(self.inbox), name=platform.name)
                for platform in dict.fromkeys(self.platforms.values())
            ]
            await asyncio.wait(self._reading)
            if self.watch and not self.stopped:
                await self.watch.backfill.fill_due()
            await self.intake.settle(unread=not self.stopped)
            for task in working:
                task.cancel()
        await self.courier.deliver_due()

    @property
    def inbox(self) -> Inbox:
        """Where the platforms hand over: a desk that is live has a reception, the past has none."""
        return self.reception or self.intake

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
    pace: Pace = Pace.LIVE,
    more_checks: Sequence[Check] = (),
    random_bytes: Callable[[int], bytes] = token_bytes,
    old_keys: Sequence[bytes] = (),
) -> App:
    """Join the parts of one desk. Tests call the same function with platforms of their own.

    Without `on_duty` the desk's rota says who is. `old_keys` still open what was sealed before the
    secret was changed. `random_bytes` is for codes that are secrets, so `chance` would not do.
    """
    heartbeats = Heartbeats(clock)
    shelf = knowledge.shelf(clock().date())
    await store.desks.ensure(desk)
    roster = Roster(desk, store, clock)
    await roster.refresh()
    duty = on_duty or roster.on_duty_at
    budget = await open_budget(desk, store, clock())
    casebook = Casebook(desk=desk, store=store, clock=clock, on_duty=duty, budget=budget)
    publishing = Publishing(
        casebook=casebook,
        store=store,
        platforms=platforms,
        clock=clock,
        shelf=knowledge.shelf,
        desk=lambda: intake.desk,
        author=lambda who: author_hash(who, key=author_key),
        pulse=heartbeats.expect("publishing", every=PUBLISHING_EVERY),
    )
    read_desk = hashed(desk, author_key)
    front = Front(
        table=TABLE,
        nouns=(
            Help(TABLE),
            Hours(roster),
            Caseload(casebook, roster, platforms, Seal.of((author_key, *old_keys))),
            Duty(roster, store),
            People(roster, store, random_bytes),
            Askers(roster, lambda message, by: newsroom.asked_for(message, by)),  # noqa: PLW0108 - it comes later
            Notes(publishing),
            Resources(publishing, knowledge.triage, knowledge.likeness),
            Privacy(
                lambda who: author_hash(who, key=author_key),
                lambda author: is_read(author, chosen_by(read_desk, roster.chosen)),
            ),
        ),
        cases=Cases(casebook, roster.principal),
        suggesting=Suggesting(TABLE, roster, store, clock, knowledge.choices),
        roster=roster,
        store=store,
        platforms=platforms,
        clock=clock,
    )
    intake = await open_intake(
        desk=chosen_by(read_desk, roster.chosen),
        triage=knowledge.triage,
        shelf=shelf,
        likeness=knowledge.likeness,
        store=store,
        clock=clock,
        author_key=author_key,
        on_decided=on_decided,
        on_duty=duty,
        budget=budget,
        pace=pace,
        heartbeats=heartbeats,
    )
    roster.on_refreshed = lambda: intake.choose(roster.chosen)
    courier = Courier(
        store=store,
        platforms=platforms,
        casebook=casebook,
        clock=clock,
        chance=chance,
        pulse=heartbeats.expect(COURIER, every=COURIER_EVERY),
    )
    escalator = Escalator(
        store=store,
        casebook=casebook,
        clock=clock,
        pulse=heartbeats.expect("escalator", every=ESCALATOR_EVERY),
    )
    if pace is not Pace.LIVE:
        return App(platforms, intake, courier, escalator)
    pulse = heartbeats.expect("news", every=NEWS_EVERY)
    home = Home(
        roster, store, platforms, clock, lambda space: intake.places(space.platform, space.id)
    )
    newsroom = Newsroom(intake, casebook, store, platforms, pulse, publishing, home.show)
    watch = Watch(
        backfill=Backfill(
            intake=intake,
            platforms=platforms,
            clock=clock,
            pulse=heartbeats.expect("backfill", every=BACKFILL_EVERY),
        ),
        auditor=Auditor(
            desk=desk,
            store=store,
            platforms=platforms,
            clock=clock,
            heartbeats=heartbeats,
            names=lambda: {
                place.key: place.name for name in platforms for place in intake.places(name)
            },
            more=more_checks,
        ),
        stating=Stating(
            desk=desk,
            store=store,
            clock=clock,
            waiting=lambda: intake.waiting,
            pulse=heartbeats.expect("stating", every=STATING_EVERY),
        ),
        digesting=Digesting(
            store=store,
            casebook=casebook,
            clock=clock,
            pulse=heartbeats.expect("digesting", every=DIGEST_EVERY),
        ),
        drilling=Drilling(
            store=store,
            casebook=casebook,
            clock=clock,
            pulse=heartbeats.expect("drilling", every=DRILL_EVERY),
        ),
        newsroom=newsroom,
        publishing=publishing,
        handover=Handover(
            roster, store, clock, heartbeats.expect("handover", every=HANDOVER_EVERY)
        ),
        janitor=Janitor(desk.id, store, clock, heartbeats.expect("janitor", every=JANITOR_LOOK)),
    )
    reception = Reception(
        read=watch.backfill.take,
        on_pressed=front.press,
        on_asked=front.ask,
        on_news=newsroom.hear,
        on_typing=front.type,
        on_closed=intake.decider.forget,
    )
    return App(platforms, intake, courier, escalator, watch, reception)


def hashed(desk: Desk, key: bytes) -> Desk:
    """Replace the accounts that staff wrote down by the hashes that messages are compared with."""
    return replace(
        desk,
        opted_out=frozenset(author_hash(account(a), key=key) for a in desk.opted_out),
        opted_in=frozenset(author_hash(account(a), key=key) for a in desk.opted_in),
    )
