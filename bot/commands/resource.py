"""`/resource find`, and the button by which a practitioner answers with resources."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.cards import resource as cards
from bot.commands.call import Call, Done, Handler, Said
from bot.commands.note import approved, happened
from bot.domain.code import Need
from bot.domain.command import Command, Option
from bot.domain.output import Refuse
from bot.domain.reading import Asking
from bot.policy.offer import by_id
from bot.policy.resource import is_vetted, recommend
from bot.triage.likeness import Likeness
from bot.triage.read import Triage
from bot.workers.output import Publishing

ABOUT: Final = "Vetted places to look things up."
COMMANDS = (
    Command(
        "resource",
        "find",
        "Shows you up to three vetted resources.",
        options=(Option("words", "What you need, and in which country.", required=False),),
    ),
)


@dataclass(frozen=True, slots=True)
class Resources:
    publishing: Publishing
    triage: Triage
    likeness: Likeness

    @property
    def commands(self) -> Mapping[str, Handler]:
        return {"resource find": self.find}

    @property
    def buttons(self) -> Mapping[str, Handler]:
        return {cards.ANSWER: self.answer, cards.DECLINE: self.decline}

    async def find(self, call: Call) -> Said | Done:
        """Show what fits the words, past the outbox: what is asked about is the asker's own."""
        words, shelf, desk = call.option("words"), self.publishing.current, self.publishing.desk()
        vetted = [one for one in shelf.resources if is_vetted(one, shelf.today)]
        if not vetted:
            return Said(cards.unvetted_card(is_staff=call.person is not None), secret=True)
        found = recommend(
            self._asking(call, words),
            vetted,
            likeness=self.likeness.of(words) if words else {},
            region=desk.region,
            language=desk.language,
            today=shelf.today,
        )
        if not (found or words):
            return Said(cards.no_words_card(), secret=True)
        return Said(cards.resource_card(found, by_id(shelf)), secret=True)

    async def answer(self, call: Call) -> Said | Done:
        return await approved(self.publishing, call)

    async def decline(self, call: Call) -> Said | Done:
        id_ = str(getattr(call.asking, "button", "")).partition("/")[2]
        return await happened(self.publishing, call, id_, Refuse(call.by))

    def _asking(self, call: Call, words: str) -> Asking:
        """Read the words as a question; what names no need may be about any."""
        first = self.triage.first(f"{words}? i need help with {words}", sent_at=call.at)
        read = self.triage.settle(first, None)
        needs = read.asking.needs if read.asking else ()
        return Asking(needs or tuple(Need), read.regions)
