"""The life of an alert: who has it, what happens next, and how it ended.

`bot.domain.decision.Alert` says that a message needs a person; a `Case` is that alert on its way
to an end. What may happen to it is decided in `bot.policy.alert`.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, TypeAlias

from bot.domain.code import Code
from bot.domain.message import AccountRef, MessageRef
from bot.domain.reading import Priority
from bot.domain.value import value


class State(StrEnum):
    """OPEN has a step that is still to come; all others but CLOSED have a holder."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"  # somebody looks at it; this expires
    TAKEN = "taken"  # one person's alone, until it is handed over or closed
    SNOOZED = "snoozed"  # comes back to the same person
    CLOSED = "closed"  # for good


class Who(StrEnum):
    """A role in a plan. Who that is, is asked when the step is due (I7)."""

    EVERYONE = "everyone"
    PRIMARY = "primary"
    NEXT = "next"  # the first on duty who has not been told
    BACKUP = "backup"
    LAST_RESORT = "last_resort"


class Ending(StrEnum):
    """How a case ended, where the desk has no list of its own. No desk lacks NO_CONCERN."""

    HELPED = "helped"
    REFERRED = "referred"
    ELSEWHERE = "elsewhere"
    NO_ANSWER = "no_answer"
    NO_CONCERN = "no_concern"


ENDINGS: Final[Mapping[str, str]] = {
    Ending.HELPED: "We helped",
    Ending.REFERRED: "Passed on to a service",
    Ending.ELSEWHERE: "Dealt with elsewhere",
    Ending.NO_ANSWER: "No answer came",
    Ending.NO_CONCERN: "Not a concern",
}


@value
class Step:
    """Whom to tell, `wait` after the step before. `repeats`: how often again, after as long.

    A step with `names_owner` does not page: who is told has the case from then on.
    """

    who: tuple[Who, ...]
    wait: timedelta
    repeats: int = 0
    names_owner: bool = False


@value
class Plan:
    """Frozen into a case when it is opened. Its last step is repeated until somebody answers."""

    steps: tuple[Step, ...]

    def at(self, number: int) -> Step:
        """Give the step that is done as number `number`, counted from 0, repeats included."""
        for step in self.steps:
            if number <= step.repeats:
                return step
            number -= step.repeats + 1
        return self.steps[-1]


class What(StrEnum):
    """What was done to a case: by a person, or, where nobody is named, by itself."""

    TOLD = "told"
    WITHHELD = "withheld"
    NAMED = "named"
    REMINDED = "reminded"
    CAME_BACK = "came_back"
    EXPIRED = "expired"
    LEFT = "left"
    UNREACHED = "unreached"
    REDRAWN = "redrawn"
    ACKNOWLEDGED = "acknowledged"
    TAKEN = "taken"
    SNOOZED = "snoozed"
    HANDED_OVER = "handed_over"
    BACKUP_CALLED = "backup_called"
    CLOSED = "closed"
    LOOKED = "looked"
    REMARKED = "remarked"
    PROMISED = "promised"
    MADE_CODE = "made_code"
    TRIED_CODE = "tried_code"
    LINKED = "linked"
    UNLINKED = "unlinked"
    WENT_ON = "went_on"
    WENT_OFF = "went_off"
    ASKED_TO_SWAP = "asked_to_swap"
    SWAPPED = "swapped"
    EXPORTED = "exported"
    GONE = "gone"
    UNWATCHED = "unwatched"
    RAISED = "raised"
    ASKED_FOR = "asked_for"
    FORGOTTEN = "forgotten"
    SUGGESTED = "suggested"
    PROPOSED = "proposed"
    APPROVED = "approved"
    DECLINED = "declined"
    POSTED = "posted"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    DISPUTED = "disputed"
    ASKED_TO_WATCH = "asked_to_watch"
    WATCHED = "watched"
    NOT_WATCHED = "not_watched"
    PINNED = "pinned"
    WATCH_SET = "watch_set"
    WATCH_ENDED = "watch_ended"
    REFUSED = "refused"
    CONFIGURED = "configured"
    INSPECTED = "inspected"
    DRILLED = "drilled"


class Notice(StrEnum):
    """Why somebody is told."""

    NEW = "new"
    AGAIN = "again"
    NEXT = "next"
    UNREACHED = "unreached"
    YOURS = "yours"
    REMINDER = "reminder"
    BACK = "back"
    HANDED = "handed"
    BACKUP = "backup"
    ASKED_AFTER = "asked_after"
    GONE = "gone"
    WORSE = "worse"
    WANTED = "wanted"
    UNWATCHED = "unwatched"
    LEFT = "left"


class Refusal(StrEnum):
    """Why a button did nothing."""

    CLOSED = "closed"
    HELD = "held"  # by somebody else
    YOURS = "yours"  # already
    PAST = "past"  # that time has gone by
    NOT_STAFF = "not_staff"
    UNKNOWN = "unknown"


@value
class Deed:
    """Who did what, when. `to` is the one it was handed to; no text of anybody's."""

    what: What
    at: datetime
    who: AccountRef | None = None
    to: AccountRef | None = None


@value
class Case:
    """`step` is the number of steps that were done, `due_at` when something happens by itself.

    `told` are those who were sent it, `unreached` those of them whom no message reached;
    `unattended` says that nobody was on duty. `version` grows with every change. A `drill` is about
    no member, and is in no figure.
    """

    desk: str
    key: str
    priority: Priority
    plan: Plan
    state: State = State.OPEN
    holder: AccountRef | None = None
    step: int = 0
    due_at: datetime | None = None
    acknowledged_at: datetime | None = None
    ending: str | None = None
    told: tuple[AccountRef, ...] = ()
    unreached: tuple[AccountRef, ...] = ()
    unattended: bool = False
    last: Deed | None = None
    version: int = 1
    drill: bool = False


@value
class About:
    """What a case is about, for the cards: where and when, and the codes; no text (I4)."""

    ref: MessageRef
    link: str
    sent_at: datetime
    because: tuple[Code, ...] = ()
    messages: int = 1


@value
class Dossier:
    """A case with what it is about."""

    case: Case
    about: About


@value
class Acknowledge:
    by: AccountRef


@value
class Take:
    by: AccountRef


@value
class Snooze:
    by: AccountRef
    until: datetime


@value
class HandOver:
    by: AccountRef
    to: AccountRef


@value
class CallBackup:
    by: AccountRef


@value
class Close:
    by: AccountRef
    ending: str


@value
class Due:
    """The time for the next thing has come."""


@value
class Undelivered:
    """What was sent to `to` was given up."""

    to: AccountRef


@value
class Redraw:
    """A copy of the card is older than the case, or the author wrote again."""


@value
class Gone:
    """A message that the case is about was taken away."""


@value
class Unwatched:
    """The place of the case is closed to the bot."""


@value
class Left:
    """`who` is of the desk no more: what they have goes on to somebody else."""

    who: AccountRef


@value
class Worse:
    """A message was changed, and reads as more urgent than before: `plan` is for that."""

    priority: Priority
    plan: Plan


@value
class Wanted:
    """Somebody asked for a person to look at a message of it: `plan` is for one that ended."""

    plan: Plan


Asked: TypeAlias = Acknowledge | Take | Snooze | HandOver | CallBackup | Close
Input: TypeAlias = Asked | Due | Undelivered | Redraw | Gone | Unwatched | Left | Worse | Wanted
