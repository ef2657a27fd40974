"""Measure a community on its own exports: read it fully, and keep nothing of it but counts."""

import asyncio
import json
from collections import Counter
from collections.abc import Awaitable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from rich.console import Console

from adapters.transcript.platform import TranscriptPlatform
from bot.app import hashed
from bot.data.calibration import save_calibration
from bot.data.weights import TrainedModels
from bot.data.yamlfile import BadFile
from bot.domain.command import Choice
from bot.domain.desk import Desk
from bot.domain.event import Event, Opened, Posted, ReadBack, Typing
from bot.domain.ledger import Count
from bot.domain.message import AccountRef, Message, Place
from bot.domain.reading import Priority
from bot.knowledge import Knowledge
from bot.policy.cursor import Cursor
from bot.policy.decide import Shelf, decide
from bot.policy.forecast import Could, Weighed, forecast
from bot.policy.privacy import author_hash
from bot.policy.watch import skip_reason
from bot.replay import stopped_by_signals, unread
from bot.reports.calibration import (
    Measured,
    Trial,
    as_dict,
    grids,
    headline,
    remarks,
    verdict,
    warnings,
)
from bot.reports.table import render_grids
from bot.triage.alarms import Alarm, Lines, Loud, surely
from bot.triage.calibration import Calibration, Line, Setting, lowest, settings, with_rates
from bot.triage.encoder import Encoded
from bot.triage.head import HEADS, Head
from bot.triage.histogram import Histogram
from bot.triage.read import First
from bot.workers.conversation import Conversations

# As many as fill the encoder's batches.
AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class _Waiting:
    day: date
    first: First


_PAGE = HEADS.index(Head.PAGE)


@dataclass(frozen=True, slots=True)
class Ear:
    """An alarm with its column among HEADS and the score below which no setting hears it.

    `surely` is what the head for pages has to reach besides, at every setting.
    """

    alarm: Alarm
    column: int
    lowest: float
    surely: float


@dataclass(slots=True)
class Sampler:
    """An Inbox that reads as a desk would, counts, and forgets. Call `flush` at the end.

    `ledger` shares out what was seen; `again` counts messages that stand in two exports, `broken`
    those on which triage failed: one of them must not stop the rest.
    """

    desk: Desk
    knowledge: Knowledge
    shelf: Shelf
    author_key: bytes
    ears: Sequence[Ear]
    ledger: Counter[Count] = field(default_factory=Counter)
    days: Counter[date] = field(default_factory=Counter)
    again: int = 0
    broken: int = 0
    quick: Histogram = field(default_factory=Histogram.empty)
    full: Histogram = field(default_factory=Histogram.empty)
    weighed: list[Weighed] = field(default_factory=list)
    _cursors: dict[str, Cursor] = field(default_factory=dict)
    _authors: dict[AccountRef, str] = field(default_factory=dict)
    _conversations: Conversations = field(default_factory=Conversations)
    _waiting: list[_Waiting] = field(default_factory=list)

    async def take(self, event: Event) -> Awaitable[None]:
        match event:
            case Opened():
                self._open(event.place)
            case Posted() | ReadBack():
                self._post(event.message)
            case _:
                pass  # a file has no connection that could be cut, no buttons and no news
        return _done()

    async def suggest(self, _: Typing) -> tuple[Choice, ...]:
        return ()

    def flush(self) -> None:
        """Let the encoder read what waits, and count it."""
        waiting, self._waiting = self._waiting, []
        if not waiting:
            return
        firsts = [one.first for one in waiting]
        encoded = self.knowledge.triage.encode(firsts)
        full = self.knowledge.triage.fused(firsts, encoded)
        self.full += Histogram.of(full)
        self.quick += Histogram.of(self.knowledge.triage.fused(firsts, [None] * len(firsts)))
        for one, scores, said in zip(waiting, full, encoded, strict=True):
            self.days[one.day] += 1
            with self._tolerant():
                self._weigh(one, scores.tolist(), said)

    @contextmanager
    def _tolerant(self) -> Iterator[None]:
        """Count a mistake of triage. It is not shown: an exception may quote the text (I4)."""
        try:
            yield
        except Exception:  # noqa: BLE001 - the item boundary, as in intake
            self.broken += 1

    def _open(self, place: Place) -> None:
        self._cursors[place.key] = self._cursors.get(place.key, Cursor()).reopened()

    def _post(self, message: Message) -> None:
        place = message.ref.place
        stream = place.key if place.key in self._cursors else place.channel_key
        cursor = self._cursors.get(stream, Cursor())
        if cursor.covers(message.position):
            self.again += 1
            return
        self._cursors[stream] = cursor.moved(message.position)
        skipped = skip_reason(message, self.desk, author=self._author(message.author))
        self.ledger[Count.SEEN] += 1
        self.ledger[skipped or Count.READ] += 1
        if skipped is not None:
            return
        before = self._conversations.before(message)
        self._conversations.add(message)
        with self._tolerant():
            first = self.knowledge.triage.first(
                message.text, sent_at=message.sent_at, before=before
            )
            self._waiting.append(_Waiting(message.sent_at.date(), first))
        if len(self._waiting) >= AT_ONCE:
            self.flush()

    def _weigh(self, one: _Waiting, scores: Sequence[float], encoded: Encoded | None) -> None:
        could = tuple(
            Could(ear.alarm.code, score, self._priority(one.first, ear, score, encoded))
            for ear in self.ears
            if (score := scores[ear.column]) >= ear.lowest and scores[_PAGE] >= ear.surely
        )
        alone = decide(one.first.reading, desk=self.desk, shelf=self.shelf, likeness={}).priority
        if could or alone is not None:
            self.weighed.append(Weighed(one.day, alone, could))

    def _priority(
        self, first: First, ear: Ear, score: float, encoded: Encoded | None
    ) -> Priority | None:
        loud = (Loud(ear.column, ear.alarm.code, score),)
        reading = self.knowledge.triage.hearing(first, loud, encoded)
        return decide(reading, desk=self.desk, shelf=self.shelf, likeness={}).priority

    def _author(self, account: AccountRef) -> str:
        author = self._authors.get(account)
        if author is None:
            author = self._authors[account] = author_hash(account, key=self.author_key)
        return author


