"""The practice community: the whole bot, on a community of invented people in the browser."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

from adapters.local.clock import PracticeClock
from adapters.local.people import BOT, LOCAL, Channel, Community, Person
from adapters.local.platform import LocalPlatform
from adapters.local.practice import channels, players
from adapters.local.server import PORT, Server
from adapters.local.tour import ScriptLine
from adapters.local.view import Explained, Glance, Trainer, Waiting
from adapters.transcript.platform import TranscriptPlatform
from bot.app import App, build
from bot.cards.case import case_card
from bot.cards.count import SHARE_WORDS
from bot.cards.moment import hour_at
from bot.cards.reason import (
    PRIORITY_HEARERS,
    PRIORITY_MEANINGS,
    PRIORITY_NAMES,
    in_words,
    surest,
)
from bot.cards.scenario import Debrief, debrief
from bot.commands.table import TABLE
from bot.domain.alert import Dossier, State
from bot.domain.command import Choice, Table
from bot.domain.desk import Desk
from bot.domain.event import Event, Posted, Typing
from bot.domain.ledger import SHARES, Count
from bot.domain.message import Message, Origin
from bot.domain.reading import Priority, Reading, Source
from bot.domain.scenario import Run, Scenario
from bot.domain.space import Role
from bot.knowledge import Knowledge
from bot.policy.decide import decide
from bot.policy.page import names_of
from bot.policy.routing import by_rota
from bot.policy.scenario import judge
from bot.ports import Clock
from bot.replay import stopped_by_signals
from bot.reports import scenario as kept
from bot.reports import why
from bot.store.engine import Store, open_store
from bot.workers.scenario import traces

SAMPLE = Path(__file__).parent / "data" / "community"
DESK = SAMPLE / "desk.yaml"
DATABASE = "practice.db"
NOTHING = "Nothing follows. It was read, counted, and let go."
MOST_SHOWN = 50  # alerts in the queue
# What stands on a card instead of the name of whoever vetted a row.
FOR_PRACTICE = "nobody yet; shown here for practice alone"

CAST = (
    Person("mina", "Mina", Role.MEMBER),
    Person("tomas", "Tomas", Role.MEMBER),
    Person("zadie", "Zadie", Role.MEMBER),
    Person("aino", "Aino", Role.PRACTITIONER),
    Person("ben", "Ben", Role.PRACTITIONER),
    Person("maya", "Maya", Role.MODERATOR),
    Person("sam", "Sam", Role.SUPERVISOR),
)
CHANNELS = (
    Channel("general", "Anything goes, kindly."),
    Channel("welcome", "Say hello."),
    Channel("job-search", "Looking for work."),
    Channel("career-change", "Thinking of something new."),
    Channel("cv-and-interviews", "On paper and in person."),
    Channel("study-and-training", "Courses and apprenticeships."),
    Channel("work-abroad", "Somewhere else."),
    Channel("off-topic", "All the rest."),
    Channel("job-leads", "Openings."),
    Channel("trainee-lounge", "For trainees."),
)


@dataclass(frozen=True, slots=True)
class Script:
    """The lines of the sample community in the order of their times, and who says them."""

    lines: tuple[ScriptLine, ...]
    people: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person asked to have opened. `folder` keeps it; `on_ready` hears the address.

    `script` is what the tour plays: the sample community, if nothing else is given. `scenarios` are
    there to train on.
    """

    folder: Path
    on_ready: Callable[[str], None]
    port: int = PORT
    table: Table = TABLE
    script: Script | None = None
    scenarios: tuple[Scenario, ...] = ()


