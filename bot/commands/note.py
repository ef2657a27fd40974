"""`/note`: suggest an accuracy note, see what became of it, take one back.

The wording is the registry's alone: what is typed here only says which claim is meant.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from bot.cards import note as cards
from bot.commands.call import Call, Done, Handler, Said, sentence
from bot.domain.action import Delivery, DirectMessage
from bot.domain.alert import What
from bot.domain.card import Card
from bot.domain.claim import Claim
from bot.domain.command import Command, Menu, Option
from bot.domain.event import Chosen, Submitted
from bot.domain.kept import Put
from bot.domain.message import Message, MessageRef
from bot.domain.output import ByPerson, Kind, Output, Propose, Refuse, Retract, Stage
from bot.domain.space import Role
from bot.policy.note import edition, found_claims, nearest_claims
from bot.policy.offer import may_say
from bot.policy.output import SAID, Step, moved, suggested
from bot.policy.watch import skip_reason
from bot.workers.output import IN_DANGER, Asked, Publishing

ABOUT: Final = "Short notes with facts, under messages that get a fact wrong."
SUGGEST: Final = "note.suggest"
MOST: Final = 10  # fields on a card, and claims that are offered when words fit several
_STAFF: Final = Role.PRACTITIONER
_CLAIM = "The claim's id, or some of its words."
COMMANDS = (
    Command(
        "note",
        "suggest",
        "Suggests a note under a message. A second person approves it.",
        _STAFF,
        (
            Option("link", "The link of the message."),
            Option("claim", _CLAIM, suggests=True),
        ),
    ),
    Command("note", "list", "Lists notes that wait, and notes in public.", _STAFF),
    Command(
        "note",
        "withdraw",
        "Takes a note back, for all to see.",
        _STAFF,
        (Option("note", "The note's id; /note list shows them.", suggests=True),),
    ),
)
MENUS = (Menu(SUGGEST, "Suggest accuracy note", _STAFF),)
# Its form is of the moment: whoever may not suggest is told so before they fill it in.
ASKS: Final = frozenset({SUGGEST})
ROLES: Final[Mapping[str, Role]] = {SUGGEST: _STAFF}


@dataclass(frozen=True, slots=True)
class Notes:
    publishing: Publishing

    @property
    def commands(self) -> Mapping[str, Handler]:
        return {
            "note suggest": self.suggest,
            "note list": self.list,
            "note withdraw": self.withdraw,
            SUGGEST: self.suggest_on,
        }

    @property
    def buttons(self) -> Mapping[str, Handler]:
        return {
            cards.PROPOSE: self.propose,
            cards.APPROVE: self.approve,
            cards.REFUSE: self.refuse,
            cards.WITHDRAW: self.withdraw,
            cards.DISPUTE: self.dispute,
        }

    async def suggest(self, call: Call) -> Said | Done:
        """Find the message by its link among those that the bot has noticed."""
        book = self.publishing
        recorded = await book.store.decisions.by_link(book.desk().id, call.option("link"))
        if recorded is None:
            why = "The bot has not noticed that message. Use the menu of the message instead."
            return Said(sentence("Not found", why))
        claim = self._claim(call.option("claim"))
        if isinstance(claim, Card):
            return Said(claim)
        return await self._suggest(call, recorded.ref, recorded.link, recorded.author, claim)

    async def suggest_on(self, call: Call) -> Said | Done:
        """Open the form of the message's menu, or take what it says."""
        match call.asking:
            case Chosen(message=message):
                about = message
            case Submitted(about=Message() as about):
                pass
            case _:
                return Said(sentence("Not found", "The message is gone. Nothing is suggested."))
        author = self.publishing.author(about.author)
        if skip_reason(about, self.publishing.desk(), author=author) is not None:
            why = "The bot does not read that message, so it puts no note under it."
            return Said(sentence("Nothing was changed", why), What.REFUSED)
        if not isinstance(call.asking, Submitted):
            return self._asked(about, call.at.date())
        values = call.asking.values
        claim = self._claim(values.get("words", "").strip() or values.get("claim", ""))
        if isinstance(claim, Card):
            return Said(claim)
        return await self._suggest(call, about.ref, about.link, author, claim)

    def _asked(self, about: Message, today: date) -> Said:
        claims = self.publishing.current.claims.values()
        form = cards.suggest_form(SUGGEST, nearest_claims(claims, about.text, today))
        why = "The form could not be opened in time. Choose it in the menu once more."
        return Said(sentence("Please try again", why), form=form)

    async def _suggest(
        self, call: Call, ref: MessageRef, link: str, author: str, claim: Claim
    ) -> Said | Done:
        """Propose it in the name of whoever asks; the bot's own suggestion becomes theirs."""
        new = suggested(
            Kind.NOTE,
            desk=self.publishing.desk().id,
            ref=ref,
            link=link,
            author=author,
            sent_at=call.at,
            subjects=(claim.id,),
            edition=edition(claim),
            now=call.at,
        )
        known = await self.publishing.store.outputs.find(new.desk, new.id)
        if known is not None:
            if known.subjects == new.subjects:
                return await self._again(call, known, claim)
            why = "Another note was suggested under that message before. One is the most."
            return Said(sentence("Nothing was changed", why), What.REFUSED)
        if not may_say(new, self.publishing.current, call.at.date()):
            why = "The sources of that claim have to be checked again first."
            return Said(sentence("Nothing was changed", why), What.REFUSED)
        if await self.publishing.is_in_danger(author):
            return Said(sentence("Nothing was changed", IN_DANGER), What.REFUSED)
        step = moved(new, Propose(call.by), call.at)
        return Said(
            _done(step, self.publishing.standing),
            What.PROPOSED,
            alert=ref.key,
            kept=(Put(step.output, before=0),),
        )

    async def _again(self, call: Call, known: Output, claim: Claim) -> Said | Done:
        """Ask whoever suggests what another has proposed to be the second; else say how it stands.

        Only a press approves: who suggests has not seen yet what would be posted.
        """
        if known.stage is Stage.SUGGESTED:
            return await self._happen(call, known.id, Propose(call.by))
        book = self.publishing
        is_open = known.stage is Stage.PROPOSED and may_say(known, book.current, call.at.date())
        if not is_open or known.proposed_by in (None, call.by):
            card = replace(book.standing(known), title="Nothing was changed")
            return Said(card, What.REFUSED, alert=known.ref.key)
        name = book.casebook.names.get(known.proposed_by, "Somebody")
        card = cards.second_card(known, claim, name, today=call.at.date())
        return Said(card, What.LOOKED, alert=known.ref.key)

    async def list(self, call: Call) -> Said | Done:  # noqa: ARG002 - as every handler
        book = self.publishing
        desk = book.desk().id
        waiting = [
            one for one in await book.store.outputs.open(desk, MOST * 10) if one.kind is Kind.NOTE
        ]
        posted = await book.store.outputs.posted(desk, MOST)
        shown = (*waiting[:MOST], *posted)[:MOST]
        card = cards.notes_card(shown, book.current.claims, book.casebook.names)
        return Said(card, What.LOOKED)

    async def withdraw(self, call: Call) -> Said | Done:
        return await self._happen(call, call.option("note") or _choice(call), Retract(call.by))

    async def propose(self, call: Call) -> Said | Done:
        return await self._happen(call, _choice(call), Propose(call.by))

    async def refuse(self, call: Call) -> Said | Done:
        return await self._happen(call, _choice(call), Refuse(call.by))

    async def approve(self, call: Call) -> Said | Done:
        return await approved(self.publishing, call)

    async def dispute(self, call: Call) -> Said | Done:
        """Tell the desk once a day that somebody finds a note wrong, without saying who."""
        book, desk = self.publishing, self.publishing.desk()
        output = await self._disputed(call)
        if output is None or output.kind is not Kind.NOTE or output.stage not in SAID:
            return Said(sentence("Nothing was changed", "This note does not stand any more."))
        claim = book.current.claims.get(output.subjects[0])
        card = cards.disputed_card(output, claim, book.casebook.names)
        to = next(iter(book.casebook.staff.on_duty), desk.overseer)
        key = f"{output.dispute_prefix}{call.at:%Y-%m-%d}"
        notice = Delivery(key, desk.id, DirectMessage(to, card), attempts=0, due_at=call.at)
        said = sentence("Thank you", "A person of the desk will check this note and its source.")
        return Said(said, alert=output.ref.key, deliveries=(notice,))

    async def _disputed(self, call: Call) -> Output | None:
        """Find the note by what its button carries; older buttons carry nothing."""
        outputs, desk = self.publishing.store.outputs, self.publishing.desk().id
        if id_ := _choice(call):
            return await outputs.find(desk, id_)
        on = str(getattr(call.asking, "on", ""))
        return await outputs.shown_as(desk, on, call.asking.by.platform)

    async def _happen(self, call: Call, id_: str, asked: ByPerson) -> Said | Done:
        return await happened(self.publishing, call, id_, asked)

    def _claim(self, typed: str) -> Claim | Card:
        """Give the one claim that is meant, or a card that says which might be."""
        if not typed.strip():
            return sentence("Not found", "Choose a claim, or write some of its words.")
        claims = self.publishing.current.claims
        found = found_claims(claims.values(), typed)
        if len(found) == 1:
            return found[0]
        if not found:
            return sentence("Not found", "The list has no such claim. Try fewer or other words.")
        said = [f"{one.id}: {one.claim}" for one in found[:MOST]]
        return sentence("Which one?", "These claims have it. Suggest it again by an id:", *said)


