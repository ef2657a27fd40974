"""What follows from a reading: data, decided in `bot.policy`, recorded before anything is done."""

from datetime import datetime
from typing import TypeAlias

from bot.domain.action import Delivery
from bot.domain.alert import Case
from bot.domain.code import Code, Concern
from bot.domain.ladder import CONCERN, RUNG
from bot.domain.ledger import Tally
from bot.domain.message import Message, MessageRef
from bot.domain.output import Output
from bot.domain.page import Page
from bot.domain.reading import Evidence, Priority, Strength, Versions
from bot.domain.resource import Recommendation
from bot.domain.value import value


@value
class Alert:
    """A person should look at this message now (P0, P1) or within the working day (P2)."""

    priority: Priority


@value
class Recommend:
    """Offer these resources, at most three, best first."""

    recommendations: tuple[Recommendation, ...]


@value
class ProposeNote:
    """Show practitioners that a known inaccurate claim seems to be made here."""

    claim_id: str
    strength: Strength
    similarity: float


Outcome: TypeAlias = Alert | Recommend | ProposeNote


@value
class Decision:
    """`because` are distinct codes, the most urgent first; `priority` None means: nothing follows.

    `due_at` is set when the message names a deadline: P2 work is ordered by it.
    """

    priority: Priority | None
    because: tuple[Code, ...]
    outcomes: tuple[Outcome, ...]
    evidence: tuple[Evidence, ...]
    versions: Versions
    due_at: datetime | None = None

    @property
    def is_question(self) -> bool:
        """True when something is asked and nothing about it is more urgent than that."""
        return self.priority is Priority.P3 and any(map(_asks, self.because))

    @property
    def is_question_alone(self) -> bool:
        """True when an answer leaves nothing to do: no claim to check stands beside it."""
        return self.is_question and all(_asks(code) for code in self.because if code in RUNG)


def _asks(code: Code) -> bool:
    return CONCERN.get(code) is Concern.ASKING


@value
class Answer:
    """A question was answered in the chat. `question` and `by` are keys of messages."""

    question: str
    by: str
    at: datetime


@value
class Decided:
    """A message with the decision on it, on the way to the store. The text stays behind (I4)."""

    message: Message
    decision: Decision


@value
class Recorded:
    """A decision as it is kept: everything but the text.

    `author` is a keyed hash. `alert` is the key of the alert that this message raised (its own
    key) or joined (an earlier message of the same author and place), if any. `case` is the alert's
    life, where this message opens one: a message of the past does not, nobody waits on it.
    `answered` comes later, and only to a question. `pages` are what it costs whose budget.
    `outputs` are what might be said in public, should people say yes. `shadow`: it was read in
    shadow mode, so one person is told of the alert and it has no case.
    """

    desk: str
    ref: MessageRef
    link: str
    author: str
    sent_at: datetime
    decision: Decision
    alert: str | None = None
    deliveries: tuple[Delivery, ...] = ()
    case: Case | None = None
    answered: Answer | None = None
    pages: tuple[Page, ...] = ()
    outputs: tuple[Output, ...] = ()
    shadow: bool = False

    @property
    def is_waiting(self) -> bool:
        """True while somebody should still look: something follows, and the chat did not do it."""
        is_done = self.answered is not None and self.decision.is_question_alone
        return self.decision.priority is not None and not is_done

    @property
    def raises(self) -> bool:
        """True when this message opened its alert, False when it joined one or needs none."""
        return self.alert == self.ref.key


@value
class OpenAlert:
    """What has to be remembered of an alert so that the author's next messages can join it.

    `place` is the key of the message's own place, thread included.
    """

    key: str
    place: str
    author: str
    last_at: datetime
    priority: Priority


@value
class OpenQuestion:
    """What has to be remembered of a question so that an answer to it is noticed.

    `ref` says where it stands and `author` who asked (a keyed hash).
    """

    ref: MessageRef
    author: str
    asked_at: datetime


@value
class Batch:
    """What is written in one transaction: decisions with their deliveries, cursors, ledger.

    An answer may come with its question or long after; only a question can be answered.
    """

    desk: str
    recorded: tuple[Recorded, ...] = ()
    tallies: tuple[Tally, ...] = ()
    answers: tuple[Answer, ...] = ()
