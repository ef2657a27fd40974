"""The four charts of a page. Each one says in words what can be seen in it."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from bot.cards.reason import PRIORITY_NAMES, in_words
from bot.domain.reading import Priority
from bot.reports import words
from bot.reports.counts import ranked_codes, ranked_places
from bot.reports.drawing import BLUE, GREY, INK, ORANGE, RED, Chart, draw
from bot.reports.inert import inert
from bot.reports.summary import Day, Summary

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS = {
    Priority.P0: RED,
    Priority.P1: ORANGE,
    Priority.P2: BLUE,
    Priority.P3: GREY,
}
_HATCHES = {Priority.P0: "xx", Priority.P1: "//", Priority.P2: "--", Priority.P3: ""}
_MOST_BARS = 15
_MOST_PLACES = 12
_LONGEST_NAME = 26  # characters of a channel's name; the table beside the chart has all of it
_MOST_TICKS = 10
_MOST_COLUMNS = 60
_MOST_STEPS = 366  # days drawn one by one; a longer run is drawn by the busiest of several


def days(summary: Summary) -> Chart | None:
    """Draw messages read, alerts raised, and pages against their budget, each day."""
    if not summary.days:
        return None
    return draw("days", _days_words(summary), (8, 5.4), lambda figure: _days(figure, summary))


def hours(summary: Summary) -> Chart | None:
    """Draw alerts raised by weekday and hour, each with its number in its square."""
    if not summary.by_hour:
        return None
    return draw("hours", _hours_words(summary), (8, 2.8), lambda figure: _hours(figure, summary))


def reasons(summary: Summary) -> Chart | None:
    """Draw the most frequent reasons as bars with their numbers."""
    found = [(in_words(code), number) for code, number in ranked_codes(summary)][:_MOST_BARS]
    if not found:
        return None
    told = f"Bars: the {len(found)} most frequent reasons. {_told(found[:3])}."
    return draw("reasons", told, (8, 0.9 + 0.3 * len(found)), lambda figure: _bars(figure, found))


def places(summary: Summary) -> Chart | None:
    """Draw the messages of each channel, stacked by priority."""
    found = [(_short(name), numbers) for name, numbers in ranked_places(summary)][:_MOST_PLACES]
    if not found:
        return None
    told = f"Bars: messages by channel, split by priority. {_told(_sums(found)[:3])}."
    return draw("places", told, (8, 1.4 + 0.4 * len(found)), lambda figure: _stacks(figure, found))


def _days(figure: "Figure", summary: Summary) -> None:
    """Draw pages on an axis of their own: the budget is theirs, and most alerts are no pages."""
    every = summary.days
    upper, middle, lower = figure.subplots(3, 1, sharex=True, height_ratios=(2, 2, 3))
    span = -(-((every[-1].on - every[0].on).days + 1) // _MOST_STEPS)
    read, alerts, pages = (_by_step(every, field, span) for field in ("read", "alerts", "pages"))
    _columns(upper, read, GREY, None)
    _columns(middle, alerts, BLUE, None)
    _columns(lower, pages, ORANGE, "Pages (P0 and P1)")
    budget = summary.run.budget
    lower.axhline(budget, color=INK, linestyle="--", linewidth=1.5, label="Budget for pages")
    lower.set_ylim(0, 1.2 * max(1, budget, *pages))
    _date_ticks(lower, every[0].on, len(alerts), span)
    busiest = "" if span == 1 else f",\nbusiest of {span} days"
    upper.set_ylabel("Read")
    middle.set_ylabel("All alerts")
    lower.set_ylabel(f"Pages{busiest}")
    for axes in (upper, middle, lower):
        axes.locator_params(axis="y", integer=True)
    figure.legend(loc="outside lower center", ncols=2)


def _columns(axes: "Axes", numbers: Sequence[int], colour: str, label: str | None) -> None:
    """Draw columns; one outline where there are so many days that gaps would blur."""
    if len(numbers) <= _MOST_COLUMNS:
        axes.bar(range(len(numbers)), numbers, color=colour, label=label)
    else:
        axes.stairs(numbers, _edges(numbers), fill=True, color=colour, label=label)


def _edges(numbers: Sequence[int]) -> list[float]:
    return [step - 0.5 for step in range(len(numbers) + 1)]


def _by_step(every: tuple[Day, ...], field: str, span: int) -> list[int]:
    """Give the busiest day of each `span` days; 0 where nothing was read.

    A sum would hide the one bad day, and it is days that the budget is about.
    """
    numbers = [0] * ((every[-1].on - every[0].on).days // span + 1)
    for day in every:
        step = (day.on - every[0].on).days // span
        numbers[step] = max(numbers[step], getattr(day, field))
    return numbers


def _date_ticks(axes: "Axes", first: date, steps: int, span: int) -> None:
    at = range(0, steps, -(-steps // _MOST_TICKS))
    pattern = "%d %b" if steps * span < 300 else "%b %Y"  # noqa: PLR2004 - about a year
    axes.set_xticks(at, [f"{first + timedelta(days=step * span):{pattern}}" for step in at])


def _hours(figure: "Figure", summary: Summary) -> None:
    from matplotlib.patches import Rectangle  # noqa: PLC0415 - see drawing.draw

    axes = figure.subplots()
    most = max(summary.by_hour.values())
    for (weekday, hour), number in sorted(summary.by_hour.items()):
        # At most 0.6: the number on it stays readable in the page's ink, light or dark.
        alpha = 0.15 + 0.45 * number / most
        axes.add_patch(Rectangle((hour, weekday), 1, 1, facecolor=BLUE, alpha=alpha))
        axes.text(hour + 0.5, weekday + 0.5, str(number), ha="center", va="center", size=8)
    axes.set(xlim=(0, 24), ylim=(7, 0), xlabel="Hour of the day (UTC)")
    axes.set_xticks(range(0, 25, 3), [f"{hour:02d}:00" for hour in range(0, 25, 3)])
    axes.set_yticks([day + 0.5 for day in range(7)], [day[:3] for day in words.WEEKDAYS])
    axes.tick_params(axis="y", length=0)


def _bars(figure: "Figure", found: Sequence[tuple[str, int]]) -> None:
    axes = figure.subplots()
    drawn = axes.barh(range(len(found)), [number for _, number in found], color=BLUE)
    axes.bar_label(drawn, padding=3)
    _name_rows(axes, [name for name, _ in found])


def _stacks(figure: "Figure", found: Sequence[tuple[str, tuple[int, ...]]]) -> None:
    axes = figure.subplots()
    left = [0] * len(found)
    for priority in Priority:
        widths = [numbers[priority] for _, numbers in found]
        axes.barh(
            range(len(found)),
            widths,
            left=left,
            color=COLOURS[priority],
            hatch=_HATCHES[priority],
            label=PRIORITY_NAMES[priority],
            edgecolor=INK,
            linewidth=0.5,
        )
        left = [start + width for start, width in zip(left, widths, strict=True)]
    for row, total in enumerate(left):
        axes.text(total, row, f" {total}", va="center")
    _name_rows(axes, [name for name, _ in found])
    figure.legend(loc="outside lower center", ncols=len(Priority))


def _name_rows(axes: "Axes", names: Sequence[str]) -> None:
    """Name the rows, the first on top, with whole numbers of messages below."""
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.set_xlabel("Messages")
    axes.margins(x=0.08)
    axes.locator_params(axis="x", integer=True)
    axes.tick_params(axis="y", length=0)


def _days_words(summary: Summary) -> str:
    every = summary.days
    read, pages = sum(day.read for day in every), sum(day.pages for day in every)
    return (
        f"Bars: each day from {every[0].on} to {every[-1].on}. "
        f"{words.many(read, 'message')} read, {words.many(pages, 'page')}. "
        f"{words.budget_line(summary)}"
    )


def _hours_words(summary: Summary) -> str:
    (weekday, hour), most = max(summary.by_hour.items(), key=lambda pair: pair[1])
    when = f"{words.WEEKDAYS[weekday]}, {words.hour_words(hour)} UTC"
    return f"A grid of seven days by 24 hours. Most alerts: {when}, with {most}."


def _told(found: Sequence[tuple[str, int]]) -> str:
    return "; ".join(f"{name}: {number:,}" for name, number in found)


def _sums(found: Sequence[tuple[str, tuple[int, ...]]]) -> list[tuple[str, int]]:
    return [(name, sum(numbers)) for name, numbers in found]


def _short(name: str) -> str:
    plain = inert(name)
    return plain if len(plain) <= _LONGEST_NAME else plain[: _LONGEST_NAME - 1] + "…"
