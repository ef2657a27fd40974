"""The bot over files of the past: read them out, and sum up what it would have done."""

import asyncio
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

from adapters.transcript.platform import TranscriptPlatform
from adapters.transcript.window import Window
from bot.app import App, Knowledge, build
from bot.domain.decision import Recorded
from bot.domain.desk import Desk
from bot.domain.message import Message, PlatformName
from bot.ports import Clock
from bot.reports.lines import line
from bot.reports.summary import Run, Summary, Tallying, place_name
from bot.store.engine import Store

# Texts kept in memory for --quote, and how much of each: nothing of it reaches the database.
MOST_QUOTES = 10_000
QUOTE_LENGTH = 400


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person asked to have replayed. `on_line` hears each line of JSON, if wanted."""

    paths: Sequence[Path]
    window: Window
    desk: Desk
    quote: bool
    on_line: Callable[[str], None] | None = None


@dataclass(frozen=True, slots=True)
class Replayed:
    """What came of it. `problems` are files or parts of files that could not be read."""

    summary: Summary
    problems: tuple[str, ...]
    messages: int
    stopped: bool


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
    ) -> Replayed:
        """Read everything out, then sum up what the store holds of the channels read."""
        started = perf_counter()
        app = self.app = await build(
            desk=self.asked.desk,
            knowledge=knowledge,
            store=store,
            platforms=dict.fromkeys(_platform_names(self.asked.desk), self.transcript),
            clock=clock,
            chance=chance,
            author_key=author_key,
            on_decided=self._keep_quote,
            is_live=False,
        )
        with stopped_by_signals(app.stop):
            await app.run()
        seconds = perf_counter() - started
        tallying = await self._sum_up(store, app)
        run = await self._account(store, app, knowledge, seconds)
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
            remarks=tuple(self._remarks(app)),
            quotes=self.quotes,
            titles={r.id: (r.title, r.url) for r in knowledge.catalogue.resources},
            claims={claim.id: claim.claim for claim in knowledge.registry.claims},
            waiting=app.intake.waiting,
        )

    def _remarks(self, app: App) -> Iterator[str]:
        """Say what was not read, and why, so that no gap goes unseen."""
        yield from unread(self.transcript)
        if app.intake.known:
            yield f"Read in an earlier run and not counted again: {app.intake.known} messages."
        if app.stopped:
            yield "Stopped before the end. Run the same command again to go on."


def unread(transcript: TranscriptPlatform) -> Iterator[str]:
    """Say what of the export was left unread, and why."""
    for reason, count in transcript.left_out.items():
        yield f"Left out: {count} (why: {reason})."
    if transcript.outside_window:
        yield f"Outside the time asked for: {transcript.outside_window} messages."


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