async def happened(book: Publishing, call: Call, id_: str, asked: ByPerson) -> Said | Done:
    """Let a person's word change an output, and show them what came of it."""
    step = await book.happen(id_, asked, _asked(book, call))
    return _gone() if step is None and await _is_unknown(book, id_) else Done()


async def approved(book: Publishing, call: Call) -> Said | Done:
    """Post it on a person's word, or show why not."""
    id_ = _choice(call)
    step = await book.approve(id_, _asked(book, call))
    if isinstance(step, str):
        return Said(sentence("Not now", step), What.REFUSED)
    return _gone() if step is None and await _is_unknown(book, id_) else Done()


def _asked(book: Publishing, call: Call) -> Asked:
    return Asked(call.asking, call.name, call.by, lambda step: _done(step, book.standing))


async def _is_unknown(book: Publishing, id_: str) -> bool:
    return await book.store.outputs.find(book.desk().id, id_) is None


def _done(step: Step, standing: Callable[[Output], Card]) -> Card:
    if step.refusal is not None:
        return cards.refusal_card(step.refusal)
    return standing(step.output)


def _gone() -> Said:
    return Said(sentence("Not found", "There is no such note or answer any more."))


def _choice(call: Call) -> str:
    return str(getattr(call.asking, "button", "")).partition("/")[2]
