"""An evaluation as one page that needs nothing from anywhere."""

from dataclasses import dataclass

from bot.reports.drawing import Chart
from bot.reports.evaluation import charts, ladder, ranking, words
from bot.reports.evaluation.found import Evaluation
from bot.reports.grid import Grid
from bot.reports.inert import inert
from bot.reports.template import fill


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the page: its title, its table, and a chart where there is one to draw."""

    id: str
    title: str
    figures: tuple[tuple[Chart | None, Grid], ...]


def render(found: Evaluation) -> str:
    """Give the whole page. Everything but the drawings is escaped by the template."""
    return fill(
        "evaluation.html",
        headline=words.headline(found),
        limits=words.LIMITS,
        sources=ladder.sources(found),
        parts=_parts(found),
        remarks=[inert(remark) for remark in found.remarks],
        problems=[inert(problem) for problem in found.problems],
        ending=inert(words.versions(found)),
        warning="",
    )


def _parts(found: Evaluation) -> tuple[Part, ...]:
    return (
        Part(
            "leads-to",
            "What messages lead to",
            (
                (None, ladder.paging(found)),
                (None, ladder.communities(found)),
                (None, ladder.slices(found)),
                (None, ladder.confusions(found)),
                (None, ladder.followed(found)),
            ),
        ),
        Part(
            "concerns",
            "Concern by concern",
            (
                (charts.recall(found), ranking.recall(found)),
                (charts.calibration(found), ranking.order(found)),
                (None, ranking.lengths(found)),
            ),
        ),
        Part(
            "thresholds",
            "Thresholds and cues",
            ((charts.alarms(found), ranking.alarms(found)), (None, ranking.cues(found))),
        ),
    )
