"""An evaluation in a terminal or a pipe."""

from rich.console import Console
from rich.text import Text

from bot.reports.evaluation import ladder, ranking, words
from bot.reports.evaluation.found import Evaluation
from bot.reports.inert import inert
from bot.reports.table import show_figures


def render(found: Evaluation, console: Console) -> None:
    """Print every table, what matters most to a desk first."""
    _line(console, words.headline(found), style="bold")
    for grid in (
        ladder.sources(found),
        ladder.paging(found),
        ladder.communities(found),
        ladder.slices(found),
        ladder.confusions(found),
        ranking.recall(found),
        ranking.order(found),
        ranking.lengths(found),
        ranking.alarms(found),
        ranking.cues(found),
        ladder.followed(found),
    ):
        show_figures(console, grid)
    _line(console, "")
    for said in (*found.remarks, *(f"Problem: {one}" for one in found.problems), *words.LIMITS):
        _line(console, inert(said))
    _line(console, inert(words.versions(found)))


def _line(console: Console, text: str, *, style: str = "") -> None:
    console.print(Text(text, style=style), overflow="fold")
