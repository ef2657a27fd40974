"""Who is of the desk now: its file, and over it what people changed by commands.

The store is read at the start, after each change, and every half minute for what another program
has changed, so that asking who is on duty costs no I/O.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TypeAlias

from bot.domain.calendar import Subscription
from bot.domain.desk import Desk
from bot.domain.duty import Shift
from bot.domain.kept import Kept, Watching
from bot.domain.message import AccountRef
from bot.domain.practitioner import Practitioner
from bot.domain.privacy import Consented
from bot.domain.setup import Setting
from bot.policy.calendar import with_calendars
from bot.policy.duty import on_duty
from bot.policy.roster import changed_by, person_of, principal
from bot.policy.routing import InOrder
from bot.policy.setup import latest, settled
from bot.policy.watch import laid_over
from bot.ports import Clock
from bot.store.engine import Store
from bot.workers.heartbeat import Pulse

EVERY = timedelta(seconds=30)
# A change that ended this long ago can no longer matter to a stretch of duty.
PAST = timedelta(days=3)
_Edition: TypeAlias = tuple[datetime, int]
NONE: Mapping[str, tuple[Shift, ...]] = MappingProxyType({})


@dataclass(slots=True)
class Roster:
    """`file` is the desk as its file has it, `desk` as it is now.

    `chosen` is what members chose about being read, `settings` what owners set up by the dialog;
    `calendars` are those that hold a part of the rota. `on_refreshed` follows each reading.
    """

    file: Desk
    store: Store
    clock: Clock
    desk: Desk = field(init=False)
    _plain: Desk = field(init=False)
    _changed: Desk = field(init=False)
    chosen: tuple[Consented, ...] = ()
    settings: tuple[Setting, ...] = ()
    calendars: tuple[Subscription, ...] = ()
    on_refreshed: Callable[[], None] = lambda: None
    _brought: dict[str, tuple[_Edition, tuple[Shift, ...]]] = field(default_factory=dict)
    _alone: asyncio.Lock = field(default_factory=asyncio.Lock)
    _followed: int = 0

    def __post_init__(self) -> None:
        self.desk = self._plain = self._changed = self.file

    async def refresh(self) -> None:
        """Read again what was changed by commands."""
        await self._read()
        self.on_refreshed()

    async def look(self) -> None:
        """Read again what another program may have changed, and say so only when it has."""
        before = (self.desk, self.chosen, self.settings)
        await self._read()
        if before != (self.desk, self.chosen, self.settings):
            self.on_refreshed()

    async def _read(self) -> None:
        """Read one at a time: what was read earlier must not be laid over what was read later."""
        async with self._alone:
            while not await self._read_once():
                pass

    async def _read_once(self) -> bool:
        """Read all, unless something was followed meanwhile, which may be newer than what was read.

        Tell whether it was taken.
        """
        id_, followed = self.file.id, self._followed
        plain = changed_by(
            self.file,
            await self.store.practitioners.linked(id_),
            await self.store.duties.overrides(id_, self.clock() - PAST),
            await self.store.duties.swaps(id_),
        )
        calendars = tuple(await self.store.calendars.all(id_))
        brought = {one.id: (_edition(one), await self._shifts(one)) for one in calendars}
        settings = tuple(await self.store.settings.of(id_))
        watches = await self.store.watches.all(id_)
        chosen = tuple(await self.store.consents.chosen(id_))
        if followed != self._followed:
            return False
        self._plain, self.calendars, self._brought = plain, calendars, brought
        self.chosen, self.settings = chosen, settings
        self._changed = self._with_calendars()
        self.desk = laid_over(settled(self._changed, settings), watches)
        return True

    async def _shifts(self, one: Subscription) -> tuple[Shift, ...]:
        """Give what a calendar brought; it is long, and read only when it is another."""
        edition, shifts = self._brought.get(one.id, (None, ()))
        if edition == _edition(one):
            return shifts
        return await self.store.calendars.shifts(one.desk, one.id)

    def brought_by(self, calendar: str) -> tuple[Shift, ...]:
        return self._brought[calendar][1] if calendar in self._brought else ()

    def with_calendar(self, calendar: str, shifts: tuple[Shift, ...]) -> Desk:
        """Give the desk as it is once a calendar brings these shifts."""
        return self._with_calendars({calendar: shifts})

    def _with_calendars(self, instead: Mapping[str, tuple[Shift, ...]] = NONE) -> Desk:
        brought = {id_: shifts for id_, (_, shifts) in self._brought.items()}
        return with_calendars(self._plain, tuple({**brought, **instead}.values()))

    def after(self, changes: Iterable[Setting]) -> tuple[Setting, ...]:
        """Give the settings as they are once `changes` are kept."""
        return latest((*self.settings, *changes))

    def with_settings(self, settings: Iterable[Setting]) -> Desk:
        """Give the desk as it is with these settings."""
        return laid_over(settled(self._changed, settings), self.desk.watches.values())

    def follow(self, kept: Iterable[Kept]) -> None:
        """Let what was written of the watch list hold at once, before anybody can be told of it."""
        self._followed += 1
        watches = [one.watch for one in kept if isinstance(one, Watching)]
        if watches:
            self.desk = laid_over(self.desk, (*self.desk.watches.values(), *watches))
            self.on_refreshed()

    def on_duty_at(self, now: datetime) -> InOrder:
        return InOrder(tuple(one.account for one in on_duty(self.desk.rota, now).everyone))

    def person(self, account: AccountRef) -> Practitioner | None:
        return person_of(self.desk, account)

    def principal(self, account: AccountRef) -> AccountRef:
        return principal(self.desk, account)


def _edition(one: Subscription) -> _Edition:
    """Tell editions apart, also of a calendar that was taken away and added again."""
    return one.added_at, one.edition


@dataclass(frozen=True, slots=True)
class Refreshing:
    """Lets what another program wrote for the desk (`waymark duty subscribe`) hold before long."""

    roster: Roster
    pulse: Pulse

    async def run(self) -> None:
        """Look every so often, until cancelled."""
        while True:
            await asyncio.sleep(EVERY.total_seconds())
            await self.roster.look()
            self.pulse.beat()
