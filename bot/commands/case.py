"""What the buttons on an alert ask for. The role is checked when the button is pressed (I7)."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.cards import case as cards
from bot.domain.alert import (
    Acknowledge,
    Asked,
    CallBackup,
    Close,
    Deed,
    Dossier,
    Ending,
    HandOver,
    Refusal,
    Snooze,
    State,
    Take,
    What,
)
from bot.domain.card import Card
from bot.domain.event import Pressed
from bot.domain.message import AccountRef, PlatformName
from bot.policy.page import answer
from bot.store.alert import Repeated, Turn
from bot.store.engine import BadDatabase
from bot.workers.casebook import Casebook, Wish

log = structlog.get_logger(__name__)

# Slack waits for three seconds; what is answered later counts as not answered.
LONGEST_WAIT = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class Cases:
    """`principal` gives the account that stands for a person: they may press from any of theirs.

    `settle` returns when what is being delivered is on disk, or in time.
    """

    casebook: Casebook
    principal: Callable[[AccountRef], AccountRef]
    settle: Callable[[timedelta], Awaitable[None]]

    async def press(self, pressed: Pressed) -> str | None:
        """Do what a button asks for; give the key of the alert if that has closed it.

        Returns when all that follows is on disk. The same press twice is one.
        """
        try:
            return await self._press(pressed)
        except BadDatabase:
            raise
        except Exception:  # the item boundary: one button must not stop the bot
            log.exception("a button is broken", button=pressed.button, press=pressed.id)
            return None

    async def _about(self, pressed: Pressed) -> str | None:
        """Give the key of the alert that a button stands under.

        Whoever is quick, or has a bot whose disk is slow, presses before it is on disk what the
        page is about.
        """
        alerts, desk = self.casebook.store.alerts, self.casebook.desk.id
        key = await alerts.shown_on(desk, pressed.on, pressed.by.platform)
        if key is None:
            await self.settle(LONGEST_WAIT)
            key = await alerts.shown_on(desk, pressed.on, pressed.by.platform)
        return key

    async def _press(self, pressed: Pressed) -> str | None:
        book, desk = self.casebook, self.casebook.desk.id
        if await book.store.alerts.is_written(desk, pressed.id):
            return None
        key = await self._about(pressed)
        by = self.principal(pressed.by)
        asked = wish(pressed.button, by, book.clock(), book.desk.endings)
        if key is None:
            await self._show(pressed, None, cards.refusal_card(Refusal.UNKNOWN), What.REFUSED)
        elif asked is None:
            await self._look(pressed, key)
        else:
            change = await book.happen(key, asked, wish=Wish(pressed, by))
            if change is not None and change.case.state is State.CLOSED:
                return key
        return None

    async def _look(self, pressed: Pressed, key: str) -> None:
        """Show what a button opens: reasons, lengths, endings, people. Each look is logged."""
        book = self.casebook
        dossier = await book.store.alerts.find(book.desk.id, key)
        if not await book.is_staff(self.principal(pressed.by)):
            refusal = cards.refusal_card(Refusal.NOT_STAFF)
            await self._show(pressed, key, refusal, What.REFUSED)
        elif dossier is None:
            await self._show(pressed, key, cards.refusal_card(Refusal.UNKNOWN), What.REFUSED)
        else:
            await self._show(pressed, key, self._opened(pressed, dossier), What.LOOKED)

    def _opened(self, pressed: Pressed, dossier: Dossier) -> Card:
        match pressed.button:
            case cards.MORE:
                return cards.more_card(dossier.case, dossier.about)
            case cards.OTHERS:
                return cards.others_card()
            case cards.SNOOZE:
                return cards.snooze_card(dossier.case)
            case cards.CLOSE:
                return cards.close_card(self.casebook.desk.endings)
            case cards.HAND_OVER:
                on_duty = self.casebook.staff.on_duty
                by = self.principal(pressed.by)
                others = [account for account in on_duty if account != by]
                return cards.hand_over_card(others, self.casebook.names)
            case _:
                return cards.refusal_card(Refusal.UNKNOWN)

    async def _show(self, pressed: Pressed, key: str | None, card: Card, what: What) -> None:
        book = self.casebook
        now = book.clock()
        turn = Turn(
            desk=book.desk.id,
            id=pressed.id,
            alert=key,
            now=now,
            deed=Deed(what, now, self.principal(pressed.by)),
            deliveries=(answer(pressed, card, desk=book.desk.id, alert=key, now=now),),
            command=pressed.button.partition("/")[0],
        )
        try:
            await book.store.alerts.write(turn)
        except Repeated:
            return


def wish(button: str, by: AccountRef, now: datetime, endings: Collection[str]) -> Asked | None:
    """Read a button's id; None when it asks only to be shown something."""
    verb, _, choice = button.partition("/")
    if not choice:
        return _plain(verb, by)
    match verb:
        case cards.SNOOZE if choice.isdecimal():
            return Snooze(by, now + timedelta(minutes=int(choice)))
        case cards.CLOSE if choice in endings:
            return Close(by, choice)
        case cards.HAND_OVER if ":" in choice:
            platform, _, id_ = choice.partition(":")
            return HandOver(by, AccountRef(PlatformName(platform), id_))
        case _:
            return None


def _plain(verb: str, by: AccountRef) -> Asked | None:
    match verb:
        case cards.TAKE:
            return Take(by)
        case cards.LOOK:
            return Acknowledge(by)
        case cards.NO_CONCERN:
            return Close(by, Ending.NO_CONCERN)
        case cards.BACKUP:
            return CallBackup(by)
        case _:
            return None
