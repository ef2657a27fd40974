"""What is read is what the watch list says, from the notice on."""

from dataclasses import replace

import pytest

from bot.domain.action import Pin, Post, Update, Withdraw
from bot.domain.card import Card
from bot.domain.desk import ConsentMode, Desk
from bot.domain.ledger import Count
from bot.domain.watch import Mode, Sent, Stage, Watch
from bot.policy.watch import (
    answers_by_itself,
    asks_for_notice,
    asks_for_pin,
    changed,
    ended,
    heard,
    is_watched,
    kept_true,
    laid_over,
    lets_know,
    saying,
    shadowed,
    skip_reason,
    taken_over,
    takes_back,
    takes_leave,
    told,
    wished,
)
from tests.support.build import NOON, account, at, desk, message, place

MO, OTHER = account("300"), account("301")
NOBODY = replace(desk(), reads_unlisted=False)
FILE = replace(desk(), watched=frozenset({"job-search"}))


def wish(before: Watch | None = None, asking: str = "a") -> Watch:
    return wished(
        before, place(), desk="north", by=MO, now=NOON, asking=asking, mode=Mode.WATCH, answers=None
    )


def posted(watch: Watch, number: int = 5) -> Sent:
    position = f"{number:020}"
    return Sent(watch, posted=True, pinned=None, external_id="20:5", position=position, at=at(5))


def on(**more: object) -> Watch:
    return replace(heard(posted(wish()), can_pin=True), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("of", "is_so"), [(desk(), True), (NOBODY, False), (FILE, True)], ids=["all", "none", "file"]
)
def test_the_file_says_what_is_read_where_moderators_said_nothing(of: Desk, *, is_so: bool) -> None:
    assert is_watched(place(), of) is is_so


@pytest.mark.parametrize("of", [desk(), NOBODY, FILE], ids=["all", "none", "file"])
@pytest.mark.parametrize("stage", Stage)
def test_what_moderators_said_goes_over_the_file(of: Desk, stage: Stage) -> None:
    of = laid_over(of, [on(stage=stage)])

    assert is_watched(place(), of) is (stage is Stage.ON)
    assert is_watched(place(thread="33", name="#job-search > late"), of) is (stage is Stage.ON)


@pytest.mark.parametrize(("number", "is_read"), [(4, False), (5, False), (6, True)])
def test_reading_begins_behind_the_notice(number: int, *, is_read: bool) -> None:
    reason = skip_reason(message(number), laid_over(NOBODY, [on()]), author="x")

    assert reason is (None if is_read else Count.SKIPPED_NOT_WATCHED)


def test_a_wish_is_on_only_with_its_receipt() -> None:
    before = wish()
    after = heard(posted(before), can_pin=True)

    assert not before.is_on
    assert not before.is_settled
    assert (after.stage, after.since, after.begins) == (Stage.ON, at(5), f"{5:020}")
    assert after.notice == "20:5"
    assert not after.is_settled  # its pin is not heard of
    assert heard(posted(before), can_pin=False).is_settled
    assert asks_for_pin(heard(posted(before), can_pin=False), NOON) == ()


def test_a_notice_that_cannot_be_posted_reads_nothing() -> None:
    failed = heard(Sent(wish(), posted=False, pinned=None, why="no"), can_pin=True)

    assert (failed.stage, failed.is_settled) == (Stage.FAILED, True)


@pytest.mark.parametrize("pinned", [True, False])
def test_a_pin_that_is_heard_of_changes_nothing_else(*, pinned: bool) -> None:
    before = on()
    after = heard(Sent(before, posted=True, pinned=pinned, external_id="20:5"), can_pin=True)

    assert after == replace(before, pinned=pinned)


def test_a_notice_that_came_after_it_was_stopped_is_taken_back() -> None:
    stopped = ended(wish(), by=MO, now=NOON)
    late = heard(posted(stopped), can_pin=True)
    (back,) = takes_back(late, NOON)

    assert late.stage is Stage.OFF
    assert isinstance(back.action, Withdraw)
    assert takes_back(stopped, NOON) == ()


def test_who_is_asked_again_gets_a_notice_of_its_own() -> None:
    first = wish()
    second = wish(ended(on(), by=MO, now=NOON), asking="b")
    after_a_kick = wish(asking="c")  # the list begins anew, with the first version
    deliveries = [asks_for_notice(one, Card("x"), NOON) for one in (first, second, after_a_kick)]

    assert len({one.key for one in deliveries}) == 3
    assert all(isinstance(one.action, Post) for one in deliveries)
    assert (second.stage, second.notice, second.begins) == (Stage.WISHED, None, "")


