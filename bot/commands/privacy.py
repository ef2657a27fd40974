"""`/privacy`, `/optout`, `/optin`: what is kept of a member, and whether they are read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from bot.cards.privacy import chosen_card, privacy_card
from bot.commands.call import Call, Done, Handler, Said
from bot.domain.command import Command
from bot.domain.message import AccountRef
from bot.domain.privacy import Consent, Consented

ABOUT: Final = {
    "privacy": "What is kept of you.",
    "optout": "Keeps your messages from being read.",
    "optin": "Lets your messages be read.",
}
COMMANDS = (
    Command("privacy", "", "Shows what is kept of you, and your choice."),
    Command("optout", "", "Stops the reading of your messages, from the next one on."),
    Command("optin", "", "Lets your messages be read from now on."),
)


@dataclass(frozen=True, slots=True)
class Privacy:
    """Nothing goes into the audit: it would name the account beside its choice."""

    author: Callable[[AccountRef], str]
    is_read: Callable[[str], bool]

    @property
    def commands(self) -> Mapping[str, Handler]:
        return {"privacy": self.show, "optout": self.opt_out, "optin": self.opt_in}

    @property
    def buttons(self) -> Mapping[str, Handler]:
        return {}

    async def show(self, call: Call) -> Said | Done:
        return Said(privacy_card(is_read=self.is_read(self.author(call.asking.by))))

    async def opt_out(self, call: Call) -> Said | Done:
        return self._chosen(call, Consent.OUT)

    async def opt_in(self, call: Call) -> Said | Done:
        return self._chosen(call, Consent.IN)

    def _chosen(self, call: Call, consent: Consent) -> Said:
        # The account that asks, not the person: each account writes for itself.
        kept = Consented(self.author(call.asking.by), consent, call.at)
        return Said(chosen_card(consent), kept=(kept,))
