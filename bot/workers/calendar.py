"""Reads each calendar of a desk again when its time has come, and lets the rota follow.

What cannot be read changes nothing: the last rota stays in force, and people are told.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, TypeAlias

import structlog

from bot.cards.calendar import changed_card
from bot.data.calendarfile import BadCalendar, Imported, NoEvents, read_calendar
from bot.domain.action import Delivery, DirectMessage
from bot.domain.audit import Finding
from bot.domain.calendar import Content, Mark, Obstacle, Subscription, Unchanged, Unread
from bot.domain.duty import Gap
from bot.domain.practitioner import Practitioner
from bot.policy.audit import own_notice
from bot.policy.calendar import (
    PAST,
    digest_of,
    findings,
    is_due,
    mark_for,
    new_gaps,
    not_read,
    own_shifts,
    read_well,
)
from bot.ports import Clock, Fetcher
from bot.store.calendar import Renewal
from bot.store.engine import Store
from bot.store.seal import Seal
from bot.workers.heartbeat import Pulse
from bot.workers.roster import Roster

log = structlog.get_logger(__name__)

EVERY: Final = timedelta(seconds=30)
MOST_SHIFTS: Final = 5_000
QUIET: Final = Pulse(lambda: None)  # for one who comes round once
MOST_LINES: Final = 50  # of events that are no shifts


@dataclass(frozen=True, slots=True)
class Brought:
    """What a calendar brought when it was read."""

    imported: Imported
    mark: Mark


Reading: TypeAlias = Brought | Unchanged | Unread


NEVER: Final = Mark()  # of a calendar that was not read before


async def read_at(
    address: str,
    fetcher: Fetcher,
    people: Sequence[Practitioner],
    now: datetime,
    mark: Mark = NEVER,
) -> Reading:
    """Read what is at an address against a desk's people, whatever comes from there."""
    found = await fetcher.fetch(address, mark, now)
    if not isinstance(found, Content):
        return found
    since, most_bytes = (now - PAST).date(), len(found.body)
    try:
        imported = await asyncio.to_thread(
            read_calendar, found.body, people, since=since, most_bytes=most_bytes
        )
    except NoEvents:
        return Unread(Obstacle.EMPTY)
    except BadCalendar:
        return Unread(Obstacle.BROKEN)
    except Exception as bug:  # noqa: BLE001 - the item boundary: a hostile calendar must stop nothing
        log.error("a calendar breaks its reader", bug=type(bug).__name__)  # noqa: TRY400 - its text may quote it
        return Unread(Obstacle.BROKEN)
    if len(imported.shifts) > MOST_SHIFTS:
        return Unread(Obstacle.HUGE)
    return Brought(imported, found.mark)


