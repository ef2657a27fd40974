"""Who answers which question, and when: decided from who wrote, where, and in which order."""

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.decision import Answer, OpenQuestion
from bot.domain.message import Message, Origin, Place
from bot.policy import conversation
from bot.policy.conversation import MOST_RECENT, OpenQuestions
from bot.triage.answer import Answering
from tests.support.build import account, at, message, place

MEMBER, OTHER, THIRD = "asker", "other", "third"
TELLS = Answering(is_thanks=False, tells=True)
THANKS = Answering(is_thanks=True, tells=True)
ASKS_BACK = Answering(is_thanks=False, tells=False)


def asked(*minutes: int, where: Place | None = None) -> OpenQuestions:
    """Questions of one member, each numbered by its minute."""
    return OpenQuestions.of(
        OpenQuestion(said.ref, MEMBER, said.sent_at)
        for said in (message(minute, where=where) for minute in minutes)
    )


def said(minute: int, *, to: int | None = None, where: Place | None = None) -> Message:
    return replace(message(minute, where=where), reply_to=None if to is None else str(to))


def told(
    questions: OpenQuestions, what: Message, by: str = OTHER, how: Answering = TELLS
) -> Sequence[Answer]:
    return questions.answers(what, by, lambda: how)


def closes(question: int, what: Message) -> Sequence[Answer]:
    return [Answer(message(question).ref.key, what.ref.key, what.sent_at)]


def in_thread(started_by: int) -> Place:
    return place(thread=str(started_by))


def test_a_reply_answers_the_question_that_it_is_to() -> None:
    questions, reply = asked(1, 2), said(3, to=1)

    assert told(questions, reply) == closes(1, reply)
    assert len(questions) == 1
    assert told(questions, said(4, to=1)) == []


def test_a_reply_days_later_answers_too() -> None:
    questions = asked(1, *range(100, 100 + 2 * MOST_RECENT))
    for minute in (60 * 24, 60 * 48):
        told(questions, said(minute))

    assert len(told(questions, said(60 * 72, to=1))) == 1


def test_another_who_writes_in_its_thread_answers() -> None:
    words = said(3, where=in_thread(1))

    assert told(asked(1, 2), words) == closes(1, words)
    assert told(asked(1), said(3, where=in_thread(2))) == []


def test_the_first_message_of_a_forum_thread_is_answered_in_it() -> None:
    questions = asked(1, where=in_thread(1))

    assert len(told(questions, said(2, where=in_thread(1)))) == 1


def test_a_question_back_does_not_answer() -> None:
    questions = asked(1)

    assert told(questions, said(2, to=1), how=ASKS_BACK) == []
    assert told(questions, said(3, where=in_thread(1)), how=ASKS_BACK) == []
    assert len(questions) == 1


def test_other_words_in_the_channel_do_not_answer_until_whoever_asked_gives_thanks() -> None:
    questions, thanks = asked(1), said(3)

    assert told(questions, said(2)) == []
    assert told(questions, thanks, MEMBER, THANKS) == closes(1, thanks)


def test_whoever_asked_does_not_answer_by_going_on() -> None:
    questions = asked(1)
    told(questions, said(2))

    assert told(questions, said(3, to=1), MEMBER) == []
    assert told(questions, said(4, where=in_thread(1)), MEMBER) == []


def test_thanks_mean_nothing_before_anybody_else_has_written() -> None:
    assert told(asked(1), said(2), MEMBER, THANKS) == []


def test_thanks_of_somebody_else_do_not_close_it() -> None:
    questions = asked(1)
    told(questions, said(2))

    assert told(questions, said(3), THIRD, THANKS) == []


def test_words_in_another_place_do_not_count() -> None:
    questions, away = asked(1), place("99")
    told(questions, said(2, where=away))

    assert told(questions, said(3), MEMBER, THANKS) == []
    told(questions, said(4))
    assert told(questions, said(5, where=away), MEMBER, THANKS) == []
    assert told(questions, said(6, to=1, where=away)) == []


def test_thanks_in_its_thread_close_it() -> None:
    questions = asked(1)
    told(questions, said(2, where=in_thread(1)), how=ASKS_BACK)
    thanks = said(3, where=in_thread(1))

    assert told(questions, thanks, MEMBER, THANKS) == closes(1, thanks)


def test_thanks_have_to_come_within_two_hours_of_the_words_before() -> None:
    for heard, thanked, closed in ((121, 241, 1), (122, 123, 0), (2, 123, 0), (2, 122, 1)):
        questions = asked(1)
        questions.heard(said(heard), OTHER)
        assert len(told(questions, said(thanked), MEMBER, THANKS)) == closed, (heard, thanked)


def test_thanks_close_all_that_was_asked_a_moment_ago() -> None:
    questions = asked(1, 2)
    told(questions, said(3))

    assert len(told(questions, said(4), MEMBER, THANKS)) == 2


def test_what_was_asked_after_the_words_is_not_closed_by_the_thanks() -> None:
    questions = asked(1)
    told(questions, said(2))
    third = message(3)
    questions.ask(OpenQuestion(third.ref, MEMBER, third.sent_at))

    assert [a.question for a in told(questions, said(4), MEMBER, THANKS)] == [message(1).ref.key]


def test_what_came_before_the_question_does_not_answer_it() -> None:
    assert told(asked(5), said(4, to=5)) == []


def test_the_question_itself_read_again_changes_nothing() -> None:
    questions = asked(1)
    questions.ask(OpenQuestion(message(1).ref, MEMBER, at(1)))

    assert len(questions) == 1
    assert told(questions, said(1), MEMBER, THANKS) == []


def test_deleted_members_share_an_account_so_their_thanks_are_nobodys() -> None:
    questions = asked(1)
    told(questions, said(2))
    thanks = replace(said(3), origin=Origin.DELETED_MEMBER, author=account("0"))

    assert told(questions, thanks, MEMBER, THANKS) == []


def test_the_words_are_looked_at_only_where_they_matter() -> None:
    looked: list[int] = []

    def look() -> Answering:
        looked.append(1)
        return TELLS

    questions = asked(1)
    questions.answers(said(2), OTHER, look)
    questions.answers(said(3, to=404), OTHER, look)
    assert looked == []
    questions.answers(said(4, to=1), OTHER, look)
    assert looked == [1]


def test_memory_is_bounded_and_the_oldest_are_given_up() -> None:
    most = conversation.MOST_QUESTIONS
    questions = OpenQuestions()
    for number in range(1, most + 11):
        where = place(str(number % 3_000))
        questions.ask(OpenQuestion(message(number, where=where).ref, MEMBER, at(1)))

    assert len(questions) == most
    assert told(questions, said(99_999, to=5, where=place("5"))) == []
    assert len(told(questions, said(99_999, to=11, where=place("11")))) == 1
