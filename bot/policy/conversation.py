"""Which open questions the next message of a place answers, by who wrote it and where.

A question is answered when another member replies to it, or writes in the thread that it started,
with more than a question back; or when whoever asked gives thanks soon after somebody else wrote
there. Give messages in their order, all that are read: also one that says nothing may be the
somebody else. Only plain questions are remembered: what is more urgent is never closed by chat.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.decision import Answer, OpenQuestion
from bot.domain.message import Message, Origin
from bot.triage.answer import NO_ANSWER, Answering

MOST_QUESTIONS = 10_000
# Of each place: thanks are for what was asked a little while ago. Older ones can be replied to.
MOST_RECENT = 20
# From the question to somebody else's words, and from those to the thanks.
SOON = timedelta(hours=2)


@dataclass(slots=True)
class OpenQuestions:
    """Remembers the latest `MOST_QUESTIONS` open questions, in memory alone."""

    _by_key: OrderedDict[str, OpenQuestion] = field(default_factory=OrderedDict)
    _recent: dict[str, OrderedDict[str, datetime | None]] = field(default_factory=dict)

    @classmethod
    def of(cls, questions: Iterable[OpenQuestion]) -> "OpenQuestions":
        """Begin with `questions`, the oldest first."""
        remembered = cls()
        for question in questions:
            remembered.ask(question)
        return remembered

    def __len__(self) -> int:
        return len(self._by_key)

    def ask(self, question: OpenQuestion) -> None:
        """Remember a question until it is answered or there are too many; the same one once."""
        key = question.ref.key
        if key in self._by_key:
            return
        self._by_key[key] = question
        recent = self._recent.setdefault(question.ref.place.key, OrderedDict())
        recent[key] = None
        if len(recent) > MOST_RECENT:
            recent.popitem(last=False)
        if len(self._by_key) > MOST_QUESTIONS:
            self._forget(next(iter(self._by_key.values())))

    def answers(
        self, message: Message, author: str, answering: Callable[[], Answering]
    ) -> list[Answer]:
        """Give the questions that `message` answers, and forget them.

        `author` is a keyed hash. `answering` is called only where its answer matters.
        """
        self._drop_old(message)
        found = [
            question
            for question in self._near(message)
            if self._is_answer(question, message, author, answering)
        ]
        for question in found:
            self._forget(question)
        return [Answer(q.ref.key, message.ref.key, message.sent_at) for q in found]

    def heard(self, message: Message, author: str) -> None:
        """Take notice of a message that answers nothing: somebody has spoken all the same."""
        self.answers(message, author, lambda: NO_ANSWER)

    def _drop_old(self, message: Message) -> None:
        """Let go of what no thanks can be for any more; a reply still reaches it."""
        recent = self._recent.get(message.ref.place.key)
        while recent and message.sent_at - self._by_key[next(iter(recent))].asked_at > 2 * SOON:
            recent.popitem(last=False)

    def _near(self, message: Message) -> Iterator[OpenQuestion]:
        """Give the questions that may be meant: of its place, its thread's and the replied-to."""
        place = message.ref.place
        if place.thread is None and message.reply_to is None and place.key not in self._recent:
            return
        keys = dict.fromkeys(self._recent.get(place.key, ()))
        for start in (place.thread, message.reply_to):
            if start is not None:
                keys |= {f"{place.channel_key}:{start}": None, f"{place.key}:{start}": None}
        for key in keys:
            question = self._by_key.get(key)
            is_before = question is not None and question.asked_at <= message.sent_at
            if question is not None and is_before and question.ref != message.ref:
                yield question

    def _is_answer(
        self,
        question: OpenQuestion,
        message: Message,
        author: str,
        answering: Callable[[], Answering],
    ) -> bool:
        if author == question.author:
            return self._may_give_thanks(question, message) and answering().is_thanks
        if message.sent_at - question.asked_at <= SOON:
            recent = self._recent_at(question)
            if question.ref.key in recent:
                recent[question.ref.key] = message.sent_at
        is_to_it = question.ref.id in (message.reply_to, message.ref.place.thread)
        return is_to_it and answering().tells

    def _may_give_thanks(self, question: OpenQuestion, message: Message) -> bool:
        """Tell whether somebody else has just written.

        All deleted members share one account: their thanks may be for anything.
        """
        spoken = self._recent_at(question).get(question.ref.key)
        is_soon = spoken is not None and timedelta() <= message.sent_at - spoken <= SOON
        return is_soon and message.origin is not Origin.DELETED_MEMBER

    def _recent_at(self, question: OpenQuestion) -> OrderedDict[str, datetime | None]:
        return self._recent.get(question.ref.place.key) or OrderedDict()

    def _forget(self, question: OpenQuestion) -> None:
        del self._by_key[question.ref.key]
        recent = self._recent_at(question)
        recent.pop(question.ref.key, None)
        if not recent:
            self._recent.pop(question.ref.place.key, None)
