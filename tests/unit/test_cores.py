import pytest

from bot.cores import allowed, beside


@pytest.mark.parametrize(
    ("cores", "left"),
    [({0}, {0}), ({5}, {5}), ({0, 1}, {1}), ({2, 3, 7}, {3, 7}), (range(16), range(1, 16))],
)
def test_one_core_is_left_to_the_loop_where_there_is_another(cores: range, left: range) -> None:
    assert beside(frozenset(cores)) == frozenset(left)


def test_some_core_may_be_used() -> None:
    assert allowed()
