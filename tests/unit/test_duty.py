"""Who is on duty: the rota, and every change to it."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from bot.domain.duty import Change, Rank, Rota, Swap, Unfit
from bot.domain.practitioner import Fitness
from bot.policy.duty import next_on_duty, on_duty
from tests.support.rota import ADA, BO, CID, override, person, profile, rota, shift, utc

DAY = shift("ada", "2026-11-30T09:00", "2026-11-30T17:00", "FREQ=DAILY", id="day")
BESIDE = shift(
    "bo", "2026-11-30T08:00", "2026-11-30T17:00", "FREQ=DAILY", id="beside", rank=Rank.BACKUP
)
NOON = utc("2026-12-02T12:00")


def names(of: Rota, at: datetime = NOON) -> list[str]:
    return [each.key for each in on_duty(of, at).everyone]


def test_the_primary_comes_before_a_backup_who_was_there_earlier() -> None:
    now = on_duty(rota(DAY, BESIDE), NOON)

    assert (now.primary, now.backup, now.everyone) == (ADA, BO, (ADA, BO))


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-12-02T07:59:59", []),
        ("2026-12-02T08:00", ["bo"]),  # a backup with no primary is the primary
        ("2026-12-02T09:00", ["ada", "bo"]),
        ("2026-12-02T16:59:59", ["ada", "bo"]),
        ("2026-12-02T17:00", []),
        ("2026-11-29T12:00", []),
    ],
)
def test_a_turn_holds_from_its_start_to_just_before_its_end(at: str, expected: list[str]) -> None:
    assert names(rota(DAY, BESIDE), utc(at)) == expected


def test_of_two_primaries_the_one_who_was_there_first_stays_it() -> None:
    late = shift("bo", "2026-12-02T11:00", "2026-12-02T15:00")

    assert names(rota(late, DAY)) == ["ada", "bo"]


def test_without_a_rota_everybody_is_always_on_duty_in_their_order() -> None:
    assert names(Rota((BO, ADA, CID))) == ["bo", "ada", "cid"]
    assert names(Rota((BO, ADA), ())) == []  # a rota without shifts is one of nobody


@pytest.mark.parametrize(
    ("unfit", "why"),
    [
        (profile(expires=date(2026, 12, 1)), Fitness.EXPIRED),
        (profile(verified_on=None), Fitness.UNVERIFIED),
    ],
)
@pytest.mark.parametrize("always", [False, True])
def test_who_is_not_fit_has_no_duty_and_is_named(
    unfit: object, why: Fitness, *, always: bool
) -> None:
    ada = replace(ADA, profile=unfit)  # type: ignore[arg-type]
    given = Rota((ada, BO), None if always else (DAY, BESIDE))
    now = on_duty(given, NOON)

    assert now.everyone == (BO,)
    assert now.unfit == (Unfit(ada, why),)


def test_a_skipped_time_is_no_turn() -> None:
    without = replace(DAY, skips=(datetime(2026, 12, 2, 9),))  # noqa: DTZ001 - a wall clock

    assert names(rota(without)) == []
    assert names(rota(without), NOON + timedelta(days=1)) == ["ada"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ([("ada", Change.OFF, "")], ["bo"]),
        ([("bo", Change.OFF, ""), ("ada", Change.OFF, "")], []),
        ([("cid", Change.ON, "")], ["ada", "bo", "cid"]),
        ([("cid", Change.COVER, "ada")], ["cid", "bo"]),
        ([("cid", Change.COVER, "bo")], ["ada", "cid"]),
        ([("bo", Change.COVER, "ada")], ["bo"]),
        ([("ada", Change.OFF, ""), ("ada", Change.ON, "")], ["ada", "bo"]),
        ([("ada", Change.ON, ""), ("ada", Change.OFF, "")], ["bo"]),
        ([("ada", Change.OFF, ""), ("cid", Change.COVER, "ada")], ["bo"]),
        ([("cid", Change.COVER, "ada"), ("cid", Change.OFF, "")], ["bo"]),
        ([("gone", Change.ON, "")], ["ada", "bo"]),
    ],
)
def test_a_change_holds_and_the_later_one_wins(
    changes: list[tuple[str, Change, str]], expected: list[str]
) -> None:
    overrides = tuple(
        override(
            who, change, "2026-12-02T10:00", "2026-12-02T14:00",
            made_at=f"2026-12-01T0{number}:00", instead_of=instead_of,
        )
        for number, (who, change, instead_of) in enumerate(changes)
    )  # fmt: skip
    changed = rota(DAY, BESIDE, overrides=tuple(reversed(overrides)))

    assert names(changed) == expected
    assert names(changed, utc("2026-12-02T09:59")) == ["ada", "bo"]
    assert names(changed, utc("2026-12-02T14:00")) == ["ada", "bo"]


def test_who_goes_on_alone_is_the_primary() -> None:
    alone = rota(overrides=(override("cid", Change.ON, "2026-12-02T11:00", "2026-12-02T13:00"),))

    assert on_duty(alone, NOON).primary == CID


def test_a_swap_exchanges_two_turns_and_no_more() -> None:
    swapped = replace(
        rota(DAY, BESIDE),
        swaps=(Swap("day", utc("2026-12-02T09:00"), "beside", utc("2026-12-03T08:00")),),
    )

    assert names(swapped) == ["bo"]  # bo has both turns of this day
    assert names(swapped, NOON + timedelta(days=1)) == ["ada"]
    assert names(swapped, NOON + timedelta(days=2)) == ["ada", "bo"]


def test_a_turn_can_be_swapped_on() -> None:
    evening = shift("cid", "2026-12-02T18:00", "2026-12-02T20:00", id="evening")
    first = Swap("day", utc("2026-12-02T09:00"), "beside", utc("2026-12-03T08:00"))
    then = Swap("day", utc("2026-12-02T09:00"), "evening", utc("2026-12-02T18:00"))
    swapped = replace(rota(DAY, BESIDE, evening), swaps=(first, then))

    assert names(swapped) == ["cid", "bo"]
    assert names(swapped, utc("2026-12-02T19:00")) == ["bo"]


def test_a_swap_with_a_shift_that_is_gone_counts_no_more() -> None:
    swaps = (Swap("day", utc("2026-12-02T09:00"), "gone", utc("2026-12-03T08:00")),)

    assert names(replace(rota(DAY), swaps=swaps)) == ["ada"]


def test_who_is_next_is_found_weeks_ahead() -> None:
    far = shift("bo", "2027-01-20T09:00", "2027-01-20T10:00")
    found = next_on_duty(rota(far), NOON)

    assert found is not None
    assert (found.start, found.everyone) == (utc("2027-01-20T09:00"), (BO,))


def test_nobody_next_is_said_so() -> None:
    farther = shift("bo", "2027-03-20T09:00", "2027-03-20T10:00")

    assert next_on_duty(rota(farther), NOON) is None
    assert next_on_duty(rota(), NOON) is None


def test_next_is_now_when_somebody_is_on_duty() -> None:
    found = next_on_duty(rota(DAY), NOON)

    assert found is not None
    assert found.start == NOON


def test_a_credential_that_ends_in_the_night_ends_the_duty_where_the_person_is() -> None:
    ada = person("ada", profile(expires=date(2026, 12, 2), zone="America/New_York"))
    given = Rota((ada,), (shift("ada", "2026-12-03T00:00", "2026-12-03T10:00"),))

    assert names(given, utc("2026-12-03T04:59")) == ["ada"]
    assert names(given, utc("2026-12-03T05:00")) == []
