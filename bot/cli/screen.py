"""Where a report is printed."""

from rich.console import Console


class Screen(Console):
    """The terminal or pipe that a report is printed to."""

    def on_broken_pipe(self) -> None:
        """Leave it to `bot.cli.job.run`, as for all other output."""
        raise BrokenPipeError
