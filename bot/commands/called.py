"""How people are called where they are: a name, where an account's number would tell nobody."""

from collections.abc import Iterable, Mapping

import structlog

from bot.domain.message import AccountRef, PlatformName
from bot.domain.space import SpaceRef
from bot.ports import Permanent, Platform, Temporary

log = structlog.get_logger(__name__)


async def called(
    platforms: Mapping[PlatformName, Platform], people: Iterable[tuple[AccountRef, SpaceRef]]
) -> dict[AccountRef, str]:
    """Ask for names at this moment, which are kept nowhere. Whoever is not found is left out."""
    names: dict[AccountRef, str] = {}
    for who, space in dict.fromkeys(people):
        platform = platforms.get(who.platform)
        if platform is None or who in names or who.platform != space.platform:
            continue
        try:
            standing = await platform.standing(who, space)
        except (Temporary, Permanent) as failure:
            log.warning("a name cannot be asked for", why=str(failure))
            continue
        if standing.name:
            names[who] = standing.name
    return names