@dataclass(frozen=True, slots=True)
class Renewing:
    """Reads the calendars of one desk."""

    roster: Roster
    store: Store
    fetcher: Fetcher
    seal: Seal
    clock: Clock
    chance: Callable[[], float]
    pulse: Pulse = QUIET

    async def run(self) -> None:
        """Read what is due, every so often, until cancelled."""
        while True:
            await self.renew_due()
            self.pulse.beat()
            await asyncio.sleep(EVERY.total_seconds())

    async def renew_due(self) -> None:
        for one in await self.store.calendars.all(self.roster.file.id):
            if is_due(one, self._people, self.clock()):
                await self.roster.look()
                await self._renew(one)
                self.pulse.beat()

    async def renew_all(self) -> None:
        """Read each at once, due or not."""
        for one in await self.store.calendars.all(self.roster.file.id):
            await self._renew(one)

    async def subscribe(self, first: Brought, address: str, id_: str, host: str) -> None:
        """Keep a calendar that was read for the first time, and has a shift."""
        now = self.clock()
        new = Subscription(self.roster.file.id, id_, self.seal.close(address), host, now, now, now)
        one = replace(read_well(new, now, self.chance()), version=1)
        one = replace(self._told_of(one, first.imported), mark=first.mark, people=self._people)
        shifts = own_shifts(id_, first.imported.shifts)
        await self.store.calendars.renew(Renewal(one, 0, shifts))
        await self.roster.refresh()

    async def _renew(self, one: Subscription) -> None:
        address = self.seal.open(one.sealed)
        reading = (
            Unread(Obstacle.LOCKED)
            if address is None
            else await self._read(address, mark_for(one, self._people))
        )
        renewal = self._renewal(one, reading)
        await self.store.calendars.renew(replace(renewal, one=self._sealed_anew(renewal.one)))
        if renewal.one.obstacle is not None:
            log.warning("calendar not read", calendar=one.name, obstacle=renewal.one.obstacle)
        await self.roster.refresh()

    async def _read(self, address: str, mark: Mark) -> Reading:
        people = self.roster.desk.practitioners
        return await read_at(address, self.fetcher, people, self.clock(), mark)

    def _renewal(self, one: Subscription, reading: Reading) -> Renewal:
        now, chance = self.clock(), self.chance()
        match reading:
            case Unread():
                return Renewal(not_read(one, reading, now, chance), one.version)
            case Unchanged():
                return Renewal(read_well(one, now, chance), one.version)
            case Brought(imported=imported) if not imported.shifts:
                # Without a mark, so that "unchanged" cannot be said of what was read before.
                blank = replace(one, mark=Mark())
                empty = not_read(blank, Unread(Obstacle.EMPTY), now, chance)
                return Renewal(self._told_of(empty, imported), one.version)
            case Brought():
                return self._brought(read_well(one, now, chance), reading, one.version)

    def _brought(self, one: Subscription, reading: Brought, before: int) -> Renewal:
        """Let what it brings now take the place of what it brought, and tell what is worse now."""
        told = self._told_of(one, reading.imported)
        told = replace(told, mark=reading.mark, people=self._people)
        # The first events that are no shifts are the auditor's to tell.
        more = max(0, told.unused - one.unused) if one.unused else 0
        shifts = own_shifts(one.id, reading.imported.shifts)
        if shifts == self.roster.brought_by(one.id):
            return Renewal(told, before, notices=self._notices(told, (), more))
        after = self.roster.with_calendar(one.id, shifts)
        opened = new_gaps(self.roster.desk.rota, after.rota, self.clock())
        told = replace(told, edition=one.edition + 1)
        return Renewal(told, before, shifts, self._notices(told, opened, more))

    def _sealed_anew(self, one: Subscription) -> Subscription:
        """Seal with the key of now, so that an old one can go."""
        return replace(one, sealed=self._anew(one.sealed), sealed_why=self._anew(one.sealed_why))

    def _anew(self, sealed: str) -> str:
        """Seal again what can be opened; what is lost, or empty, stays as it is."""
        said = self.seal.open(sealed) if sealed else None
        return sealed if said is None else self.seal.close(said)

    def _told_of(self, one: Subscription, imported: Imported) -> Subscription:
        lines = imported.problems[:MOST_LINES]
        why = self.seal.close("\n".join(lines)) if lines else ""
        return replace(one, unused=len(imported.problems), sealed_why=why)

    def _notices(self, one: Subscription, opened: Sequence[Gap], more: int) -> tuple[Delivery, ...]:
        if not opened and not more:
            return ()
        desk = self.roster.desk
        card = changed_card(one, opened, more, desk.time_zone)
        key = f"{own_notice(desk.id)}calendar/{one.id}/{one.added_at.isoformat()}/{one.version}"
        return (Delivery(key, desk.id, DirectMessage(desk.overseer, card), 0, self.clock()),)

    @property
    def _people(self) -> str:
        return digest_of(self.roster.desk.practitioners)


def calendars_check(store: Store, desk: str) -> Callable[[datetime], Awaitable[Sequence[Finding]]]:
    """Give the auditor's check: it looks at what is kept, whoever reads the calendars."""

    async def calendars(now: datetime) -> Sequence[Finding]:
        return findings(await store.calendars.all(desk), now)

    return calendars
