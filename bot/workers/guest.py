"""Who is of the desk by a role of their platform, without standing in its file."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import structlog

from bot.domain.message import AccountRef, PlatformName
from bot.domain.space import Role
from bot.policy.role import roles
from bot.ports import Permanent, Platform, Temporary
from bot.workers.roster import Roster

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Guests:
    """Guests may see the queue and take cases. They are in no rota, so nobody pages them.

    `names` is how those are called who are of the desk so, as their platform said last. It is kept
    in memory alone.
    """

    roster: Roster
    platforms: Mapping[PlatformName, Platform]
    names: dict[AccountRef, str] = field(default_factory=dict)

    async def admits(self, account: AccountRef) -> bool:
        """Tell whether somebody is of the desk in any space now (I7). Unknown counts as no."""
        desk, platform = self.roster.desk, self.platforms.get(account.platform)
        for space, setup in desk.setups.items():
            meant = setup.practitioner or setup.supervisor
            if platform is None or space.platform != account.platform or not meant:
                continue
            try:
                standing = await platform.standing(account, space)
            except (Temporary, Permanent) as failure:
                log.warning("standing cannot be asked", space=space.id, why=str(failure))
                continue
            if {Role.PRACTITIONER, Role.SUPERVISOR} & roles(account, standing, desk, space):
                if standing.name:
                    self.names[account] = standing.name
                return True
        return False
