"""`waymark evaluate`: measure how well labelled messages are read."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.job import DATA, NO_INPUT, OK, run
from bot.cli.option import DESK, FILE, expect_page

if TYPE_CHECKING:
    from bot.evaluate.measure import Measuring
    from bot.reports.evaluation.found import Evaluation
    from bot.settings import Settings

# The names of `bot.triage.head.Head`, which is imported with all that reads; a test compares them.
HEADS = (
    *("self_harm", "harm_to_others", "abuse", "discrimination", "exploitation", "distress"),
    *("readiness", "asking", "claim", "third_person", "page", "stereotype", "report"),
)
_SPLIT = click.Choice(["dev", "train", "all"])
_COUNT = click.IntRange(min=0)


@click.command()
@click.argument("paths", nargs=-1, required=True, type=FILE)
@click.option("--chat", multiple=True, type=FILE, help="Ordinary chat of a community; repeatable.")
@click.option("--about", type=click.Choice(HEADS), help="What the labels of FILES are about.")
@click.option("--split", type=_SPLIT, default="dev", show_default=True, help="Rows to count.")
@click.option("--cut", type=_COUNT, default=280, show_default=True, help="Characters; 0 for all.")
@click.option(
    "--most", type=_COUNT, default=4_000, show_default=True, help="Rows a file; 0 for all."
)
@click.option("--html", type=FILE, help="Write a page with charts to this file.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, no tables.")
@DESK
def evaluate(  # noqa: PLR0913 - one argument for each option
    *,
    paths: tuple[Path, ...],
    chat: tuple[Path, ...],
    about: str | None,
    split: str,
    cut: int,
    most: int,
    html: Path | None,
    as_json: bool,
    desk_config: Path,
) -> None:
    """Measure how well labelled messages are read.

    PATHS are files of labelled messages, one JSON object a line, gzipped or not: the shared format
    or our own (docs/evaluate.md). Those named "chat-..." are ordinary chat, as with --chat.
    """

    def job(settings: "Settings") -> int:
        from rich.progress import MofNCompleteColumn

        from bot.cli.progress import progress
        from bot.data.desk import load_desk
        from bot.evaluate import files, measure
        from bot.knowledge import load_knowledge
        from bot.triage.head import Head

        expect_page(html)
        desk = load_desk(desk_config)
        asked = files.Asked(
            paths=paths,
            chat=chat,
            desk=desk,
            about=Head(about) if about else None,
            cut=cut,
            split=split,
            most=most,
        )
        measuring = measure.load(asked)
        if measuring.messages:
            knowledge = load_knowledge(settings, desk.thresholds)
            with progress(MofNCompleteColumn()) as bars:
                bar = bars.add_task("Reading", total=measuring.messages)
                found = measuring.run(knowledge, lambda count: bars.advance(bar, count))
            _show(found, html=html, as_json=as_json)
        return _exit_code(measuring)

    run(job)


def _show(found: "Evaluation", *, html: Path | None, as_json: bool) -> None:
    from bot.cli.screen import Screen
    from bot.reports.evaluation import page, table

    if as_json:
        click.echo(found.as_json())
    else:
        table.render(found, Screen())
    if html is not None:
        html.write_text(page.render(found), encoding="utf-8")
        click.echo(f"The page is in {html}", err=True)


def _exit_code(measuring: "Measuring") -> int:
    """Name what could not be read on standard error, whatever else is shown and where."""
    for problem in measuring.problems:
        click.echo(problem, err=True)
    if not measuring.messages:
        click.echo("There is no row to measure. Check the files and --split.", err=True)
        return NO_INPUT
    return DATA if measuring.problems else OK
