"""Where results are kept: a database's address, and the secret beside it."""

from pathlib import Path

from bot.data.keyfile import read_or_make_key
from bot.settings import BadSettings, Settings


def kept_in(settings: Settings, into: str) -> tuple[str, bytes]:
    """Give the address and the key of the database `into`, a file or an address.

    A file's key is in a file beside it, made on the first run, unless the settings have one.
    """
    given = settings.key.get_secret_value().encode() if settings.key is not None else None
    if "://" not in into:
        path = Path(into).absolute()
        return f"sqlite:///{path}", given or read_or_make_key(path.with_name(f"{path.name}.key"))
    if given is None:
        raise BadSettings("WAYMARK_KEY: set it to keep results in a database with an address.")
    return into, given
