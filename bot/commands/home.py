"""Somebody's own page, drawn anew each time they open it, by what they are then (I7)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import structlog

from bot.cards import home as cards
from bot.commands.duty import DAYS, turns_of
from bot.commands.look import Looks
from bot.commands.sight import Sight
from bot.domain.action import ShowHome
from bot.domain.card import Card
from bot.domain.event import HomeOpened
from bot.domain.message import PlatformName
from bot.domain.practitioner import Practitioner
from bot.domain.space import Role
from bot.policy.duty import next_on_duty, on_duty
from bot.policy.role import may, roles
from bot.policy.rota import gaps
from bot.ports import Clock, Permanent, Platform, Temporary
from bot.workers.casebook import Casebook
from bot.workers.roster import Roster

log = structlog.get_logger(__name__)

MOST: Final = 20


@dataclass(frozen=True, slots=True)
class Home:
    """A page goes past the outbox: nothing is kept."""

    roster: Roster
    casebook: Casebook
    platforms: Mapping[PlatformName, Platform]
    clock: Clock
    sight: Sight
    looks: Looks

    async def show(self, opened: HomeOpened) -> None:
        """Draw it. Whoever sees nothing opens it again."""
        platform = self.platforms.get(opened.by.platform)
        if platform is None or not platform.capabilities.home:
            return
        now = self.clock()
        try:
            standing = await platform.standing(opened.by, opened.space)
            found = roles(opened.by, standing, self.roster.desk, opened.space)
            shown = ShowHome(opened.by, opened.space.id, await self._cards(opened, found))
            key = f"{self.roster.desk.id}/home/{opened.by.id}/{now.isoformat()}"
            await platform.perform(shown, key=key)
        except (Temporary, Permanent) as failure:
            log.warning("a home page is not shown", why=str(failure))

    async def _cards(self, opened: HomeOpened, found: frozenset[Role]) -> tuple[Card, ...]:
        person = self.roster.person(opened.by)
        drawn: list[Card] = []
        if may(found, Role.PRACTITIONER):
            await self.looks.note(self.roster.principal(opened.by), "home")
            drawn += [await self._queue(), self._duty(person)]
        if may(found, Role.MODERATOR):
            drawn.append(cards.watched_card(self.sight.read_in(opened.space)))
        seen = self.sight.seen(opened.by, opened.space)
        is_read = self.sight.is_read(opened.by, None)
        return (*drawn, cards.member_card(seen, self.roster.desk, is_read=is_read))

    async def _queue(self) -> Card:
        desk = self.roster.desk
        alerts = self.casebook.store.alerts
        waiting = await alerts.queue(desk.id, MOST)
        total = await alerts.waiting(desk.id)
        return cards.queue_home_card(waiting, total, self.casebook.names, desk.time_zone)

    def _duty(self, person: Practitioner | None) -> Card:
        desk, now = self.roster.desk, self.clock()
        at_work = on_duty(desk.rota, now)
        following = None if at_work.everyone else next_on_duty(desk.rota, now)
        gap = next(iter(gaps(desk.rota, now, now + timedelta(days=DAYS))), None)
        mine = next(iter(turns_of(desk.rota, person.key, now)), None) if person else None
        has_zone = person is not None and person.profile is not None
        zone = person.zone if person is not None and has_zone else desk.time_zone
        return cards.duty_home_card(at_work, gap, following, mine, zone)
