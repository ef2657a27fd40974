import asyncio

from hypothesis import given
from hypothesis import strategies as st

from bot.policy.cursor import Cursor
from bot.workers.backlog import Backlog, Entry
from tests.support.build import message, place


def entry(number: int) -> Entry:
    """Make an entry; whether it is written plays no part here."""
    return Entry(place().key, message(number), asyncio.Future(loop=LOOP), Cursor.reopened)


LOOP = asyncio.new_event_loop()
LOOP.close()


def filled(count: int) -> tuple[Backlog, list[Entry]]:
    backlog, entries = Backlog(), [entry(n) for n in range(count)]
    for one in entries:
        backlog.add(one)
        backlog.queue(one)
    return backlog, entries


def test_the_oldest_are_taken_first_and_no_more_than_asked_for() -> None:
    backlog, entries = filled(5)

    assert backlog.take_unread(2) == entries[:2]
    assert backlog.unread == 3
    assert backlog.take_unread(9) == entries[2:]
    assert backlog.take_unread(9) == []


def test_what_is_put_back_is_taken_again_before_all_others() -> None:
    backlog, entries = filled(4)
    taken = backlog.take_unread(2)
    backlog.put_back(taken)

    assert backlog.take_unread(4) == entries


def test_what_is_taken_still_waits_to_be_accounted_for() -> None:
    backlog, _ = filled(3)
    backlog.take_unread(3)

    assert (backlog.unread, backlog.waiting) == (0, 3)
    assert list(backlog.take_finished()) == []


def test_nothing_is_finished_while_what_came_before_it_is_not_read() -> None:
    backlog, entries = filled(3)
    entries[1].is_read = entries[2].is_read = True
    early = list(backlog.take_finished())
    entries[0].is_read = True

    assert early == []
    assert list(backlog.take_finished()) == entries
    assert backlog.waiting == 0


def test_where_a_stream_opens_keeps_its_place_in_the_order_and_is_no_message() -> None:
    backlog, (first, last) = Backlog(), (entry(1), entry(2))
    opening = Entry(place().key, None, first.written, Cursor.reopened, is_read=True)
    for one in (first, opening, last):
        backlog.add(one)
    assert backlog.waiting == 2
    first.is_read = True

    assert list(backlog.take_finished()) == [first, opening]
    assert backlog.waiting == 1


@given(st.permutations(range(8)))
def test_in_whatever_order_they_are_read_they_are_finished_in_the_order_they_came(
    order: list[int],
) -> None:
    backlog, entries = filled(8)
    finished: list[Entry] = []
    for number in order:
        entries[number].is_read = True
        finished += backlog.take_finished()
        assert all(one.is_read for one in entries[: len(finished)])

    assert finished == entries
