from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.message import Message, Place
from bot.workers.conversation import (
    MOST_CHARACTERS,
    MOST_LINES,
    MOST_PLACES,
    RECENT,
    Conversations,
)
from tests.support.build import account, at, message, place

OTHER = account("8")


def after(*messages: Message) -> Conversations:
    said = Conversations()
    for one in messages:
        said.add(one)
    return said


def test_who_speaks_is_said_by_nothing_but_whether_it_is_the_same_person() -> None:
    said = after(message(1, "hello"), replace(message(2, "hi"), author=OTHER))

    assert tuple(said.before(message(3))) == ("me: hello", "x: hi")
    assert tuple(said.before(replace(message(3), author=OTHER))) == ("x: hello", "me: hi")
    assert tuple(said.before(replace(message(3), author=account("9")))) == ("x: hello", "x: hi")


def test_a_message_is_not_before_itself_until_it_is_remembered() -> None:
    said = after(message(1, "hello"))

    assert tuple(said.before(message(2, "bye"))) == ("me: hello",)
    assert tuple(said.before(message(2, "bye"))) == ("me: hello",)


def test_the_last_lines_are_remembered_oldest_first() -> None:
    said = after(*(message(n, f"line {n}") for n in range(1, 9)))
    expected = tuple(f"me: line {n}" for n in range(9 - MOST_LINES, 9))

    assert tuple(said.before(message(9))) == expected


def test_of_a_long_line_the_start_is_remembered() -> None:
    (line,) = after(message(1, "a" * 5_000)).before(message(2))
    assert line == "me: " + "a" * MOST_CHARACTERS


@pytest.mark.parametrize("where", [place("30"), place(thread="77"), place("20", "78")])
def test_each_place_and_each_thread_is_a_conversation_of_its_own(where: Place) -> None:
    said = after(message(1, "hello"))

    assert tuple(said.before(message(2, where=where))) == ()
    assert tuple(said.before(message(2))) == ("me: hello",)


@pytest.mark.parametrize(
    ("later", "heard"),
    [
        (timedelta(0), True),
        (RECENT, True),
        (RECENT + timedelta(seconds=1), False),
        (timedelta(seconds=-1), False),
    ],
)
def test_what_was_said_long_ago_or_only_later_is_no_context(
    later: timedelta,
    heard: bool,  # noqa: FBT001 - a table's column
) -> None:
    said = after(message(1, "hello"))
    now = replace(message(2), sent_at=at(1) + later)

    assert bool(said.before(now)) is heard


def test_only_the_places_spoken_in_last_are_remembered() -> None:
    first, second = place("first"), place("second")
    said = after(message(1, "hello", first), message(1, "hello", second))
    for number in range(MOST_PLACES - 2):
        said.add(message(2, "hi", place(str(number))))
    said.add(message(3, "again", first))
    said.add(message(3, "new", place("new")))

    assert tuple(said.before(message(4, where=first))) == ("me: hello", "me: again")
    assert tuple(said.before(message(4, where=second))) == ()
