"""From a message that was read to the decision as it is recorded, with its alert and deliveries."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.cards.alert import alert_card
from bot.domain.action import Delivery, DirectMessage
from bot.domain.decision import Alert, Answer, Decision, OpenAlert, OpenQuestion, Recorded
from bot.domain.desk import Desk
from bot.domain.message import AccountRef, Message
from bot.domain.reading import Priority, Reading
from bot.policy.coalesce import joins
from bot.policy.conversation import OpenQuestions
from bot.policy.decide import Shelf, decide
from bot.policy.privacy import author_hash
from bot.policy.routing import page_key, recipients
from bot.ports import Clock
from bot.triage.encoder import Encoded
from bot.triage.likeness import Likeness
from bot.triage.read import First, Triage

# Open alerts and author hashes kept in memory; both are found again in the store or worked out.
MOST_REMEMBERED = 10_000


@dataclass(slots=True)
class Decider:
    """Decides for one desk; remembers which alerts a message may join, which questions are open."""

    desk: Desk
    triage: Triage
    shelf: Shelf
    likeness: Likeness
    clock: Clock
    author_key: bytes
    alerts: OrderedDict[tuple[str, str], OpenAlert]
    questions: OpenQuestions
    _authors: dict[AccountRef, str] = field(default_factory=dict)

    def decide(self, message: Message, first: First, encoded: Encoded | None) -> Recorded | None:
        """Decide on a message; None when nothing follows from it."""
        reading = self.triage.settle(first, encoded)
        if reading is self.triage.nothing:
            return None
        decision = self._decision(message, reading)
        if decision.priority is None:
            return None
        return self._recorded(message, decision, decision.priority)

    def answers(
        self, message: Message, first: First | None, recorded: Recorded | None
    ) -> Sequence[Answer]:
        """Give the questions that a message answers; remember it if it is one itself.

        Every message that was read has to come here, in the order of its place. One from somebody
        in danger answers nothing, nor does one that could not be read (`first` is None).
        """
        if first is None or (recorded is not None and _is_urgent(recorded.decision)):
            self.heard(message)
            return ()
        found = self.questions.answers(
            message, self.author(message.author), lambda: self.triage.answering(first)
        )
        if recorded is not None and recorded.decision.is_question:
            self.questions.ask(OpenQuestion(message.ref, recorded.author, message.sent_at))
        return found

    def heard(self, message: Message) -> None:
        """Take notice of a message that answers nothing."""
        self.questions.heard(message, self.author(message.author))

    def _decision(self, message: Message, reading: Reading) -> Decision:
        asks = reading.asking is not None and reading.asking.needs
        likeness: Mapping[str, float] = self.likeness.of(message.text) if asks else {}
        return decide(reading, desk=self.desk, shelf=self.shelf, likeness=likeness)

    def _recorded(self, message: Message, decision: Decision, priority: Priority) -> Recorded:
        author = self.author(message.author)
        alert = self._alert(message, decision, priority, author)
        raised = alert == message.ref.key
        return Recorded(
            desk=self.desk.id,
            ref=message.ref,
            link=message.link,
            author=author,
            sent_at=message.sent_at,
            decision=decision,
            alert=alert,
            deliveries=tuple(self._pages(message, priority)) if raised else (),
        )

    def _alert(
        self, message: Message, decision: Decision, priority: Priority, author: str
    ) -> str | None:
        """Give the key of the alert that the message joins or raises; remember the alert."""
        if not any(isinstance(outcome, Alert) for outcome in decision.outcomes):
            return None
        where = (message.ref.place.key, author)
        open_ = self.alerts.get(where)
        joined = open_ is not None and joins(open_, priority=priority, sent_at=message.sent_at)
        key, rung = (open_.key, open_.priority) if joined and open_ else (message.ref.key, priority)
        self.alerts[where] = OpenAlert(key, where[0], author, message.sent_at, rung)
        self.alerts.move_to_end(where)
        if len(self.alerts) > MOST_REMEMBERED:
            self.alerts.popitem(last=False)
        return key

    def _pages(self, message: Message, priority: Priority) -> Iterable[Delivery]:
        card = alert_card(message.ref, message.link, priority=priority, sent_at=message.sent_at)
        now, alert = self.clock(), f"{self.desk.id}/{message.ref.key}"
        for account in recipients(priority, self.desk, now):
            key = page_key(alert, account, self.desk)
            action = DirectMessage(account, card)
            yield Delivery(key, self.desk.id, action, attempts=0, due_at=now)

    def author(self, account: AccountRef) -> str:
        """Give the keyed hash that stands for an account in all that is kept."""
        author = self._authors.get(account)
        if author is None:
            if len(self._authors) >= MOST_REMEMBERED:
                self._authors.clear()
            author = self._authors[account] = author_hash(account, key=self.author_key)
        return author


def _is_urgent(decision: Decision) -> bool:
    return decision.priority is not None and decision.priority <= Priority.P1
