"""What people ask for at the desk is granted, or refused with what to do instead."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.domain.duty import Burden, Lack, Override, Rank, Refused, Rota, Swap
from bot.domain.practitioner import Hours
from bot.policy.duty import on_duty, turns
from bot.policy.override import cover, go_off, go_on, swap
from bot.policy.practitioner import is_within_hours
from bot.policy.rota import quality
from tests.support.rota import ADA, BO, person, profile, rota, shift, utc, wall

DAY = shift("ada", "2026-11-30T09:00", "2026-11-30T17:00", "FREQ=DAILY", id="day")
NIGHT = shift("bo", "2026-11-30T20:00", "2026-12-01T06:00", "FREQ=DAILY", id="night")
ROTA = rota(DAY, NIGHT)
NOON = utc("2026-12-02T12:00")
HOUR = timedelta(hours=1)


def granted(asked: Override | Refused) -> Override:
    assert isinstance(asked, Override)
    return asked


def refused(asked: Override | Swap | Refused) -> str:
    assert isinstance(asked, Refused)
    assert asked.mend
    return asked.why


def test_on_is_effective_at_once_and_ends_after_twelve_hours() -> None:
    asked = granted(go_on(ROTA, "cid", NOON))

    assert (asked.start, asked.end) == (NOON, NOON + 12 * HOUR)
    assert "cid" in {p.key for p in on_duty(replace(ROTA, overrides=(asked,)), NOON).everyone}


def test_what_was_served_already_counts() -> None:
    asked = granted(go_on(ROTA, "ada", NOON))

    assert asked.end == utc("2026-12-02T21:00")  # on since nine
    assert "15 hours" in refused(go_on(ROTA, "ada", NOON, until=utc("2026-12-03T00:00")))


def test_on_until_runs_into_a_turn_of_their_own_and_is_refused() -> None:
    assert "18 hours" in refused(go_on(ROTA, "bo", NOON, until=utc("2026-12-02T20:00")))


def test_off_is_effective_at_once_and_ends_with_the_turn() -> None:
    asked = granted(go_off(ROTA, "ada", NOON))
    after = replace(ROTA, overrides=(asked,))

    assert (asked.start, asked.end) == (NOON, utc("2026-12-02T17:00"))
    assert on_duty(after, NOON).everyone == ()
    assert on_duty(after, NOON + 24 * HOUR).primary == ADA
    back = granted(go_on(after, "ada", NOON + HOUR))
    assert on_duty(replace(after, overrides=(asked, back)), NOON + HOUR).primary == ADA


def test_without_a_rota_off_lasts_twelve_hours_and_on_ends_it() -> None:
    always = Rota((ADA, BO))
    asked = granted(go_off(always, "ada", NOON))
    off = replace(always, overrides=(asked,))

    assert asked.end == NOON + 12 * HOUR
    assert on_duty(off, NOON).everyone == (BO,)
    on = granted(go_on(off, "ada", NOON + HOUR))
    assert on_duty(replace(off, overrides=(asked, on)), NOON + HOUR).everyone == (ADA, BO)


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (go_on(ROTA, "gone", NOON), "does not list"),
        (go_off(ROTA, "gone", NOON), "does not list"),
        (go_on(ROTA, "cid", NOON, until=NOON), "passed"),
        (go_off(ROTA, "ada", NOON, until=NOON), "passed"),
        (go_off(ROTA, "cid", NOON), "not on duty now"),
        (cover(ROTA, "gone", "ada", NOON, start=NOON, end=NOON + HOUR), "does not list"),
        (cover(ROTA, "ada", "ada", NOON, start=NOON, end=NOON + HOUR), "for themselves"),
        (cover(ROTA, "cid", "ada", NOON, start=NOON - HOUR, end=NOON), "passed"),
        (cover(ROTA, "cid", "bo", NOON, start=NOON, end=NOON + HOUR), "Bo is not on duty then"),
    ],
)
def test_what_cannot_be_is_refused(asked: Override | Refused, why: str) -> None:
    assert why in refused(asked)


@pytest.mark.parametrize(
    ("unfit", "why"),
    [
        (profile(verified_on=None), "not verified"),
        (profile(expires=date(2026, 12, 1)), "expired"),
    ],
)
def test_who_is_not_fit_does_not_go_on(unfit: object, why: str) -> None:
    given = Rota((ADA, BO, person("cid", unfit)), (DAY, NIGHT))  # type: ignore[arg-type]

    assert why in refused(go_on(given, "cid", NOON))
    assert why in refused(cover(given, "cid", "ada", NOON, start=NOON, end=NOON + HOUR))


def test_cover_takes_the_place() -> None:
    asked = granted(cover(ROTA, "cid", "ada", NOON, start=NOON, end=NOON + HOUR))
    after = replace(ROTA, overrides=(asked,))

    assert [p.key for p in on_duty(after, NOON).everyone] == ["cid"]
    assert [p.key for p in on_duty(after, NOON + HOUR).everyone] == ["ada"]


def test_a_swap_is_of_two_known_turns_to_come_of_two_people() -> None:
    found = turns(ROTA, NOON + 12 * HOUR, NOON + 60 * HOUR)
    mine = next(turn for turn in found if turn.shift == "day")
    theirs = next(turn for turn in found if turn.shift == "night" and turn.start > NOON + 20 * HOUR)
    later = [turn for turn in found if turn.shift == "day"][-1]

    agreed = swap(ROTA, mine, theirs, NOON)
    assert agreed == Swap("day", mine.start, "night", theirs.start)
    assert on_duty(replace(ROTA, swaps=(agreed,)), mine.start).primary == BO
    assert "same person" in refused(swap(ROTA, mine, later, NOON))
    assert "has begun" in refused(swap(ROTA, mine, theirs, mine.start))
    assert "not in the rota" in refused(swap(ROTA, replace(mine, shift="x"), theirs, NOON))


def test_cover_and_swap_do_not_make_a_stretch_too_long() -> None:
    early = shift("cid", "2026-12-03T06:00", "2026-12-03T12:00", id="early")
    late = shift("cid", "2026-12-03T20:00", "2026-12-03T22:00", id="late")
    given = rota(NIGHT, early, late)
    found = {t.shift: t for t in turns(given, utc("2026-12-03T05:00"), utc("2026-12-03T21:00"))}
    before = turns(given, NOON + 9 * HOUR, NOON + 10 * HOUR)[0]  # bo, to six in the morning
    other = shift("ada", "2026-12-04T10:00", "2026-12-04T11:00", id="other")
    known = rota(NIGHT, early, late, other)
    ada = turns(known, utc("2026-12-04T10:00"), utc("2026-12-04T11:00"))[-1]
    tomorrow = replace(shift("bo", "2026-12-04T13:00", "2026-12-04T14:00"), id="tomorrow")
    with_bo = rota(NIGHT, early, late, other, tomorrow)
    bo = next(t for t in turns(with_bo, ada.start, ada.end + 3 * HOUR) if t.shift == "tomorrow")

    assert before.end == found["early"].start
    asked = cover(given, "bo", "cid", NOON, start=found["early"].start, end=found["early"].end)
    assert "16 hours" in refused(asked)
    assert "16 hours" in refused(swap(with_bo, bo, found["early"], NOON))
    assert isinstance(swap(with_bo, bo, ada, NOON), Swap)


def test_quality_names_gaps_stretches_shares_and_the_unfit() -> None:
    cid = person("cid", profile(hours=(Hours(frozenset({0}), wall("2026-01-01T09:00").time(),
                                             wall("2026-01-01T10:00").time()),)))  # fmt: skip
    given = Rota(
        (ADA, person("bo", profile(verified_on=None)), cid),
        (
            DAY,
            replace(DAY, id="more", starts=wall("2026-11-30T17:00"), ends=wall("2026-11-30T22:00")),
            replace(NIGHT, id="bo"),
            shift("cid", "2026-12-01T09:00", "2026-12-01T10:00", rank=Rank.BACKUP),
        ),
    )
    judged = quality(given, utc("2026-11-30T00:00"), utc("2026-12-07T00:00"))

    assert judged.covered == pytest.approx(13 / 24)
    assert judged.backed == pytest.approx(1 / (7 * 24))
    nobody = [gap for gap in judged.gaps if gap.lack is Lack.NOBODY]
    assert nobody[0].next == ADA
    assert sum((gap.end - gap.start for gap in nobody), timedelta()) == 7 * 11 * HOUR
    burdens = [(each.who.key, each.burden) for each in judged.overloads]
    assert burdens == [("ada", Burden.STRETCH)] * 7 + [("ada", Burden.SHARE)]
    assert judged.overloads[0].hours == 13
    assert [each.who.key for each in judged.unfit] == ["bo"]
    assert [turn.who for turn in judged.outside] == ["cid"]


def test_hours_over_midnight_and_side_by_side_hold_together() -> None:
    night = Hours(frozenset({0}), wall("2026-01-01T22:00").time(), wall("2026-01-01T06:00").time())
    morning = Hours(
        frozenset({1}), wall("2026-01-01T06:00").time(), wall("2026-01-01T09:00").time()
    )
    ada = person("ada", profile(hours=(morning, night), zone="Europe/Helsinki"))

    assert is_within_hours(ada, utc("2026-11-30T20:00"), utc("2026-12-01T07:00"))
    assert not is_within_hours(ada, utc("2026-11-30T19:59"), utc("2026-12-01T07:00"))
    assert not is_within_hours(ada, utc("2026-11-30T20:00"), utc("2026-12-01T07:01"))
