"""What a cursor covers was passed in order; nothing else may be taken as seen."""

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ledger import Stretch
from bot.policy.cursor import Cursor, merged

STEPS = st.lists(st.one_of(st.integers(0, 30).map(lambda n: f"{n:04}"), st.none()), max_size=60)


@given(STEPS)
def test_a_cursor_never_covers_what_was_not_passed(steps: list[str | None]) -> None:
    """None reopens. In one stretch, what lies between two in order is taken as nothing there."""
    cursor, passed, last = Cursor(), set[str](), None
    for step in steps:
        if step is None:
            cursor, last = cursor.reopened(), None
            continue
        if not cursor.covers(step):
            if last is not None and step > last:
                passed |= {f"{n:04}" for n in range(int(last), int(step) + 1)}
            passed |= {step} if last is None else set()
            last = step if last is None else max(last, step)
        cursor = cursor if cursor.covers(step) else cursor.moved(step)

    covered = {f"{n:04}" for n in range(31) if cursor.reopened().covers(f"{n:04}")}
    assert covered <= passed


def test_a_stretch_grows_in_order_and_is_not_done_before_it_is_closed() -> None:
    cursor = Cursor().moved("1").moved("3")

    assert cursor.now == Stretch("1", "3")
    assert not cursor.covers("2")
    assert cursor.reopened().covers("2")


def test_a_late_message_does_not_move_it() -> None:
    cursor = Cursor().moved("5")

    assert cursor.moved("3") == cursor


def test_a_gap_stays_a_gap() -> None:
    cursor = Cursor().moved("1").moved("2").reopened().moved("8").moved("9").reopened()

    assert [n for n in "123456789" if cursor.covers(n)] == ["1", "2", "8", "9"]


def test_what_overlaps_is_joined() -> None:
    stretches = [Stretch("5", "9"), Stretch("1", "3"), Stretch("3", "6"), Stretch("2", "2")]

    assert merged(stretches) == (Stretch("1", "9"),)
