"""What a command leaves in the store beside its row in the audit: a closed union."""

from datetime import datetime
from typing import TypeAlias

from bot.domain.card import Card
from bot.domain.duty import Override, Swap
from bot.domain.message import AccountRef
from bot.domain.output import Output
from bot.domain.practitioner import LinkCode
from bot.domain.privacy import Consented
from bot.domain.remark import FollowUp, Remark
from bot.domain.setup import Setting
from bot.domain.value import value
from bot.domain.watch import Watch


@value
class Linked:
    """`account` is `who`'s as well from now on. The code with this digest is used up."""

    who: str
    account: AccountRef
    at: datetime
    digest: str


@value
class Unlinked:
    account: AccountRef


@value
class CodeMade:
    """Each person has one code at a time: a new one takes the place of the last."""

    code: LinkCode


@value
class Overridden:
    id: str
    override: Override


@value
class Proposed:
    """Somebody asks `whom` (a person's key) to swap turns. Nothing changes until they agree."""

    id: str
    swap: Swap
    at: datetime
    whom: str


@value
class Agreed:
    id: str
    at: datetime


@value
class Remarked:
    remark: Remark


@value
class Promised:
    follow_up: FollowUp


@value
class Put:
    """An output as it is from now on. `before` is the version it was decided on, 0: it is new.

    `card` is what every copy of the question about it shows from now on.
    """

    output: Output
    before: int
    card: Card | None = None


@value
class Watching:
    """A channel of the watch list as it is from now on. `before` as in `Put`."""

    watch: Watch
    before: int


Kept: TypeAlias = (
    Linked
    | Unlinked
    | CodeMade
    | Overridden
    | Proposed
    | Agreed
    | Remarked
    | Promised
    | Put
    | Consented
    | Setting
    | Watching
)
