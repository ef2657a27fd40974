"""Which channels somebody may know of, and how the desk hears of what they write."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.domain.message import Place
from bot.domain.watch import Mode, Seen, Stage, Watch
from bot.policy.hours import Way, way
from bot.policy.watch import seen
from tests.support.build import NOON, account, desk, place

STAFF = place("1", name="#staff")
FORUM = place("2", name="#jobs")
POST = place("2", "22", "#jobs > I need help")
HELP = place("3", name="#cv-help")
PLACES = (STAFF, FORUM, POST, HELP)


def all_but(*hidden: Place) -> Callable[[Place], bool]:
    keys = {one.key for one in hidden}
    return lambda one: one.key not in keys


def in_shadow(where: Place) -> Watch:
    return Watch("north", where, "k", account(), NOON, Mode.SHADOW, stage=Stage.ON)


def test_what_not_everybody_sees_is_counted_and_not_named() -> None:
    assert seen(PLACES, all_but(STAFF)) == Seen((HELP, FORUM), 1)
    assert [one.name for one in seen(PLACES, all_but(STAFF)).channels] == ["#cv-help", "#jobs"]
    assert seen(PLACES, lambda _: False) == Seen((), 3)
    assert seen((), all_but()) == Seen()


def test_the_channel_in_which_somebody_asks_is_no_secret_to_them() -> None:
    assert seen(PLACES, all_but(STAFF, FORUM), STAFF) == Seen((HELP, STAFF), 1)
    assert seen(PLACES, lambda _: False, place("1", "11")) == Seen((STAFF,), 2)
    assert seen(PLACES, lambda _: False, place("9")) == Seen((), 3)


def test_a_threads_title_is_never_told() -> None:
    (known,) = seen((POST,), all_but()).channels

    assert (known.name, known.thread) == ("#jobs", None)


@pytest.mark.parametrize(
    ("where", "found"),
    [
        (HELP, Way(is_read=True, is_here=True)),
        (place("3", "33"), Way(is_read=True, is_here=True)),
        (place("9"), Way(is_read=True, is_here=False, instead="#cv-help")),
        (None, Way(is_read=True, is_here=False, instead="#cv-help")),
    ],
)
def test_to_write_is_the_way_where_it_is_read(where: Place | None, found: Way) -> None:
    assert way(Seen((HELP, FORUM)), where, desk(), is_read=True) == found
    assert way(Seen((HELP, FORUM)), where, desk(), is_read=False) == replace(found, is_read=False)


def test_no_way_leads_through_a_channel_in_shadow_mode() -> None:
    shadowed = replace(desk(), watches={HELP.key: in_shadow(HELP)})

    assert way(Seen((HELP, FORUM)), HELP, shadowed, is_read=True).instead == "#jobs"
    assert way(Seen((HELP,), 1), HELP, shadowed, is_read=True) == Way(is_read=True, is_here=False)
