"""Reading back: what stands in a channel and its threads after a position, oldest first.

Slack gives the newest first, and tells of threads only by their first message: its `latest_reply`
says that somebody wrote there. So a walk goes back page by page until it is past the position, then
on for a while to find older threads that are alive, then through those threads. What it holds, and
how far it came, outlives a refusal and a reader who stops: the next call goes on from there.

https://docs.slack.dev/reference/methods/conversations.history and .replies;
https://docs.slack.dev/messaging/retrieving-messages
"""

from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from math import ceil
from typing import Final

import structlog

from adapters.slack.installed import Installed, Raw
from adapters.slack.translate import message_of
from adapters.slack.wire import Refused, call
from bot.domain.message import Message, Place
from bot.ports import Temporary

log = structlog.get_logger(__name__)

# A thread that began longer ago than this, before the gap, is not looked for.
THREADS_BACK = timedelta(days=3)
_NOWHERE: Final = frozenset({"thread_not_found", "message_not_found"})


@dataclass(frozen=True, slots=True)
class Reach:
    """How much Slack lets an app read. `back` is how many pages older threads are looked for in.

    `held` is what one walk holds at most; of more the newest are let go, and read by another.
    """

    page: int
    a_minute: int
    back: int
    held: int = 20_000

    def catching_up(self, messages: int) -> str:
        """Say plainly how long it takes to read so many messages back."""
        minutes = ceil(ceil(messages / self.page) / self.a_minute)
        long = f"{minutes} minutes" if minutes > 1 else "a minute"
        if minutes > 120:  # noqa: PLR2004 - from two hours on, hours say more
            long = f"{ceil(minutes / 60)} hours"
        return (
            f"Slack lets this app read {self.page * self.a_minute:,} messages a minute,"
            f" so {messages:,} messages take about {long}."
        )


# An organisation's own app: Tier 3, 50 requests a minute, and pages of up to 200 as Slack advises.
OWN = Reach(page=200, a_minute=50, back=10)
# Sold outside the Marketplace:
# https://docs.slack.dev/changelog/2025/05/29/rate-limit-changes-for-non-marketplace-apps
SOLD = Reach(page=15, a_minute=1, back=1)


@dataclass(slots=True)
class _Walk:
    """`after` moves on as messages are handed out. `left` are threads not read to their end."""

    after: str
    cursor: str | None = ""
    past: int = 0
    left: dict[str, str] = field(default_factory=dict)
    found: dict[str, Message] = field(default_factory=dict)
    held: deque[Message] = field(default_factory=deque)
    is_done: bool = False
    is_cut: bool = False


@dataclass(slots=True)
class Histories:
    reach: Reach
    _walks: dict[str, _Walk] = field(default_factory=dict)

    async def after(self, where: Installed, place: Place, after: str) -> AsyncIterator[Message]:
        """Give what stands after a position. Raises Temporary or Permanent."""
        while True:
            walk = self._walks.get(place.key)
            is_new = walk is None or walk.after != after
            if walk is None or is_new:
                walk = self._walks[place.key] = _Walk(after)
                if place.thread is not None:
                    walk.cursor, walk.left = None, {place.thread: ""}
            await self._collect(where, place, walk)
            while walk.held:
                message = walk.held.popleft()
                walk.after = after = message.position
                yield message
            del self._walks[place.key]
            if is_new and not walk.is_cut:
                return

    async def newest(self, where: Installed, place: Place) -> Message | None:
        """Give the newest message alone: of the channel, or of a thread of it."""
        if place.thread is not None:
            thread = [message async for message in self.after(where, place, "")]
            return thread[-1] if thread else None
        page = await self._page(where, place.channel, {"limit": min(self.reach.page, 15)})
        raws: list[Raw] = page.get("messages", [])
        read = [message for raw in raws if (message := message_of(raw, place.channel, where))]
        newest = max(read, key=lambda one: one.position, default=None)
        alive = max(raws, key=lambda raw: raw.get("latest_reply") or "", default={})
        latest = alive.get("latest_reply") or ""
        if newest is None or latest <= newest.position:
            return newest
        more = {"ts": alive["ts"], "oldest": latest, "latest": latest, "inclusive": True}
        answered = await call(
            where.client, "conversations.replies", channel=place.channel, limit=15, **more
        )
        replies = [message_of(raw, place.channel, where) for raw in answered.get("messages", [])]
        return max((one for one in replies if one), key=lambda one: one.position, default=newest)

    async def _collect(self, where: Installed, place: Place, walk: _Walk) -> None:
        """Read until all is found; what was read stays when Slack asks to wait."""
        try:
            while not walk.is_done and walk.cursor is not None:
                await self._step_back(where, place, walk)
            for root in list(walk.left):
                await self._thread(where, place, walk, root)
        except Temporary:
            self._tell(place, walk)
            raise
        if not walk.is_done:
            ordered = sorted(walk.found.values(), key=lambda one: one.position)
            walk.held, walk.is_done = deque(ordered[: self.reach.held]), True
            walk.is_cut |= len(ordered) > self.reach.held
            walk.found.clear()

    async def _step_back(self, where: Installed, place: Place, walk: _Walk) -> None:
        args = {"limit": self.reach.page, "oldest": _before(walk.after), "cursor": walk.cursor}
        page = await self._page(where, place.channel, args)
        raws: list[Raw] = page.get("messages", [])
        for raw in raws:
            self._keep(where, place.channel, walk, raw)
            if (raw.get("latest_reply") or "") > walk.after:
                walk.left[raw["ts"]] = ""
        walk.past += bool(raws) and raws[-1]["ts"] <= walk.after
        more = (page.get("response_metadata") or {}).get("next_cursor") or None
        walk.cursor = None if walk.past > self.reach.back else more

    async def _thread(self, where: Installed, place: Place, walk: _Walk, root: str) -> None:
        args = {"ts": root, "oldest": walk.after or "0", "limit": self.reach.page}
        while True:
            try:
                page = await call(
                    where.client, "conversations.replies",
                    channel=place.channel, cursor=walk.left[root] or None, **args,
                )  # fmt: skip
            except Refused as refused:
                if refused.error in _NOWHERE:  # its first message is gone, and it with it
                    page = {}
                else:
                    raise
            for raw in page.get("messages", []):
                if raw["ts"] != root:
                    self._keep(where, place.channel, walk, raw)
            walk.left[root] = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not walk.left[root]:
                del walk.left[root]
                return

    def _keep(self, where: Installed, channel: str, walk: _Walk, raw: Raw) -> None:
        message = message_of(raw, channel, where)
        if message is None or message.position <= walk.after:
            return
        walk.found[message.position] = message
        if len(walk.found) > 2 * self.reach.held:
            for position in sorted(walk.found)[self.reach.held :]:
                del walk.found[position]
            walk.is_cut = True

    async def _page(self, where: Installed, channel: str, args: Raw) -> Raw:
        args = {name: value for name, value in args.items() if value != ""}
        return await call(where.client, "conversations.history", channel=channel, **args)

    def _tell(self, place: Place, walk: _Walk) -> None:
        """Say how long it takes where that is long: once a page is all there is in a minute."""
        if self.reach.a_minute == 1 and walk.found:
            say = self.reach.catching_up(len(walk.found) + self.reach.page)
            log.warning("catching up", place=place.key, read=len(walk.found), how_long=say)


def _before(after: str) -> str:
    """Give where to stop looking for threads that are alive."""
    if not after:
        return "0"
    seconds = int(after.partition(".")[0]) - int(THREADS_BACK.total_seconds())
    return f"{max(0, seconds)}.000000"
