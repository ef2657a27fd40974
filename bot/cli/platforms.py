"""Which platforms are set up, by the settings alone: one entry a platform.

An adapter is imported only when it is set up: a platform's library takes a second.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import TypeAlias

from pydantic import SecretStr

from bot.domain.command import Table
from bot.domain.desk import Desk
from bot.domain.message import AccountRef, PlatformName
from bot.ports import Clock, Platform
from bot.settings import BadSettings, Settings

Opening: TypeAlias = AbstractAsyncContextManager[Platform]
Maker: TypeAlias = Callable[[Settings, Clock, Table], Opening | None]

_NONE = (
    "No platform is set up. Set WAYMARK_DISCORD_TOKEN or WAYMARK_SLACK_BOT_TOKENS; README.md says"
    " where to get them. To try it without any: waymark community."
)
# A platform's settings beside the one that switches it on.
_PARTS = ("discord_token", "slack_bot_tokens", "slack_app_token", "slack_signing_secret")


def _discord(settings: Settings, clock: Clock, table: Table) -> Opening | None:
    if settings.discord_token is None:
        return None
    from adapters.discord.platform import DiscordPlatform

    return DiscordPlatform(settings.discord_token.get_secret_value(), clock, table)


def _slack(settings: Settings, clock: Clock, table: Table) -> Opening | None:
    if settings.slack_bot_tokens is None:
        return None
    from adapters.slack.history import OWN, SOLD
    from adapters.slack.platform import Setup, slack

    setup = Setup(
        bot_tokens=tuple(settings.slack_bot_tokens.get_secret_value().split()),
        app_token=_secret(settings.slack_app_token),
        signing_secret=_secret(settings.slack_signing_secret),
        port=settings.slack_port,
        reach=SOLD if settings.slack_distributed else OWN,
    )
    return slack(setup, table=table, clock=clock)


def _secret(value: SecretStr | None) -> str:
    return "" if value is None else value.get_secret_value()


MAKERS: Mapping[PlatformName, Maker] = {
    PlatformName("discord"): _discord,
    PlatformName("slack"): _slack,
}


def names_none(settings: Settings) -> bool:
    """Tell whether no setting speaks of a platform, not even half of what it needs."""
    return all(getattr(settings, part) is None for part in _PARTS)


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
        mend = (
            f"Write their accounts in the desk file, such as {next(iter(platforms))}:ID (README)."
        )
        raise BadSettings("\n".join((*lost, mend)))
