"""How many messages would have alerted at a setting, counted from a sample that was read once.

What follows from a message when an alarm goes off is worked out for each alarm by itself, when the
message is read. As the worst reason wins, a message's priority at any setting is the worst of
those alarms that go off there, and no text has to be kept to find it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from bot.domain.code import Code
from bot.domain.reading import Priority


@dataclass(frozen=True, slots=True)
class Could:
    """An alarm that goes off when its line is at `score` or below, and the priority it gives."""

    code: Code
    score: float
    priority: Priority | None


@dataclass(frozen=True, slots=True)
class Weighed:
    """One message: the priority that cues alone give it, and the alarms that could go off."""

    day: date
    alone: Priority | None
    could: tuple[Could, ...] = ()


@dataclass(frozen=True, slots=True)
class Forecast:
    """What one setting would have brought. `by_day` counts priorities on each day."""

    by_alarm: Mapping[Code, int]
    by_priority: Mapping[Priority, int]
    by_day: Mapping[tuple[date, Priority], int]

    def most_on_a_day(self, priorities: Iterable[Priority]) -> int:
        """Count the messages of these priorities on the worst day."""
        wanted = frozenset(priorities)
        days: Counter[date] = Counter()
        for (day, priority), count in self.by_day.items():
            if priority in wanted:
                days[day] += count
        return max(days.values(), default=0)

    def total(self, priorities: Iterable[Priority]) -> int:
        return sum(self.by_priority.get(priority, 0) for priority in priorities)


def forecast(weighed: Iterable[Weighed], lines: Mapping[Code, float]) -> Forecast:
    """Count at these lines. An alarm counts where it goes off, whatever else is said there."""
    alarms: Counter[Code] = Counter()
    days: Counter[tuple[date, Priority]] = Counter()
    for one in weighed:
        off = [could for could in one.could if could.score >= lines[could.code]]
        alarms.update(could.code for could in off)
        found = [one.alone, *(could.priority for could in off)]
        worst = min((p for p in found if p is not None), default=None)
        if worst is not None:
            days[one.day, worst] += 1
    priorities: Counter[Priority] = Counter()
    for (_, priority), count in days.items():
        priorities[priority] += count
    return Forecast(alarms, priorities, days)
