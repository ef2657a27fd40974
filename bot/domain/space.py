"""A Discord server or a Slack workspace, and what somebody is in it."""

from datetime import datetime
from enum import StrEnum

from bot.domain.message import PlatformName
from bot.domain.value import value


class Role(StrEnum):
    """What somebody may do at a desk, from the least to the most."""

    MEMBER = "member"
    PRACTITIONER = "practitioner"
    MODERATOR = "moderator"
    SUPERVISOR = "supervisor"
    OWNER = "owner"


@value
class SpaceRef:
    """`id` is the platform's own."""

    platform: PlatformName
    id: str

    @property
    def prefix(self) -> str:
        """What the keys of all that is of it begin with."""
        return f"{self.platform}:{self.id}:"


@value
class Joined:
    """A space that the bot was in when its platform last spoke of it; `account` is the bot's own.

    `missed_at`: since when the platform refuses the token as it does when the bot was removed.
    """

    space: SpaceRef
    account: str
    missed_at: datetime | None = None


@value
class Standing:
    """What a platform says of somebody in a space, at this moment (I7).

    `roles` are the ids of the platform's own roles or groups. `moderates` may manage channels,
    `owns` may manage the whole space. `is_reachable` is false when direct messages are known to
    fail, None when only trying can tell. `name` is how they are called there. `is_bot` is true of
    accounts that no person reads.
    """

    is_member: bool
    roles: frozenset[str] = frozenset()
    moderates: bool = False
    owns: bool = False
    is_reachable: bool | None = None
    name: str = ""
    is_bot: bool = False
