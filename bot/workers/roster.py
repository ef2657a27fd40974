"""Who is of the desk now: its file, and over it what people changed by commands.

The store is read at the start and after each change, so that asking who is on duty costs no I/O.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.desk import Desk
from bot.domain.kept import Kept, Watching
from bot.domain.message import AccountRef
from bot.domain.practitioner import Practitioner
from bot.domain.privacy import Consented
from bot.domain.setup import Setting
from bot.policy.duty import on_duty
from bot.policy.roster import changed_by, person_of, principal
from bot.policy.routing import InOrder
from bot.policy.setup import latest, settled
from bot.policy.watch import laid_over
from bot.ports import Clock
from bot.store.engine import Store

# A change that ended this long ago can no longer matter to a stretch of duty.
PAST = timedelta(days=3)


@dataclass(slots=True)
class Roster:
    """`file` is the desk as its file has it, `desk` as it is now.

    `chosen` is what members chose about being read, `settings` what owners set up by the dialog;
    `on_refreshed` follows each reading.
    """

    file: Desk
    store: Store
    clock: Clock
    desk: Desk = field(init=False)
    _changed: Desk = field(init=False)
    chosen: tuple[Consented, ...] = ()
    settings: tuple[Setting, ...] = ()
    on_refreshed: Callable[[], None] = lambda: None

    def __post_init__(self) -> None:
        self.desk = self._changed = self.file

    async def refresh(self) -> None:
        """Read again what was changed by commands."""
        id_ = self.file.id
        changed = changed_by(
            self.file,
            await self.store.practitioners.linked(id_),
            await self.store.duties.overrides(id_, self.clock() - PAST),
            await self.store.duties.swaps(id_),
        )
        self._changed = changed
        self.settings = tuple(await self.store.settings.of(id_))
        settled_desk = settled(changed, self.settings)
        self.desk = laid_over(settled_desk, await self.store.watches.all(id_))
        self.chosen = tuple(await self.store.consents.chosen(id_))
        self.on_refreshed()

    def after(self, changes: Iterable[Setting]) -> tuple[Setting, ...]:
        """Give the settings as they are once `changes` are kept."""
        return latest((*self.settings, *changes))

    def with_settings(self, settings: Iterable[Setting]) -> Desk:
        """Give the desk as it is with these settings."""
        return laid_over(settled(self._changed, settings), self.desk.watches.values())

    def follow(self, kept: Iterable[Kept]) -> None:
        """Let what was written of the watch list hold at once, before anybody can be told of it."""
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
