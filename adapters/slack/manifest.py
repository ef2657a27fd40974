"""The app's manifest: Slack makes the app from it in one step. Pure.

https://docs.slack.dev/reference/app-manifest. It asks for the least: each scope stands beside what
it is for, and only when that is switched on.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from adapters.slack.installed import Raw
from adapters.slack.typed import SLASH
from bot.domain.command import Table

PUBLIC: Final[Mapping[str, str]] = {
    "channels:history": "read the public channels that Waymark was invited to",
    "channels:read": "know their names, and when one is renamed, archived or deleted",
    "chat:write": "post cards, and page practitioners",
    "commands": "the command /waymark and the entries in a message's menu",
    "im:history": "find its own pages again, so that none is sent twice",
    "im:write": "open the direct message in which a practitioner is paged",
    "users:read": "know who may moderate, at the moment they ask",
}
PRIVATE: Final[Mapping[str, str]] = {
    "groups:history": "read the private channels that Waymark was invited to",
    "groups:read": "know their names, and when one is renamed, archived or deleted",
}
GROUPS: Final[Mapping[str, str]] = {
    "usergroups:read": "know who is in the user groups that /waymark setup names as roles",
}
JOIN: Final[Mapping[str, str]] = {
    "channels:join": "go into a public channel by itself when it is to post there",
}
PINS: Final[Mapping[str, str]] = {
    "pins:write": "pin the notice that a channel is read, and take the pin away again",
}
_EVENTS = (
    "app_home_opened",
    "app_uninstalled",
    "channel_archive",
    "channel_deleted",
    "channel_left",
    "channel_rename",
    "channel_unarchive",
    "member_joined_channel",
    "member_left_channel",
    "message.channels",
    "team_join",
    "tokens_revoked",
    "user_change",
)
_PRIVATE_EVENTS = (
    "group_archive",
    "group_deleted",
    "group_left",
    "group_rename",
    "group_unarchive",
    "message.groups",
)
_GROUP_EVENTS = ("subteam_members_changed", "subteam_updated")
_NAME, _SHORTCUT, _ABOUT = 35, 24, 140  # characters; the page above


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is switched on. `url` is the public address of HTTP mode; "" is Socket Mode."""

    private: bool = False
    join: bool = False
    groups: bool = False
    pins: bool = False
    organisation: bool = False
    url: str = ""


def scopes(wanted: Wanted) -> dict[str, str]:
    """Give each scope that is needed, and why."""
    private, join = PRIVATE if wanted.private else {}, JOIN if wanted.join else {}
    groups = GROUPS if wanted.groups else {}
    pins = PINS if wanted.pins else {}
    return dict(sorted({**PUBLIC, **private, **join, **groups, **pins}.items()))


def manifest(table: Table, wanted: Wanted, name: str = "Waymark") -> Raw:
    """Write the manifest."""
    address = {"request_url": wanted.url} if wanted.url else {}
    private = _PRIVATE_EVENTS if wanted.private else ()
    events = (*_EVENTS, *private, *(_GROUP_EVENTS if wanted.groups else ()))
    interactivity = {"is_enabled": True, **address}
    if wanted.url:
        interactivity["message_menu_options_url"] = wanted.url
    return {
        "display_information": {
            "name": name[:_NAME],
            "description": "Shows career practitioners on duty which messages cannot wait."[
                :_ABOUT
            ],
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": True,
            },
            "bot_user": {"display_name": name[:_NAME], "always_online": False},
            "shortcuts": [
                {
                    "name": menu.label[:_SHORTCUT],
                    "type": "message",
                    "callback_id": menu.id,
                    "description": menu.label,
                }
                for menu in table.menus
            ],
            "slash_commands": [_slash(table, wanted)],
        },
        "oauth_config": {"scopes": {"bot": list(scopes(wanted))}},
        "settings": {
            "event_subscriptions": {**address, "bot_events": sorted(events)},
            "interactivity": interactivity,
            "org_deploy_enabled": wanted.organisation,
            "socket_mode_enabled": not wanted.url,
            # It cannot be switched off again, and would need a refresh token kept somewhere:
            # https://docs.slack.dev/authentication/using-token-rotation
            "token_rotation_enabled": False,
        },
    }


def explained(written: str, reasons: Mapping[str, str]) -> str:
    """Put the reason behind each line of YAML that asks for a scope."""
    return "\n".join(_explained(written.splitlines(), reasons)) + "\n"


def _explained(lines: Iterable[str], reasons: Mapping[str, str]) -> Iterable[str]:
    for line in lines:
        reason = reasons.get(line.strip().removeprefix("- "))
        yield f"{line}  # {reason}" if reason else line


def _slash(table: Table, wanted: Wanted) -> Raw:
    """`should_escape`: people and channels come as ids, whatever they are called now."""
    nouns = dict.fromkeys(("help", *(command.noun for command in table.commands)))
    return {
        "command": SLASH,
        "description": "Ask Waymark; help shows all that can be asked",
        "usage_hint": " | ".join(nouns)[:1_000],
        "should_escape": True,
        **({"url": wanted.url} if wanted.url else {}),
    }