def test_leave_is_taken_in_the_channel_in_the_notice_and_of_the_pin() -> None:
    line, over = Card("line"), Card("over")
    whole = [one.action for one in takes_leave(on(pinned=True), line, over, NOON)]
    bare = [one.action for one in takes_leave(on(pinned=False), line, over, NOON)]
    of_file = taken_over(place(), desk="north", by=MO, now=NOON, asking="a")

    assert [type(one) for one in whole] == [Update, Pin, Post]
    assert [type(one) for one in bare] == [Update, Post]
    assert [type(one.action) for one in takes_leave(of_file, line, over, NOON)] == [Post]
    assert takes_leave(wish(), line, over, NOON) == ()


def test_a_change_keeps_what_it_does_not_name_and_who_hears_of_shadows() -> None:
    shadow = changed(on(answers=True), by=OTHER, now=at(9), mode=Mode.SHADOW, answers=None)
    of = laid_over(desk(), [shadow])

    assert (shadow.answers, shadow.begins, shadow.stage) == (True, f"{5:020}", Stage.ON)
    assert shadowed(place(), of) == OTHER
    assert shadowed(place(), laid_over(desk(), [on()])) is None
    assert shadowed(place("21"), of) is None


@pytest.mark.parametrize(
    ("answers", "of_file", "is_so"),
    [(None, True, True), (None, False, False), (True, False, True), (False, True, False)],
)
def test_answers_by_itself_are_the_files_unless_moderators_said(
    *, answers: bool | None, of_file: bool, is_so: bool
) -> None:
    of = replace(desk(), answers_by_itself=frozenset({"20"}) if of_file else frozenset())

    assert answers_by_itself(place(), laid_over(of, [on(answers=answers)])) is is_so


IN, OUT = ConsentMode.OPT_IN, ConsentMode.NOTICE_OPT_OUT
CARD, LINE = Card("A notice"), Card("A word")


def knowing(consent: ConsentMode = IN, **more: object) -> Watch:
    return saying(on(pinned=True, **more), CARD, consent)


def reads(watch: Watch, number: int = 9) -> Count | None:
    of = laid_over(replace(desk(), consent=OUT), [watch])
    return skip_reason(message(number), of, author="somebody")


def test_a_channel_that_knows_what_holds_is_told_nothing() -> None:
    watch = knowing()

    assert kept_true(watch, IN, watch.drawn) is None


def test_another_notice_alone_is_drawn_and_says_nothing_more() -> None:
    before = knowing()
    after = kept_true(before, IN, "another")
    assert after is not None

    (redrawn,) = lets_know(after, before, CARD, LINE, NOON)
    assert redrawn.action == Update(before.place.platform, "20:5", CARD)
    assert kept_true(after, IN, "another") is None


def test_more_people_are_read_behind_the_word_that_says_so_and_not_before() -> None:
    before = knowing()
    asked = kept_true(before, OUT, "another")
    assert asked is not None
    redrawn, word = lets_know(asked, before, CARD, LINE, NOON)
    receipt = Sent(asked, posted=True, pinned=True, told=True, told_at=f"{7:020}")
    heard_of = told(receipt)

    assert redrawn.key < word.key  # in this order they are done
    assert word.action == Post(before.place, LINE)
    assert not asked.is_settled
    assert kept_true(asked, OUT, "another") is None
    assert reads(before) is reads(asked) is Count.SKIPPED_NO_CONSENT
    assert reads(heard_of, 7) is Count.SKIPPED_NO_CONSENT
    assert reads(heard_of, 8) is None
    assert kept_true(heard_of, OUT, "another") is None


def test_a_refused_word_leaves_all_as_it_was_and_is_said_again_after_another_choice() -> None:
    asked = kept_true(knowing(), OUT, "another")
    assert asked is not None
    refused = told(Sent(asked, posted=True, pinned=True, told=False))
    back = kept_true(refused, IN, "another")
    assert back is not None
    again = kept_true(back, OUT, "another")
    assert again is not None

    assert reads(refused) is Count.SKIPPED_NO_CONSENT
    assert refused.is_settled
    assert kept_true(refused, OUT, "another") is None
    assert again.is_telling
    assert again.telling_key != asked.telling_key


def test_what_was_not_known_of_a_channel_is_taken_as_it_is() -> None:
    watch = kept_true(on(pinned=True), OUT, "drawn")

    assert watch is not None
    assert (watch.told, watch.drawn, watch.telling) == (OUT, "drawn", "")
