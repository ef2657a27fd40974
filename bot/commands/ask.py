"""The menu "Ask a practitioner": a message that somebody wants a person to look at."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from bot.cards.hours import asked_card
from bot.commands.call import Call, Done, Handler, Said, sentence
from bot.commands.hours import hours_of
from bot.domain.command import Menu
from bot.domain.event import Chosen
from bot.domain.helpline import Helpline
from bot.domain.message import AccountRef, Message
from bot.workers.roster import Roster

ASK: Final = "ask.person"
MENUS: Final = (Menu(ASK, "Ask a practitioner"),)
MOST: Final = 3
WITHIN: Final = timedelta(hours=1)
_MOST_REMEMBERED: Final = 1_000


@dataclass(frozen=True, slots=True)
class Askers:
    """`ask` opens a case on a message, or tells that it may not.

    Who asked is remembered for an hour, in memory alone, so that nobody floods the queue.
    """

    roster: Roster
    ask: Callable[[Message, AccountRef], Awaitable[bool]]
    lines: Sequence[Helpline] = ()
    _asked: OrderedDict[AccountRef, list[datetime]] = field(default_factory=OrderedDict)

    @property
    def commands(self) -> Mapping[str, Handler]:
        return {ASK: self.chosen}

    @property
    def buttons(self) -> Mapping[str, Handler]:
        return {}

    async def chosen(self, call: Call) -> Said | Done:
        """Open a case, and say privately when somebody is there. It promises nothing more."""
        asking = call.asking
        if not isinstance(asking, Chosen):
            return Said(sentence("Not found", "Choose it in the menu of a message."))
        if not self._may(asking.by, call.at):
            why = "You asked a few times just now. Somebody will look. /help-now says when."
            return Said(sentence("Please wait", why))
        if not await self.ask(asking.message, asking.by):
            why = "The bot does not read that message, as its author wants or as it is no member's."
            return Said(sentence("Nothing was changed", why))
        return Said(asked_card(hours_of(self.roster.desk, self.lines, call.at)))

    def _may(self, who: AccountRef, at: datetime) -> bool:
        times = [one for one in self._asked.pop(who, []) if one > at - WITHIN]
        is_free = len(times) < MOST
        self._asked[who] = [*times, at] if is_free else times
        if len(self._asked) > _MOST_REMEMBERED:
            self._asked.popitem(last=False)
        return is_free
