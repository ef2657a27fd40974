"""Options that several commands share."""

import errno
import os
from datetime import UTC, datetime
from pathlib import Path

import click

FILE = click.Path(path_type=Path, dir_okay=False)
EXPORTS = click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
TIME = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"])
DESK = click.option(
    "--desk-config",
    type=FILE,
    default=lambda: _shipped(),  # noqa: PLW0108 - it comes later
    help="A desk's own settings (a YAML file).",
)
NO_DESK = (
    "No desk file was named, so it is not known whose duty is meant. Add --desk-config FILE, with"
    " your own copy of bot/data/desk.yaml (README)."
)


def _named(context: click.Context, _: click.Parameter, path: Path | None) -> Path | None:
    if path is None and not context.resilient_parsing:
        raise click.UsageError(NO_DESK, context)
    return path


OWN_DESK = click.option(
    "--desk-config",
    type=FILE,
    callback=_named,
    help="The desk's own settings (a YAML file); it has to be named.",
)
KEPT = click.option(
    "--into",
    help="Count what this database adds (a file or an address): calendars that are subscribed to,"
    " and what was changed in the chat.",
)
SINCE = click.option("--since", type=TIME, help="Read from this day or time on (UTC).")
UNTIL = click.option("--until", type=TIME, help="Read only what came before this time (UTC).")
CHANNEL = click.option(
    "--channel", "channels", multiple=True, help="Read only this channel; repeatable."
)
NOTHING_READ = (
    "No message was read. Check --channel, --since and --until, and that the export has messages."
)


def _shipped() -> Path:
    from bot.data.desk import SHIPPED

    return SHIPPED


def utc(at: datetime | None) -> datetime | None:
    """Take a time that was typed for one of UTC."""
    return None if at is None else at.replace(tzinfo=UTC)


def expect_page(html: Path | None) -> None:
    """Find out before hours of reading that the page cannot be written. Raises OSError."""
    if html is None:
        return
    folder = html.absolute().parent
    if not folder.is_dir():
        raise FileNotFoundError(
            errno.ENOENT, "There is no such folder to write the page in", folder
        )
    place = html if html.exists() else folder
    if not os.access(place, os.W_OK):
        raise PermissionError(errno.EACCES, "the page cannot be written", str(place))
