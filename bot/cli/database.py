"""Where results are kept: a database's address, and the secrets beside it."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

from pydantic import SecretStr

from bot.data.keyfile import Keys, read_or_make_keys
from bot.settings import BadSettings, Settings

# Seconds that what a bot has left behind may take to end, and between looks.
ENDING, _LOOK = 3.0, 0.05


def kept_in(settings: Settings, into: str) -> tuple[str, Keys]:
    """Give the address and the keys of the database `into`, a file or an address.

    A file's keys are in a file beside it, made on the first run, unless the settings have one.
    """
    if "://" not in into:
        path = Path(into).absolute()
        return f"sqlite:///{path}", keys_in(settings, path.with_name(f"{path.name}.key"))
    given = given_keys(settings)
    if given is None:
        raise BadSettings("WAYMARK_KEY: set it to keep results in a database with an address.")
    return into, given


def kept_already(settings: Settings, into: str) -> tuple[str, Keys]:
    """Give the same beside a bot that may be running, whose key has to be this one.

    A file that is there without a key was kept with one that is set elsewhere: none is made.
    """
    path = Path(into).absolute()
    is_keyless = path.is_file() and not path.with_name(f"{path.name}.key").exists()
    if "://" not in into and settings.key is None and is_keyless:
        raise BadSettings(
            f"WAYMARK_KEY: set it as for the bot that keeps {into}, or put {into}.key back."
        )
    return kept_in(settings, into)


def is_there(into: str) -> bool:
    """Tell whether there is a database to look into; of one with an address its server knows."""
    return "://" in into or Path(into).is_file()


def keys_in(settings: Settings, path: Path) -> Keys:
    """Give the keys of the settings, or else those of the file, made on the first run."""
    return given_keys(settings) or read_or_make_keys(path).with_older(_old(settings.old_keys))


def given_keys(settings: Settings) -> Keys | None:
    """Give the keys that the settings name; None: they name none."""
    if settings.key is None:
        return None
    return Keys(settings.key.get_secret_value().encode()).with_older(_old(settings.old_keys))


def _old(written: SecretStr | None) -> tuple[bytes, ...]:
    return () if written is None else tuple(written.get_secret_value().encode().split())


@contextmanager
def alone(lock: Path, refusal: str, patience: float = ENDING) -> Iterator[int]:
    """Let no other process be here meanwhile; it ends with the process. Raises BadSettings.

    Gives the number of the open file that is locked. One that is here already may be ending: it is
    waited for, so many seconds.
    """
    import fcntl
    import time

    until = time.monotonic() + patience
    with lock.open("w") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= until:
                    raise BadSettings(refusal) from None
                time.sleep(_LOOK)
        yield file.fileno()


def alone_on(into: str) -> AbstractContextManager[int | None]:
    """Let one bot alone keep a desk in the file `into`: two would tell everybody twice.

    Of a database with an address that is for its operator to see to.
    """
    path = Path(into).absolute()
    if "://" in into or not path.parent.is_dir():  # the store says what is wrong with the folder
        return nullcontext()
    refusal = f"{into}: another bot keeps a desk in it now. Stop that one, or name another --into."
    return alone(path.with_name(f"{path.name}.lock"), refusal)
