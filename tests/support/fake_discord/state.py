"""What Discord's servers hold: guilds, channels, people, messages, and who may do what.

Objects are kept as the JSON that Discord documents, so that what goes out is what is held.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias

Json: TypeAlias = dict[str, Any]

# https://docs.discord.com/developers/reference#snowflakes
EPOCH: Final = 1_420_070_400_000
# https://docs.discord.com/developers/resources/channel#channel-object-channel-types
TEXT, DM, VOICE, CATEGORY, ANNOUNCEMENT, PUBLIC_THREAD, FORUM, MEDIA = 0, 1, 2, 4, 5, 11, 15, 16
FORUMS: Final = frozenset({FORUM, MEDIA})  # topics/threads#forums
WRITTEN_IN: Final = frozenset({TEXT, DM, VOICE, ANNOUNCEMENT, 10, PUBLIC_THREAD, 12, 13})
# https://docs.discord.com/developers/resources/channel#channel-object-channel-flags
PINNED, REQUIRE_TAG = 1 << 1, 1 << 4
# https://docs.discord.com/developers/topics/permissions#permissions-bitwise-permission-flags
ADMINISTRATOR, MANAGE_CHANNELS, MANAGE_GUILD = 1 << 3, 1 << 4, 1 << 5
VIEW_CHANNEL, SEND_MESSAGES, MANAGE_MESSAGES = 1 << 10, 1 << 11, 1 << 13
EMBED_LINKS, READ_MESSAGE_HISTORY, SEND_IN_THREADS = 1 << 14, 1 << 16, 1 << 38
MANAGE_THREADS: Final = 1 << 34
PIN_MESSAGES: Final = 1 << 51
EVERYBODY: Final = (
    VIEW_CHANNEL | SEND_MESSAGES | EMBED_LINKS | READ_MESSAGE_HISTORY | SEND_IN_THREADS
)
ALL: Final = (1 << 53) - 1


@dataclass(slots=True)
class Channel:
    """A text channel, a forum, a thread or a DM. `messages` are by id, in the order they came."""

    raw: Json
    messages: dict[int, Json] = field(default_factory=dict)

    @property
    def id(self) -> str:
        id_: str = self.raw["id"]
        return id_

    @property
    def guild(self) -> str | None:
        return self.raw.get("guild_id")

    @property
    def is_thread(self) -> bool:
        return bool(self.raw["type"] == PUBLIC_THREAD)

    @property
    def is_dm(self) -> bool:
        return bool(self.raw["type"] == DM)


@dataclass(slots=True)
class Guild:
    id: str
    name: str
    owner: str
    roles: dict[str, Json] = field(default_factory=dict)
    members: dict[str, Json] = field(default_factory=dict)


@dataclass(slots=True)
class State:
    """Everything there is. `bot` is the bot's own user id, which is its application's too."""

    clock: Callable[[], datetime]
    bot: str = "900"
    users: dict[str, Json] = field(default_factory=dict)
    guilds: dict[str, Guild] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    commands: list[Json] = field(default_factory=list)
    closed: set[str] = field(default_factory=set)  # who takes no direct messages
    outages: set[str] = field(default_factory=set)  # guilds that are not available for now
    flags: int = 1 << 19  # the application's own: it is given the content of messages
    strict_embeds: bool = False  # whether a message with embeds is refused where they are forbidden
    _last: int = 0

    def __post_init__(self) -> None:
        self.add_user(self.bot, "Waymark", bot=True)

    @property
    def there(self) -> list[Guild]:
        """The guilds that the bot is in and that have no outage."""
        mine = (one for one in self.guilds.values() if self.bot in one.members)
        return [one for one in mine if one.id not in self.outages]

    def snowflake(self) -> str:
        """Give an id of this moment; ids rise even when the clock stands still."""
        made = (int(self.clock().timestamp() * 1000) - EPOCH) << 22
        self._last = max(made, self._last + 1)
        return str(self._last)

    def add_user(self, id_: str, name: str, *, bot: bool = False) -> Json:
        user = {
            "id": id_,
            "username": name.lower(),
            "global_name": name,
            "discriminator": "0",
            "avatar": None,
            "bot": bot,
        }
        return self.users.setdefault(id_, user)

    def add_guild(self, id_: str = "10", name: str = "North", owner: str = "1") -> Guild:
        guild = self.guilds[id_] = Guild(id_, name, owner)
        self.add_role(id_, id_, "@everyone", EVERYBODY)
        for who in (owner, self.bot):
            self.add_member(id_, who)
        return guild

    def add_role(self, guild: str, id_: str, name: str, permissions: int) -> None:
        self.guilds[guild].roles[id_] = {
            "id": id_,
            "name": name,
            "permissions": str(permissions),
            "position": len(self.guilds[guild].roles),
            "color": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
            "hoist": False,
            "managed": False,
            "mentionable": False,
            "flags": 0,
        }

    def add_member(self, guild: str, who: str, *roles: str, name: str = "") -> None:
        user = self.add_user(who, name or f"Member {who}")
        self.guilds[guild].members[who] = {
            "user": user,
            "roles": list(roles),
            "joined_at": "2024-01-01T00:00:00+00:00",
            "deaf": False,
            "mute": False,
            "flags": 0,
        }

    def add_channel(
        self, id_: str, name: str, *, guild: str = "10", kind: int = TEXT, parent: str | None = None
    ) -> Channel:
        raw: Json = {
            "id": id_,
            "type": kind,
            "guild_id": guild,
            "name": name,
            "parent_id": parent,
            "position": len(self.channels),
            "permission_overwrites": [],
            "nsfw": False,
            "topic": None,
            "rate_limit_per_user": 0,
            "last_message_id": None,
            "flags": 0,
        }
        if kind == PUBLIC_THREAD:
            raw |= {
                "owner_id": "1",
                "message_count": 0,
                "member_count": 1,
                "thread_metadata": self._thread_metadata(),
            }
        if kind in FORUMS:
            raw |= {"available_tags": [], "default_sort_order": None, "default_forum_layout": 0}
        channel = self.channels[id_] = Channel(raw)
        return channel

    def _thread_metadata(self) -> Json:
        return {
            "archived": False,
            "auto_archive_duration": 1440,
            "archive_timestamp": self.clock().isoformat(),
            "locked": False,
        }

    def dm(self, who: str) -> Channel:
        """Give the one DM channel with somebody."""
        for channel in self.channels.values():
            if channel.is_dm and channel.raw["recipients"][0]["id"] == who:
                return channel
        id_ = self.snowflake()
        raw = {"id": id_, "type": DM, "recipients": [self.users[who]], "last_message_id": None}
        channel = self.channels[id_] = Channel(raw)
        return channel

    def message(self, channel: Channel, author: str, content: str, **more: Any) -> Json:  # noqa: ANN401 - any field that Discord has
        """Write a message; mentions are found in the content as Discord finds them."""
        id_ = self.snowflake()
        mentioned = [user for id2, user in self.users.items() if f"<@{id2}>" in content]
        raw: Json = {
            "id": id_,
            "channel_id": channel.id,
            "author": self.users[author],
            "content": content,
            "timestamp": self.clock().astimezone(UTC).isoformat(),
            "edited_timestamp": None,
            "tts": False,
            "mention_everyone": False,
            "mentions": mentioned,
            "mention_roles": [],
            "attachments": [],
            "embeds": [],
            "components": [],
            "pinned": False,
            "type": 0,
            "flags": 0,
            **more,
        }
        channel.messages[int(raw["id"])] = raw
        channel.raw["last_message_id"] = raw["id"]
        return raw

    def threads(self, guild: str, *, archived: bool = False) -> Iterator[Channel]:
        for channel in list(self.channels.values()):
            is_one = channel.is_thread and channel.guild == guild
            if is_one and channel.raw["thread_metadata"]["archived"] == archived:
                yield channel

    def permissions(self, who: str, channel: Channel) -> int:
        """https://docs.discord.com/developers/topics/permissions#permission-overwrites."""
        if channel.guild is None:
            return ALL
        guild = self.guilds.get(channel.guild)
        member = guild.members.get(who) if guild else None
        if guild is None or member is None:
            return 0
        held = [guild.id, *member["roles"]]
        granted = 0
        for role in held:
            granted |= int(guild.roles[role]["permissions"])
        if who == guild.owner or granted & ADMINISTRATOR:
            return ALL
        parent = self.channels[channel.raw["parent_id"]] if channel.is_thread else channel
        return _overwritten(granted, parent.raw["permission_overwrites"], guild.id, held, who)

    def guild_create(self, guild: Guild) -> Json:
        """https://docs.discord.com/developers/events/gateway-events#guild-create."""
        mine = [c for c in self.channels.values() if c.guild == guild.id]
        seen = [c for c in mine if self.permissions(self.bot, c) & VIEW_CHANNEL]
        return {
            **self.guild(guild),
            "joined_at": "2024-01-01T00:00:00+00:00",
            "large": False,
            "unavailable": False,
            "member_count": len(guild.members),
            "members": [guild.members[self.bot]],
            "channels": [c.raw for c in seen if not c.is_thread],
            "threads": [c.raw for c in self.threads(guild.id) if c in seen],
            "voice_states": [],
            "presences": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "soundboard_sounds": [],
        }

    def guild(self, guild: Guild) -> Json:
        return {
            "id": guild.id,
            "name": guild.name,
            "icon": None,
            "splash": None,
            "owner_id": guild.owner,
            "roles": list(guild.roles.values()),
            "emojis": [],
            "stickers": [],
            "features": [],
            "afk_timeout": 300,
            "verification_level": 0,
            "default_message_notifications": 0,
            "explicit_content_filter": 0,
            "mfa_level": 0,
            "system_channel_flags": 0,
            "premium_tier": 0,
            "preferred_locale": "en-US",
            "nsfw_level": 0,
            "premium_progress_bar_enabled": False,
        }


def _overwritten(granted: int, rows: list[Json], everyone: str, held: list[str], who: str) -> int:
    """Apply @everyone's overwrite, then those of roles together, then the member's own."""
    of = {row["id"]: (int(row["allow"]), int(row["deny"])) for row in rows}
    allow, deny = of.get(everyone, (0, 0))
    granted = granted & ~deny | allow
    allow = deny = 0
    for role in held[1:]:
        allow |= of.get(role, (0, 0))[0]
        deny |= of.get(role, (0, 0))[1]
    granted = granted & ~deny | allow
    allow, deny = of.get(who, (0, 0))
    return granted & ~deny | allow
