"""Somebody loses the role, or leaves: they go off duty, and what they had goes on to others (I7).

A role is checked whenever it is used. But whoever has lost it uses nothing any more, and what they
had would wait for them. Platforms tell of it (`RolesChanged`), not always, and not what was before:
so all are asked after every so often too.
"""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.cards.role import gone_card
from bot.domain.action import Delivery, DirectMessage
from bot.domain.alert import Deed, Dossier, Left, What
from bot.domain.duty import Override
from bot.domain.event import RolesChanged
from bot.domain.kept import Overridden
from bot.domain.message import AccountRef, Place, PlatformName
from bot.domain.setup import Need, Trouble, Use
from bot.domain.space import SpaceRef
from bot.policy.override import go_off
from bot.policy.role import Ties, has_left, ties
from bot.ports import Permanent, Platform, Temporary
from bot.store.alert import Repeated, Turn
from bot.store.engine import BadDatabase
from bot.workers.casebook import Casebook
from bot.workers.roster import Roster

log = structlog.get_logger(__name__)

EVERY: Final = timedelta(minutes=10)


@dataclass(slots=True)
class Leavers:
    """`spaces` are those that the bot is in. What people's ties were is known while it runs."""

    roster: Roster
    casebook: Casebook
    platforms: Mapping[PlatformName, Platform]
    spaces: set[SpaceRef] = field(default_factory=set)
    _known: dict[AccountRef, Ties] = field(default_factory=dict)
    _unsure: dict[AccountRef, RolesChanged] = field(default_factory=dict)
    _due_at: datetime | None = None
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def hear(self, changed: RolesChanged) -> None:
        """See to it if somebody of the desk has lost the role, or left. A role gained is nothing.

        Most of whom platforms tell are not of the desk: they cost one question to the store.
        """
        who = self.roster.principal(changed.who)
        if not self._is_named(who) and not await self._held(who):
            return
        before = self._known.get(who, Ties(is_member=True))
        self._unsure.pop(who, None)
        try:
            await self._look(who, before, changed.space)
        except Temporary as failure:
            self._unsure[who] = changed
            log.warning("a changed role is not known yet", why=str(failure))
        except Permanent as failure:
            log.warning("a changed role cannot be known", why=str(failure))

    async def ask_due(self) -> None:
        """Ask again what could not be told, and after everybody when it is time."""
        for changed in tuple(self._unsure.values()):
            await self.hear(changed)
        now = self.casebook.clock()
        if self._due_at is None or now >= self._due_at:
            self._due_at = now + EVERY
            for who in await self._concerned():
                await self._ask(who)

    async def _ask(self, who: AccountRef) -> None:
        try:
            await self._look(who, self._known.get(who))
        except (Temporary, Permanent) as failure:
            log.warning("a role cannot be asked for", why=str(failure))
        except BadDatabase:
            raise
        except Exception:  # the item boundary: one must not keep the others from being asked after
            log.exception("a role cannot be looked at")

    async def _concerned(self) -> Iterable[AccountRef]:
        desk = self.roster.desk
        listed = (person.account for person in desk.practitioners)
        holders = await self.casebook.store.alerts.holders(desk.id)
        return dict.fromkeys((*listed, *holders))

    async def _look(
        self, who: AccountRef, before: Ties | None, space: SpaceRef | None = None
    ) -> None:
        """Compare how it is with how it was; `before` None: it was not known, and is learnt."""
        now = await self._ties(who, space)
        if now is None:
            return
        if has_left(before or now, now, is_named=self._is_named(who)):
            await self._check(who)
            async with self._turn:
                await self._let_go(who)
        self._known[who] = now

    async def _ties(self, who: AccountRef, space: SpaceRef | None) -> Ties | None:
        """Ask in all spaces of the desk, for all accounts of the person.

        Nobody can tell of an account in whose platform the bot is in no space: it may be tied by
        that. None where there is no other.
        """
        desk, person = self.roster.desk, self.roster.person(who)
        spaces = {*self.spaces, *desk.setups, *((space,) if space else ())}
        found: list[Ties] = []
        is_sure = True
        for account in person.accounts if person else (who,):
            theirs = [one for one in spaces if one.platform == account.platform]
            platform = self.platforms.get(account.platform)
            if platform is None or not theirs:
                is_sure = False
                continue
            found += [ties(await platform.standing(account, one), desk, one) for one in theirs]
        is_member = any(one.is_member for one in found) or not is_sure
        return Ties(is_member, any(one.has_role for one in found)) if found else None

    async def _check(self, who: AccountRef) -> None:
        """Make sure that the spaces can tell of roles at all. Raises Temporary or Permanent.

        Else a permission that the bot has lost would look as if all had lost their roles.
        """
        person = self.roster.person(who)
        used = {one.platform for one in (person.accounts if person else (who,))}
        for space in self.spaces:
            platform = self.platforms.get(space.platform)
            if platform is None or space.platform not in used:
                continue
            need = Need(Place(space.platform, space.id, ""), Use.ROLES)
            found = await platform.inspect(space, (need,))
            if any(one.trouble is not Trouble.INTENT for one in found):
                raise Permanent("the space does not tell of roles")

    def _is_named(self, who: AccountRef) -> bool:
        """Tell whether the desk itself names somebody, so that they need no platform's role."""
        desk = self.roster.desk
        is_listed = self.roster.person(who) is not None
        return is_listed or who in (desk.last_resort, desk.overseer)

    async def _held(self, who: AccountRef) -> list[Dossier]:
        return await self.casebook.store.alerts.held_by(self.roster.desk.id, (who,))

    async def _let_go(self, who: AccountRef) -> None:
        """Take them off duty, tell the supervisor, and let others be called for what they had.

        Off duty first: nobody is to be called in their own place.
        """
        desk, person, now = self.roster.desk, self.roster.person(who), self.casebook.clock()
        off = go_off(desk.rota, person.key, now) if person else None
        held = await self._held(who)
        if not held and not isinstance(off, Override):
            return
        id_ = f"left/{who.platform}:{who.id}/{now.isoformat()}"
        override = off if isinstance(off, Override) else None
        turn = Turn(
            desk=desk.id,
            id=id_,
            alert=None,
            now=now,
            deed=Deed(What.LEFT, now, to=who),
            deliveries=(self._notice(id_, who, override, held),),
            kept=(Overridden(id_, override),) if override else (),
        )
        try:
            await self.casebook.store.alerts.write(turn)
        except Repeated:
            return
        await self.roster.refresh()
        log.info("somebody is of the desk no more", cases=len(held), off_duty=bool(override))
        for one in held:
            await self.casebook.happen(one.case.key, Left(who))

    def _notice(
        self, id_: str, who: AccountRef, off: Override | None, held: list[Dossier]
    ) -> Delivery:
        desk, now = self.roster.desk, self.casebook.clock()
        name = self.casebook.names.get(who, f"{who.platform}:{who.id}")
        until = off.end if off else None
        card = gone_card(name, until, held, desk.time_zone, is_named=self._is_named(who))
        to = desk.overseer if desk.overseer != who else desk.last_resort
        return Delivery(f"{desk.id}/{id_}", desk.id, DirectMessage(to, card), 0, now)
