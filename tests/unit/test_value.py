"""Values travel to another process as what they are made of."""

import copy
import pickle
from dataclasses import replace
from typing import TypeVar

import pytest

from bot.domain.message import AccountRef, MessageRef, Place, PlatformName
from bot.domain.value import value
from bot.triage.phrasebook import Hit

T = TypeVar("T")
THREAD = Place(PlatformName("discord"), "10", "20", "21", "#jobs > rota")


@value
class Lone:
    only: tuple[int, ...]


@value
class Wider(Lone):
    more: int = 0


@value
class Bare:
    """A value of nothing."""


def travelled(one: T) -> T:
    arrived: T = pickle.loads(pickle.dumps(one))  # noqa: S301 - it is ours
    return arrived


@pytest.mark.parametrize(
    "one", [THREAD, MessageRef(THREAD, "900"), Hit("cue", 3, 9), Lone((1, 2)), Bare()]
)
def test_a_value_is_equal_after_its_journey(one: object) -> None:
    arrived = travelled(one)
    assert arrived == one
    assert repr(arrived) == repr(one)
    assert type(arrived) is type(one)


def test_what_is_worked_out_of_it_is_worked_out_again() -> None:
    arrived = travelled(THREAD)
    assert (arrived.key, arrived.name) == ("discord:10:20:21", "#jobs > rota")


def test_no_names_of_fields_travel() -> None:
    packed = pickle.dumps(AccountRef(PlatformName("discord"), "7"))
    assert b"platform" not in packed


def test_copies_are_equal_and_changed_ones_are_not() -> None:
    assert copy.deepcopy(THREAD) == THREAD
    assert replace(THREAD, thread=None).key == "discord:10:20"


def test_a_value_that_is_made_of_another_keeps_what_it_adds() -> None:
    assert travelled(Wider((1,), 5)) == Wider((1,), 5)
    assert travelled(Wider((1,), 5)).more == 5
