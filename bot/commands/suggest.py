"""What can be chosen while somebody types. Nothing of a case is suggested to a stranger."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.cards.caseload import REMARKS
from bot.cards.duty import turn_words
from bot.cards.moment import at_clock
from bot.cards.reason import PRIORITY_NAMES
from bot.commands.duty import turn_value, turns_of
from bot.commands.look import Looks
from bot.domain.alert import Dossier
from bot.domain.command import Choice, Table
from bot.domain.event import Typing
from bot.domain.output import Kind
from bot.domain.practitioner import Practitioner
from bot.domain.space import Role
from bot.ports import Clock
from bot.store.engine import Store
from bot.workers.roster import Roster

MOST: Final = 25  # Discord shows no more


@dataclass(frozen=True, slots=True)
class Suggesting:
    table: Table
    roster: Roster
    store: Store
    clock: Clock
    looks: Looks
    claims: Sequence[Choice] = ()

    async def choices(self, typing: Typing) -> tuple[Choice, ...]:
        """Give what fits what is typed so far, at most as many as are shown."""
        found = await self._all(typing)
        typed = typing.typed.strip().casefold()
        return tuple(
            one for one in found if typed in one.label.casefold() or typed in one.value.casefold()
        )[:MOST]

    async def _all(self, typing: Typing) -> Sequence[Choice]:
        desk, person = self.roster.desk, self.roster.person(typing.by)
        fixed = {
            "noun": self._nouns(person),
            "person": [Choice(one.key, one.name) for one in desk.practitioners],
            "outcome": [Choice(*pair) for pair in desk.endings.items()],
            "code": [Choice(code, words) for code, words in REMARKS.items()],
            "claim": list(self.claims),
        }
        if typing.option == "noun" or (person is not None and typing.option in fixed):
            return fixed[typing.option]
        if person is None:
            return ()
        match typing.option:
            case "key":
                await self.looks.note(person.account, "key")
                queue = await self.store.alerts.queue(desk.id, MOST * 4)
                return [Choice(one.case.key, _label(one, desk.time_zone)) for one in queue]
            case "note":
                await self.looks.note(person.account, "note")
                return await self._notes(desk.id)
            case _:
                return self._of_duty(typing.option, person)

    def _nouns(self, person: Practitioner | None) -> Sequence[Choice]:
        """Offer a stranger what is for all: more is offered by /help, which looks up their role."""
        for_all = {one.noun for one in self.table.commands if Role.MEMBER in one.roles}
        offered = self.table.nouns if person is not None else for_all
        return [Choice(noun, f"/{noun}") for noun in self.table.nouns if noun in offered]

    def _of_duty(self, option: str, person: Practitioner) -> Sequence[Choice]:
        match option:
            case "mine":
                return self._turns([person])
            case "shift":
                everyone = self.roster.desk.practitioners
                return self._turns([one for one in everyone if one.key != person.key])
            case _:
                return ()

    async def _notes(self, desk: str) -> Sequence[Choice]:
        waiting = await self.store.outputs.open(desk, MOST * 4)
        found = (*waiting, *await self.store.outputs.posted(desk, MOST))
        notes = [one for one in found if one.kind is Kind.NOTE]
        return [Choice(one.id, f"{one.subjects[0]}, {one.stage}") for one in notes]

    def _turns(self, people: Sequence[Practitioner]) -> list[Choice]:
        desk = self.roster.desk
        return [
            Choice(turn_value(turn), f"{one.name}: {turn_words(turn, desk.time_zone)}")
            for one in people
            for turn in turns_of(desk.rota, one.key, self.clock())
        ]


def _label(dossier: Dossier, zone: str) -> str:
    place = dossier.about.ref.place
    channel = place.name.partition(" > ")[0] or place.channel
    rung = PRIORITY_NAMES[dossier.case.priority]
    return f"{rung}, {channel}, {at_clock(dossier.about.sent_at, zone)}"
