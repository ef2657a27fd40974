"""Which platforms are set up, by the settings alone: one entry a platform.

An adapter is imported only when it is set up: a platform's library takes a second.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import TypeAlias

from pydantic import SecretStr

from bot.domain.command import Table
from bot.domain.desk import Desk
from bot.domain.message import AccountRef, PlatformName
from bot.ports import Clock, Platform
from bot.settings import PREFIX, BadSettings, Settings

Opening: TypeAlias = AbstractAsyncContextManager[Platform]
Maker: TypeAlias = Callable[[Settings, Clock, Table], Opening | None]

_NONE = (
    "No platform is set up. Set WAYMARK_DISCORD_TOKEN or WAYMARK_SLACK_BOT_TOKENS; README.md says"
    " where to get them. To try it without any: waymark community."
)
_HALF = (
    "Slack is half set up: WAYMARK_SLACK_BOT_TOKENS is not set, though another of its settings is."
    " Copy the token that begins with xoxb- from the app's page (https://api.slack.com/apps):"
    " Install App, Bot User OAuth Token."
)
_DOTS = 2  # between the parts of a token of Discord's
# By platform: the setting that switches it on, and what an account looks like there.
_TOKENS: Mapping[PlatformName, tuple[str, str]] = {
    PlatformName("discord"): ("discord_token", "discord:123456789012345678"),
    PlatformName("slack"): ("slack_bot_tokens", "slack:U0123456789"),
}
# A platform's settings beside the one that switches it on.
_PARTS = ("discord_token", "slack_bot_tokens", "slack_app_token", "slack_signing_secret")

NO_DISCORD = (
    "WAYMARK_DISCORD_TOKEN is not set. Set it to the bot's token (Discord's Developer Portal, Bot,"
    " Reset Token)."
)
# https://docs.slack.dev/authentication/tokens
_SLACK_BOT, _SLACK_APP = re.compile(r"(xoxe\.)?xoxb-[\w.-]+"), re.compile(r"xapp-[\w.-]+")


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


def not_loaded(folder: Path) -> str:
    """Say that a token stands in a file of settings here that nobody has loaded; else nothing."""
    path = folder / ".env"
    if not path.is_file():
        return ""
    tokens = [f"{_named(setting)}=" for setting, _ in _TOKENS.values()]
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    if not any(line.startswith(token) and line != token for line in lines for token in tokens):
        return ""
    return "A token stands in .env here, which is not loaded. Type: set -a; . ./.env; set +a"


def untokened(settings: Settings, desk: Desk) -> str:
    """Say that a desk names platforms and no token is set for any, so that it cannot run yet."""
    there = meant(settings, desk)
    if not there or set_up(settings):
        return ""
    names = " and ".join(_named(_TOKENS[name][0]) for name in sorted(there))
    why = not_loaded(Path()) or f"README says where to get what stands in {names}."
    return f"`waymark run` would not start yet: no token is set. {why}"


def names_none(settings: Settings) -> bool:
    """Tell whether no setting speaks of a platform, not even half of what it needs."""
    return all(getattr(settings, part) is None for part in _PARTS)


def configured(settings: Settings, clock: Clock, table: Table) -> dict[PlatformName, Opening]:
    """Give those that are set up, not entered yet. Raises BadSettings when none is."""
    made = {name: make(settings, clock, table) for name, make in MAKERS.items()}
    found = {name: one for name, one in made.items() if one is not None}
    if not found:
        raise BadSettings(not_loaded(Path()) or (_NONE if names_none(settings) else _HALF))
    if wrong := "\n".join(misshapen(settings)):
        raise BadSettings(wrong)
    return found


def misshapen(settings: Settings) -> Iterator[str]:
    """Name what is set as a token and cannot be one, and where one is found; never what it is."""
    from adapters.discord.invite import application_of

    discord, app = _secret(settings.discord_token), _secret(settings.slack_app_token)
    bots = _secret(settings.slack_bot_tokens).split()
    if discord and application_of(discord) is None:
        shape = (
            "whose first part holds the application's id in letters; here that part holds none"
            if discord.count(".") == _DOTS
            else "which has three parts with dots between them"
        )
        yield (
            f"WAYMARK_DISCORD_TOKEN is set, but to something else than a bot's token, {shape}."
            " Copy it from Discord's Developer Portal: Bot, Reset Token. The"
            " Application ID, the Public Key and the Client Secret are other things."
        )
    if not all(map(_SLACK_BOT.fullmatch, bots)):
        yield (
            "WAYMARK_SLACK_BOT_TOKENS is set, but not to bot tokens alone, with spaces between"
            " them. Each begins with xoxb-. Copy it from the app's page"
            " (https://api.slack.com/apps): Install App, Bot User OAuth Token."
        )
    if app and not _SLACK_APP.fullmatch(app):
        yield (
            "WAYMARK_SLACK_APP_TOKEN is set, but to something else than an app-level token, which"
            " begins with xapp-. Make one on the app's page (https://api.slack.com/apps): Basic"
            " Information, App-Level Tokens, Generate Token and Scopes."
        )


def set_up(settings: Settings) -> frozenset[PlatformName]:
    """Name the platforms whose token is set."""
    return frozenset(name for name, (setting, _) in _TOKENS.items() if getattr(settings, setting))


def halves(settings: Settings) -> list[str]:
    """Name what is set of a platform that is left out all the same."""
    tokens = {setting for setting, _ in _TOKENS.values()}
    return [
        f"{_named(part)} is set and {_named('slack_bot_tokens')} is not, so Slack is left out."
        " Set both, or neither."
        for part in _PARTS
        if part not in tokens and getattr(settings, part) and settings.slack_bot_tokens is None
    ]


def expect_reachable(desk: Desk, platforms: Collection[PlatformName]) -> None:
    """Find out before the first alert that somebody cannot be told. Raises BadSettings."""
    lost = unreached(desk, platforms)
    if lost:
        raise BadSettings("\n".join(lost))


def unreached(desk: Desk, platforms: Collection[PlatformName]) -> list[str]:
    """Name who could be told nothing if the bot ran on these platforms, and the mend of each."""
    here = " or ".join(_TOKENS[name][1] for name in sorted(platforms))
    return [
        f"{_why(platform)}, so nobody is told anything there: {', '.join(who)}."
        f" {'Set it, or write' if platform in _TOKENS else 'Write'} accounts such as {here} for"
        " them in the desk file."
        for platform, who in _elsewhere(_told(desk), platforms).items()
    ]


def unstaffed(desk: Desk) -> Iterator[str]:
    """Say that the desk has nobody to tell of alerts but its last resort, and the mend."""
    if desk.practitioners:
        return
    last = f"{desk.last_resort.platform}:{desk.last_resort.id}"
    accounts = " or ".join(example for _, example in _TOKENS.values())
    yield (
        "No practitioners are listed, so nobody who is on duty would be told of an alert: all go to"
        f" last_resort ({last}) alone. Write who gives the help under `practitioners` in the desk"
        f" file, each with a name and an account such as {accounts}."
    )


def unused(desk: Desk, platforms: Collection[PlatformName]) -> list[str]:
    """Name the further accounts of people that would be of no use on these platforms."""
    return [
        f"{_why(platform)}, so these further accounts are of no use: {', '.join(who)}."
        for platform, who in _elsewhere(_further(desk), platforms).items()
    ]


def meant(settings: Settings, desk: Desk) -> frozenset[PlatformName]:
    """Name the platforms that a desk is for: those that are set up, or else that its file names."""
    named = {account.platform for _, account in (*_told(desk), *_further(desk))}
    return set_up(settings) or frozenset(named & set(MAKERS))


def _told(desk: Desk) -> list[tuple[str, AccountRef]]:
    """Give whom the desk tells of alerts and of itself."""
    people = [(one.name, one.account) for one in desk.practitioners]
    supervisor = [("supervisor", desk.supervisor)] if desk.supervisor else []
    return [*people, ("last_resort", desk.last_resort), *supervisor]


def _further(desk: Desk) -> list[tuple[str, AccountRef]]:
    return [(one.name, account) for one in desk.practitioners for account in one.others]


def _elsewhere(
    people: Iterable[tuple[str, AccountRef]], platforms: Collection[PlatformName]
) -> dict[PlatformName, list[str]]:
    found: dict[PlatformName, list[str]] = {}
    for who, account in people:
        if account.platform not in platforms:
            found.setdefault(account.platform, []).append(
                f"{who} ({account.platform}:{account.id})"
            )
    return found


def _why(platform: PlatformName) -> str:
    if platform in _TOKENS:
        return f"{_named(_TOKENS[platform][0])} is not set"
    return f"{platform!r} is for replays and practice alone"


def _named(setting: str) -> str:
    return f"{PREFIX}{setting.upper()}"
