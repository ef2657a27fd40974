"""Progress bars, on a terminal alone."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from adapters.transcript.platform import TranscriptPlatform
from adapters.transcript.window import Window


class _Asked(ProgressColumn):
    """A text that is asked for anew at each look."""

    def __init__(self, text: Callable[[], str]) -> None:
        super().__init__()
        self._text = text

    def render(self, task: Task) -> Text:  # noqa: ARG002 - the column's own
        return Text(self._text())


@contextmanager
def progress(*counts: ProgressColumn) -> Iterator[Progress]:
    """Show a bar with `counts` beside it."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), *counts)
    with Progress(
        *columns, TimeRemainingColumn(), console=console, transient=True,
        disable=not console.is_terminal,
    ) as bars:  # fmt: skip
        yield bars


@contextmanager
def reading_out(
    paths: Sequence[Path], window: Window, *, beside: Callable[[], str] = str
) -> Iterator[TranscriptPlatform]:
    """Give the exports, and show how far they are read, with the text of `beside`."""
    with progress(DownloadColumn(), _Asked(beside)) as bars:
        transcript = TranscriptPlatform(
            paths, window=window, on_bytes=lambda count: bars.advance(bar, count)
        )
        bar = bars.add_task("Reading", total=transcript.total_bytes)
        yield transcript
