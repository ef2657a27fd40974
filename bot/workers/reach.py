"""Who of the desk gets no direct messages: heard from each that is sent, and kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from bot.domain.action import DirectMessage
from bot.domain.audit import Failing, Finding
from bot.domain.card import Card
from bot.domain.message import AccountRef, PlatformName
from bot.policy.roster import people_of
from bot.ports import Permanent, Platform, Temporary, Unreachable
from bot.store.engine import Store
from bot.workers.roster import Roster

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Reaching:
    """Nothing is kept of members: only the desk's own people have to be reached."""

    roster: Roster
    store: Store
    platforms: Mapping[PlatformName, Platform]
    _since: dict[AccountRef, datetime] = field(default_factory=dict)

    async def load(self) -> None:
        self._since = dict(await self.store.reach.unreached(self.roster.desk.id))

    @property
    def unreached(self) -> frozenset[AccountRef]:
        return frozenset(self._since)

    async def heard(self, who: AccountRef, *, reached: bool) -> None:
        """Hear what became of a direct message. It costs nothing while nothing is new."""
        desk, now = self.roster.desk, self.roster.clock()
        if reached and self._since.pop(who, None) is not None:
            await self.store.reach.opened(desk.id, who)
        elif not reached and who not in self._since and who in people_of(desk):
            self._since[who] = now
            await self.store.reach.closed(desk.id, who, now)

    async def tried(self, who: AccountRef, card: Card, key: str) -> bool | None:
        """Send it now and say whether it came; None: it could not be tried."""
        platform = self.platforms.get(who.platform)
        if platform is None:
            return None
        try:
            await platform.perform(DirectMessage(who, card), key=key)
        except Unreachable:
            await self.heard(who, reached=False)
            return False
        except (Temporary, Permanent) as failure:
            log.warning("a direct message cannot be tried", key=key, why=str(failure))
            return None
        await self.heard(who, reached=True)
        return True

    async def audit(self, _: datetime) -> Sequence[Finding]:
        """Name who is still of the desk and gets no direct messages; forget who is not."""
        names = people_of(self.roster.desk)
        for who in [one for one in self._since if one not in names]:
            await self.heard(who, reached=True)
        return [
            Finding(Failing.UNREACHED, names[who], f"on {who.platform} since {since:%Y-%m-%d}")
            for who, since in self._since.items()
        ]
