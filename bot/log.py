"""How Waymark logs: to standard error, with times, levels and keys, never a message's text (I4)."""

import logging
import sys
from typing import Literal, NamedTuple

import structlog


class Log(NamedTuple):
    """What an operator chose. The processes beside the bot are handed it at their start."""

    format: Literal["console", "json"]
    level: str

    def begin(self) -> None:
        """Log so from here on, in this process."""
        last: structlog.typing.Processor = (
            structlog.processors.JSONRenderer()
            if self.format == "json"
            else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
        )
        structlog.configure(
            processors=[
                structlog.contextvars.merge_contextvars,
                structlog.processors.add_log_level,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                structlog.processors.format_exc_info,
                last,
            ],
            wrapper_class=structlog.make_filtering_bound_logger(
                logging.getLevelNamesMapping()[self.level.upper()]
            ),
            logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        )
