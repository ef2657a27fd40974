"""What a message is read in the light of: a little of its own conversation, and not for long."""

from dataclasses import replace

import pytest

from bot.domain.message import Message, Origin, Place
from bot.workers import conversation
from bot.workers.conversation import MOST_CHARACTERS, MOST_LINES, MOST_REMEMBERED, Conversations
from tests.support.build import account, message, place

ME, OTHER = "7", "8"


def says(
    minute: int,
    text: str = "",
    by: str = OTHER,
    *,
    to: int | None = None,
    where: Place | None = None,
) -> Message:
    built = message(minute, text or f"words {minute}", where)
    return replace(built, author=account(by), reply_to=None if to is None else str(to))


def mine(minute: int, *, to: int | None = None, where: Place | None = None) -> Message:
    return says(minute, by=ME, to=to, where=where)


def remembered(*messages: Message) -> Conversations:
    conversations = Conversations()
    for one in messages:
        conversations.add(one)
    return conversations


def thread(start: int) -> Place:
    return place(thread=str(start))


def test_the_last_few_lines_of_the_place_oldest_first() -> None:
    lines = [says(n) for n in range(1, 8)]
    found = tuple(remembered(*lines).before(mine(9)))

    assert found == tuple(f"x: words {n}" for n in range(8 - MOST_LINES, 8))


def test_a_line_says_whether_the_same_person_wrote_it_and_names_nobody() -> None:
    found = tuple(remembered(says(1, by=ME), says(2)).before(mine(3)))

    assert found == ("me: words 1", "x: words 2")


def test_deleted_members_share_an_account_and_are_nobodys_me() -> None:
    gone = replace(says(1, by=ME), origin=Origin.DELETED_MEMBER)

    assert tuple(remembered(gone).before(replace(gone, ref=mine(2).ref))) == ("x: words 1",)


def test_another_place_is_another_conversation() -> None:
    conversations = remembered(says(1, where=place("99")), says(2, where=thread(77)))

    assert tuple(conversations.before(mine(3))) == ()


def test_what_was_said_long_ago_or_later_is_no_context() -> None:
    conversations = remembered(says(1), says(50))

    assert tuple(conversations.before(mine(32))) == ()
    assert tuple(conversations.before(mine(31))) == ("x: words 1",)


def test_a_thread_is_one_conversation_for_longer() -> None:
    conversations = remembered(says(1, where=thread(77)))

    assert tuple(conversations.before(mine(60 * 20, where=thread(77)))) == ("x: words 1",)
    assert tuple(conversations.before(mine(60 * 25, where=thread(77)))) == ()


def test_what_is_replied_to_comes_first_however_long_ago() -> None:
    lines = [says(n) for n in range(1, 8)]
    found = tuple(remembered(*lines).before(mine(60, to=1)))
    assert found == ("x: words 1",)

    found = tuple(remembered(*lines).before(mine(9, to=1)))
    assert found[:2] == ("x: words 1", "x: words 4")


def test_what_is_replied_to_stands_once() -> None:
    assert tuple(remembered(says(1), says(2)).before(mine(3, to=2))) == ("x: words 2", "x: words 1")


def test_a_reply_to_what_is_not_remembered_has_the_place_for_context() -> None:
    assert tuple(remembered(says(1)).before(mine(2, to=404))) == ("x: words 1",)


def test_a_thread_begins_with_the_message_that_started_it() -> None:
    conversations = remembered(says(1, "third rejection", ME), says(2), says(3, where=thread(1)))

    found = tuple(conversations.before(mine(4, where=thread(1))))
    assert found == ("me: third rejection", "x: words 3")


def test_with_a_long_line_replied_to_the_others_leave_it_within_hearing() -> None:
    lines = [says(1, "a" * 300), *(says(n, "b" * 70) for n in range(2, 5))]
    found = tuple(remembered(*lines).before(mine(6, to=1)))

    assert found == (f"x: {'a' * conversation.MOST_OF_FIRST}", f"x: {'b' * 70}")
    assert sum(map(len, found)) <= conversation.MOST_WITH_FIRST


def test_texts_are_cut_when_they_are_remembered() -> None:
    (line,) = remembered(says(1, "a" * 40_000)).before(mine(2))

    assert line == f"x: {'a' * MOST_CHARACTERS}"


def test_a_message_that_comes_twice_is_neither_doubled_nor_its_own_context() -> None:
    conversations = remembered(says(1), says(2), says(1))

    assert tuple(conversations.before(mine(3))) == ("x: words 1", "x: words 2")
    assert tuple(conversations.before(mine(2))) == ("x: words 1",)
    assert tuple(conversations.before(mine(2, to=2))) == ("x: words 1",)


@pytest.mark.parametrize("places", [1, conversation.MOST_PLACES + 500])
def test_memory_is_bounded(places: int) -> None:
    conversations = Conversations()
    for number in range(1, MOST_REMEMBERED + 2_000):
        conversations.add(says(number, where=place(str(number % places))))

    last = MOST_REMEMBERED + 1_999
    where = place(str(1_500 % places))
    assert conversations.before(mine(last + 1, to=1_500, where=where))[:1] != ("x: words 1500",)
    assert len(conversations._by_id) == MOST_REMEMBERED  # noqa: SLF001 - what is bounded
    assert len(conversations._lines) <= conversation.MOST_PLACES  # noqa: SLF001 - as above