@dataclass(slots=True)
class Sampling:
    """One measurement on its way; `stop` ends it early."""

    transcript: TranscriptPlatform
    sampler: Sampler
    stopped: bool = False
    _reading: asyncio.Task[None] | None = None

    async def run(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            self._reading = tasks.create_task(self.transcript.run(self.sampler), name="transcript")
            with stopped_by_signals(self.stop):
                await asyncio.wait([self._reading])
        self.sampler.flush()

    def stop(self) -> None:
        self.stopped = True
        if self._reading is not None:
            self._reading.cancel()


def measure(
    transcript: TranscriptPlatform,
    desk: Desk,
    knowledge: Knowledge,
    *,
    author_key: bytes,
    today: date,
) -> Measured:
    """Read `transcript` out and count. Raises BadFile where there are no models to calibrate."""
    trained = _trained(knowledge)
    alarms = with_rates(desk.thresholds.rates)
    sampler = Sampler(
        desk=hashed(desk, author_key),
        knowledge=knowledge,
        shelf=knowledge.shelf(today),
        author_key=author_key,
        ears=_ears(alarms, trained.full_lines),
    )
    sampling = Sampling(transcript, sampler)
    asyncio.run(sampling.run())
    found = Calibration(
        model=knowledge.versions.model,
        ruleset=knowledge.versions.ruleset,
        made=today,
        days=dict(sorted(sampler.days.items())),
        quick=sampler.quick,
        full=sampler.full,
    )
    drawn = settings(
        found.full,
        trained.full_lines,
        alarms,
        stricter_pages=desk.thresholds.stricter_pages,
    )
    return Measured(
        desk=desk,
        calibration=found,
        ledger=sampler.ledger,
        trials=tuple(_trial(setting, lines, sampler) for setting, lines in drawn.items()),
        remarks=tuple(_remarks(transcript, sampler)),
        problems=tuple(problem.line for problem in transcript.problems),
        stopped=sampling.stopped,
    )


def shown(
    found: Measured, into_file: Path | None, *, as_json: bool, console: Console
) -> Iterator[str]:
    """Show what was found and keep it in `into_file`, if wanted; give what is to be said beside.

    Nothing is written of an export that was not read to its end.
    """
    if as_json:
        console.out(json.dumps(as_dict(found), ensure_ascii=False), highlight=False)
    elif found.messages:
        lines = (*warnings(found), *remarks(found))
        render_grids(f"{headline(found)} {verdict(found)}", grids(found), lines, console)
    if not as_json:
        yield from found.problems
    if into_file is None or not found.messages or found.stopped:
        return
    save_calibration(into_file, found.calibration)
    yield f"The counts are in {into_file}. Name it in the desk file, under `thresholds:`."


def _trained(knowledge: Knowledge) -> TrainedModels:
    if knowledge.models is None or not knowledge.triage.has_encoder:
        told = "\n".join(knowledge.gaps)
        raise BadFile(f"{told}\nWithout all models there is nothing to calibrate. Mend that first.")
    return knowledge.models


def _ears(alarms: Sequence[Alarm], shipped: Lines) -> list[Ear]:
    least = lowest(shipped, alarms)
    return [
        Ear(alarm, HEADS.index(alarm.head), least[alarm.code], surely(alarm, shipped))
        for alarm in alarms
        if alarm.code in least
    ]


def _trial(setting: Setting, lines: Sequence[Line], sampler: Sampler) -> Trial:
    scores = {line.alarm.code: line.score for line in lines}
    return Trial(setting, tuple(lines), forecast(sampler.weighed, scores))


def _remarks(transcript: TranscriptPlatform, sampler: Sampler) -> Iterator[str]:
    yield from unread(transcript)
    if sampler.again:
        yield f"Found in two exports and counted once: {sampler.again} messages."
    if sampler.broken:
        yield f"Not counted in full, for a mistake in Waymark: {sampler.broken} messages."


def _done() -> asyncio.Future[None]:
    done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    done.set_result(None)
    return done
