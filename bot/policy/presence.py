"""Whether the bot is where it should be: what bars it, and whom it can still tell. Pure."""

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from bot.domain.audit import Failing, Finding
from bot.domain.desk import Desk
from bot.domain.message import AccountRef, PlatformName
from bot.domain.setup import Found, Trouble

# Nobody in the space can be told. The others of a space that is DEAF can.
SHUT: Final = frozenset({Trouble.TOKEN, Trouble.REMOVED, Trouble.SUSPENDED})
# Nothing follows there until somebody has changed a setting and started the bot again.
DEAD: Final = frozenset({Trouble.TOKEN, Trouble.REMOVED, Trouble.DEAF})
_FAILINGS: Final[Mapping[Trouble, Failing]] = {
    **dict.fromkeys(SHUT, Failing.BARRED),
    Trouble.DEAF: Failing.DEAF,
    Trouble.SCOPE: Failing.SCOPE,
}


def has_any(found: Iterable[Found], of: Collection[Trouble]) -> bool:
    return any(one.trouble in of for one in found)


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
