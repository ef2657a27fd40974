"""The latest messages are remembered, and not all of them for ever."""

from bot.workers.recent import Recent


def test_the_latest_are_known_however_many_came() -> None:
    recent = Recent(most=3)
    for number in range(100):
        recent.add(str(number))
        latest = range(max(0, number - 2), number + 1)
        assert all(str(one) in recent for one in latest)


def test_no_more_than_twice_as_many_are_kept() -> None:
    recent = Recent(most=3)
    for number in range(100):
        recent.add(str(number))
        assert sum(str(one) in recent for one in range(100)) <= 6


def test_what_comes_twice_is_one() -> None:
    recent = Recent(most=2)
    for _ in range(50):
        recent.add("same")
    recent.add("other")
    assert "same" in recent
    assert "other" in recent
