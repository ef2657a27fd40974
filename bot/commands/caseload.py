"""`/case`: the queue, one case in full, and all that can be done to it by typing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import structlog

from bot.cards import caseload as cards
from bot.cards.case import FOLLOW_UP, NO_MESSAGE, NOTE, SHOW, case_card
from bot.cards.help import A_PAGE
from bot.cards.practitioner import refused_card
from bot.commands.call import Call, Done, Handler, Said, sentence
from bot.commands.practitioner import nobody
from bot.domain.alert import Asked, Close, Dossier, HandOver, State, Take, What
from bot.domain.card import Card
from bot.domain.command import Choice, Command, Option
from bot.domain.duty import Refused
from bot.domain.kept import Promised, Remarked
from bot.domain.message import AccountRef, Message, PlatformName
from bot.domain.practitioner import Practitioner
from bot.domain.remark import FollowUp, Remark, RemarkCode
from bot.domain.space import Role, SpaceRef
from bot.policy.alert import Change
from bot.policy.moment import HOW_TO_TYPE_DAY, read_moment
from bot.policy.remark import LONGEST, erase_at
from bot.policy.roster import found_by
from bot.ports import Permanent, Platform, Temporary
from bot.store.seal import Seal
from bot.workers.casebook import Casebook, Wish
from bot.workers.roster import Roster

log = structlog.get_logger(__name__)

ABOUT = "What waits for somebody, and what becomes of it."
_STAFF: Final = Role.PRACTITIONER
_KEY = Option("key", "The case's key; /case list shows them.", suggests=True)
_CODES = tuple(Choice(code, words) for code, words in cards.REMARKS.items())
COMMANDS = (
    Command("case", "list", "Lists what is open, the most urgent first.", _STAFF),
    Command("case", "show", "Opens a case, with the message.", _STAFF, (_KEY,)),
    Command("case", "take", "Makes a case yours.", _STAFF, (_KEY,)),
    Command(
        "case",
        "close",
        "Closes a case.",
        _STAFF,
        (_KEY, Option("outcome", "How it ended.", suggests=True)),
    ),
    Command(
        "case",
        "hand",
        "Hands a case to somebody else.",
        _STAFF,
        (_KEY, Option("person", "Who takes it from here.", suggests=True)),
    ),
    Command(
        "case",
        "note",
        "Notes what was done.",
        _STAFF,
        (
            _KEY,
            Option("code", "What was done.", choices=_CODES),
            Option("text", "More, where your desk keeps text.", required=False),
        ),
    ),
    Command(
        "case",
        "follow-up",
        "Asks later if it helped.",
        _STAFF,
        (_KEY, Option("when", "In how long, such as 3d, or a day.")),
    ),
)


@dataclass(frozen=True, slots=True)
class Caseload:
    casebook: Casebook
    roster: Roster
    platforms: Mapping[PlatformName, Platform]
    seal: Seal

    @property
    def commands(self) -> Mapping[str, Handler]:
        return {
            "case list": self.list,
            "case show": self.show,
            "case take": self.take,
            "case close": self.close,
            "case hand": self.hand,
            "case note": self.note,
            "case follow-up": self.follow_up,
        }

    @property
    def buttons(self) -> Mapping[str, Handler]:
        return {
            cards.LIST: self.list,
            SHOW: self.show,
            NOTE: self.note,
            FOLLOW_UP: self.follow_up,
            cards.DID_HELP: self.note,
        }

    async def list(self, call: Call) -> Said | Done:
        typed = _choice(call)
        page = int(typed) if typed.isdecimal() else 0
        alerts, desk = self.casebook.store.alerts, self.casebook.desk.id
        total = await alerts.waiting(desk)
        found = await alerts.queue(desk, A_PAGE, page * A_PAGE)
        card = cards.queue_card(found, page, total, self.casebook.names, self._zone(call))
        return Said(card, What.LOOKED)

    async def show(self, call: Call) -> Said | Done:
        """Fetch the message at this moment, for whoever may read it where it stands."""
        dossier = await self._dossier(call)
        if dossier is None:
            return _no_case()
        message, why = await self._read(call, dossier)
        desk, key = self.casebook.desk, dossier.case.key
        remarks = await self.casebook.store.remarks.of(desk.id, key)
        opened = ((one.id, self.seal.open(one.sealed)) for one in remarks if one.sealed)
        seen = cards.Seen(
            dossier=dossier,
            message=message,
            why=why,
            remarks=remarks,
            texts={id_: text for id_, text in opened if text is not None},
            promised=await self.casebook.store.remarks.promised(desk.id, key),
        )
        card = cards.whole_card(seen, self.casebook.names, desk.endings, self._zone(call))
        return Said(card, What.LOOKED, alert=key, secret=True)

    async def take(self, call: Call) -> Said | Done:
        return await self._happen(call, Take(call.by))

    async def close(self, call: Call) -> Said | Done:
        endings, typed = self.casebook.desk.endings, call.option("outcome")
        names = {words.casefold(): code for code, words in endings.items()}
        ending = typed if typed in endings else names.get(typed.casefold())
        if ending is None:
            known = ", ".join(endings)
            return Said(sentence("Not read", f"Type how it ended, one of: {known}."))
        return await self._happen(call, Close(call.by, ending))

    async def hand(self, call: Call) -> Said | Done:
        person = found_by(self.roster.desk, call.option("person"))
        if person is None:
            return Said(nobody(self.roster))
        return await self._happen(call, HandOver(call.by, person.account))

    async def note(self, call: Call) -> Said | Done:
        dossier = await self._dossier(call)
        if dossier is None:
            return _no_case()
        typed, text = call.option("code") or _choice(call), call.option("text")
        if not typed:
            return Said(cards.note_card(), alert=dossier.case.key)
        if typed not in set(RemarkCode):
            known = ", ".join(RemarkCode)
            return Said(sentence("Not read", f"Type what was done, one of: {known}."))
        desk = self.casebook.desk
        if text and (refused := self._may_not_keep(text)) is not None:
            return Said(refused_card(refused), What.REFUSED, alert=dossier.case.key)
        remark = Remark(
            id=call.asking.id,
            alert=dossier.case.key,
            who=call.by,
            at=call.at,
            code=RemarkCode(typed),
            sealed=self.seal.close(text) if text else None,
            erase_at=erase_at(desk, call.at) if text else None,
        )
        card = cards.noted_card(remark.code)
        return Said(card, What.REMARKED, alert=remark.alert, kept=(Remarked(remark),))

    async def follow_up(self, call: Call) -> Said | Done:
        dossier = await self._dossier(call)
        if dossier is None:
            return _no_case()
        typed = call.option("when") or _choice(call)
        if not typed:
            return Said(cards.later_card(), alert=dossier.case.key)
        due_at = read_moment(typed, call.at, self._zone(call))
        if due_at is None or due_at <= call.at:
            return Said(sentence("That day was not read", HOW_TO_TYPE_DAY))
        key = dossier.case.key
        promised = FollowUp(call.asking.id, key, dossier.case.holder or call.by, due_at)
        card = cards.promised_card(due_at, self._zone(call))
        return Said(card, What.PROMISED, alert=key, kept=(Promised(promised),))

    def _may_not_keep(self, text: str) -> Refused | None:
        if self.casebook.desk.remark_days == 0:
            why = "This desk keeps no text about a case."
            return Refused(why, "Leave the text out: the code alone is noted.")
        if len(text) > LONGEST:
            return Refused("That is too long.", f"Write {LONGEST} characters at most.")
        return None

    async def _happen(self, call: Call, asked: Asked) -> Said | Done:
        key = call.option("key") or call.alert or ""
        book = self.casebook
        dossier = await book.store.alerts.find(book.desk.id, key)
        if dossier is None:
            return _no_case()
        about = dossier.about

        def drawn(change: Change) -> Card:
            zone, endings = book.desk.time_zone, book.desk.endings
            return case_card(change.case, about, book.names, zone=zone, endings=endings)

        change = await book.happen(key, asked, wish=Wish(call.asking, call.by, drawn))
        is_closed = change is not None and change.case.state is State.CLOSED
        return Done(key if is_closed else None)

    async def _dossier(self, call: Call) -> Dossier | None:
        key = call.option("key") or call.alert or ""
        return await self.casebook.store.alerts.find(self.casebook.desk.id, key)

    async def _read(self, call: Call, dossier: Dossier) -> tuple[Message | None, str]:
        """Give the message, or why it is not shown."""
        ref = dossier.about.ref
        if dossier.case.drill:
            return None, NO_MESSAGE
        platform = self.platforms.get(ref.place.platform)
        if platform is None:
            return None, "The bot is not connected there now."
        try:
            if not await self._is_there(call.person, call.asking.by, platform, ref.place.space):
                said = "You have no account there, so its text is not shown to you."
                return None, f"{said} Link one with /practitioner link."
            message = await platform.fetch(ref)
        except (Temporary, Permanent) as failure:
            log.warning("a message cannot be fetched", message=ref.key, why=str(failure))
            return None, "The message cannot be read just now. Please try again in a minute."
        return message, "" if message else cards.GONE

    async def _is_there(
        self, person: Practitioner | None, by: AccountRef, platform: Platform, space: str
    ) -> bool:
        """Tell whether any account of this person is in the space now: others may not read it."""
        theirs = person.accounts if person is not None else (by,)
        for account in theirs:
            if account.platform == platform.name:
                standing = await platform.standing(account, SpaceRef(platform.name, space))
                if standing.is_member:
                    return True
        return False

    def _zone(self, call: Call) -> str:
        person = call.person
        if person is None or person.profile is None:
            return self.casebook.desk.time_zone
        return person.zone


def _choice(call: Call) -> str:
    """Read what stands behind the "/" of the button that was pressed."""
    return str(getattr(call.asking, "button", "")).partition("/")[2]


def _no_case() -> Said:
    return Said(sentence("Not found", "There is no such case. Type /case list to see the keys."))
