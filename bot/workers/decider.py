"""From a message that was read to the decision as it is recorded, with its alert and deliveries."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.cards.watch import shadow_card
from bot.domain.action import Delivery, DirectMessage
from bot.domain.alert import About, Case
from bot.domain.decision import Alert, Answer, Decision, OpenAlert, OpenQuestion, Recorded
from bot.domain.desk import Desk
from bot.domain.message import AccountRef, Message
from bot.domain.output import Output
from bot.domain.reading import Priority, Reading
from bot.domain.space import SpaceRef
from bot.policy.alert import opened
from bot.policy.budget import pages_of
from bot.policy.coalesce import joins
from bot.policy.conversation import OpenQuestions
from bot.policy.decide import Shelf, decide
from bot.policy.offer import possible
from bot.policy.output import suggested
from bot.policy.page import names_of, pages, shared
from bot.policy.plan import plan_of
from bot.policy.privacy import author_hash
from bot.policy.routing import OnDutyAt, staff
from bot.policy.watch import shadowed
from bot.ports import Clock
from bot.triage.encoder import Encoded
from bot.triage.likeness import Likeness
from bot.triage.read import First, Triage
from bot.workers.budget import Budget

# Open alerts and author hashes kept in memory; both are found again in the store or worked out.
MOST_REMEMBERED = 10_000


@dataclass(slots=True)
class Decider:
    """Decides for one desk; remembers which alerts a message may join, which questions are open.

    `shadows` are the alerts of places in shadow mode: what is read in earnest joins none of them.
    Without `is_live` the past is read out: alerts are recorded with the pages that they would have
    sent, but open no case, so nobody waits for an answer and nothing escalates.
    """

    desk: Desk
    triage: Triage
    shelf: Shelf
    likeness: Likeness
    clock: Clock
    author_key: bytes
    on_duty: OnDutyAt
    budget: Budget
    is_live: bool
    alerts: OrderedDict[tuple[str, str], OpenAlert]
    questions: OpenQuestions
    old_keys: tuple[bytes, ...] = ()
    shadows: OrderedDict[tuple[str, str], OpenAlert] = field(default_factory=OrderedDict)
    _authors: dict[tuple[str, str], str] = field(default_factory=dict)

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

    def decide_again(self, message: Message, first: First, encoded: Encoded | None) -> Decision:
        """Decide on a message that was changed. Nothing is remembered of it."""
        return self._decision(message, self.triage.settle(first, encoded))

    def recorded_again(
        self, message: Message, decision: Decision, *, asked: bool = False
    ) -> Recorded | None:
        """Give such a decision as it is recorded: it may join an alert, or raise its own.

        With `asked` somebody wants a person to look: that is in earnest, in shadow mode too.
        """
        if decision.priority is None:
            return None
        return self._recorded(message, decision, decision.priority, asked=asked)

    def leave(self, space: SpaceRef) -> None:
        """Forget the alerts of a space."""
        prefix = f"{space.platform}:{space.id}:"
        for alerts in (self.alerts, self.shadows):
            for where in [where for where in alerts if where[0].startswith(prefix)]:
                del alerts[where]

    def heard(self, message: Message) -> None:
        """Take notice of a message that answers nothing."""
        self.questions.heard(message, self.author(message.author))

    def _decision(self, message: Message, reading: Reading) -> Decision:
        asks = reading.asking is not None and reading.asking.needs
        likeness: Mapping[str, float] = self.likeness.of(message.text) if asks else {}
        return decide(reading, desk=self.desk, shelf=self.shelf, likeness=likeness)

    def _recorded(
        self, message: Message, decision: Decision, priority: Priority, *, asked: bool = False
    ) -> Recorded:
        author = self.author(message.author)
        to = shadowed(message.ref.place, self.desk) if self.is_live and not asked else None
        known = self.alerts if to is None else self.shadows
        alert = self._alert(message, decision, priority, author, known)
        recorded = Recorded(
            desk=self.desk.id,
            ref=message.ref,
            link=message.link,
            author=author,
            sent_at=message.sent_at,
            decision=decision,
            alert=alert,
            outputs=self._outputs(message, decision, author) if self.is_live and not to else (),
        )
        if to is not None:
            return self._shadowed(recorded, priority, to)
        return self._opened(recorded, priority) if recorded.raises else recorded

    def _outputs(self, message: Message, decision: Decision, author: str) -> tuple[Output, ...]:
        """Begin what might be said in public about it; people are asked later."""
        found = possible(decision, self.shelf, self.clock().date())
        return tuple(
            suggested(
                one.kind,
                desk=self.desk.id,
                ref=message.ref,
                link=message.link,
                author=author,
                sent_at=message.sent_at,
                subjects=one.subjects,
                edition=one.edition,
                now=self.clock(),
            )
            for one in found
        )

    def _shadowed(self, recorded: Recorded, priority: Priority, to: AccountRef) -> Recorded:
        """Tell the one who set the place to shadow mode, and nobody else."""
        if not recorded.raises:
            return replace(recorded, shadow=True)
        zone = self.desk.time_zone
        card = shadow_card(recorded.ref, recorded.link, priority, recorded.sent_at, zone)
        key = f"{self.desk.id}/{recorded.ref.key}#shadow"
        told = Delivery(
            key, self.desk.id, DirectMessage(to, card), 0, self.clock(), alert=recorded.alert
        )
        return replace(recorded, shadow=True, deliveries=(told,))

    def _alert(
        self,
        message: Message,
        decision: Decision,
        priority: Priority,
        author: str,
        known: OrderedDict[tuple[str, str], OpenAlert],
    ) -> str | None:
        """Give the key of the alert that the message joins or raises; remember the alert."""
        if not any(isinstance(outcome, Alert) for outcome in decision.outcomes):
            return None
        where = (message.ref.place.key, author)
        open_ = known.get(where)
        joined = open_ is not None and joins(open_, priority=priority, sent_at=message.sent_at)
        key, rung = (open_.key, open_.priority) if joined and open_ else (message.ref.key, priority)
        known[where] = OpenAlert(key, where[0], author, message.sent_at, rung)
        known.move_to_end(where)
        if len(known) > MOST_REMEMBERED:
            known.popitem(last=False)
        return key

    def _opened(self, recorded: Recorded, priority: Priority) -> Recorded:
        """Open the alert's case; those who are told first are told with the decision (I2)."""
        now = self.clock()
        new = Case(self.desk.id, recorded.ref.key, priority, plan_of(self.desk, priority, now))
        spared = self.budget.spared(now) if self.is_live else {}
        change = opened(new, now, staff(self.desk, self.on_duty(now), spared))
        about = About(recorded.ref, recorded.link, recorded.sent_at, recorded.decision.because)
        names = names_of(self.desk)
        sent = pages(change, about, names, self.desk.time_zone, now)
        if not self.is_live:
            return replace(recorded, deliveries=sent)
        sent += shared(change.case, about, names, self.desk, now)
        costs = pages_of(new, change, now)
        self.budget.note(costs)
        return replace(recorded, deliveries=sent, case=change.case, pages=costs)

    def forget(self, alert: str) -> None:
        """Let no message join this alert any more: it is closed, and the next one is news."""
        for where in [where for where, one in self.alerts.items() if one.key == alert]:
            del self.alerts[where]

    def author(self, account: AccountRef) -> str:
        """Give the keyed hash that stands for an account in all that is kept."""
        known = account.platform, account.id  # found in a third of the time that `account` is
        author = self._authors.get(known)
        if author is None:
            if len(self._authors) >= MOST_REMEMBERED:
                self._authors.clear()
            author = self._authors[known] = author_hash(account, key=self.author_key)
        return author

    def formerly(self, account: AccountRef) -> tuple[str, ...]:
        """Give the hashes that stood for an account under older keys, the newest first."""
        return tuple(author_hash(account, key=key) for key in self.old_keys)


def _is_urgent(decision: Decision) -> bool:
    return decision.priority is not None and decision.priority <= Priority.P1
