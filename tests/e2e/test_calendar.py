"""A rota that is kept in a calendar, read again and again from a real server, with a turned clock.

It is two in the afternoon of a Monday when the desk opens.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web

from bot.domain.audit import Failing
from bot.domain.calendar import Obstacle, Subscription
from bot.domain.desk import Desk
from bot.domain.duty import Change, Override, Shift
from bot.domain.space import Standing
from bot.policy.calendar import EVERY, LATE
from bot.store.engine import open_store
from bot.store.seal import Seal
from bot.web.client import Web
from bot.workers.calendar import Brought, Reading, Renewing, read_at
from bot.workers.roster import Roster
from tests.support.build import DISCORD, NOON
from tests.support.duty_desk import (
    ADA,
    BO,
    LAST,
    STRANGER,
    URGENT,
    DutyDesk,
    duty_desk,
    said,
    two_people,
)
from tests.support.feed import LOCALHOST, Feed, feed
from tests.support.ics import calendar, event
from tests.support.rota import wall
from tests.support.storefile import open_file

KEY, OLD = b"k" * 40, b"o" * 40
HERE = Web(private=(LOCALHOST,))
ADAS = event("1", "Ada", "2026-01-05T09:00", "2026-01-05T21:00", "RRULE:FREQ=DAILY")
BOS = event("1", "Bo", "2026-01-05T09:00", "2026-01-05T21:00", "RRULE:FREQ=DAILY")
CLIENTS = event("2", "Talk with a client", "2026-01-05T09:00", "2026-01-05T10:00")


@dataclass(slots=True)
class Calendared:
    """A desk that is subscribed to the calendar of a server."""

    here: DutyDesk
    served: Feed

    async def passes(self, by: timedelta = EVERY * 2) -> None:
        """Let time pass, and what is due be read."""
        self.here.clock.turn(seconds=by.total_seconds())
        assert self.here.app.watch is not None
        assert self.here.app.watch.renewing is not None
        await self.here.app.watch.renewing.renew_due()
        await self.here.app.courier.deliver_due()

    async def paged(self, first: int = 1) -> dict[str, int]:
        """Let somebody need help, and say how many messages Ada and Bo have got by now."""
        await self.here.hears(*said(URGENT, first=first))
        return {"ada": len(self.here.messages(ADA)), "bo": len(self.here.messages(BO))}

    async def found(self) -> dict[Failing, str]:
        assert self.here.app.watch is not None
        for worker in ("courier", "roster", "calendars"):
            self.here.app.watch.auditor.heartbeats.expect(worker, every=timedelta(days=1))
        changes = await self.here.app.watch.auditor.audit()
        await self.here.app.courier.deliver_due()
        of_ours = {Failing.CALENDAR, Failing.EVENTS}
        return {one.failing: one.detail for one in changes.found if one.failing in of_ours}

    async def subscription(self) -> Subscription:
        (one,) = await self.here.store.calendars.all("north")
        return one

    def told(self) -> list[str]:
        """Give what the overseer was told of the calendar: here it is the last resort."""
        texts = [card.text for _, card in self.here.messages(LAST)]
        return [text for text in texts if "alendar of the rota" in text]


async def subscribed(path: Path, served: Feed, desk: Desk, key: bytes = KEY) -> Reading:
    """Do what `waymark duty subscribe` does, beside a bot that may be running."""
    async with open_file(path / "desk.db") as store:
        await store.desks.ensure(desk)
        roster = Roster(desk, store, lambda: NOON + timedelta(hours=2))
        await roster.refresh()
        first = await read_at(served.address, HERE, desk.practitioners, roster.clock())
        if isinstance(first, Brought):
            renewing = Renewing(roster, store, HERE, Seal.of([key]), roster.clock, lambda: 0.5)
            await renewing.subscribe(first, served.address, "c1", LOCALHOST)
        return first


@asynccontextmanager
async def calendared(
    path: Path, *events: str, desk: Desk | None = None
) -> AsyncIterator[Calendared]:
    file = desk or two_people()
    async with feed(calendar(*(events or (ADAS,))), etag='"1"') as served:
        assert isinstance(await subscribed(path, served, file), Brought)
        async with duty_desk(path, file, fetcher=HERE) as here:
            yield Calendared(here, served)


def now_holds(served: Feed, *events: str) -> None:
    served.body = calendar(*events)
    served.etag = f'"{len(served.asked) + 1}"'


async def test_the_calendar_says_who_is_paged_and_a_change_in_it_moves_that(tmp_path: Path) -> None:
    async with calendared(tmp_path) as one:
        assert await one.paged() == {"ada": 1, "bo": 0}
        now_holds(one.served, BOS)
        await one.passes()

        assert await one.paged(first=30) == {"ada": 1, "bo": 1}


async def test_what_is_unchanged_is_asked_for_with_its_mark_and_counts_as_read(
    tmp_path: Path,
) -> None:
    async with calendared(tmp_path) as one:
        await one.passes(timedelta(minutes=10))
        assert len(one.served.asked) == 1
        await one.passes(timedelta(minutes=10))

        assert one.served.asked[1]["If-None-Match"] == '"1"'
        assert (await one.subscription()).read_at == one.here.clock()
        assert (await one.subscription()).edition == 1


BROKEN = [
    (web.Response(status=404), Obstacle.GONE),
    (web.Response(status=500), Obstacle.BUSY),
    (web.Response(body=b"hello", content_type="text/calendar"), Obstacle.BROKEN),
    (web.Response(text="<html>", content_type="text/html"), Obstacle.PAGE),
    (web.Response(body=calendar(), content_type="text/calendar"), Obstacle.EMPTY),
    (web.Response(body=calendar(CLIENTS), content_type="text/calendar"), Obstacle.EMPTY),
    (web.Response(status=302, headers={"Location": "https://10.0.0.1/"}), Obstacle.PRIVATE),
]


@pytest.mark.parametrize(("answer", "obstacle"), BROKEN, ids=[str(one) for _, one in BROKEN])
async def test_what_is_broken_or_empty_leaves_the_last_rota_in_force(
    answer: web.Response, obstacle: Obstacle, tmp_path: Path
) -> None:
    async with calendared(tmp_path) as one:
        one.served.answers = [answer]
        await one.passes()

        assert (await one.subscription()).obstacle is obstacle
        assert await one.paged() == {"ada": 1, "bo": 0}
        assert "Primary: Ada" in (await one.here.asks(BO, "duty show")).text


async def test_who_oversees_is_told_once_since_when_it_has_not_been_read(tmp_path: Path) -> None:
    async with calendared(tmp_path) as one:
        one.served.answers = [web.Response(status=500) for _ in range(20)]
        await one.passes()
        assert await one.found() == {}
        for _ in range(4):
            await one.passes(LATE / 2)
        found = await one.found()
        await one.found()

        assert found == {Failing.CALENDAR: "since 2026-01-05 14:00 UTC: busy"}
        (told,) = one.told()
        assert "The calendar of the rota has not been read: localhost (c1) (since 2026" in told
        assert "The last rota that was read stays in force." in told
        shown = (await one.here.asks(ADA, "duty show")).text
        assert "Calendar: localhost has not been read since Mon 05 Jan 14:00 UTC" in shown
        one.served.answers = []
        await one.passes(LATE)
        assert await one.found() == {}
        assert "Calendar" not in (await one.here.asks(ADA, "duty show")).text


async def test_moderators_see_how_the_calendar_is_and_not_what_is_secret(tmp_path: Path) -> None:
    async with calendared(tmp_path, ADAS, CLIENTS) as one:
        one.here.chats[DISCORD].standings[STRANGER] = Standing(is_member=True, moderates=True)
        one.served.answers = [web.Response(status=404)]
        await one.passes()
        shown = (await one.here.asks(STRANGER, "duty calendars")).text
        refused = (await one.here.asks(BO, "duty calendars")).text

        assert "localhost (c1): Last read Mon 05 Jan 14:00 UTC." in shown
        assert "There is no calendar at this address." in shown
        assert "1 event cannot be used." in shown
        assert "5ecret" not in shown
        assert "client" not in shown
        assert "c1" not in refused


async def test_what_does_not_pass_by_itself_is_told_at_the_next_audit(tmp_path: Path) -> None:
    async with calendared(tmp_path) as one:
        one.served.answers = [web.Response(status=404)]
        await one.passes()

        assert await one.found() == {Failing.CALENDAR: "since 2026-01-05 14:00 UTC: gone"}


async def test_a_server_that_asks_to_wait_is_not_asked_before(tmp_path: Path) -> None:
    async with calendared(tmp_path) as one:
        one.served.answers = [web.Response(status=429, headers={"Retry-After": "7200"})]
        await one.passes()
        await one.passes(timedelta(hours=1, minutes=59))
        assert len(one.served.asked) == 2
        await one.passes(timedelta(minutes=2))

        assert len(one.served.asked) == 3
        assert (await one.subscription()).failures == 0


async def test_what_cannot_be_used_is_counted_for_all_and_named_under_the_key_alone(
    tmp_path: Path,
) -> None:
    async with calendared(tmp_path, ADAS, CLIENTS) as one:
        assert await one.found() == {Failing.EVENTS: "1 not used"}
        kept = await one.subscription()

        assert await one.paged() == {"ada": 1, "bo": 0}
        assert 'Event 2 "Talk with a client"' in (Seal.of([KEY]).open(kept.sealed_why) or "")
        assert b"client" not in one.here.on_disk()
        assert "client" not in one.told()[0]


async def test_that_more_cannot_be_used_than_before_is_told_at_once(tmp_path: Path) -> None:
    async with calendared(tmp_path, ADAS, CLIENTS) as one:
        await one.found()
        now_holds(one.served, ADAS, CLIENTS, CLIENTS.replace("UID:2", "UID:3"))
        await one.passes()
        now_holds(one.served, ADAS, CLIENTS)
        await one.passes()
        (_, told) = one.told()

        assert "Of localhost (c1) 2 events cannot be used, 1 more than before." in told
        assert "client" not in told
        assert (await one.subscription()).edition == 1


async def test_the_address_is_on_disk_under_the_key_alone(tmp_path: Path) -> None:
    async with calendared(tmp_path) as one:
        await one.passes()

        assert b"5ecret" not in one.here.on_disk()
        assert Seal.of([KEY]).open((await one.subscription()).sealed) == one.served.address


async def test_shifts_of_the_file_overrides_and_swaps_stay(tmp_path: Path) -> None:
    off = Override("ada", Change.OFF, NOON, NOON + timedelta(hours=4), NOON)
    night = Shift("night", "bo", wall("2026-01-05T22:00"), wall("2026-01-06T02:00"), "UTC")
    desk = replace(two_people(), overrides=(off,), shifts=(night,))
    async with calendared(tmp_path, desk=desk) as one:
        await one.here.asks(BO, "duty on", until="2h")  # which is confirmed in a message
        now_holds(one.served, ADAS, event("3", "Ada", "2026-02-05T09:00", "2026-02-05T10:00"))
        await one.passes()

        assert (await one.subscription()).edition == 2
        assert await one.paged() == {"ada": 0, "bo": 2}
        one.here.clock.turn(hours=8)
        assert "Primary: Bo" in (await one.here.asks(ADA, "duty show")).text


async def test_a_swap_holds_until_the_calendar_says_otherwise(tmp_path: Path) -> None:
    tuesday = ("2026-01-06T09:00", "2026-01-06T12:00")
    wednesday = ("2026-01-07T09:00", "2026-01-07T12:00")
    first = (event("t", "Ada", *tuesday), event("w", "Bo", *wednesday))
    async with calendared(tmp_path, *first) as one:
        here = one.here
        (theirs,) = await here.types(ADA, "duty swap", "shift", "")
        await here.asks(ADA, "duty swap", person="bo", shift=theirs)
        on = here.messages(BO)[-1]
        await here.presses(BO, on[1].buttons[0].id, on[0])
        now_holds(
            one.served, event("x", "Ada", "2026-01-09T09:00", "2026-01-09T12:00"), *first[::-1]
        )
        await one.passes(timedelta(hours=20))
        swapped = await here.asks(ADA, "duty show")
        now_holds(one.served, event("t", "Bo", *tuesday), event("w", "Ada", *wednesday))
        await one.passes()

        assert "Primary: Bo" in swapped.text
        assert "Primary: Bo" in (await here.asks(ADA, "duty show")).text


async def test_a_change_that_leaves_nobody_is_told_ahead(tmp_path: Path) -> None:
    async with calendared(tmp_path) as one:
        now_holds(one.served, BOS.replace("RRULE:FREQ=DAILY", "RRULE:FREQ=DAILY;COUNT=13"))
        await one.passes()
        (told,) = one.told()

        assert "The calendar of the rota has changed" in told
        assert "Nobody: Sun 18 Jan 09:00 UTC to Sun 18 Jan 21:00 UTC" in told
        assert told.count("Nobody:") == 2


async def test_what_another_program_subscribes_to_holds_in_a_bot_that_runs(tmp_path: Path) -> None:
    async with feed(calendar(ADAS)) as served, duty_desk(tmp_path, fetcher=HERE) as here:
        one = Calendared(here, served)
        assert await one.paged() == {"ada": 1, "bo": 0}  # by the order of the list
        served.body = calendar(BOS)
        await subscribed(tmp_path, served, two_people())
        assert here.app.watch is not None
        await here.app.watch.refreshing.roster.look()
        assert await one.paged(first=30) == {"ada": 1, "bo": 1}

        async with open_store(f"sqlite:///{tmp_path / 'desk.db'}") as beside:
            await beside.calendars.remove("north", "c1")
        await here.app.watch.refreshing.roster.look()
        assert await one.paged(first=60) == {"ada": 2, "bo": 1}


async def test_other_people_in_the_file_have_it_read_again_in_full(tmp_path: Path) -> None:
    async with calendared(tmp_path, ADAS, CLIENTS) as one:
        chats, clock, served = one.here.chats, one.here.clock, one.served
        others = two_people()
        first = replace(others.practitioners[0], name="Talk with a client")
        others = replace(others, practitioners=(first, *others.practitioners[1:]))
        async with duty_desk(tmp_path, others, on=chats, clock=clock, fetcher=HERE) as again:
            await Calendared(again, served).passes(timedelta(0))

            assert "If-None-Match" not in served.asked[-1]
            assert len(served.asked) == 2


async def test_an_old_key_opens_the_address_until_it_is_read_under_the_new_one(
    tmp_path: Path,
) -> None:
    async with feed(calendar(ADAS, CLIENTS), etag='"1"') as served:
        await subscribed(tmp_path, served, two_people(), key=OLD)
        clock = None
        async with duty_desk(tmp_path, fetcher=HERE) as lost:
            await Calendared(lost, served).passes()
            assert (await Calendared(lost, served).subscription()).obstacle is Obstacle.LOCKED
            clock = lost.clock
        async with duty_desk(tmp_path, clock=clock, fetcher=HERE, old_keys=(OLD,)) as here:
            await Calendared(here, served).passes()
            kept = await Calendared(here, served).subscription()

        assert kept.obstacle is None
        assert Seal.of([KEY]).open(kept.sealed) == served.address
        assert "Talk with a client" in (Seal.of([KEY]).open(kept.sealed_why) or "")


async def test_a_calendar_that_is_taken_away_while_it_is_read_stays_away(tmp_path: Path) -> None:
    async with calendared(tmp_path) as one, asyncio.TaskGroup() as tasks:
        one.served.stuck = asyncio.Event()
        one.served.came.clear()
        reading = tasks.create_task(one.passes())
        await one.served.came.wait()
        await one.here.store.calendars.remove("north", "c1")
        one.served.stuck.set()
        await reading

        assert await one.here.store.calendars.all("north") == []
        assert one.here.app.watch is not None
        assert one.here.app.watch.refreshing.roster.desk.shifts is None
