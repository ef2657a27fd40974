"""The front: who asks is looked up at that moment (I7), and what is answered is written once.

The answer, its row in the audit and all that follows are one transaction under the asking's own
id, so that the same asking twice is one.
"""

import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from bot.cards.help import (
    broken_card,
    not_yours_card,
    overtaken_card,
    unchecked_card,
    unknown_card,
    unshown_card,
    used_up_card,
)
from bot.cards.note import DISPUTE
from bot.cards.watch import HELP_NOW
from bot.commands.call import Call, Done, Handler, Noun, Said, place_of
from bot.commands.case import Cases
from bot.commands.suggest import Suggesting
from bot.domain.action import Delivery, OpenForm, ShowPrivately
from bot.domain.alert import Deed, What
from bot.domain.command import Choice, Command, Form, Table
from bot.domain.event import Asking, Chosen, Commanded, Pressed, Submitted, Typing
from bot.domain.message import PlatformName
from bot.domain.space import Role, SpaceRef, Standing
from bot.policy.page import answer
from bot.policy.role import may, meant_for, roles
from bot.ports import Clock, Permanent, Platform, Temporary
from bot.store.alert import Repeated, Turn
from bot.store.engine import BadDatabase, Store
from bot.store.kept import UsedUp
from bot.store.output import Overtaken
from bot.workers.guest import Guests
from bot.workers.roster import Roster

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Front:
    """Answers commands and buttons. Presses on a page itself are left to `cases`."""

    table: Table
    nouns: Sequence[Noun]
    cases: Cases
    suggesting: Suggesting
    roster: Roster
    store: Store
    platforms: Mapping[PlatformName, Platform]
    clock: Clock
    guests: Guests
    _commands: dict[str, Handler] = field(default_factory=dict)
    _buttons: dict[str, Handler] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for noun in self.nouns:
            self._commands.update(noun.commands)
            self._buttons.update(noun.buttons)

    async def ask(self, asking: Commanded | Chosen | Submitted) -> str | None:
        """Answer a command; give the key of the alert if that has closed it."""
        return await self._safely(asking)

    async def press(self, pressed: Pressed) -> str | None:
        """Do what a button asks for; give the key of the alert if that has closed it."""
        if pressed.button.partition("/")[0] in self._buttons:
            return await self._safely(pressed)
        return await self.cases.press(pressed)

    async def type(self, typing: Typing) -> tuple[Choice, ...]:
        """Give choices for what is being typed; none when that breaks."""
        try:
            return await self.suggesting.choices(typing)
        except BadDatabase:
            raise
        except Exception as bug:  # noqa: BLE001 - the item boundary: typing must not stop the bot
            _tell(f"{typing.noun} {typing.verb}", bug)
            return ()

    async def _safely(self, asking: Asking) -> str | None:
        try:
            return await self._answer(asking)
        except BadDatabase:
            raise
        except Exception as bug:  # noqa: BLE001 - as above
            _tell(asking.id, bug)
            desk = self.roster.desk.id
            failed = answer(asking, broken_card(), desk=desk, alert=None, now=self.clock())
            await self.store.deliveries.schedule(failed)
            return None

    async def _answer(self, asking: Asking) -> str | None:
        if await self.store.alerts.is_written(self.roster.desk.id, asking.id):
            return None
        call, said = await self._said(asking)
        if isinstance(said, Done):
            return said.closed
        if said.form is not None and await self._open(asking, said.form):
            return None
        await self._write(call, said)
        return None

    async def _said(self, asking: Asking) -> tuple[Call, Said | Done]:
        """Find what is asked for, and say it to whoever may hear it."""
        name, least = self._name(asking)
        call = await self._call(asking, name)
        handler = self._commands.get(name) or self._buttons.get(name)
        if handler is None or not least:
            return call, Said(unknown_card())
        if Role.MEMBER not in least or name == "help":
            try:
                standing = await self._standing(asking)
            except (Temporary, Permanent) as failure:
                log.warning("standing cannot be asked", asking=asking.id, why=str(failure))
                return call, Said(unchecked_card())
            found = await self._roles(asking, standing)
            call = await self._call(asking, name, found)
        if not may(call.roles, *least):
            refusal = not_yours_card(meant_for(*least))
            return call, Said(refusal, What.REFUSED, alert=call.alert)
        return call, await handler(call)

    def _name(self, asking: Asking) -> tuple[str, tuple[Role, ...]]:
        """Give the name of what is asked for, and the least roles that may; none: not known."""
        match asking:
            case Commanded():
                name = f"{asking.noun} {asking.verb}".strip()
                command = find(self.table, name)
                return name, () if command is None else command.roles
            case Pressed():
                # A button without a role of its own stands on what only the desk is sent.
                verb = asking.button.partition("/")[0]
                least = _FOR_ALL.get(verb, Role.PRACTITIONER)
                return verb, (self.table.roles.get(verb, least),)
            case Chosen():
                menus = (menu for menu in self.table.menus if menu.id == asking.menu)
                return asking.menu, tuple(menu.role for menu in menus)
            case Submitted():
                opened = (
                    menu for menu in self.table.menus if menu.form and menu.form.id == asking.form
                )
                own = self.table.roles.get(asking.form)
                of_form = next((menu.role for menu in opened), own)
                return asking.form, () if of_form is None else (of_form,)

    async def _call(
        self, asking: Asking, name: str, found: frozenset[Role] = frozenset({Role.MEMBER})
    ) -> Call:
        alert = None
        if isinstance(asking, Pressed):
            platform = asking.by.platform
            alert = await self.store.alerts.shown_on(self.roster.desk.id, asking.on, platform)
        return Call(
            asking=asking,
            name=name,
            options=asking.options if isinstance(asking, Commanded) else {},
            person=self.roster.person(asking.by),
            by=self.roster.principal(asking.by),
            roles=found,
            at=self.clock(),
            alert=alert,
        )

    async def _standing(self, asking: Asking) -> Standing | None:
        space = space_of(asking)
        if space is None:
            return None
        return await self.platforms[asking.by.platform].standing(asking.by, space)

    async def _roles(self, asking: Asking, standing: Standing | None) -> frozenset[Role]:
        found = roles(asking.by, standing, self.roster.desk, space_of(asking))
        if standing is None and await self.guests.admits(asking.by):
            found |= {Role.PRACTITIONER}  # in a direct message, where nothing else says so
        return found

    async def _write(self, call: Call, said: Said) -> None:
        desk, now, asking = self.roster.desk.id, call.at, call.asking
        shown = answer(asking, said.card, desk=desk, alert=said.alert or call.alert, now=now)
        turn = Turn(
            desk=desk,
            id=asking.id,
            alert=said.alert or call.alert,
            now=now,
            deed=None if said.what is None else Deed(said.what, now, call.by, said.to),
            deliveries=said.deliveries if said.secret else (*said.deliveries, shown),
            command=call.name,
            kept=said.kept,
        )
        try:
            await self.store.alerts.write(turn)
        except Repeated:
            return
        except Overtaken:
            await self.store.deliveries.schedule(
                answer(asking, overtaken_card(), desk=desk, alert=None, now=now)
            )
            return
        except UsedUp:
            await self.store.deliveries.schedule(
                answer(asking, used_up_card(), desk=desk, alert=None, now=now)
            )
            return
        if said.kept:
            self.roster.follow(said.kept)
            await self.roster.refresh()
        if said.secret:
            await self._show(shown, now)

    async def _open(self, asking: Asking, form: Form) -> bool:
        """Open a form past the outbox: Discord and Slack wait three seconds for it, no longer."""
        opening = OpenForm(asking.by, asking.id, form)
        key = f"{self.roster.desk.id}/form/{asking.id}"
        try:
            await self.platforms[asking.by.platform].perform(opening, key=key)
        except (Temporary, Permanent) as failure:
            log.warning("a form is not opened", asking=asking.id, why=str(failure))
            return False
        return True

    async def _show(self, shown: Delivery, now: datetime) -> None:
        """Show it past the outbox, which would keep it (I4). Whoever misses it asks again."""
        action = shown.action
        assert isinstance(action, ShowPrivately)  # noqa: S101 - `answer` makes no other
        try:
            await self.platforms[action.to.platform].perform(action, key=shown.key)
        except (Temporary, Permanent) as failure:
            log.warning("not shown", delivery=shown.key, why=str(failure))
            instead = ShowPrivately(action.to, action.press, unshown_card())
            await self.store.deliveries.schedule(
                Delivery(f"{shown.key}!", shown.desk, instead, attempts=0, due_at=now)
            )


# Buttons that stand on what members are shown.
_FOR_ALL = {"help": Role.MEMBER, DISPUTE: Role.MEMBER, HELP_NOW: Role.MEMBER}


def space_of(asking: Asking) -> SpaceRef | None:
    """Name the space in which something is asked; None for a direct message that is in none."""
    place = place_of(asking)
    return SpaceRef(place.platform, place.space) if place is not None and place.space else None


def find(table: Table, name: str) -> Command | None:
    return next((command for command in table.commands if command.name == name), None)


def _tell(what: str, bug: Exception) -> None:
    """Log without the text, which an exception may quote (I4)."""
    where = traceback.format_tb(bug.__traceback__)[-1].strip()
    log.error("a command is broken", asking=what, bug=type(bug).__name__, where=where)
