"""How values are kept: what goes in comes out, on both databases."""

import json
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Dialect, make_url

from bot.domain.action import Action, DirectMessage, Post, Reply
from bot.domain.card import Card
from bot.domain.code import Code
from bot.domain.decision import Alert, Outcome, ProposeNote, Recommend
from bot.domain.message import Place
from bot.domain.reading import Evidence
from bot.store.columns import ACTION, BECAUSE, EVIDENCE, OUTCOMES, Moment, Words
from tests.support.build import NOON, account, place, ref

DIALECTS = [make_url(name).get_dialect()() for name in ("sqlite://", "postgresql://")]
WHOLE = st.text(st.characters(exclude_categories=["Cs"]))  # without halves of characters


@given(
    st.lists(
        st.one_of(
            st.builds(Alert),
            st.builds(Recommend),
            st.builds(ProposeNote, similarity=st.floats(0, 1)),
        )
    )
)
def test_outcomes_come_back_as_they_were(outcomes: list[Outcome]) -> None:
    assert OUTCOMES.load(OUTCOMES.dump(tuple(outcomes))) == tuple(outcomes)


@given(st.one_of(st.builds(Post), st.builds(Reply), st.builds(DirectMessage)))
def test_an_action_comes_back_as_it_was(action: Action) -> None:
    assert ACTION.load(ACTION.dump(action)) == action


@given(
    st.lists(
        st.builds(Evidence, weight=st.none() | st.floats(allow_nan=False, allow_infinity=False))
    ),
    st.lists(st.sampled_from(Code)),
)
def test_reasons_come_back_as_they_were(found: list[Evidence], because: list[Code]) -> None:
    assert EVIDENCE.load(EVIDENCE.dump(tuple(found))) == tuple(found)
    assert BECAUSE.load(BECAUSE.dump(tuple(because))) == tuple(because)


@given(WHOLE)
def test_a_places_name_is_kept_though_it_makes_no_difference(name: str) -> None:
    action = ACTION.load(ACTION.dump(Post(place(name=name), Card("t"))))
    assert isinstance(action, Post)
    assert action.place.name == name


@given(st.text(st.characters(categories=["Cs", "Lu"])))
def test_halves_of_characters_never_keep_a_card_from_the_disk(title: str) -> None:
    assert ACTION.dump(DirectMessage(account(), Card(title))).encode()


@pytest.mark.parametrize(
    ("action", "kind"),
    [
        (Post(place(), Card("t")), "post"),
        (Reply(ref(), Card("t")), "reply"),
        (DirectMessage(account(), Card("t")), "direct_message"),
    ],
)
def test_a_kind_is_written_as_it_was_first_named(action: Action, kind: str) -> None:
    assert json.loads(ACTION.dump(action))["kind"] == kind


@pytest.mark.parametrize("text", ["{}", '{"kind":"shout"}', "[]", '{"kind":"post"}'])
def test_an_action_of_no_known_kind_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="validation error"):
        ACTION.load(text)


def test_json_is_compact() -> None:
    assert OUTCOMES.dump(()) == "[]"
    assert " " not in ACTION.dump(Post(Place(place().platform, "1", "2"), Card("t")))


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: str(dialect.name))
@given(
    st.datetimes(datetime(1970, 1, 2), datetime(2100, 1, 1)),  # noqa: DTZ001 - zones are drawn beside them
    st.integers(-720, 720),
)
def test_a_moment_comes_back_as_the_same_moment_in_utc(
    dialect: Dialect, naive: datetime, minutes: int
) -> None:
    moment = naive.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    kept = Moment().process_bind_param(moment, dialect)
    found = Moment().process_result_value(kept, dialect)

    assert found == moment
    assert found is not None
    assert found.utcoffset() == timedelta(0)


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: str(dialect.name))
def test_a_moment_without_a_zone_is_refused(dialect: Dialect) -> None:
    with pytest.raises(ValueError, match="time zone"):
        Moment().process_bind_param(NOON.replace(tzinfo=None), dialect)


@pytest.mark.parametrize(
    ("given_", "kept"),
    [("a\0b", "a?b"), ("\ud83d!", "?!"), ("\N{GRINNING FACE}", "\N{GRINNING FACE}"), (None, None)],
)
def test_words_are_kept_as_far_as_every_database_can(given_: str | None, kept: str | None) -> None:
    assert Words().process_bind_param(given_, DIALECTS[0]) == kept
