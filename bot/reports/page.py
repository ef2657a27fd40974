"""The report as one page that needs nothing from anywhere: no script, no font, no picture."""

from dataclasses import dataclass

from bot.reports import chart, counts, lists, words
from bot.reports.drawing import Chart
from bot.reports.grid import Grid
from bot.reports.inert import inert
from bot.reports.summary import Summary
from bot.reports.template import fill


@dataclass(frozen=True, slots=True)
class Shown:
    """A chart, if there is anything to draw, and its figures, unfolded when `wide_open`."""

    chart: Chart | None
    grid: Grid
    wide_open: bool


def render(summary: Summary) -> str:
    """Give the whole page. Everything but the drawings is escaped by the template."""
    return fill(
        "page.html",
        desk=inert(summary.run.desk.name),
        headline=words.headline(summary),
        priorities=counts.priorities(),
        limits=words.LIMITS,
        lists=lists.every(summary),
        figures=_figures(summary),
        totals=(counts.resources(summary), counts.claims(summary)),
        account=words.account_lines(summary.run),
        remarks=[inert(remark) for remark in summary.run.remarks],
        problems_line=words.problems_line(summary.run),
        problems=[inert(problem) for problem in summary.run.problems],
        ending=(words.time_line(summary.run), inert(words.versions_line(summary.run))),
        warning=words.QUOTE_WARNING,
    )


def _figures(summary: Summary) -> tuple[Shown, ...]:
    return (
        Shown(chart.days(summary), counts.days(summary), wide_open=False),
        Shown(chart.hours(summary), counts.hours(summary), wide_open=False),
        Shown(chart.reasons(summary), counts.reasons(summary), wide_open=True),
        Shown(chart.places(summary), counts.places(summary), wide_open=True),
    )
