"""`/practitioner`: who they are, and how one person links several accounts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from bot.cards import practitioner as cards
from bot.commands.call import Call, Done, Handler, Said, sentence
from bot.domain.alert import What
from bot.domain.card import Card
from bot.domain.command import Command, Option
from bot.domain.duty import Refused
from bot.domain.kept import CodeMade, Linked, Unlinked
from bot.domain.message import AccountRef, PlatformName
from bot.domain.practitioner import LinkCode, Practitioner
from bot.domain.space import Role
from bot.policy.practitioner import CODE_LASTS, digest, fitness, link, make_code
from bot.policy.roster import found_by
from bot.store.engine import Store
from bot.workers.roster import Roster

ABOUT = "The people who give the help."
MOST_TRIES: Final = 5
WITHIN: Final = timedelta(hours=1)
_PERSON = Option("person", "Whose name, key or account.", suggests=True)
COMMANDS = (
    Command(
        "practitioner",
        "list",
        "Lists the people of this desk.",
        Role.PRACTITIONER,
        also=(Role.MODERATOR,),
    ),
    Command("practitioner", "show", "Shows one person's profile.", options=(_PERSON,)),
    Command(
        "practitioner",
        "link",
        "Joins another account of yours: first without a code, then there with it.",
        options=(Option("code", "The code from your first account.", required=False),),
    ),
    Command(
        "practitioner",
        "unlink",
        "Lets a linked account of yours go.",
        Role.PRACTITIONER,
        (Option("account", "Which one, as platform:id. Left out: this one.", required=False),),
    ),
)


@dataclass(frozen=True, slots=True)
class People:
    """`chance` gives as many random bytes as it is asked for."""

    roster: Roster
    store: Store
    chance: Callable[[int], bytes]

    @property
    def commands(self) -> Mapping[str, Handler]:
        return {
            "practitioner list": self.list,
            "practitioner show": self.show,
            "practitioner link": self.link,
            "practitioner unlink": self.unlink,
        }

    @property
    def buttons(self) -> Mapping[str, Handler]:
        return {}

    async def list(self, call: Call) -> Said | Done:
        people = self.roster.desk.practitioners
        return Said(cards.list_card([(one, fitness(one, call.at)) for one in people]))

    async def show(self, call: Call) -> Said | Done:
        person = found_by(self.roster.desk, call.option("person"))
        if person is None:
            return Said(nobody(self.roster, to_staff=call.person is not None))
        is_staff = call.person is not None
        return Said(cards.profile_card(person, fitness(person, call.at), for_staff=is_staff))

    async def link(self, call: Call) -> Said | Done:
        """Give a code in an account that is known; in one that is not, take it."""
        typed = call.option("code")
        if typed:
            return await self._join(call, typed)
        if call.person is None:
            why = "The desk does not know this account."
            mend = "Type /practitioner link in the account that it knows. You get a code there."
            return _refused(Refused(why, mend))
        shown, code = make_code(call.person, self.chance(64), call.at)
        until = call.at + CODE_LASTS
        zone = self.zone(call.person)
        card = cards.code_card(shown, until, zone)
        return Said(card, What.MADE_CODE, kept=(CodeMade(code),), secret=True)

    async def _join(self, call: Call, typed: str) -> Said | Done:
        desk, account = self.roster.desk, call.asking.by
        tried = await self.store.practitioners.tries(desk.id, account, call.at - WITHIN)
        if tried >= MOST_TRIES:
            why = "Too many codes were tried from here."
            return _refused(Refused(why, "Wait an hour, then ask for a new code."))
        codes = await self.store.practitioners.codes(desk.id)
        found = link(desk.practitioners, codes, typed, account=account, at=call.at)
        if isinstance(found, Refused):
            return _refused(found, What.TRIED_CODE)
        person, left = found
        used = _used(codes, left, digest(typed))
        kept = (Linked(person.key, account, call.at, used),)
        return Said(cards.linked_card(person), What.LINKED, to=person.account, kept=kept)

    async def unlink(self, call: Call) -> Said | Done:
        account = _account(call.option("account")) or call.asking.by
        written = f"{account.platform}:{account.id}"
        of_file = {a for one in self.roster.file.practitioners for a in one.accounts}
        if call.person is None or account not in call.person.accounts:
            why = f"{written} is no account of yours."
            return _refused(Refused(why, "Type /practitioner show and your name to see them."))
        if account in of_file:
            why = f"{written} stands in the desk's file."
            return _refused(Refused(why, "Ask the desk's owner to take it out there."))
        return Said(cards.unlinked_card(written), What.UNLINKED, kept=(Unlinked(account),))

    def zone(self, person: Practitioner) -> str:
        return self.roster.desk.time_zone if person.profile is None else person.zone


def nobody(roster: Roster, *, to_staff: bool = True) -> Card:
    """Say that nobody is called that; who there is, the desk's own people alone are told."""
    said = "Nobody of this desk is called that."
    if not to_staff:
        return sentence("Not found", said, "Look at how the name is written, and type it again.")
    names = ", ".join(_typed(one, roster) for one in roster.desk.practitioners)
    return sentence("Not found", said, f"Type one of these: {names or 'nobody yet'}.")


def _typed(person: Practitioner, roster: Roster) -> str:
    """Give what is typed for them: their name, or their key where another is called the same."""
    is_theirs_alone = found_by(roster.desk, person.name) == person
    return person.name if is_theirs_alone else person.key


def _used(before: tuple[LinkCode, ...], left: tuple[LinkCode, ...], typed: str) -> str:
    return next(one.digest for one in before if one not in left and one.digest == typed)


def _account(written: str) -> AccountRef | None:
    platform, colon, id_ = written.partition(":")
    return AccountRef(PlatformName(platform), id_) if colon else None


def _refused(refused: Refused, what: What = What.REFUSED) -> Said:
    return Said(cards.refused_card(refused), what)
