"""What one person may know of what is read, and whether they are."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.domain.desk import ConsentMode, Desk
from bot.domain.message import AccountRef, Place, PlatformName
from bot.domain.space import SpaceRef
from bot.domain.watch import Seen
from bot.policy.hours import Way, way
from bot.policy.privacy import is_read
from bot.policy.watch import asks_first, seen
from bot.ports import Platform


@dataclass(frozen=True, slots=True)
class Sight:
    """Of one desk, which is asked for anew each time.

    `names` gives the hashes of an account, the one of now first; `read_in` what is read in a space;
    `spaces` where the bot is on a platform.
    """

    platforms: Mapping[PlatformName, Platform]
    desk: Callable[[], Desk]
    names: Callable[[AccountRef], tuple[str, ...]]
    read_in: Callable[[SpaceRef], Sequence[Place]]
    spaces: Callable[[PlatformName], frozenset[SpaceRef]]

    def is_read(self, who: AccountRef, where: Place | None = None) -> bool:
        """Tell whether their choice lets them be read where the desk watches, and in `where`."""
        desk = self.desk()
        if where is not None and asks_first(where, desk):
            desk = replace(desk, consent=ConsentMode.OPT_IN)
        return is_read(self.names(who), desk)

    def seen(self, who: AccountRef, space: SpaceRef, where: Place | None = None) -> Seen:
        """Give what is read in a space, as far as somebody who asks in `where` may know."""
        platform = self.platforms[space.platform]
        return seen(self.read_in(space), lambda place: platform.shows(place, who), where)

    def way(self, who: AccountRef, where: Place | None) -> Way:
        """Tell how the desk hears of what somebody writes who asks in `where`.

        A direct message may be in no space: it is of the one that there is, or of none, since
        nobody knows of which ones they are a member.
        """
        ids = {where.space} if where is not None and where.space else set[str]()
        spaces = {SpaceRef(who.platform, id_) for id_ in ids} or self.spaces(who.platform)
        known = self.seen(who, next(iter(spaces)), where) if len(spaces) == 1 else Seen()
        return way(known, where, self.desk(), is_read=self.is_read(who, where))
