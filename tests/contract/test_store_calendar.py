"""Calendars on both databases: what one brought is replaced as a whole, or not at all."""

from dataclasses import replace

from bot.domain.calendar import Mark, Obstacle, Subscription
from bot.domain.duty import Rank
from bot.store.calendar import Renewal
from bot.store.engine import Store
from tests.support.build import DESK, NOON, at, delivery, desk
from tests.support.rota import shift, wall

ONE = Subscription(DESK, "c1", "sealed", "example.org", NOON, NOON, at(15))
SKIPS = (wall("2026-01-06T09:00"),)
DAY = shift("ada", "2026-01-05T09:00", "2026-01-05T17:00", "FREQ=DAILY", skips=SKIPS)
NIGHT = shift("bo", "2026-01-05T20:00", "2026-01-06T06:00", zone="Asia/Tokyo", rank=Rank.BACKUP)


async def added(store: Store, one: Subscription = ONE) -> None:
    await store.calendars.renew(Renewal(one, 0, (DAY,)))


async def test_a_calendar_comes_back_as_it_was_written(store: Store) -> None:
    whole = replace(
        ONE, people="p", failures=2, obstacle=Obstacle.PAGE, mark=Mark('"1"', "Mon"), unused=3,
        sealed_why="why",
    )  # fmt: skip
    await store.calendars.renew(Renewal(whole, 0, (DAY, NIGHT)))

    assert await store.calendars.all(DESK) == [whole]
    assert await store.calendars.shifts(DESK, "c1") == (DAY, NIGHT)
    assert await store.calendars.shifts(DESK, "other") == ()


async def test_a_reading_replaces_what_that_calendar_brought_and_nothing_else(store: Store) -> None:
    await added(store)
    await added(store, replace(ONE, id="c2"))
    await store.calendars.renew(Renewal(replace(ONE, version=2, edition=2), 1, (NIGHT,)))

    assert await store.calendars.shifts(DESK, "c1") == (NIGHT,)
    assert await store.calendars.shifts(DESK, "c2") == (DAY,)


async def test_what_could_not_be_read_leaves_the_shifts(store: Store) -> None:
    await added(store)
    missed = replace(ONE, version=2, failures=1, obstacle=Obstacle.GONE)
    await store.calendars.renew(Renewal(missed, 1))

    assert await store.calendars.all(DESK) == [missed]
    assert await store.calendars.shifts(DESK, "c1") == (DAY,)


async def test_who_comes_late_writes_nothing_and_tells_nobody(store: Store) -> None:
    await added(store)
    await store.calendars.renew(Renewal(replace(ONE, version=2), 1, (NIGHT,), (delivery("a"),)))
    late = Renewal(replace(ONE, version=2, failures=9), 1, (), (delivery("b"),))
    await store.calendars.renew(late)
    await store.calendars.renew(Renewal(replace(ONE, host="other.org"), 0, (), (delivery("c"),)))

    assert await store.calendars.all(DESK) == [replace(ONE, version=2)]
    assert await store.calendars.shifts(DESK, "c1") == (NIGHT,)
    assert [one.key for one in await store.deliveries.due(at(1), 9)] == ["a"]


async def test_what_was_removed_is_not_brought_back_by_a_reading_under_way(store: Store) -> None:
    await added(store)
    await store.calendars.remove(DESK, "c1")
    await store.calendars.renew(Renewal(replace(ONE, version=2), 1, (NIGHT,)))

    assert await store.calendars.all(DESK) == []


async def test_no_other_desk_sees_or_removes_it(store: Store) -> None:
    await store.desks.ensure(desk("other"))
    await added(store)
    await store.calendars.remove("other", "c1")

    assert await store.calendars.all("other") == []
    assert await store.calendars.shifts("other", "c1") == ()
    assert await store.calendars.all(DESK) == [ONE]
