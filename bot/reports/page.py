"""The report as one page that needs nothing from anywhere: no script, no font, no picture."""

from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.reports import chart, counts, lists, words
from bot.reports.drawing import Chart
from bot.reports.grid import Grid
from bot.reports.inert import inert
from bot.reports.summary import Run, Summary


@dataclass(frozen=True, slots=True)
class Shown:
    """A chart, if there is anything to draw, and its figures, unfolded when `wide_open`."""

    chart: Chart | None
    grid: Grid
    wide_open: bool


def render(summary: Summary) -> str:
    """Give the whole page. Everything but the drawings is escaped by the template."""
    environment = Environment(
        loader=PackageLoader("bot.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("page.html").render(
        desk=inert(summary.run.desk.name),
        headline=words.headline(summary),
        priorities=counts.priorities(),
        limits=words.LIMITS,
        lists=(lists.alerts(summary), lists.recommended(summary), lists.notes(summary)),
        figures=_figures(summary),
        totals=(counts.resources(summary), counts.claims(summary)),
        account=_account(summary.run),
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


def _account(run: Run) -> list[str]:
    return [line for line in (words.ledger_line(run), words.cues_only_line(run)) if line]
