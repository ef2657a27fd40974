"""Which platforms are set up, by the settings alone: one entry a platform.

An adapter is imported only when it is set up: discord.py takes a second.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import TypeAlias

from bot.domain.command import Table
from bot.domain.desk import Desk
from bot.domain.message import AccountRef, PlatformName
from bot.ports import Clock, Platform
from bot.settings import BadSettings, Settings

Opening: TypeAlias = AbstractAsyncContextManager[Platform]
Maker: TypeAlias = Callable[[Settings, Clock, Table], Opening | None]

_NONE = "No platform is set up. Set WAYMARK_DISCORD_TOKEN; README.md says where to get it."


def _discord(settings: Settings, clock: Clock, table: Table) -> Opening | None:
    if settings.discord_token is None:
        return None
    from adapters.discord.platform import DiscordPlatform  # noqa: PLC0415 - see above

    return DiscordPlatform(settings.discord_token.get_secret_value(), clock, table)


MAKERS: Mapping[PlatformName, Maker] = {PlatformName("discord"): _discord}


def configured(settings: Settings, clock: Clock, table: Table) -> dict[PlatformName, Opening]:
    """Give those that are set up, not entered yet. Raises BadSettings when none is."""
    made = {name: make(settings, clock, table) for name, make in MAKERS.items()}
    found = {name: one for name, one in made.items() if one is not None}
    if not found:
        raise BadSettings(_NONE)
    return found


def expect_reachable(desk: Desk, platforms: Mapping[PlatformName, object]) -> None:
    """Find out before the first alert that somebody cannot be told. Raises BadSettings."""
    people: dict[str, AccountRef] = {one.name: one.account for one in desk.practitioners}
    people |= {"last_resort": desk.last_resort, "supervisor": desk.overseer}
    lost = [
        f"The desk file puts {who} on {account.platform!r}, which is not set up."
        for who, account in people.items()
        if account.platform not in platforms
    ]
    if lost:
        raise BadSettings("\n".join(lost))