async def practise(  # noqa: PLR0913 - all that a bot is built of
    asked: Asked,
    *,
    desk: Desk,
    knowledge: Knowledge,
    clock: Clock,
    chance: Callable[[], float],
    author_key: bytes,
    old_keys: Sequence[bytes] = (),
) -> App:
    """Open the community and run the bot in it, until stopped by a signal or cancelled."""
    script = asked.script or await script_of(SAMPLE)
    knowledge = for_practice(knowledge)
    platform = community_in(asked, script, clock)
    async with open_store(f"sqlite:///{asked.folder / DATABASE}") as store:
        app = await build(
            desk=desk,
            knowledge=knowledge,
            store=store,
            platforms={LOCAL: platform},
            clock=platform.clock,
            chance=chance,
            author_key=author_key,
            old_keys=old_keys,
            on_decided=lambda _message, _recorded: None,
        )
        platform.clock.on_skip.append(lambda: _beat(app))
        look = Look(desk, knowledge, store, platform.clock, app.intake.skip_reason)
        platform.opens = lambda platform, inbox: Server(
            platform,
            inbox,
            glance=look.glance,
            why=look.why,
            script=script.lines,
            trainer=Trainer(asked.scenarios, look.sum_up, kept.render, partial(_clear, app)),
            port=asked.port,
            on_ready=asked.on_ready,
        )
        with stopped_by_signals(app.stop):
            await app.run()
    return app


async def _clear(app: App) -> None:
    if app.watch is not None:
        await app.watch.publishing.clear()


def _beat(app: App) -> None:
    """Let every worker count as alive, or the audit would take skipped time for a standstill."""
    if app.watch is not None:
        heartbeats = app.watch.auditor.heartbeats
        for one in heartbeats.all:
            heartbeats.expect(one.worker, every=one.every)


MAYBE_WRONG: Final = "Only the model says so: it may be wrong. A person looks, and decides."
NOT_READ: Final = {
    Count.SKIPPED_OPTED_OUT: "This is not read: its author opted out. Nobody is told of it.",
    Count.SKIPPED_NO_CONSENT: "This is not read: its author has not agreed. Nobody is told of it.",
    Count.SKIPPED_NOT_WATCHED: "This is not read: the channel is not on the watch list.",
    Count.SKIPPED_EMPTY: "There are no words to read here.",
}


@dataclass(frozen=True, slots=True)
class Look:
    """What the page shows beside the conversation. It reads, and changes nothing.

    `skips` says for which counted reason a message is not read.
    """

    desk: Desk
    knowledge: Knowledge
    store: Store
    clock: Clock
    skips: Callable[[Message], Count | None]

    async def glance(self) -> Glance:
        """Show what the desk sees now."""
        desk, alerts = self.desk, self.store.alerts
        waiting = await self.store.decisions.open_alerts(desk.id, MOST_SHOWN, is_live=True)
        dossiers = [await alerts.find(desk.id, one.key) for one in waiting]
        queue = sorted((one for one in dossiers if one is not None), key=_urgency)
        totals = await self.store.ledger.totals(desk.id)
        names = names_of(desk)
        return Glance(
            desk=desk.name,
            clock=f"{self.clock():%H:%M} UTC",
            queue=tuple(self._waiting(one) for one in queue),
            on_duty=tuple(names[one] for one in by_rota(desk)(self.clock()).everyone),
            ledger=tuple(_ledger(totals)),
            sums_up=totals.get(Count.SEEN, 0) == sum(totals.get(share, 0) for share in SHARES),
        )

    def why(self, message: Message) -> Explained:
        """Say what is made of a message by itself, as the bot that posted it or read it would."""
        if message.origin is Origin.BOT:
            return Explained("Waymark wrote this. It does not read its own messages.")
        skipped = self.skips(message)
        if skipped is not None:
            return Explained(NOT_READ.get(skipped, "This is not read. Nobody is told of it."))
        reading = self.knowledge.triage.read(message.text, sent_at=message.sent_at)
        shelf = self.knowledge.shelf(message.sent_at.date())
        likeness = self.knowledge.likeness.of(message.text)
        decision = decide(reading, desk=self.desk, shelf=shelf, likeness=likeness)
        details = tuple(why.lines(message.text, reading, decision))
        if decision.priority is None:
            return Explained(NOTHING, details=details)
        return Explained(
            headline=f"{PRIORITY_NAMES[decision.priority]}: {PRIORITY_MEANINGS[decision.priority]}",
            because=tuple(dict.fromkeys(in_words(code) for code in decision.because)),
            follows=f"{PRIORITY_HEARERS[decision.priority]}{caution(reading)}",
            details=details,
            calls=decision.priority is not Priority.P3,
        )

    async def sum_up(self, scenario: Scenario, run: Run) -> Debrief:
        """Say how a training went, from what was recorded of it."""
        found = await traces(self.store, self.desk.id, run)
        return debrief(judge(scenario, found, run.by))

    def _waiting(self, dossier: Dossier) -> Waiting:
        case, about, zone = dossier.case, dossier.about, self.desk.time_zone
        fields = {
            field.name: field.value
            for field in case_card(case, about, names_of(self.desk), zone=zone).fields
        }
        return Waiting(
            priority=case.priority.name,
            name=PRIORITY_NAMES[case.priority],
            channel=about.ref.place.channel,
            thread=about.ref.place.thread,
            message=about.ref.id,
            state=fields["Now"],
            because=tuple(in_words(code) for code in surest(about.because)),
            next_step="" if case.due_at is None else hour_at(case.due_at, zone),
            take=case.key if case.state is State.OPEN else "",
        )


