"""Where the bot is, and is not any more: what bars it, whom it can still tell. Pure.

The rule by which a space counts as left is in docs/decisions/0033.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from bot.domain.audit import Failing, Finding
from bot.domain.desk import Desk
from bot.domain.event import SpacesNamed
from bot.domain.message import AccountRef, PlatformName
from bot.domain.setup import Found, Trouble
from bot.domain.space import Joined

# Nobody in the space can be told. The others of a space that is DEAF can.
SHUT: Final = frozenset({Trouble.TOKEN, Trouble.REMOVED, Trouble.SUSPENDED})
# Nothing follows there until somebody has changed a setting and started the bot again.
DEAD: Final = frozenset({Trouble.TOKEN, Trouble.REMOVED, Trouble.DEAF})
# How long a token may be refused as a removed bot's is, before the space counts as left: whoever
# resets a token needs time to put the new one in.
GRACE: Final = timedelta(days=7)
_FAILINGS: Final[Mapping[Trouble, Failing]] = {
    **dict.fromkeys(SHUT, Failing.BARRED),
    Trouble.DEAF: Failing.DEAF,
    Trouble.SCOPE: Failing.SCOPE,
}


def has_any(found: Iterable[Found], of: Collection[Trouble]) -> bool:
    return any(one.trouble in of for one in found)


def unnamed(kept: Iterable[Joined], named: SpacesNamed) -> list[Joined]:
    """Give the spaces of which the platform says nothing though the bot had joined them."""
    known = {space for spaces in named.spaces.values() for space in spaces}
    return [one for one in kept if one.space.platform == named.platform and one.space not in known]


def is_to_be_asked(one: Joined, named: SpacesNamed) -> bool:
    """Tell whether the account that was in an unnamed space is heard of, so that it was removed.

    Else its token is not there any more, or is refused: that says nothing.
    """
    return one.account in named.spaces


def refused(missing: Iterable[Joined], named: SpacesNamed) -> list[Joined]:
    """Give the missing spaces whose token is refused as it is when the bot was removed.

    A refused token does not say where it belongs. Where it could be of one space or of another,
    none counts as missed.
    """
    unheard = [one for one in missing if not is_to_be_asked(one, named)]
    tokens = sum(found.trouble is Trouble.REMOVED for found in named.refused)
    return unheard if len({one.account for one in unheard}) <= tokens else []


def is_left(one: Joined, now: datetime) -> bool:
    """Tell whether a space has been missed for so long that it counts as left."""
    return one.missed_at is not None and now - one.missed_at >= GRACE


def findings(space: str, found: Iterable[Found]) -> list[Finding]:
    """Give what bars the bot as the auditor keeps it. `space` is what the keys there begin with.

    The space has no name in it: the finding stays when the name has changed.
    """
    return [
        Finding(failing, f"{space}{one.detail}" if failing is Failing.SCOPE else space, one.detail)
        for one in found
        if (failing := _FAILINGS.get(one.trouble)) is not None
    ]


def told(desk: Desk, shut: Collection[PlatformName]) -> AccountRef:
    """Choose who hears of a failing: who oversees the desk, where the bot can still reach them.

    Else the last resort hears it, and else anybody of the desk.
    """
    first = desk.overseer
    own = next((one.accounts for one in desk.practitioners if first in one.accounts), ())
    others = (account for one in desk.practitioners for account in one.accounts)
    order = (first, *own, desk.last_resort, *others)
    return next((one for one in order if one.platform not in shut), first)


def parting(platform: PlatformName, found: Iterable[Found]) -> str:
    """Say in a line what has to be done before the bot can be of use again."""
    why = dict.fromkeys(one.detail for one in found if one.trouble in DEAD)
    return f"{platform.capitalize()}: {'; '.join(why)}. Then start Waymark again."
