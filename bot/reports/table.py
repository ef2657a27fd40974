"""The report in a terminal or a pipe: plain text first, priorities as words, links whole."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from rich import box
from rich.console import Console
from rich.style import Style
from rich.table import Table
from rich.text import Text

from bot.domain.reading import Priority
from bot.reports import counts, lists, words
from bot.reports.grid import Cell, Column, Grid, Part, Row
from bot.reports.inert import inert
from bot.reports.summary import Run, Summary

WIDE = 120  # columns from which a list of messages is drawn as a table
MOST_DAYS = 31


@dataclass(frozen=True, slots=True)
class _Most:
    """Rows of each part that fit two screens, so that what is urgent is not scrolled away.

    Emergencies are shown beyond `alerts`, up to `emergencies`.
    """

    alerts: int = 5
    emergencies: int = 10
    others: int = 2
    figures: int = 4

    def of(self, grid: Grid, emergencies: int) -> int:
        """Give the rows for a list; the alerts stand in it with `emergencies` first."""
        if grid.id != "alerts":
            return self.others
        return max(self.alerts, min(self.emergencies, emergencies))


def render(summary: Summary, console: Console, *, whole: bool = True) -> None:
    """Print the report, or the most urgent of each part. What people typed is never markup."""
    most = None if whole else _Most()
    _line(console, words.headline(summary), style="bold")
    _problems(console, summary.run)
    for grid in lists.every(summary):
        rows = None if most is None else most.of(grid, _emergencies(summary))
        _show_list(console, _cut(grid, rows), more=_more(grid, rows))
    for grid in _figures(summary, whole=whole):
        rows = None if most is None else most.figures
        show_figures(console, _cut(grid, rows), more=_more(grid, rows))
    _end(console, summary.run)


def render_grids(title: str, grids: Iterable[Grid], lines: Iterable[str], console: Console) -> None:
    """Print tables that stand by themselves, and what there is to say of them."""
    _line(console, title, style="bold")
    for grid in grids:
        show_figures(console, grid)
    _line(console, "")
    for line in lines:
        _line(console, inert(line))


def _emergencies(summary: Summary) -> int:
    return sum(one.decision.priority is Priority.P0 for one in summary.alerts.rows)


def _figures(summary: Summary, *, whole: bool) -> tuple[Grid, ...]:
    places, reasons = counts.places(summary), counts.reasons(summary)
    if not whole:
        return places, reasons, counts.days(summary, most=_Most().figures, bars=True)
    return (
        places,
        reasons,
        counts.resources(summary),
        counts.claims(summary),
        counts.days(summary, most=MOST_DAYS, bars=True),
    )


def _cut(grid: Grid, most: int | None) -> Grid:
    return grid if most is None else replace(grid, rows=grid.rows[:most])


def _more(grid: Grid, most: int | None) -> str:
    """Say what was cut off, and where it is; nothing when nothing was."""
    left = 0 if most is None else len(grid.rows) - most
    return f"And {left:,} more: see the page (--html), or give --all." if left > 0 else ""


def _problems(console: Console, run: Run) -> None:
    """Say first what could not be read: all that follows is without it."""
    for problem in run.problems:
        _line(console, f"Problem: {inert(problem)}", style="bold")


def _show_list(console: Console, grid: Grid, *, more: str) -> None:
    _heading(console, grid)
    if console.width >= WIDE and grid.rows:
        console.print(_table(grid))
    else:
        for row in grid.rows:
            _stack(console, grid, row)
    if more:
        _line(console, more)


def show_figures(console: Console, grid: Grid, *, more: str = "") -> None:
    """Print a grid of figures, or what it says when it has none."""
    _heading(console, grid)
    if grid.rows:
        console.print(_table(grid))
    if more:
        _line(console, more)


def _end(console: Console, run: Run) -> None:
    _line(console, "")
    _line(console, "Was every message accounted for?", style="bold")
    for line in words.account_lines(run):
        _line(console, line)
    for remark in run.remarks:
        _line(console, inert(remark))
    if run.problems:
        _line(console, words.problems_line(run), style="bold")
    for limit in words.LIMITS:
        _line(console, limit)
    _line(console, words.time_line(run))
    _line(console, inert(words.versions_line(run)))


def _heading(console: Console, grid: Grid) -> None:
    _line(console, "")
    _line(console, grid.title, style="bold")
    if grid.note:
        _line(console, grid.note)
    if not grid.rows:
        _line(console, grid.empty)


def _table(grid: Grid) -> Table:
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for column in grid.columns:
        table.add_column(
            Text(column.name),
            justify="right" if column.number else "left",
            overflow="fold",
            no_wrap=column.number,
        )
    for row in grid.rows:
        table.add_row(*_texts(grid, row))
    return table


def _texts(grid: Grid, row: Row) -> list[Text]:
    """Give the cells; the quote goes under the last cell but one, which says what was found."""
    pairs = zip(grid.columns, row.cells, strict=True)
    texts = [_cell(column, cell) for column, cell in pairs]
    if row.quote:
        texts[-2].append(f"\n{_quote(row)}")
    return texts


def _cell(column: Column, cell: Cell) -> Text:
    return Text("\n").join(_part(column, part) for part in cell.parts)


def _part(column: Column, part: Part) -> Text:
    if not part.url:
        return Text(part.text)
    text = Text("" if column.address else f"{part.text}: ")
    return text.append(part.url, style=Style(link=part.url))


def _stack(console: Console, grid: Grid, row: Row) -> None:
    """Put brief cells on one line and the others under it: readable at 80 columns and less."""
    pairs = list(zip(grid.columns, row.cells, strict=True))
    _line(console, "")
    _line(console, " | ".join(cell.text for column, cell in pairs if column.brief), style="bold")
    for column, cell in pairs:
        for part in () if column.brief else cell.parts:
            _stack_part(console, column, part)
    if row.quote:
        _line(console, _quote(row))


def _stack_part(console: Console, column: Column, part: Part) -> None:
    """Print an address whole on its own line: a terminal folds it, and a pipe keeps it usable."""
    if not (part.url and column.address):
        _line(console, part.text)
    if part.url:
        style = Style(link=part.url)
        console.print(Text(part.url, style=style), soft_wrap=True)


def _quote(row: Row) -> str:
    return f"{words.QUOTE_WARNING}: {row.quote}"


def _line(console: Console, text: str, *, style: str = "") -> None:
    console.print(Text(text, style=style), overflow="fold")
