"""What a run amounted to: folded one message at a time, in memory that stays flat.

It grows with channels, days, codes, resources and claims, never with messages: of those only
the most urgent are kept for each list, and how many were left out.
"""

import heapq
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Generic, TypeVar

from bot.domain.code import Code
from bot.domain.decision import Alert, Outcome, ProposeNote, Recommend, Recorded
from bot.domain.desk import Desk
from bot.domain.ledger import SHARES, Count
from bot.domain.reading import Priority, Versions

PAGING = (Priority.P0, Priority.P1)
SPANS_A_DAY = 2  # the budget is for 12 hours
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Run:
    """What is known of a run besides its decisions. `ledger_by_day` shares out `ledger`.

    `problems` are what could not be read; `remarks` are what was not to be read, and why.
    `seconds` is what the whole run took. `quotes` are message keys with texts, only when text was
    asked for; `titles` are resource ids with title and address; `claims` are claim ids with the
    claim in neutral words. `waiting` messages were taken in and are in no count yet.
    """

    desk: Desk
    ledger: Mapping[Count, int]
    ledger_by_day: Mapping[date, Mapping[Count, int]]
    seconds: float
    messages_per_second: float
    versions: Versions
    problems: Sequence[str] = ()
    remarks: Sequence[str] = ()
    quotes: Mapping[str, str] = field(default_factory=dict)
    titles: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    claims: Mapping[str, str] = field(default_factory=dict)
    waiting: int = 0

    @property
    def budget(self) -> int:
        """P0 and P1 pages a day that the desk's people can carry."""
        return self.desk.pages_per_person * len(self.desk.practitioners) * SPANS_A_DAY

    @property
    def shared_out(self) -> int:
        return sum(self.ledger.get(share, 0) for share in SHARES)

    @property
    def adds_up(self) -> bool:
        """Whether every message seen was read or skipped for a counted reason (I1)."""
        return self.ledger.get(Count.SEEN, 0) == self.shared_out


@dataclass(frozen=True, slots=True)
class Day:
    """`pages` are P0 and P1 alerts raised; `alerts` are all that were raised, P2 included."""

    on: date
    read: int
    alerts: int
    pages: int
    budget: int

    @property
    def over(self) -> bool:
        return self.pages > self.budget


@dataclass(frozen=True, slots=True)
class Shortlist(Generic[Row]):
    """The most urgent rows, those first, and how many more there were."""

    rows: tuple[Row, ...] = ()
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Summary:
    """`by_place` has (place name, priority), `by_hour` (weekday, hour) of alerts raised, in UTC.

    An alert is raised by its first message; later ones of the same author and place join it.
    `done` are messages that need nobody any more: of the `answered` questions those that were only
    questions. The list of questions has the open ones first.
    """

    run: Run
    days: tuple[Day, ...]
    by_priority: Mapping[Priority, int]
    by_place: Mapping[tuple[str, Priority], int]
    by_code: Mapping[Code, int]
    by_hour: Mapping[tuple[int, int], int]
    by_resource: Mapping[str, int]
    by_claim: Mapping[str, int]
    raised: int
    joined: int
    asked: int
    answered: int
    done: int
    alerts: Shortlist[Recorded]
    recommended: Shortlist[tuple[Recorded, Recommend]]
    notes: Shortlist[tuple[Recorded, ProposeNote]]
    questions: Shortlist[Recorded]

    @property
    def days_over(self) -> int:
        return sum(day.over for day in self.days)


