"""Which keys a database is opened with: the settings' before those of the file beside it."""

from pathlib import Path

import pytest

from bot.cli.database import kept_in
from bot.data.keyfile import Keys
from bot.settings import BadSettings, Settings

NEW, OLD, OLDER = "n" * 40, "o" * 40, "p" * 40


def settings(**given: str) -> Settings:
    return Settings.from_env({f"WAYMARK_{name.upper()}": value for name, value in given.items()})


def keys(now: str, *old: str) -> Keys:
    return Keys(now.encode(), tuple(one.encode() for one in old))


def test_an_address_takes_the_keys_of_the_settings() -> None:
    given = settings(key=NEW, old_keys=f"{OLD}  {OLDER} {NEW}")

    assert kept_in(given, "postgresql://host/name")[1] == keys(NEW, OLD, OLDER)
    with pytest.raises(BadSettings, match="WAYMARK_KEY"):
        kept_in(settings(old_keys=OLD), "postgresql://host/name")


def test_a_file_keeps_its_own_and_the_settings_add_older_ones(tmp_path: Path) -> None:
    beside = tmp_path / "kept.db.key"
    beside.write_text(f"{NEW}\n{OLD}\n")
    beside.chmod(0o600)
    into = str(tmp_path / "kept.db")

    assert kept_in(settings(old_keys=OLDER), into)[1] == keys(NEW, OLD, OLDER)
    assert kept_in(settings(key=OLDER, old_keys=OLD), into)[1] == keys(OLDER, OLD)