def caution(reading: Reading) -> str:
    """Say plainly when nothing but a model speaks: of its alarms a good part are for nothing."""
    is_said = any(one.source is Source.CUE for one in reading.safety.evidence)
    return "" if is_said or not reading.safety.evidence else f" {MAYBE_WRONG}"


def for_practice(knowledge: Knowledge) -> Knowledge:
    """Let resources be shown that nobody has vetted yet: here they meet no member."""
    rows = tuple(replace(one, vetted_by=FOR_PRACTICE) for one in knowledge.catalogue.resources)
    return replace(knowledge, catalogue=replace(knowledge.catalogue, resources=rows))


def _urgency(dossier: Dossier) -> tuple[int, datetime]:
    return dossier.case.priority, dossier.about.sent_at


def _ledger(totals: Mapping[Count, int]) -> Iterator[tuple[str, int]]:
    yield "seen", totals.get(Count.SEEN, 0)
    for share in SHARES:
        if share is Count.READ or totals.get(share, 0):
            yield SHARE_WORDS[share], totals.get(share, 0)


async def script_of(sample: Path) -> Script:
    """Read the sample community as a script. Its private channels are left out, as in a replay."""
    heard = _Listening()
    await TranscriptPlatform([sample / "discord", sample / "slack"]).run(heard)
    said = sorted(heard.messages, key=lambda one: (one.sent_at, one.position))
    names = dict(_names(sample))
    lines = tuple(
        ScriptLine(
            who=f"cast-{one.author.id}",
            channel=one.ref.place.name.partition(" > ")[0].removeprefix("#"),
            text=one.text,
            at=f"{one.sent_at:%A %H:%M}",
        )
        for one in said
    )
    authors = dict.fromkeys(one.author.id for one in said)
    people = (Person(f"cast-{id_}", names.get(id_, "Somebody"), plays=True) for id_ in authors)
    return Script(lines, tuple(people))


class _Listening:
    """An inbox that keeps what members said."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    async def take(self, event: Event) -> Awaitable[None]:
        if isinstance(event, Posted) and event.message.origin is Origin.MEMBER:
            self.messages.append(event.message)
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        done.set_result(None)
        return done

    async def suggest(self, _: Typing) -> tuple[Choice, ...]:
        return ()


def _names(sample: Path) -> Iterator[tuple[str, str]]:
    for path in sorted((sample / "discord").glob("*.json")):
        for message in json.loads(path.read_bytes())["messages"]:
            author = message["author"]
            yield author["id"], author["nickname"] or author["name"]
    for user in json.loads((sample / "slack" / "users.json").read_bytes()):
        yield user["id"], user["profile"]["real_name"] or user["name"]


def community_in(asked: Asked, script: Script, clock: Clock) -> LocalPlatform:
    """Build the platform on what its folder keeps."""
    parts = (one for scenario in asked.scenarios for one in players(scenario))
    people = (*CAST, Person(BOT, "Waymark", plays=True), *script.people, *parts)
    rooms = {one.id: one for each in asked.scenarios for one in channels(each)}
    rooms |= {one.id: one for one in CHANNELS}
    places = (*CHANNELS, *(one for one in rooms.values() if one not in CHANNELS))
    community = Community("Next Step Careers (practice)", places, people)
    return LocalPlatform(community, asked.folder, PracticeClock(clock), asked.table)
