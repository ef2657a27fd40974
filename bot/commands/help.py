"""`/help`: only what the asker may use."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.cards.help import PAGE, help_card, no_noun_card, noun_card
from bot.commands.call import Call, Done, Handler, Said
from bot.domain.command import Command, Option, Table
from bot.policy.role import may

ABOUT = "What you can ask this bot for."
COMMANDS = (
    Command(
        "help",
        "",
        "Shows what you can ask for.",
        options=(Option("noun", "What you want to know about.", required=False, suggests=True),),
    ),
)


@dataclass(frozen=True, slots=True)
class Help:
    table: Table

    @property
    def commands(self) -> Mapping[str, Handler]:
        return {"help": self.help}

    @property
    def buttons(self) -> Mapping[str, Handler]:
        return {PAGE: self.help}

    async def help(self, call: Call) -> Said | Done:
        mine = [one for one in self.table.commands if may(call.roles, *one.roles)]
        noun, page = _asked_for(call)
        of_it = [one for one in mine if one.noun == noun]
        if not noun:
            return Said(help_card(self.table.nouns, mine))
        if not of_it:
            return Said(no_noun_card(sorted({one.noun for one in mine})))
        return Said(noun_card(noun, self.table.nouns.get(noun, ""), of_it, page))


def _asked_for(call: Call) -> tuple[str, int]:
    """Read the noun and the page from what was typed, or from the button's own id."""
    button = getattr(call.asking, "button", "")
    _, noun, page = (*button.split("/"), "", "", "")[:3]
    typed = call.option("noun").removeprefix("/").partition(" ")[0].lower()
    return noun or typed, int(page) if page.isdecimal() else 0
