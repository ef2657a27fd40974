"""`/privacy`, `/optout`, `/optin`: what is kept of a member, and whether they are read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from bot.cards.privacy import chosen_card, privacy_card
from bot.commands.call import Call, Done, Handler, Said, place_of
from bot.commands.sight import Sight
from bot.domain.command import Command
from bot.domain.message import AccountRef
from bot.domain.privacy import Consent, Consented
from bot.domain.space import SpaceRef
from bot.domain.watch import Seen

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
    """Nothing goes into the audit or the outbox: it would name the account beside its choice.

    `forget` lets go what is remembered of what somebody said; `days`: how long a case is kept.
    """

    sight: Sight
    forget: Callable[[AccountRef], None]
    days: int

    @property
    def commands(self) -> Mapping[str, Handler]:
        return {"privacy": self.show, "optout": self.opt_out, "optin": self.opt_in}

    @property
    def buttons(self) -> Mapping[str, Handler]:
        return {}

    async def show(self, call: Call) -> Said | Done:
        where, by = place_of(call.asking), call.asking.by
        seen = Seen()
        if where is not None and where.space:
            seen = self.sight.seen(by, SpaceRef(where.platform, where.space), where)
        is_read = self.sight.is_read(by, where)
        return Said(privacy_card(seen, self.days, is_read=is_read), secret=True)

    async def opt_out(self, call: Call) -> Said | Done:
        self.forget(call.asking.by)
        return self._chosen(call, Consent.OUT)

    async def opt_in(self, call: Call) -> Said | Done:
        return self._chosen(call, Consent.IN)

    def _chosen(self, call: Call, consent: Consent) -> Said:
        # The account that asks, not the person: each account writes for itself.
        author, *formerly = self.sight.names(call.asking.by)
        kept = Consented(author, consent, call.at, tuple(formerly))
        return Said(chosen_card(consent), kept=(kept,), secret=True)
