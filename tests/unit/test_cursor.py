"""What a cursor covers was passed in order; nothing else may be taken as seen."""

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ledger import Stretch
from bot.policy.cursor import Cursor, Gap, merged, way

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


def of(*stretches: tuple[str, str], now: tuple[str, str] | None = None) -> Cursor:
    return Cursor(tuple(Stretch(*s) for s in stretches), Stretch(*now) if now else None)


def test_gaps_lie_between_what_is_known_and_the_latest_comes_first() -> None:
    assert Cursor().gaps == ()
    assert of(("1", "3")).gaps == (Gap("3", None),)
    assert of(("1", "3"), ("5", "6"), now=("8", "9")).gaps == (Gap("6", "8"), Gap("3", "5"))
    assert of(now=("8", "9")).gaps == ()


def test_a_gap_closes_as_far_as_it_was_read_back() -> None:
    cursor = of(("1", "3"), now=("8", "9"))

    assert cursor.filled("3", "5") == of(("1", "5"), now=("8", "9"))
    assert cursor.filled("3", "8") == of(now=("1", "9"))
    assert of(("1", "3"), ("5", "6")).filled("3", "6") == of(("1", "6"))


def test_what_is_not_joined_to_a_known_stretch_closes_nothing() -> None:
    cursor = of(("1", "3"), now=("8", "9"))

    assert cursor.filled("4", "7") == cursor
    assert cursor.filled("3", "2") == cursor
    assert cursor.filled("9", "9") == cursor


def test_a_first_reading_begins_once() -> None:
    assert Cursor().begun("") == of(("", ""))
    assert Cursor().begun("").gaps == (Gap("", None),)
    assert of(("1", "3")).begun("7") == of(("1", "3"))
    assert of(now=("2", "2")).begun("7") == of(now=("2", "2"))


# What may happen to a channel: a message is written and brought, a message is written while nobody
# listens, the connection comes back, history is read for so many messages.
HAPPENINGS = st.lists(st.sampled_from(["live", "lost", "back", "read", "read"]), max_size=60)


@given(HAPPENINGS)
def test_in_the_end_every_message_is_counted_once_whatever_was_cut(happenings: list[str]) -> None:
    world = _Channel()
    for happening in ["back", *happenings, "back"]:
        world.happens(happening)
    for _ in range(len(happenings)):
        world.happens("read")

    assert sorted(world.counted) == [f"{n:04}" for n in range(1, world.written + 1)]
    assert world.cursor.reopened().gaps[1:] == ()


class _Channel:
    """One channel as the intake sees it: a server's past, a cursor, and what was counted."""

    def __init__(self) -> None:
        self.cursor = Cursor().begun("")
        self.written = 0
        self.is_cut = True
        self.counted: list[str] = []

    def happens(self, what: str) -> None:
        match what:
            case "back":
                self.is_cut = False
                self.cursor = self.cursor.reopened()
            case "read":
                self._read_one()
            case _:
                self.written += 1
                self.is_cut |= what == "lost"
                if not self.is_cut:
                    self._take(f"{self.written:04}", None)

    def _read_one(self) -> None:
        """Read the next message of the latest gap that history has anything for."""
        for gap in self.cursor.gaps:
            position = f"{int(gap.after or 0) + 1:04}"
            if int(position) <= self.written and (gap.before is None or gap.after < gap.before):
                self._take(position, gap.after)
                return

    def _take(self, position: str, after: str | None) -> None:
        is_live = after is not None and self.cursor.is_live(position)
        if not (self.cursor.covers(position) or is_live):
            self.counted.append(position)
        moves, _ = way(self.cursor, position, after)
        if after is not None or not self.cursor.covers(position):
            self.cursor = moves(self.cursor)
