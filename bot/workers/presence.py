"""Where the bot is, and what bars it there: as its platforms tell, kept in memory.

A space that does not let the bot in is a finding at once, told where somebody can still be told.
When nothing is left to be of use for, the process ends and says what has to be changed.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, TypeAlias

import structlog

from bot.domain.audit import Finding
from bot.domain.event import News, SpaceJoined, SpaceLeft, SpacesNamed, SpaceTroubled
from bot.domain.message import PlatformName
from bot.domain.setup import Found, Trouble
from bot.domain.space import SpaceRef
from bot.policy.presence import DEAD, SHUT, findings, has_any, parting
from bot.ports import Misconfigured, Platform
from bot.workers.heartbeat import Pulse

log = structlog.get_logger(__name__)

EVERY: Final = timedelta(seconds=10)

Troubles: TypeAlias = frozenset[Trouble]


@dataclass(slots=True)
class Presence:
    """`tell` lets what was found here be kept and told at once."""

    platforms: Mapping[PlatformName, Platform]
    pulse: Pulse
    tell: Callable[[], Awaitable[object]]
    _spaces: dict[SpaceRef, tuple[Found, ...]] = field(default_factory=dict)
    _refused: dict[PlatformName, tuple[Found, ...]] = field(default_factory=dict)
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Follow what was heard, until cancelled. Raises Misconfigured when all doors are shut."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(EVERY.total_seconds()):
                    await self._news.wait()
            await self.follow()
            self.pulse.beat()

    async def follow(self) -> None:
        """Tell what is new. Raises Misconfigured when only a person can mend it all."""
        if self._news.is_set():
            self._news.clear()
            await self.tell()
        if self.platforms and not any(self._works(name, DEAD) for name in self.platforms):
            raise Misconfigured("\n".join(parting(*one) for one in self._all().items()))

    async def hear(self, news: News) -> None:
        """Remember what a platform tells of its spaces."""
        match news:
            case SpaceJoined(space=space):
                self._spaces.setdefault(space, ())
            case SpaceLeft(space=space):
                self._spaces.pop(space, None)
            case SpaceTroubled(space=space, found=found):
                self._spaces[space] = found
                self._news.set()
            case SpacesNamed(platform=platform, refused=refused):
                self._refused[platform] = refused
                self._news.set()
            case _:
                pass

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

    def reaches_others(self, than: SpaceRef | None) -> bool:
        """Tell whether somebody can be told outside of a space that does not let the bot in."""
        return than is None or any(self._works(name, SHUT, than) for name in self.platforms)

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
