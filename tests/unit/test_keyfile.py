from pathlib import Path

import pytest

from bot.data.keyfile import BadKey, Keys, read_or_make_keys


def test_it_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "kept.db.key"
    first, second = read_or_make_keys(path), read_or_make_keys(path)

    assert first == second
    assert len(first.now) >= 32
    assert first.old == ()
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
def test_one_that_others_can_read_is_refused(mode: int, tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_bytes(b"k" * 40)
    path.chmod(mode)

    with pytest.raises(BadKey, match="chmod 600"):
        read_or_make_keys(path)


def test_a_short_one_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_bytes(b"short")
    path.chmod(0o600)

    with pytest.raises(BadKey, match="32 characters"):
        read_or_make_keys(path)


def test_the_lines_below_the_first_are_those_of_before(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_bytes(b"n" * 40 + b"\r\n\n" + b"o" * 40 + b"\n" + b"n" * 40 + b"\n")
    path.chmod(0o600)

    assert read_or_make_keys(path) == Keys(b"n" * 40, (b"o" * 40,))


def test_a_short_one_among_several_is_named(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_bytes(b"n" * 40 + b"\nshort\n")
    path.chmod(0o600)

    with pytest.raises(BadKey, match="key 2: holds no secret"):
        read_or_make_keys(path)


def test_a_key_that_is_added_below_is_a_line_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "key"
    made = read_or_make_keys(path).now
    with path.open("ab") as file:
        file.write(b"x" * 40)

    assert read_or_make_keys(path).all == (made, b"x" * 40)
