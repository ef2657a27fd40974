"""`/help-now`: when somebody is there, and whom to turn to until then."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.cards.hours import hours_card
from bot.cards.watch import HELP_NOW
from bot.commands.call import Call, Done, Handler, Said, place_of
from bot.commands.sight import Sight
from bot.domain.code import Concern
from bot.domain.command import Choice, Command, Option
from bot.domain.desk import Desk
from bot.domain.duty import Spell
from bot.domain.helpline import Helpline
from bot.policy.duty import next_on_duty, on_duty
from bot.policy.helpline import helplines
from bot.policy.hours import route
from bot.workers.roster import Roster

ABOUT = "Who listens now, and when a person is here."
_YOUNG: Final = "young"
_ABOUT: Final = Option(
    "about",
    "What it is about, if you want to say it. Nobody is told.",
    required=False,
    choices=(
        Choice(Concern.SELF_HARM, "thoughts of suicide or self-harm"),
        Choice(Concern.ABUSE, "somebody hurts or controls me"),
        Choice(Concern.DISTRESS, "I feel very low"),
        Choice(_YOUNG, "I am under 19"),
    ),
)
COMMANDS = (
    Command(
        "help-now",
        "",
        "Says who listens now, and when a person is here.",
        options=(_ABOUT,),
        in_need=True,
    ),
)


@dataclass(frozen=True, slots=True)
class Hours:
    roster: Roster
    sight: Sight
    lines: Sequence[Helpline] = ()

    @property
    def commands(self) -> Mapping[str, Handler]:
        return {"help-now": self.help_now}

    @property
    def buttons(self) -> Mapping[str, Handler]:
        return {HELP_NOW: self.help_now}

    async def help_now(self, call: Call) -> Said | Done:
        """Promise nothing that no person stands behind. Nobody keeps who asked, or about what."""
        desk, about = self.roster.desk, call.option("about")
        is_here, following = presence(desk, call.at)
        card = hours_card(
            following,
            route(desk.region),
            desk.time_zone,
            lines_for(desk, self.lines, call.at, about),
            way=self.sight.way(call.asking.by, place_of(call.asking)),
            is_here=is_here,
        )
        return Said(card, secret=True)


def lines_for(
    desk: Desk, lines: Sequence[Helpline], at: datetime, about: object = None
) -> Sequence[Helpline]:
    """Give the helplines that the desk's members are shown; `about` as in `_ABOUT`."""
    return helplines(
        lines,
        region=desk.region,
        language=desk.language,
        today=at.date(),
        is_young=desk.for_young_people or about == _YOUNG,
        concern=next((one for one in Concern if one == about), None),
    )


def presence(desk: Desk, at: datetime) -> tuple[bool, Spell | None]:
    """Say whether somebody is on duty, and when not, when somebody will be."""
    is_here = bool(on_duty(desk.rota, at).everyone)
    return is_here, None if is_here else next_on_duty(desk.rota, at)
