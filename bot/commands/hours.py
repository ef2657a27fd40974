"""`/help-now`: when somebody is there, and where to go until then."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.cards.hours import hours_card
from bot.cards.watch import HELP_NOW
from bot.commands.call import Call, Done, Handler, Said
from bot.domain.command import Command
from bot.policy.duty import next_on_duty, on_duty
from bot.policy.hours import route
from bot.workers.roster import Roster

ABOUT = "When a person is here, and where to go now."
COMMANDS = (Command("help-now", "", "Says when a person is here, and where to go until then."),)


@dataclass(frozen=True, slots=True)
class Hours:
    roster: Roster

    @property
    def commands(self) -> Mapping[str, Handler]:
        return {"help-now": self.help_now}

    @property
    def buttons(self) -> Mapping[str, Handler]:
        return {HELP_NOW: self.help_now}

    async def help_now(self, call: Call) -> Said | Done:
        """Promise nothing that no person stands behind. Nobody keeps who asked."""
        desk = self.roster.desk
        is_here = bool(on_duty(desk.rota, call.at).everyone)
        following = None if is_here else next_on_duty(desk.rota, call.at)
        found = route(desk.region)
        card = hours_card(following, found, desk.time_zone, is_here=is_here)
        return Said(card, secret=True)
