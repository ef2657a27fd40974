"""The bot over files of the past: read them out, and sum up what it would have done."""

import asyncio
import signal
from collections import Counter
from collections.abc import (
    AsyncIterator,
    Awaitable,
    Callable,
    Collection,
    Iterator,
    Mapping,
    Sequence,
)
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from time import perf_counter

from adapters.transcript.platform import TranscriptPlatform
from adapters.transcript.window import Window
from bot.app import App, build
from bot.domain.action import Action, Receipt
from bot.domain.command import Choice
from bot.domain.decision import Recorded
from bot.domain.desk import Desk
from bot.domain.event import Event, Opened, Posted, Typing
from bot.domain.ledger import Stretch
from bot.domain.message import AccountRef, Message, MessageRef, Place, PlatformName
from bot.domain.setup import Found, Need
from bot.domain.space import SpaceRef, Standing
from bot.knowledge import Knowledge
from bot.policy.watch import skip_reason
from bot.ports import Capabilities, Clock, Inbox
from bot.reports.lines import line
from bot.reports.summary import Run, Summary, Tallying, place_name
from bot.store.engine import Store
from bot.triage.language import Languages
from bot.workers.intake import Intake
from bot.workers.turns import Pace

# Texts kept in memory for --quote, and how much of each: nothing of it reaches the database.
MOST_QUOTES = 10_000
QUOTE_LENGTH = 400
MOST_PLACES = 5  # named in one remark


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person asked to have replayed. `on_line` hears each line of JSON, if wanted.

    `quick` leaves the encoder out where the linear model has no doubt.
    """

    paths: Sequence[Path]
    window: Window
    desk: Desk
    quote: bool
    on_line: Callable[[str], None] | None = None
    quick: bool = False


@dataclass(frozen=True, slots=True)
class Replayed:
    """What came of it. `problems` are files or parts of files that could not be read."""

    summary: Summary
    problems: tuple[str, ...]
    messages: int
    stopped: bool


@dataclass(slots=True, eq=False)
class Ear:
    """The transcript as the intake hears it, with what people must be told beside the decisions.

    `earlier` is what was accounted for before this run, by place. Set `intake` before `run`.
    """

    transcript: TranscriptPlatform
    languages: Languages
    earlier: Mapping[str, Sequence[Stretch]]
    intake: Intake | None = None
    read_earlier: int = 0
    opened: set[str] = field(default_factory=set)
    unread_language: Counter[str] = field(default_factory=Counter)

    @property
    def name(self) -> PlatformName:
        return self.transcript.name

    @property
    def capabilities(self) -> Capabilities:
        return self.transcript.capabilities

    async def run(self, _: Inbox) -> None:
        await self.transcript.run(self)

    async def perform(self, action: Action, *, key: str) -> Receipt:
        return await self.transcript.perform(action, key=key)

    async def find(self, action: Action, *, key: str, since: datetime) -> Receipt | None:
        return await self.transcript.find(action, key=key, since=since)

    def history(self, place: Place, *, after: str | None) -> AsyncIterator[Message]:
        return self.transcript.history(place, after=after)

    async def fetch(self, ref: MessageRef) -> Message | None:
        return await self.transcript.fetch(ref)

    async def called(self, space: SpaceRef, ids: Collection[str]) -> Mapping[str, str]:
        return await self.transcript.called(space, ids)

    async def inspect(self, space: SpaceRef, needs: Sequence[Need]) -> tuple[Found, ...]:
        return await self.transcript.inspect(space, needs)

    async def standing(self, who: AccountRef, space: SpaceRef) -> Standing:
        return await self.transcript.standing(who, space)

    def shows(self, place: Place, to: AccountRef) -> bool:
        return self.transcript.shows(place, to)

    async def suggest(self, _: Typing) -> tuple[Choice, ...]:
        return ()

    async def take(self, event: Event) -> Awaitable[None]:
        """Pass it on; count it when it is new, will be read, and is in no language that is read."""
        if self.intake is None:
            raise RuntimeError("set the intake first")
        if isinstance(event, Opened):
            self.opened.add(event.place.key)
        known = self.intake.known
        taken = await self.intake.take(event)
        if isinstance(event, Posted):
            if self.intake.known > known:
                self.read_earlier += self._was_read_earlier(event.message)
            elif self.languages.is_unread(event.message.text) and self._is_read(event.message):
                place = event.message.ref.place
                self.unread_language[place.name or place.channel] += 1
        return taken

    def _was_read_earlier(self, message: Message) -> bool:
        """Ask the cursor that counts it: a thread that was opened has its own."""
        place = message.ref.place
        stream = place.key if place.key in self.opened else place.channel_key
        return any(
            one.first <= message.position <= one.last for one in self.earlier.get(stream, ())
        )

    def _is_read(self, message: Message) -> bool:
        intake = self.intake
        if intake is None:
            return False
        author = intake.decider.author(message.author)
        return skip_reason(message, intake.desk, author=author) is None


@dataclass(slots=True)
class Replay:
    """One replay on its way. `transcript.total_bytes` and its `on_bytes` feed a progress bar."""

    asked: Asked
    transcript: TranscriptPlatform
    quotes: dict[str, str] = field(default_factory=dict)
    app: App | None = None

    @property
    def waiting(self) -> int:
        """How many messages are taken in and not read yet. May be asked from any thread."""
        return self.app.intake.waiting if self.app is not None else 0

    async def run(
        self,
        store: Store,
        knowledge: Knowledge,
        *,
        clock: Clock,
        chance: Callable[[], float],
        author_key: bytes,
        old_keys: Sequence[bytes] = (),
    ) -> Replayed:
        """Read everything out, then sum up what the store holds of the channels read."""
        started = perf_counter()
        earlier = await store.ledger.stretches(self.asked.desk.id)
        ear = Ear(self.transcript, Languages(knowledge.rules.languages), earlier)
        app = self.app = await build(
            desk=self.asked.desk,
            knowledge=knowledge,
            store=store,
            platforms=dict.fromkeys(_platform_names(self.asked.desk), ear),
            clock=clock,
            chance=chance,
            author_key=author_key,
            old_keys=old_keys,
            on_decided=self._keep_quote,
            pace=Pace.QUICK if self.asked.quick else Pace.THOROUGH,
        )
        ear.intake = app.intake
        with stopped_by_signals(app.stop):
            await app.run()
        seconds = perf_counter() - started
        tallying = await self._sum_up(store, app)
        run = await self._account(store, app, knowledge, seconds)
        run = replace(run, remarks=tuple(self._remarks(app, ear)))
        problems = tuple(problem.line for problem in self.transcript.problems)
        return Replayed(tallying.summary(run), problems, app.intake.taken, app.stopped)

    def _keep_quote(self, message: Message, recorded: Recorded) -> None:
        if self.asked.quote and len(self.quotes) < MOST_QUOTES:
            self.quotes[recorded.ref.key] = message.text[:QUOTE_LENGTH]

    async def _sum_up(self, store: Store, app: App) -> Tallying:
        tallying = Tallying()
        window = self.asked.window
        async for recorded in store.decisions.stream(
            self.asked.desk.id,
            places=app.intake.channels,
            since=window.since,
            until=window.until,
        ):
            tallying.add(recorded)
            if self.asked.on_line is not None:
                quote = self.quotes.get(recorded.ref.key)
                self.asked.on_line(line(recorded, place_name=place_name(recorded), quote=quote))
        return tallying

    async def _account(self, store: Store, app: App, knowledge: Knowledge, seconds: float) -> Run:
        desk, channels = self.asked.desk, app.intake.channels
        return Run(
            desk=desk,
            ledger=await store.ledger.totals(desk.id, channels),
            ledger_by_day=await store.ledger.by_day(desk.id, channels),
            seconds=seconds,
            messages_per_second=app.intake.taken / seconds if seconds else 0.0,
            versions=knowledge.versions,
            problems=(*knowledge.gaps, *(problem.line for problem in self.transcript.problems)),
            quotes=self.quotes,
            titles={r.id: (r.title, r.url) for r in knowledge.catalogue.resources},
            claims={claim.id: claim.claim for claim in knowledge.registry.claims},
            waiting=app.intake.waiting,
        )

    def _remarks(self, app: App, ear: Ear) -> Iterator[str]:
        """Say what was not read, and why, so that no gap goes unseen."""
        yield from unread(self.transcript)
        if ear.read_earlier:
            yield f"Read in an earlier run and not counted again: {ear.read_earlier} messages."
        twice = app.intake.known - ear.read_earlier
        if twice:
            yield f"In more than one of these files, and counted once: {twice} messages."
        if ear.unread_language:
            yield _unread_line(ear.unread_language)
        if app.stopped:
            yield "Stopped before the end. Run the same command again to go on."


def unread(transcript: TranscriptPlatform) -> Iterator[str]:
    """Say what of the export was left unread, and why."""
    for reason, count in transcript.left_out.items():
        yield f"Left out: {count} (why: {reason})."
    if transcript.outside_window:
        yield f"Outside the time asked for: {transcript.outside_window} messages."


def _unread_line(places: Counter[str]) -> str:
    """Say how many and where: what was read as English and is none may be missed."""
    told = ", ".join(f"{number:,} in {name}" for name, number in places.most_common(MOST_PLACES))
    more = len(places) - MOST_PLACES
    rest = f", and more in {more} other places" if more > 0 else ""
    return (
        f"In a language that is not read yet: {places.total():,} messages ({told}{rest}). They were"
        " read as if they were English, so what is urgent in them may be missed: let a person look."
    )


def _platform_names(desk: Desk) -> set[PlatformName]:
    """Every platform that a page could go to: in a replay the transcript stands in for all."""
    accounts = [practitioner.account for practitioner in desk.practitioners]
    names = {account.platform for account in (*accounts, desk.last_resort)}
    return names | {PlatformName(name) for name in ("transcript", "discord", "slack")}


@contextmanager
def stopped_by_signals(stop: Callable[[], None]) -> Iterator[None]:
    """Let SIGINT and SIGTERM end a reading in good order, instead of in the middle of it."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    try:
        yield
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
