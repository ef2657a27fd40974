"""Whether the workspaces let the app in: heard of by every call, and asked again while they do not.

Slack's word is not taken at once: a token that is refused is asked about twice, a moment apart.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

import structlog

from adapters.slack.client import refused_tokens
from adapters.slack.installed import SLACK, Installed
from adapters.slack.wire import call, introduced
from bot.domain.event import Event, Reconnected, SpacesNamed, SpaceTroubled
from bot.domain.setup import Found, Trouble
from bot.domain.space import SpaceRef
from bot.ports import Permanent, Temporary

log = structlog.get_logger(__name__)

Rest = Callable[[float], Awaitable[None]]


@dataclass(slots=True)
class Admission:
    """`deaf` is why nothing is heard, if so. `pause` and `knock_every` are seconds."""

    spaces: Mapping[str, Installed]
    tell: Callable[[Event], Awaitable[None]]
    rest: Rest
    pause: float
    knock_every: float
    deaf: str = ""
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    _told: dict[str, tuple[Found, ...]] = field(default_factory=dict)
    _is_empty: bool = False

    async def run(self) -> None:
        """Tell what changes, until cancelled."""
        while True:
            is_barred = any(where.refusals.bars for where in self.spaces.values())
            with suppress(TimeoutError):
                async with asyncio.timeout(self.knock_every if is_barred else None):
                    await self.changed.wait()
            self.changed.clear()
            for where in tuple(self.spaces.values()):
                await self._look(where)
            await self._left()

    def hears(self, why: str) -> None:
        """Learn that nothing is heard, and why, or that all is heard again."""
        if why != self.deaf:
            self.deaf = why
            self.changed.set()

    async def _look(self, where: Installed) -> None:
        before = self._told.get(where.team, ())
        was_barred = any(one.trouble is not Trouble.SCOPE for one in before)
        if where.refusals.bars and not await self._is_sure(where, was_barred=was_barred):
            return
        if where.team not in self.spaces:
            return  # the app was removed meanwhile, and nothing may be said of it any more
        name = where.name or where.team
        deaf = (Found(Trouble.DEAF, name, self.deaf),) if self.deaf else ()
        now = (*where.refusals.found(name), *deaf)
        if now == before:
            return
        log.warning("what a workspace refuses has changed", space=where.team, now=_words(now))
        self._told[where.team] = now
        await self.tell(SpaceTroubled(SpaceRef(SLACK, where.team), now))
        if was_barred and all(one.trouble is Trouble.SCOPE for one in now):
            await self.tell(Reconnected(SLACK, where.team))

    async def _is_sure(self, where: Installed, *, was_barred: bool) -> bool:
        """Knock; give False while there is no answer, so that nothing is said on a slip alone."""
        answer = await knocked(where)
        if answer is False and not was_barred:
            await self.rest(self.pause)
            answer = await knocked(where)
        return answer is not None

    async def _left(self) -> None:
        """Say it when the app was removed from the last workspace: no token is good then."""
        if not self.spaces and not self._is_empty:
            self._is_empty = True
            await self.tell(SpacesNamed(SLACK, {}, refused_tokens(["account_inactive"])))


async def knocked(where: Installed) -> bool | None:
    """Ask whether the app is let in; None when there is no telling.

    https://docs.slack.dev/reference/methods/users.conversations names what bars one workspace.
    """
    try:
        await introduced(where.client)
        await call(where.client, "users.conversations", limit=1, team_id=where.team)
    except Temporary:
        return None
    except Permanent:
        return not where.refusals.bars
    where.refusals.token = ""
    return True


def _words(found: tuple[Found, ...]) -> list[str]:
    return [f"{one.trouble} {one.detail}" for one in found]
