"""One workspace that the app is installed in, and what is known of it while the bot runs.

Names are held in memory, of the workspace's own people alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from slack_bolt.authorization import AuthorizeResult

from adapters.slack.client import Client, Refusals
from adapters.wording.text import tidy
from bot.domain.message import Origin, Place, PlatformName

Raw: TypeAlias = dict[str, Any]

SLACK = PlatformName("slack")
SLACKBOT = "USLACKBOT"


@dataclass(frozen=True, slots=True)
class Member:
    """`rank` is compared alone: when it is another, somebody's roles have changed.

    A guest sees no channel but those that they were asked into.
    """

    name: str
    origin: Origin
    rank: tuple[bool, ...]
    is_guest: bool = False


@dataclass(slots=True, eq=False)
class Installed:
    """`channels` are the names of those that the app is in, by id; `url` ends with a slash.

    `open` are the ids of those of them that are known to be public. `scopes` are those of the
    token; None when Slack did not say.
    """

    team: str
    url: str
    bot_user: str
    bot_id: str
    client: Client
    authorized: AuthorizeResult
    name: str = ""
    enterprise: str | None = None
    scopes: frozenset[str] | None = None
    channels: dict[str, str] = field(default_factory=dict)
    open: set[str] = field(default_factory=set)
    members: dict[str, Member] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    @property
    def refusals(self) -> Refusals:
        return self.client.refusals

    def place(self, channel: str, thread: str | None = None) -> Place:
        name = self.channels.get(channel)
        return Place(SLACK, self.team, channel, thread, f"#{name}" if name else "")

    def enter(self, channel: str, found: Raw) -> None:
        """Remember a channel that the app is in, by its object as far as it is known."""
        self.channels[channel] = str(found.get("name") or self.channels.get(channel, ""))
        if found.get("is_private") is False:
            self.open.add(channel)
        else:
            self.open.discard(channel)

    def leave(self, channel: str) -> None:
        self.channels.pop(channel, None)
        self.open.discard(channel)

    def shows(self, channel: str, user: str) -> bool:
        """Tell whether a member sees a channel: a public one, unless they are a guest."""
        member = self.members.get(user)
        return channel in self.open and member is not None and not member.is_guest

    def learn(self, user: Raw) -> bool:
        """Remember one of the workspace's own people; tell whether their rank has changed."""
        id_ = user.get("id")
        if not isinstance(id_, str) or user.get("team_id", self.team) != self.team:
            return False
        before, member = self.members.get(id_), _member(user)
        self.members[id_], self.names[id_] = member, member.name
        return before is not None and before.rank != member.rank

    def origin(self, user: str) -> Origin:
        if user == SLACKBOT:
            return Origin.BOT
        member = self.members.get(user)
        return member.origin if member else Origin.MEMBER

    def link(self, channel: str, ts: str, thread: str | None) -> str:
        """https://docs.slack.dev/reference/methods/chat.getPermalink says how they look."""
        path = f"{self.url}archives/{channel}/p{ts.replace('.', '')}"
        return f"{path}?thread_ts={thread}&cid={channel}" if thread else path


def _member(user: Mapping[str, Any]) -> Member:
    profile = user.get("profile") or {}
    shown = profile.get("display_name") or profile.get("real_name") or user.get("name")
    origin = Origin.DELETED_MEMBER if user.get("deleted") else Origin.MEMBER
    flags = ("deleted", "is_admin", "is_owner", "is_restricted", "is_ultra_restricted")
    return Member(
        name=tidy(str(shown or "member")),
        origin=Origin.BOT if user.get("is_bot") else origin,
        rank=tuple(bool(user.get(flag)) for flag in flags),
        is_guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
    )
