"""What holds of every rota, in every season and zone."""

from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.data.calendarexport import write_calendar
from bot.data.calendarfile import read_calendar
from bot.domain.desk import Desk
from bot.domain.duty import Lack, Rank, Rota, Shift
from bot.domain.practitioner import Practitioner
from bot.policy.duty import next_on_duty, on_duty, spells, turns
from bot.policy.practitioner import may_serve
from bot.policy.rota import quality
from tests.support.rota import ADA, BO, CID, any_rota, any_shift, moments

INSTANT = timedelta(microseconds=1)
FEW = settings(max_examples=40)  # each unrolls several calendars
DAYS = st.timedeltas(min_value=timedelta(minutes=1), max_value=timedelta(days=10))


@FEW
@given(rota=any_rota(), at=moments())
def test_there_is_one_primary_at_most_and_nobody_unfit(rota: Rota, at: datetime) -> None:
    now = on_duty(rota, at)

    assert len({person.key for person in now.everyone}) == len(now.everyone)
    assert now.primary is None or now.primary != now.backup
    assert all(may_serve(person, now.at) for person in now.everyone)
    assert not {each.who.key for each in now.unfit} & {person.key for person in now.everyone}


@FEW
@given(rota=any_rota(most_overrides=0), at=moments())
def test_without_changes_those_on_duty_are_those_whose_turn_it_is(rota: Rota, at: datetime) -> None:
    now = on_duty(rota, at)

    if rota.shifts is None:
        assert now.everyone == tuple(p for p in rota.people if may_serve(p, now.at))
        return
    due = [t for t in turns(rota, now.at, now.at + INSTANT) if t.start <= now.at < t.end]
    people = {person.key: person for person in rota.people}
    fit = [turn for turn in due if may_serve(people[turn.who], now.at)]
    assert {person.key for person in now.everyone} == {turn.who for turn in fit}
    primaries = {turn.who for turn in fit if turn.rank is Rank.PRIMARY}
    assert not primaries or (now.primary is not None and now.primary.key in primaries)


@FEW
@given(rota=any_rota(), start=moments(), length=DAYS, part=st.floats(0, 0.99))
def test_covered_time_and_gaps_are_the_whole_time(
    rota: Rota, start: datetime, length: timedelta, part: float
) -> None:
    stop = start + length
    found = spells(rota, start, stop)
    judged = quality(rota, start, stop)

    assert (found[0].start, found[-1].end) == (start, stop)
    assert all(one.end == other.start for one, other in pairwise(found))
    assert all(one.everyone != other.everyone for one, other in pairwise(found))
    missing = sum((g.end - g.start for g in judged.gaps if g.lack is Lack.NOBODY), timedelta())
    covered = sum((spell.length for spell in found if spell.everyone), timedelta())
    assert covered + missing == length
    assert judged.covered == covered / length
    at = start + length * part
    (spell,) = (each for each in found if each.start <= at < each.end)
    assert on_duty(rota, at).everyone == spell.everyone


@FEW
@given(rota=any_rota(), after=moments())
def test_who_is_next_is_on_duty_then_and_nobody_is_before(rota: Rota, after: datetime) -> None:
    found = next_on_duty(rota, after)

    if found is None:
        return
    assert on_duty(rota, found.start).everyone == found.everyone != ()
    if found.start > after:
        assert all(not spell.everyone for spell in spells(rota, after, found.start))


@FEW
@given(
    shifts=st.integers(1, 4).flatmap(lambda most: st.tuples(*map(any_shift, range(most)))),
    ats=st.lists(moments(), min_size=1, max_size=20),
)
def test_a_rota_that_went_through_a_calendar_is_the_same(
    shifts: tuple[Shift, ...], ats: list[datetime]
) -> None:
    people: tuple[Practitioner, ...] = (ADA, BO, CID)
    desk = Desk("north", "North", "GB", "en", people, ADA.account, shifts=shifts)
    again = read_calendar(write_calendar(desk, ats[0]), people)

    assert again.problems == ()
    for at in ats:
        before, after = (on_duty(Rota(people, s), at) for s in (desk.shifts, again.shifts))
        assert before == after
