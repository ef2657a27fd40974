"""What the bot may say in public: an accuracy note, or vetted resources under a question.

Both are worded from what was vetted, never by a member or a model (I9). What may happen to one is
decided in `bot.policy.output`.
"""

import hashlib
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from bot.domain.message import AccountRef, MessageRef
from bot.domain.value import value


class Kind(StrEnum):
    NOTE = "note"
    RESOURCES = "resources"


class Stage(StrEnum):
    """The last three are for good."""

    SUGGESTED = "suggested"  # by the bot or by a member: nobody of the desk has said yes
    PROPOSED = "proposed"  # by one person: a note waits for a second
    APPROVED = "approved"  # on its way
    POSTED = "posted"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    LAPSED = "lapsed"


class Refusal(StrEnum):
    """Why nothing was changed."""

    SAME_PERSON = "same_person"
    TOO_LATE = "too_late"
    NOT_YET = "not_yet"


class Removal(StrEnum):
    """What becomes of the message that was posted."""

    VISIBLY = "visibly"  # it says that it was taken back
    WHOLLY = "wholly"  # what it answered is gone


@value
class Output:
    """`subjects` are ids: one claim, or resources in their order. `edition` is what they said.

    `author` is the keyed hash of whoever wrote the message `ref`, `told` are those who were asked
    at this stage, `external_id` is the receipt of what was posted. `due_at`: when it lapses.
    """

    desk: str
    id: str
    kind: Kind
    ref: MessageRef
    link: str
    author: str
    subjects: tuple[str, ...]
    edition: str
    made_at: datetime
    due_at: datetime
    stage: Stage = Stage.SUGGESTED
    proposed_by: AccountRef | None = None
    approved_by: AccountRef | None = None
    approved_at: datetime | None = None
    told: tuple[AccountRef, ...] = ()
    external_id: str | None = None
    version: int = 1

    @property
    def post_key(self) -> str:
        return f"{self.desk}/output/{self.id}/post"

    @property
    def ask_prefix(self) -> str:
        return f"{self.desk}/output/{self.id}/ask/"

    @property
    def dispute_prefix(self) -> str:
        return f"{self.desk}/output/{self.id}/disputed/"


def output_id(kind: Kind, ref: MessageRef) -> str:
    """Name the one output of a kind that a message can have; short enough for a button's id."""
    return hashlib.sha256(f"{kind}:{ref.key}".encode()).hexdigest()[:20]


@value
class Propose:
    by: AccountRef


@value
class Approve:
    """`by` None: the desk switched answers on for the channel."""

    by: AccountRef | None


@value
class Refuse:
    by: AccountRef


@value
class Retract:
    by: AccountRef


@value
class Told:
    to: AccountRef


@value
class Due:
    """Its time may have come."""


@value
class Outdated:
    """What it would say, or says, was changed in the registry, taken out, or ran out."""


@value
class Unwelcome:
    """It may not be posted any more: the author opted out, the place closed, it no longer fits."""


@value
class MessageGone:
    """The message that it stands under, or would stand under, is gone."""


@value
class Delivered:
    external_id: str


@value
class Undeliverable:
    """The platform would not post it."""


ByPerson: TypeAlias = Propose | Approve | Refuse | Retract
Input: TypeAlias = (
    ByPerson | Told | Due | Outdated | Unwelcome | MessageGone | Delivered | Undeliverable
)
