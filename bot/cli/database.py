"""Where results are kept: a database's address, and the secrets beside it."""

from pathlib import Path

from pydantic import SecretStr

from bot.data.keyfile import Keys, read_or_make_keys
from bot.settings import BadSettings, Settings


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
        raise BadSettings(f"WAYMARK_KEY: set it as for the bot that keeps {into}.")
    return kept_in(settings, into)


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
