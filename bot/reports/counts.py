"""The tables of figures: by channel, reason, resource, claim, day and hour."""

from collections import Counter
from collections.abc import Mapping

from bot.cards import reason
from bot.domain.code import Code
from bot.domain.reading import Priority
from bot.reports import words
from bot.reports.grid import Cell, Column, Grid, Part, Row, count, lead, rows, say
from bot.reports.summary import Day, Summary

MOST_PLACES = 40
BAR = 14  # characters, as wide as its column's name
_TIMES = Column("Messages", number=True)


def priorities() -> Grid:
    """Say what each rung of the ladder means, who hears and how soon."""
    return Grid(
        id="priorities",
        title="What the priorities mean",
        columns=(Column("Priority"), Column("Meaning"), Column("Who hears"), Column("How soon")),
        rows=rows(
            (
                say(reason.PRIORITY_NAMES[priority]),
                say(reason.PRIORITY_MEANINGS[priority]),
                say(reason.PRIORITY_HEARERS[priority]),
                say(reason.PRIORITY_CLOCKS[priority]),
            )
            for priority in Priority
        ),
    )


def ranked_places(summary: Summary) -> list[tuple[str, tuple[int, ...]]]:
    """Give each place with its counts P0 to P3, those with the most urgent work first."""
    names = {name for name, _ in summary.by_place}
    found = [(name, tuple(summary.by_place.get((name, p), 0) for p in Priority)) for name in names]
    return sorted(found, key=lambda place: (*(-number for number in place[1]), place[0]))


def ranked_codes(summary: Summary) -> list[tuple[Code, int]]:
    return sorted(summary.by_code.items(), key=lambda pair: (-pair[1], pair[0]))


def places(summary: Summary) -> Grid:
    found = ranked_places(summary)
    more = len(found) - MOST_PLACES
    return Grid(
        id="places",
        title="Messages by channel and priority",
        columns=(
            Column("Place"),
            *(Column(name, number=True) for name in reason.PRIORITY_NAMES.values()),
            Column("All", number=True),
        ),
        rows=rows(
            (say(name), *map(count, numbers), count(sum(numbers)))
            for name, numbers in found[:MOST_PLACES]
        ),
        note=f"{more} more places have less urgent messages." if more > 0 else "",
        empty="No message had a priority.",
    )


def reasons(summary: Summary) -> Grid:
    return Grid(
        id="reasons",
        title="Messages by reason",
        columns=(Column("Reason"), Column("Code"), _TIMES),
        rows=rows(
            (say(reason.in_words(code)), say(code), count(number))
            for code, number in ranked_codes(summary)
        ),
        note="A message may have more than one reason.",
        empty="No message had a priority.",
    )


def resources(summary: Summary) -> Grid:
    titles = summary.run.titles
    return Grid(
        id="resources",
        title="How often each resource would have been recommended",
        columns=(Column("Resource"), _TIMES),
        rows=rows(
            (Cell((lead(*titles.get(key, (key, ""))),)), count(number))
            for key, number in _ranked(summary.by_resource)
        ),
        empty="No resource would have been recommended.",
    )


def claims(summary: Summary) -> Grid:
    return Grid(
        id="claims",
        title="How often each known wrong claim was met",
        columns=(Column("Claim"), _TIMES),
        rows=rows(
            (say(summary.run.claims.get(key, key)), count(number))
            for key, number in _ranked(summary.by_claim)
        ),
        empty="No known wrong claim was met.",
    )


def days(summary: Summary, *, most: int | None = None, bars: bool = False) -> Grid:
    """Show the `most` days with the most pages, in order of date; `bars` draws them in text."""
    shown = _busiest(summary.days, most)
    left_out = len(summary.days) - len(shown)
    return Grid(
        id="days",
        title="Alerts a day against the budget",
        columns=_day_columns(bars=bars),
        rows=tuple(_day_row(day, _scale(summary.days), bars=bars) for day in shown),
        note=_days_note(summary, left_out, bars=bars),
        empty="No day had a message.",
    )


def hours(summary: Summary) -> Grid:
    return Grid(
        id="hours",
        title="Alerts by hour of the week",
        columns=(Column("Day"), Column("Hour (UTC)"), Column("Alerts raised", number=True)),
        rows=rows(
            (say(words.WEEKDAYS[weekday]), say(words.hour_words(hour)), count(number))
            for (weekday, hour), number in sorted(summary.by_hour.items())
        ),
        note="In the table, hours without an alert are left out.",
        empty="No alert was raised.",
    )


def _ranked(numbers: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(Counter(numbers).items(), key=lambda pair: (-pair[1], pair[0]))


def _busiest(every: tuple[Day, ...], most: int | None) -> list[Day]:
    ranked = sorted(every, key=lambda day: (-day.pages, -day.alerts, -day.read, day.on))
    return sorted(ranked[:most], key=lambda day: day.on)


def _day_columns(*, bars: bool) -> tuple[Column, ...]:
    numbers = ("Read", "Alerts", "Pages", "Budget")
    end = (Column("Pages as a bar"),) if bars else ()
    figures = (Column(name, number=True) for name in numbers)
    return (Column("Day"), *figures, Column("In words"), *end)


def _day_row(day: Day, scale: float, *, bars: bool) -> Row:
    numbers = (day.read, day.alerts, day.pages, day.budget)
    cells = (say(f"{day.on:%a %Y-%m-%d}"), *map(count, numbers), say(words.day_words(day)))
    return Row((*cells, Cell((Part(_bar(day, scale)),))) if bars else cells)


def _scale(every: tuple[Day, ...]) -> float:
    """Characters a page: one, or less where the busiest day would not fit."""
    return BAR / max([BAR, *(day.pages for day in every)])


def _bar(day: Day, scale: float) -> str:
    within = min(day.pages, day.budget)
    return "#" * round(within * scale) + "!" * round((day.pages - within) * scale)


def _days_note(summary: Summary, left_out: int, *, bars: bool) -> str:
    note = words.budget_line(summary)
    if bars:
        note += " In the bar, # is within the budget and ! is over it."
    return f"{note} {left_out} quieter days are not shown." if left_out else note
