"""What somebody may ask for, decided anew each time from what is so at that moment (I7)."""

from dataclasses import dataclass
from typing import Final

from bot.domain.desk import Desk
from bot.domain.message import AccountRef
from bot.domain.space import Role, SpaceRef, Standing
from bot.policy.roster import person_of

# To manage a server is not to be trusted with who needs help: what concerns cases is for the desk's
# own people alone (`shared/domain.md` requirements 4).
_ALSO: Final[dict[Role, frozenset[Role]]] = {
    Role.MEMBER: frozenset(Role),
    Role.PRACTITIONER: frozenset({Role.PRACTITIONER, Role.SUPERVISOR}),
    Role.MODERATOR: frozenset({Role.MODERATOR, Role.OWNER, Role.SUPERVISOR}),
    Role.SUPERVISOR: frozenset({Role.SUPERVISOR}),
    Role.OWNER: frozenset({Role.OWNER, Role.SUPERVISOR}),
}
_WHO: Final[dict[Role, str]] = {
    Role.MEMBER: "members of this community",
    Role.PRACTITIONER: "people of this desk",
    Role.MODERATOR: "moderators",
    Role.SUPERVISOR: "the desk's supervisor",
    Role.OWNER: "whoever runs this server or workspace, and the desk's supervisor",
}


def roles(
    account: AccountRef, standing: Standing | None, desk: Desk, space: SpaceRef | None = None
) -> frozenset[Role]:
    """Name all that somebody is. `standing` None: they asked where no space is, as in a DM.

    What the platform's own roles mean is as it was set up for `space`.

    Who has left the space is nothing there but a member, whatever the desk says.
    """
    if standing is not None and not standing.is_member:
        return frozenset({Role.MEMBER})
    found = {Role.MEMBER}
    person = person_of(desk, account)
    theirs = {account} if person is None else set(person.accounts)
    if person is not None:
        found.add(Role.PRACTITIONER)
    if theirs & {desk.last_resort, desk.overseer}:
        found.add(Role.SUPERVISOR)
    setup = None if space is None else desk.setups.get(space)
    if standing is not None and setup is not None:
        found |= setup.roles(standing.roles)
    if standing is not None and standing.moderates:
        found.add(Role.MODERATOR)
    if standing is not None and standing.owns:
        found.add(Role.OWNER)
    return frozenset(found)


def may(found: frozenset[Role], *least: Role) -> bool:
    """Tell whether what somebody is comes up to any of `least`."""
    return any(found & _ALSO[one] for one in least)


def meant_for(*least: Role) -> str:
    """Say for whom something is, in words for somebody who may not."""
    return ", and ".join(_WHO[one] for one in least)


@dataclass(frozen=True, slots=True)
class Ties:
    """What ties somebody to a desk, over all its spaces: they are in one, they have its role."""

    is_member: bool = False
    has_role: bool = False


def ties(standing: Standing, desk: Desk, space: SpaceRef) -> Ties:
    """Say what a platform's word on somebody in one space comes to."""
    setup = desk.setups.get(space)
    meant = setup.roles(standing.roles) if setup is not None else frozenset()
    is_staff = bool(_ALSO[Role.PRACTITIONER] & meant)
    return Ties(standing.is_member, standing.is_member and is_staff)


def has_left(before: Ties, now: Ties, *, is_named: bool) -> bool:
    """Tell whether somebody is of the desk no more.

    Whom the desk itself names needs no role of the platform's: only one that is taken from them
    says so, or that they are gone. Anybody else is of the desk by that role alone.
    """
    if not is_named:
        return not now.has_role
    lost_role = before.has_role and not now.has_role
    return lost_role or (before.is_member and not now.is_member)
