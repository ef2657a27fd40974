"""Whatever happens to an output, in whatever order: two people, and an end that stays one."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards.note import taken_back_card
from bot.domain.action import Reply, Update, Withdraw
from bot.domain.card import Card
from bot.domain.desk import ConsentMode
from bot.domain.output import (
    Approve,
    Delivered,
    Due,
    Input,
    Kind,
    MessageGone,
    Outdated,
    Output,
    Propose,
    Refusal,
    Refuse,
    Removal,
    Retract,
    Stage,
    Told,
    Undeliverable,
    Unwelcome,
)
from bot.domain.watch import Stage as Watched
from bot.domain.watch import Watch
from bot.policy.output import ENDED, LASTS, deliveries, may_author, moved, suggested
from tests.support.build import NOON, account, desk, place, ref

ADA, BO = account("101"), account("102")
PEOPLE = st.sampled_from([ADA, BO, account("103")])
INPUTS: st.SearchStrategy[Input] = st.one_of(
    st.builds(Propose, PEOPLE),
    st.builds(Approve, st.one_of(st.none(), PEOPLE)),
    st.builds(Refuse, PEOPLE),
    st.builds(Retract, PEOPLE),
    st.builds(Told, PEOPLE),
    st.builds(Delivered, st.sampled_from(["20:1", "20:2"])),
    st.sampled_from([Due(), Outdated(), Unwelcome(), MessageGone(), Undeliverable()]),
)


def output(kind: Kind = Kind.NOTE) -> Output:
    return suggested(
        kind,
        desk="north",
        ref=ref(1),
        link="https://discord.com/channels/10/20/1",
        author="0f" * 16,
        sent_at=NOON,
        subjects=("apprenticeship-age",),
        edition="e1",
        now=NOON,
    )


def after(*happened: Input, kind: Kind = Kind.NOTE) -> Output:
    one = output(kind)
    for each in happened:
        one = moved(one, each, NOON).output
    return one


@given(st.sampled_from(Kind), st.lists(st.tuples(INPUTS, st.integers(0, 60)), max_size=20))
def test_nothing_is_posted_without_its_people_and_an_end_is_an_end(
    kind: Kind, happened: list[tuple[Input, int]]
) -> None:
    one, posts = output(kind), 0
    for each, hours in happened:
        step = moved(one, each, NOON + timedelta(hours=hours))
        sent = deliveries(step, one, lambda: Card("said"), taken_back_card(NOON.date()), NOON)
        posts += sum(isinstance(delivery.action, Reply) for delivery in sent)
        if one.stage in ENDED:
            assert step.output.stage is one.stage
        if step.what is None:
            assert step.output == one
        else:
            assert step.output.version == one.version + 1
        one = step.output
        if kind is Kind.NOTE and one.stage in (Stage.APPROVED, Stage.POSTED):
            assert one.proposed_by is not None
            assert one.approved_by is not None
            assert one.proposed_by != one.approved_by
        if one.stage is Stage.POSTED:
            assert one.external_id is not None
    assert posts <= 1


def test_whoever_proposed_a_note_cannot_approve_it() -> None:
    step = moved(after(Propose(ADA)), Approve(ADA), NOON)

    assert step.refusal is Refusal.SAME_PERSON
    assert moved(after(Propose(ADA)), Approve(BO), NOON).output.stage is Stage.APPROVED


def test_a_note_that_nobody_proposed_cannot_be_approved() -> None:
    assert moved(output(), Approve(ADA), NOON).refusal is Refusal.NOT_YET
    assert moved(output(), Approve(None), NOON).refusal is Refusal.NOT_YET
    assert moved(after(Propose(ADA)), Approve(None), NOON).refusal is Refusal.SAME_PERSON


def test_resources_need_one_persons_word_or_the_channels_switch() -> None:
    for by in (ADA, None):
        assert after(Approve(by), kind=Kind.RESOURCES).stage is Stage.APPROVED


@pytest.mark.parametrize(
    ("happened", "removal"),
    [
        (Retract(ADA), Removal.VISIBLY),
        (Outdated(), Removal.VISIBLY),
        (MessageGone(), Removal.WHOLLY),
    ],
)
def test_what_stands_in_public_is_taken_back(happened: Input, removal: Removal) -> None:
    posted = after(Propose(ADA), Approve(BO), Delivered("20:5"))
    step = moved(posted, happened, NOON)
    (sent,) = deliveries(step, posted, lambda: Card("said"), Card("back"), NOON)

    assert (step.output.stage, step.removal) == (Stage.WITHDRAWN, removal)
    assert isinstance(sent.action, Update if removal is Removal.VISIBLY else Withdraw)
    assert sent.action.external_id == "20:5"


def test_what_was_stopped_too_late_is_taken_away() -> None:
    stopped = after(Propose(ADA), Approve(BO), MessageGone())
    step = moved(stopped, Delivered("20:5"), NOON)

    assert stopped.stage is Stage.LAPSED
    assert (step.output.stage, step.removal) == (Stage.LAPSED, Removal.WHOLLY)


@pytest.mark.parametrize("kind", list(Kind))
def test_what_nobody_answers_lapses_in_its_time(kind: Kind) -> None:
    one, end = output(kind), NOON + LASTS[kind]

    assert moved(one, Due(), end - timedelta(seconds=1)).what is None
    assert moved(one, Due(), end).output.stage is Stage.LAPSED


def test_an_opt_out_stops_what_is_on_its_way_and_leaves_what_stands() -> None:
    approved = after(Propose(ADA), Approve(BO))

    assert moved(approved, Unwelcome(), NOON).output.stage is Stage.LAPSED
    posted = moved(approved, Delivered("20:5"), NOON).output
    assert moved(posted, Unwelcome(), NOON).output == posted


def test_an_author_who_opted_out_or_never_opted_in_is_left_alone() -> None:
    plain = desk()

    assert may_author("a", place(), plain)
    assert not may_author("a", place(), replace(plain, opted_out=frozenset({"a"})))
    opting_in = replace(plain, consent=ConsentMode.OPT_IN)
    assert not may_author("a", place(), opting_in)
    assert may_author("a", place(), replace(opting_in, opted_in=frozenset({"a"})))


def test_where_the_channel_knows_only_of_opting_in_that_holds() -> None:
    told = Watch("north", place(), "k", ADA, NOON, stage=Watched.ON, since=NOON, told="opt_in")
    of = replace(desk(), watches={place().key: told})

    assert not may_author("a", place(), of)
    assert may_author("a", place(), replace(of, opted_in=frozenset({"a"})))
    assert may_author("a", place("21"), of)
