"""Where the bot is, what bars it there, and where it is not any more.

A space that does not let the bot in is a finding at once, told where somebody can still be told.
When nothing is left to be of use for, the process ends and says what has to be changed. A space
that the bot had to leave while it did not run is forgotten as any other that it leaves.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, TypeAlias

import structlog

from bot.domain.audit import Finding
from bot.domain.event import News, SpaceJoined, SpaceLeft, SpacesNamed, SpaceTroubled
from bot.domain.message import PlatformName
from bot.domain.setup import Found, Trouble
from bot.domain.space import Joined, SpaceRef
from bot.policy.presence import (
    DEAD,
    SHUT,
    findings,
    has_any,
    is_left,
    is_to_be_asked,
    parting,
    refused,
    unnamed,
)
from bot.ports import Clock, Misconfigured, Permanent, Platform, Temporary
from bot.store.engine import Store
from bot.workers.heartbeat import Pulse

log = structlog.get_logger(__name__)

EVERY: Final = timedelta(seconds=10)
# When a platform is asked again about a space that it did not name, and gave no answer about.
AGAIN: Final = timedelta(minutes=5)

Troubles: TypeAlias = frozenset[Trouble]


@dataclass(slots=True)
class Presence:
    """Of one desk. `tell` lets what was found here be kept and told at once.

    `leave` lets a space be forgotten, as when the platform says that the bot had to leave it.
    """

    desk: str
    store: Store
    platforms: Mapping[PlatformName, Platform]
    clock: Clock
    pulse: Pulse
    tell: Callable[[], Awaitable[object]]
    leave: Callable[[SpaceRef], Awaitable[object]]
    _spaces: dict[SpaceRef, tuple[Found, ...]] = field(default_factory=dict)
    _refused: dict[PlatformName, tuple[Found, ...]] = field(default_factory=dict)
    _unwritten: list[Joined] = field(default_factory=list)
    _asked: dict[SpaceRef, datetime] = field(default_factory=dict)
    _missed: dict[SpaceRef, Joined] = field(default_factory=dict)
    _is_new: bool = False
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Follow what was heard, until cancelled. Raises Misconfigured when all doors are shut."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(EVERY.total_seconds()):
                    await self._news.wait()
            self._news.clear()
            await self.follow()
            self.pulse.beat()

    async def follow(self) -> None:
        """Do what follows from what was heard. Raises Misconfigured when only a person can."""
        await self._note_joined()
        await self._ask_due()
        await self._part()
        if self._is_new:
            self._is_new = False
            await self.tell()
        if self.platforms and not any(self._works(name, DEAD) for name in self.platforms):
            raise Misconfigured("\n".join(parting(*one) for one in self._all().items()))

    async def hear(self, news: News) -> None:
        """Remember what a platform tells of its spaces."""
        match news:
            case SpaceJoined(space=space, account=account):
                self._spaces.setdefault(space, ())
                self._asked.pop(space, None)
                self._missed.pop(space, None)
                if account:
                    self._unwritten.append(Joined(space, account))
            case SpaceLeft(space=space):
                self._spaces.pop(space, None)
                self._asked.pop(space, None)
                self._missed.pop(space, None)
            case SpaceTroubled(space=space, found=found):
                self._spaces[space], self._is_new = found, True
                await self._troubled(space, found)
            case SpacesNamed(platform=platform, refused=found):
                self._is_new |= found != self._refused.get(platform, ())
                self._refused[platform] = found
                await self._named(news)
            case _:
                return
        self._news.set()

    async def check(self, _: datetime) -> Sequence[Finding]:
        """Give what bars the bot, for the auditor."""
        of_spaces = [(space.prefix, found) for space, found in self._spaces.items()]
        of_tokens = [(f"{name}:", found) for name, found in self._refused.items()]
        return [one for where in (*of_spaces, *of_tokens) for one in findings(*where)]

    @property
    def troubles(self) -> tuple[Found, ...]:
        """What bars the bot, wherever it is."""
        return tuple(dict.fromkeys(one for found in self._all().values() for one in found))

    @property
    def shut(self) -> frozenset[PlatformName]:
        """The platforms on which nobody can be told."""
        return frozenset(name for name in self.platforms if not self._works(name, SHUT))

    def spaces(self, platform: PlatformName) -> frozenset[SpaceRef]:
        """Give the spaces of a platform that spoke of the bot as being there."""
        return frozenset(space for space in self._spaces if space.platform == platform)

    def reaches_others(self, platform: PlatformName, space: SpaceRef | None) -> bool:
        """Tell whether somebody can be told outside of a space that does not let the bot in.

        Without a space it is the whole platform that does not.
        """
        others = (name for name in self.platforms if space is not None or name != platform)
        return any(self._works(name, SHUT, space) for name in others)

    def _works(self, name: PlatformName, but: Troubles, without: SpaceRef | None = None) -> bool:
        """Tell whether a platform is of use. What has not spoken yet may be."""
        spaces = {one: found for one, found in self._spaces.items() if one.platform == name}
        if not spaces:
            return not self._refused.get(name)
        return any(one != without and not has_any(found, but) for one, found in spaces.items())

    def _all(self) -> dict[PlatformName, tuple[Found, ...]]:
        found = dict(self._refused)
        for space, troubles in self._spaces.items():
            found[space.platform] = (*found.get(space.platform, ()), *troubles)
        return found

    # Where the bot is not any more

    async def _note_joined(self) -> None:
        unwritten, self._unwritten = self._unwritten, []
        await self.store.joined.note(self.desk, unwritten)

    async def _named(self, named: SpacesNamed) -> None:
        """Look for spaces that the platform does not speak of any more."""
        await self._note_joined()
        missing = unnamed(await self.store.joined.all(self.desk), named)
        for one in missing:
            if is_to_be_asked(one, named):
                self._asked[one.space] = self.clock()
        for one in refused(missing, named):
            await self._miss(one)
        await self._part()  # a platform that cannot start has no time for more

    async def _troubled(self, space: SpaceRef, found: Sequence[Found]) -> None:
        await self._note_joined()
        if has_any(found, {Trouble.REMOVED}):
            known = await self.store.joined.all(self.desk)
            for one in (one for one in known if one.space == space):
                await self._miss(one)
        elif space in self._missed:
            let_in = replace(self._missed.pop(space), missed_at=None)
            await self.store.joined.miss(self.desk, (let_in,))

    async def _miss(self, one: Joined) -> None:
        missed = replace(one, missed_at=one.missed_at or self.clock())
        self._missed[one.space] = missed
        await self.store.joined.miss(self.desk, (missed,))

    async def _ask_due(self) -> None:
        """Ask about what was not named: an outage is no goodbye, and no answer is none either."""
        now = self.clock()
        for space in [space for space, due_at in self._asked.items() if due_at <= now]:
            try:
                found = await self.platforms[space.platform].inspect(space, ())
            except (Temporary, Permanent) as failure:
                log.warning("a space that was not named cannot be asked about", why=str(failure))
                self._asked[space] = now + AGAIN
                continue
            self._asked.pop(space, None)
            if has_any(found, {Trouble.NOT_IN}):
                await self._forget(space)

    async def _part(self) -> None:
        now = self.clock()
        for one in [one for one in self._missed.values() if is_left(one, now)]:
            await self._forget(one.space)

    async def _forget(self, space: SpaceRef) -> None:
        log.warning("the bot was removed from a space while it was away; it is forgotten")
        await self.leave(space)
