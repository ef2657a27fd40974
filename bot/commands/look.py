"""Who looked at what concerns members, where it is drawn again and again."""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from bot.domain.alert import Deed, What
from bot.domain.message import AccountRef
from bot.ports import Clock
from bot.store.alert import Repeated, Turn
from bot.store.engine import Store

# A page that is drawn again at each opening, a list that follows each letter: one look.
WITHIN: Final = timedelta(minutes=10)


@dataclass(slots=True)
class Looks:
    """Of one desk, by its id. Commands and buttons are each noted by their answer."""

    desk: str
    store: Store
    clock: Clock
    _last: dict[tuple[AccountRef, str], str] = field(default_factory=dict)

    async def note(self, who: AccountRef, where: str) -> None:
        """Note that a person sees the queue, once in ten minutes; whoever shows it waits for this.

        `where` says by what: "home", or the option that was filled in.
        """
        now = self.clock()
        id_ = f"look/{where}/{who.platform}:{who.id}/{_begun(now).isoformat()}"
        if self._last.get((who, where)) == id_:
            return
        deed = Deed(What.LOOKED, now, who)
        with suppress(Repeated):  # by the process before this one
            await self.store.alerts.write(Turn(self.desk, id_, None, now, deed, command=where))
        self._last[who, where] = id_


def _begun(now: datetime) -> datetime:
    """Give the beginning of the ten minutes that it is in."""
    start = datetime(2020, 1, 1, tzinfo=UTC)
    return start + (now - start) // WITHIN * WITHIN
