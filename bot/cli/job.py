"""Run a command's job, and turn what came of it into an exit code.

The codes follow sysexits.h: 0 all was read; 2 the command was wrong; 65 some input could not be
read (the rest was); 66 there was nothing to read; 70 a mistake in Waymark; 74 the database or a
file could not be written; 78 the settings or a file that people edit has mistakes; 130 stopped by
SIGINT or SIGTERM, with all that was read kept; 141 who read the output stopped reading.
"""

import os
import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, Protocol, TypeAlias

import click

if TYPE_CHECKING:
    from bot.settings import Settings

OK, DATA, NO_INPUT, BUG, IO, CONFIG, STOPPED, PIPE = 0, 65, 66, 70, 74, 78, 130, 141

Job: TypeAlias = Callable[["Settings"], int]


class Done(Protocol):
    """What a run over exports amounted to."""

    @property
    def stopped(self) -> bool: ...
    @property
    def messages(self) -> int: ...
    @property
    def problems(self) -> tuple[str, ...]: ...


def run(job: Job) -> NoReturn:
    """Run a job and end with its exit code; say in a line what went wrong, if it did.

    The environment is what `bot.__main__` has put into click's context.
    """
    from bot.log import Log
    from bot.settings import Settings

    try:
        settings = Settings.from_env(click.get_current_context().find_root().obj)
        Log(settings.log_format, settings.log_level).begin()
        code = job(settings)
        sys.stdout.flush()
    except BrokenPipeError:
        code = _nobody_reads()
    except _expected() as error:
        code = _explained(_first(error))
    sys.exit(code)


def exit_code(done: Done) -> int:
    """Give the exit code of a run over exports."""
    if done.stopped:
        return STOPPED
    if not done.messages:
        return NO_INPUT
    return DATA if done.problems else OK


def _nobody_reads() -> int:
    """Who read the output has stopped (`| head`): no fault of anybody's, so nothing is said."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # for the flush at the end
    return PIPE


def _expected() -> tuple[type[Exception], ...]:
    """Give what `_explained` explains; asked for when something went wrong, and not before."""
    from bot.data.keyfile import BadKey
    from bot.data.yamlfile import BadFile
    from bot.ports import Misconfigured
    from bot.settings import BadSettings
    from bot.statement import NothingKept
    from bot.store.engine import BadDatabase

    wrong = (BadSettings, BadFile, BadKey, BadDatabase, Misconfigured, NothingKept)
    return (*wrong, OSError, ExceptionGroup)


def _explained(error: Exception) -> int:
    import structlog

    from bot.data.keyfile import BadKey
    from bot.data.yamlfile import BadFile
    from bot.ports import Misconfigured
    from bot.settings import BadSettings
    from bot.statement import NothingKept
    from bot.store.engine import BadDatabase

    match error:
        case BadSettings() | BadFile() | BadKey() | Misconfigured():
            click.echo(str(error), err=True)
            return CONFIG
        case NothingKept():
            click.echo(str(error), err=True)
            return NO_INPUT
        case BadDatabase():
            click.echo(str(error), err=True)
            return IO
        case OSError():
            click.echo(unwritable(error), err=True)
            return IO
        case _:
            structlog.get_logger(__name__).error("this is a mistake in Waymark", exc_info=error)
            return BUG


def unwritable(error: OSError) -> str:
    """Say which file or folder is missing or shut, and what to do."""
    path = Path(os.fsdecode(error.filename)) if isinstance(error.filename, str | bytes) else None
    match error:
        case FileNotFoundError() if path is not None and not path.parent.exists():
            make = f"mkdir -p {shlex.quote(str(path.parent))}"
            return (
                f"There is no folder {path.parent}, in which {path.name} is to be. Make it"
                f" ({make}), or name a file in a folder that there is."
            )
        case PermissionError() if path is not None and path.exists():
            return (
                f"{path} may not be opened by the account that runs Waymark. Let that account read"
                f" and write it (ls -l {shlex.quote(str(path))} shows whose it is), or name"
                " another."
            )
        case PermissionError() if path is not None:
            return (
                f"The folder {path.parent} may not be written to by the account that runs Waymark,"
                f" and {path.name} is to be in it. Let that account write there (ls -ld"
                f" {shlex.quote(str(path.parent))} shows whose it is), or name a file in another"
                " folder."
            )
        case _:
            return f"{error}. Check the path, the disk and the permissions."


def _first(error: Exception) -> Exception:
    """Unwrap what a task group wrapped."""
    while isinstance(error, ExceptionGroup):
        error = error.exceptions[0]
    return error
