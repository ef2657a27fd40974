"""What an owner sets up by a dialog, over the desk's file, and what a platform finds lacking."""

from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.domain.message import AccountRef, Place
from bot.domain.space import Role, SpaceRef
from bot.domain.value import value

LONGEST_NOTICE: Final = 1_000  # characters
LONGEST_NAME: Final = 80


class Choosing(StrEnum):
    """What can be chosen: the first four hold for the whole desk, the others for one space."""

    NAME = "name"
    CONSENT = "consent"
    NOTICE = "notice"
    LAST_RESORT = "last_resort"
    PRACTITIONER = "practitioner"
    MODERATOR = "moderator"
    SUPERVISOR = "supervisor"
    STAFF_CHANNEL = "staff_channel"


OF_SPACE: Final = frozenset(
    {Choosing.PRACTITIONER, Choosing.MODERATOR, Choosing.SUPERVISOR, Choosing.STAFF_CHANNEL}
)


@value
class Setting:
    """What was chosen, by whom, when. `space` None: for the whole desk.

    `value` is what the platform calls it (an id), or the moderators' own words. None takes the
    choice back: what the file says holds again.
    """

    choosing: Choosing
    value: str | None
    at: datetime
    by: AccountRef
    space: SpaceRef | None = None


@value
class SpaceSetup:
    """What holds in one space. Ids are the platform's own; empty: not chosen.

    Who has the role (or is in the user group) `practitioner` is of the desk while they have it.
    In `staff_channel` urgent alerts are posted beside the direct messages.
    """

    practitioner: str = ""
    moderator: str = ""
    supervisor: str = ""
    staff_channel: str = ""

    def roles(self, held: frozenset[str]) -> frozenset[Role]:
        """Name what the platform's roles mean here."""
        meant = {
            Role.PRACTITIONER: self.practitioner,
            Role.MODERATOR: self.moderator,
            Role.SUPERVISOR: self.supervisor,
        }
        return frozenset(role for role, id_ in meant.items() if id_ and id_ in held)


# What a channel's notice shows.
SHOWN: Final = frozenset({Choosing.NAME, Choosing.CONSENT, Choosing.NOTICE})


class Use(StrEnum):
    """What a place is wanted for."""

    READ = "read"
    POST = "post"
    PIN = "pin"  # the notice is to be pinned there
    STAFF = "staff"  # alerts are posted there, so nobody else may see it
    ROLES = "roles"  # not a place: people's roles there are asked for


@value
class Need:
    """For ROLES the place is the space's own, without a channel."""

    place: Place
    use: Use


class Trouble(StrEnum):
    """What can be wrong with a set-up."""

    INTENT = "intent"  # Discord gives no texts
    SCOPE = "scope"  # Slack: `detail` is the scope
    TOKEN = "token"  # noqa: S105 - the space refuses the bot's token: `detail` says what to do
    REMOVED = "removed"  # as TOKEN, and what is said then is also said when the bot was removed
    SUSPENDED = "suspended"  # the space is closed to the bot for a while: `detail` says why
    DEAF = "deaf"  # nothing is heard from the space: `detail` says what to do
    PERMISSION = "permission"  # Discord: `detail` is its name there
    GONE = "gone"  # the channel was deleted, or is closed to the bot
    MISNAMED = "misnamed"  # the desk's file lists a channel that the bot sees nowhere
    UNPINNED = "unpinned"  # the bot may not pin the notice: `detail` is the permission
    UNWATCHED = "unwatched"  # no channel is read, wherever the bot is
    UNWATCHED_HERE = "unwatched_here"  # none of this space, but others are
    ARCHIVED = "archived"
    NOT_IN = "not_in"  # the bot is not in the channel (Slack), or not in the space
    PUBLIC = "public"  # a staff channel that everybody sees
    NOT_MEMBER = "not_member"  # a person who is not in the space
    BOT = "bot"  # a bot that is listed as a person
    UNREACHABLE = "unreachable"  # a person who takes no direct messages
    UNFIT = "unfit"  # a person whose profile does not let them be on duty
    NO_LAST_RESORT = "no_last_resort"  # on a platform that is not connected
    NOBODY = "nobody"  # nobody is on duty now
    GAP = "gap"  # nobody is on duty for a part of today: `detail` says which
    UNVETTED = "unvetted"  # nobody has vetted any resource, so members see none
    OPT_OUT = "opt_out"  # members are read before they said yes, where that is not advised
    UNCONFIRMED = "unconfirmed"  # nobody of the desk has looked at the helplines that are shown
    UNKNOWN = "unknown"  # it could not be asked


# No mistakes: the desk keeps its duty, and members are shown less than they could be.
WORTH_KNOWING: Final = frozenset(
    {Trouble.UNWATCHED_HERE, Trouble.UNVETTED, Trouble.OPT_OUT, Trouble.UNCONFIRMED}
)


@value
class Found:
    """`subject` is a channel's or a person's name, `detail` what exactly is the trouble."""

    trouble: Trouble
    subject: str = ""
    detail: str = ""