class _Shortest(Generic[Row]):
    """Keeps the `most` rows that rank first, in a heap whose head is the one to give up next."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._came = 0
        self._heap: list[tuple[int, float, int, Row]] = []

    def add(self, recorded: Recorded, row: Row, rank: int | None = None) -> None:
        """Rank by `rank`, or else by priority; then by time."""
        self._came += 1
        if rank is None:
            priority = recorded.decision.priority
            rank = len(Priority) if priority is None else priority
        entry = (-rank, -recorded.sent_at.timestamp(), -self._came, row)
        if len(self._heap) < self._most:
            heapq.heappush(self._heap, entry)
        elif self._heap:
            heapq.heappushpop(self._heap, entry)

    def shortlist(self) -> Shortlist[Row]:
        rows = tuple(entry[-1] for entry in sorted(self._heap, key=_urgency))
        return Shortlist(rows, self._came - len(rows))


class Tallying:
    """Add every decision as it is recorded, then ask for the summary."""

    def __init__(
        self,
        *,
        alerts: int = 200,
        recommended: int = 100,
        notes: int = 100,
        questions: int = 100,
    ) -> None:
        """Keep at most so many rows of each list."""
        self._by_priority: Counter[Priority] = Counter()
        self._by_place: Counter[tuple[str, Priority]] = Counter()
        self._by_code: Counter[Code] = Counter()
        self._raised: Counter[tuple[date, Priority]] = Counter()
        self._by_hour: Counter[tuple[int, int]] = Counter()
        self._by_resource: Counter[str] = Counter()
        self._by_claim: Counter[str] = Counter()
        self._joined = 0
        self._asked = 0
        self._answered = 0
        self._done = 0
        self._alerts: _Shortest[Recorded] = _Shortest(alerts)
        self._recommended: _Shortest[tuple[Recorded, Recommend]] = _Shortest(recommended)
        self._notes: _Shortest[tuple[Recorded, ProposeNote]] = _Shortest(notes)
        self._questions: _Shortest[Recorded] = _Shortest(questions)

    def add(self, recorded: Recorded) -> None:
        decision = recorded.decision
        if decision.priority is not None:
            self._by_priority[decision.priority] += 1
            self._by_place[place_name(recorded), decision.priority] += 1
            self._by_code.update(decision.because)
        if decision.is_question:
            self._add_question(recorded)
        for outcome in decision.outcomes:
            self._add_outcome(recorded, outcome)

    def summary(self, run: Run) -> Summary:
        return Summary(
            run=run,
            days=_days(run, self._raised),
            by_priority=dict(self._by_priority),
            by_place=dict(self._by_place),
            by_code=dict(self._by_code),
            by_hour=dict(self._by_hour),
            by_resource=dict(self._by_resource),
            by_claim=dict(self._by_claim),
            raised=self._raised.total(),
            joined=self._joined,
            asked=self._asked,
            answered=self._answered,
            done=self._done,
            alerts=self._alerts.shortlist(),
            recommended=self._recommended.shortlist(),
            notes=self._notes.shortlist(),
            questions=self._questions.shortlist(),
        )

    def _add_question(self, recorded: Recorded) -> None:
        is_answered = recorded.answered is not None
        self._asked += 1
        self._answered += is_answered
        self._done += not recorded.is_waiting
        self._questions.add(recorded, recorded, rank=int(is_answered))

    def _add_outcome(self, recorded: Recorded, outcome: Outcome) -> None:
        match outcome:
            case Alert():
                self._add_alert(recorded, outcome)
            case Recommend(recommendations):
                self._by_resource.update(r.resource_id for r in recommendations)
                self._recommended.add(recorded, (recorded, outcome))
            case ProposeNote(claim_id):
                self._by_claim[claim_id] += 1
                self._notes.add(recorded, (recorded, outcome))

    def _add_alert(self, recorded: Recorded, alert: Alert) -> None:
        self._alerts.add(recorded, recorded)
        if not recorded.raises:
            self._joined += 1
            return
        at = utc(recorded.sent_at)
        self._raised[at.date(), alert.priority] += 1
        self._by_hour[at.weekday(), at.hour] += 1


def place_name(recorded: Recorded) -> str:
    """Give the place's name as people know it, or its id where the export has no name."""
    return recorded.ref.place.name or recorded.ref.place.channel


def utc(at: datetime) -> datetime:
    return at.astimezone(UTC)


def _urgency(entry: tuple[int, float, int, Row]) -> tuple[int, float, int]:
    return -entry[0], -entry[1], -entry[2]


def _days(run: Run, raised: Counter[tuple[date, Priority]]) -> tuple[Day, ...]:
    """Give every day on which something was read or an alert was raised."""
    days = sorted({*run.ledger_by_day, *(day for day, _ in raised)})
    return tuple(_day(run, raised, on) for on in days)


def _day(run: Run, raised: Counter[tuple[date, Priority]], on: date) -> Day:
    return Day(
        on=on,
        read=run.ledger_by_day.get(on, {}).get(Count.READ, 0),
        alerts=sum(raised[on, priority] for priority in Priority),
        pages=sum(raised[on, priority] for priority in PAGING),
        budget=run.budget,
    )
