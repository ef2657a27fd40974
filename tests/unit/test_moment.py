from datetime import UTC, datetime

import pytest

from bot.policy.moment import read_moment

NOW = datetime(2026, 1, 5, 14, tzinfo=UTC)  # 16:00 in Helsinki


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("17:30", "2026-01-05T15:30"),
        ("9.15", "2026-01-06T07:15"),
        ("16:00", "2026-01-06T14:00"),
        (" 3H ", "2026-01-05T17:00"),
        ("45m", "2026-01-05T14:45"),
        ("2w", "2026-01-19T14:00"),
        ("2026-01-07", "2026-01-07T07:00"),
        ("2026-01-07T10:00", "2026-01-07T08:00"),
        ("2026-01-07T10:00+00:00", "2026-01-07T10:00"),
    ],
)
def test_a_time_is_read_on_the_readers_own_wall(typed: str, meant: str) -> None:
    expected = datetime.fromisoformat(meant).replace(tzinfo=UTC)

    assert read_moment(typed, NOW, "Europe/Helsinki") == expected


@pytest.mark.parametrize("typed", ["", "soon", "25:00", "3", "999w", "3y", "9999-12-31", "-3h"])
def test_what_cannot_be_read_is_never_guessed(typed: str) -> None:
    assert read_moment(typed, NOW, "Europe/Helsinki") is None
