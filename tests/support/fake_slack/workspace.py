"""What one workspace (or an organisation of several) holds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any, TypeAlias

Raw: TypeAlias = dict[str, Any]


class Refused(Exception):  # noqa: N818 - it is Slack's answer `ok: false`, not a fault of ours
    """`ok: false`; `more` goes beside the error (`needed` and `provided` of a missing scope)."""

    def __init__(self, error: str, **more: object) -> None:
        super().__init__(error)
        self.error = error
        self.more = more


@dataclass(slots=True)
class User:
    """https://docs.slack.dev/reference/objects/user-object."""

    id: str
    name: str
    team: str
    is_admin: bool = False
    is_owner: bool = False
    is_bot: bool = False
    is_restricted: bool = False
    deleted: bool = False
    takes_dms: bool = True

    @property
    def raw(self) -> Raw:
        return {
            "id": self.id,
            "team_id": self.team,
            "name": self.name,
            "deleted": self.deleted,
            "is_admin": self.is_admin,
            "is_owner": self.is_owner,
            "is_bot": self.is_bot,
            "is_restricted": self.is_restricted,
            "profile": {"display_name": self.name, "real_name": self.name},
        }


@dataclass(slots=True)
class Channel:
    """`messages` by ts; replies too, as Slack keeps them in their channel."""

    id: str
    name: str
    team: str
    members: set[str] = field(default_factory=set)
    is_private: bool = False
    is_im: bool = False
    is_archived: bool = False
    is_shared: bool = False
    messages: dict[str, Raw] = field(default_factory=dict)
    pins: set[str] = field(default_factory=set)

    @property
    def raw(self) -> Raw:
        return {
            "id": self.id,
            "name": self.name,
            "is_private": self.is_private,
            "is_im": self.is_im,
            "is_archived": self.is_archived,
            "is_ext_shared": self.is_shared,
            "context_team_id": self.team,
        }

    def top(self) -> list[Raw]:
        """Give what stands in the channel itself, with what Slack tells of its threads.

        https://docs.slack.dev/messaging/retrieving-messages#threading
        """
        return [
            self._parent(one)
            for _, one in sorted(self.messages.items())
            if one.get("thread_ts", one["ts"]) == one["ts"]
            or one.get("subtype") == "thread_broadcast"
        ]

    def thread(self, root: str) -> list[Raw]:
        return [
            self._parent(one)
            for ts, one in sorted(self.messages.items())
            if ts == root or one.get("thread_ts") == root
        ]

    def _parent(self, one: Raw) -> Raw:
        replies = [ts for ts, m in self.messages.items() if m.get("thread_ts") == one["ts"] != ts]
        if not replies:
            return one
        more = {"thread_ts": one["ts"], "reply_count": len(replies), "latest_reply": max(replies)}
        return {**one, **more}


@dataclass(slots=True)
class Workspace:
    """`ephemerals` are what one person alone saw: (person, message); `views` what is open.

    `groups` are user groups by id: their names and who is in them.
    """

    id: str
    url: str
    bot_user: str
    bot_id: str
    enterprise: str | None = None
    users: dict[str, User] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    ephemerals: list[tuple[str, Raw]] = field(default_factory=list)
    groups: dict[str, tuple[str, set[str]]] = field(default_factory=dict)
    homes: dict[str, Raw] = field(default_factory=dict)
    _next_dm: "count[int]" = field(default_factory=lambda: count(1))

    def user(self, id_: str) -> User:
        if id_ not in self.users:
            raise Refused("user_not_found")
        return self.users[id_]

    def channel(self, id_: str) -> Channel:
        """Find it. A private one that the bot is not in cannot be told from one that is not there.

        https://docs.slack.dev/reference/methods/conversations.history#errors
        """
        found = self.channels.get(id_)
        if found is None or (found.is_private and self.bot_user not in found.members):
            raise Refused("channel_not_found")
        return found

    def dm(self, user: User) -> Channel:
        """https://docs.slack.dev/reference/methods/conversations.open."""
        if user.is_bot:
            raise Refused("cannot_dm_bot")
        if user.deleted:
            raise Refused("user_disabled")
        for channel in self.channels.values():
            if channel.is_im and user.id in channel.members:
                return channel
        id_ = f"D{next(self._next_dm):08}"
        members = {user.id, self.bot_user}
        self.channels[id_] = Channel(id_, "", self.id, members, is_private=True, is_im=True)
        return self.channels[id_]


def shown(message: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give a message as the Web API does when metadata was not asked for."""
    return {name: value for name, value in message.items() if name != "metadata"}
