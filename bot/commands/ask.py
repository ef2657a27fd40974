"""The menu "Ask a practitioner": a message that somebody wants a person to look at."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from bot.cards.hours import asked_card, unasked_card
from bot.commands.call import Call, Done, Handler, Said, sentence
from bot.commands.hours import lines_for, presence
from bot.domain.alert import Case
from bot.domain.card import Card
from bot.domain.command import Menu
from bot.domain.event import Chosen
from bot.domain.helpline import Helpline
from bot.domain.message import AccountRef, Message
from bot.policy.hours import route
from bot.policy.news import is_told, told_by
from bot.workers.roster import Roster

ASK: Final = "ask.person"
MENUS: Final = (Menu(ASK, "Ask a practitioner"),)
MOST: Final = 3
WITHIN: Final = timedelta(hours=1)
_MOST_REMEMBERED: Final = 1_000


@dataclass(frozen=True, slots=True)
class Askers:
    """`ask` opens a case on a message, or finds the one that it is in; None: it may not.

    Who asked is remembered for an hour, in memory alone, so that nobody floods the queue.
    """

    roster: Roster
    ask: Callable[[Message, AccountRef], Awaitable[Case | None]]
    lines: Sequence[Helpline] = ()
    _asked: OrderedDict[AccountRef, list[datetime]] = field(default_factory=OrderedDict)

    @property
    def commands(self) -> Mapping[str, Handler]:
        return {ASK: self.chosen}

    @property
    def buttons(self) -> Mapping[str, Handler]:
        return {}

    async def chosen(self, call: Call) -> Said | Done:
        """Open a case, and say privately by when somebody is told. It promises nothing more."""
        asking = call.asking
        if not isinstance(asking, Chosen):
            return Said(sentence("Not found", "Choose it in the menu of a message."))
        if not asking.message.ref.place.space:
            why = "Nobody at the desk can open a direct message. Choose it in a channel instead."
            return self._refused("Nothing was changed", why, call.at)
        if not self._may(asking.by, call.at):
            why = "You asked a few times just now. Those requests stand. Ask again in an hour."
            return self._refused("Please wait", why, call.at)
        case = None
        try:
            case = await self.ask(asking.message, asking.by)
        finally:
            if case is None:
                self._uncount(asking.by, call.at)
        if case is None:
            why = "The bot does not read that message, as its author wants or as it is no member's."
            return self._refused("Nothing was changed", why, call.at)
        return Said(self._answer(asking, case, call.at))

    def _refused(self, title: str, why: str, at: datetime) -> Said:
        """Say why, and where else to turn: whoever asks may be in need."""
        desk = self.roster.desk
        return Said(unasked_card(title, why, route(desk.region), lines_for(desk, self.lines, at)))

    def _answer(self, asking: Chosen, case: Case, at: datetime) -> Card:
        """Say by when somebody is told. That they were already only the author may know."""
        desk = self.roster.desk
        is_here, following = presence(desk, at)
        is_own = asking.by == asking.message.author
        return asked_card(
            following,
            route(desk.region),
            desk.time_zone,
            lines_for(desk, self.lines, at),
            told_by=None if is_own and is_told(case) else told_by(desk, at),
            is_here=is_here,
        )

    def _may(self, who: AccountRef, at: datetime) -> bool:
        """Count a request from before it is known to stand, so that no two count as one."""
        times = [one for one in self._asked.pop(who, []) if one > at - WITHIN]
        is_free = len(times) < MOST
        self._asked[who] = [*times, at] if is_free else times
        if len(self._asked) > _MOST_REMEMBERED:
            self._asked.popitem(last=False)
        return is_free

    def _uncount(self, who: AccountRef, at: datetime) -> None:
        """Take back what came to nothing."""
        times = self._asked.get(who, [])
        if at in times:
            times.remove(at)
