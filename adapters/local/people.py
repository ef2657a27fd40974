"""Who and what there is in the practice community. Everybody is invented."""

from dataclasses import dataclass
from typing import Final

from bot.domain.message import AccountRef, Place, PlatformName
from bot.domain.space import Role, SpaceRef

LOCAL: Final = PlatformName("local")
BOT: Final = "waymark"
LADDER: Final = tuple(Role)


@dataclass(frozen=True, slots=True)
class Person:
    """`plays` says that a script speaks for them, so nobody can be them in a window."""

    id: str
    name: str
    role: Role = Role.MEMBER
    plays: bool = False

    @property
    def account(self) -> AccountRef:
        return AccountRef(LOCAL, self.id)

    def may(self, least: Role) -> bool:
        """Compare on the ladder; whoever supervises owns this community as well."""
        least = Role.SUPERVISOR if least is Role.OWNER else least
        return LADDER.index(self.role) >= LADDER.index(least)


@dataclass(frozen=True, slots=True)
class Channel:
    id: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Community:
    """`space` is the id of the one space that there is."""

    name: str
    channels: tuple[Channel, ...]
    people: tuple[Person, ...]
    space: str = "practice"

    @property
    def ref(self) -> SpaceRef:
        return SpaceRef(LOCAL, self.space)

    def person(self, id_: str) -> Person | None:
        return next((one for one in self.people if one.id == id_), None)

    def has(self, channel: str) -> bool:
        return any(one.id == channel for one in self.channels)

    def place(self, channel: str, thread: str | None = None) -> Place:
        return Place(LOCAL, self.space, channel, thread, f"#{channel}")


def direct(one: str, other: str = BOT) -> str:
    """Name the conversation of two people: the same, whoever began it."""
    return "@" + "+".join(sorted((one, other)))


def talks(who: str, where: str) -> bool:
    """Tell whether somebody takes part in a conversation; in a channel everybody does."""
    return not where.startswith("@") or who in where[1:].split("+")
