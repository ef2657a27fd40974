"""The platform whose past is a file: it reads out exports, and has no one to tell."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from pathlib import Path

from adapters.transcript.history import messages_after
from adapters.transcript.problem import Problem
from adapters.transcript.replay import Feed, Meter, Replay, Source
from adapters.transcript.source import find
from adapters.transcript.window import Window
from bot.domain.action import Action, Receipt
from bot.domain.event import Opened, Posted
from bot.domain.message import AccountRef, Message, MessageRef, Place, PlatformName
from bot.domain.setup import Found, Need
from bot.domain.space import SpaceRef, Standing
from bot.ports import Capabilities, Inbox

_TURN = 64  # messages after which the rest of the program gets its turn


def ignore(_: int) -> None:
    """Show no progress."""


class TranscriptPlatform:
    """Exports at `paths`, read once, the channels one after another and each in time.

    A place belongs to "discord" or "slack", as it did when the words were said. `on_bytes`
    hears how many of `total_bytes` were read since it last did. What is wrong with a file is
    in `problems` afterwards; `run` raises for none of it.
    """

    def __init__(
        self,
        paths: Sequence[Path],
        *,
        window: Window = Window(),  # noqa: B008 - frozen, so that it may be shared
        on_bytes: Callable[[int], None] = ignore,
    ) -> None:
        self._paths = tuple(paths)
        self._window = window
        self._on_bytes = on_bytes
        self._replay = Replay(window)
        self.outside_window = 0

    @property
    def name(self) -> PlatformName:
        return PlatformName("transcript")

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(threads=True, buttons=False, history=True, max_text=sys.maxsize)

    @property
    def problems(self) -> list[Problem]:
        return self._replay.problems

    @property
    def left_out(self) -> dict[str, int]:
        """Conversations, and files in folders, that were not read, by the reason."""
        return self._replay.left_out

    @property
    def total_bytes(self) -> int:
        return sum(source.size for source in self._sources)

    async def run(self, inbox: Inbox) -> None:
        for feed in self._feeds():
            await inbox.take(Opened(feed.place))
            await self._read(feed, inbox)

    async def perform(self, _: Action, *, key: str) -> Receipt:
        """Do nothing: who spoke in a file cannot hear."""
        return Receipt(key)

    async def find(self, _: Action, *, key: str, since: datetime) -> Receipt | None:  # noqa: ARG002 - the port's
        """Find nothing: nothing was put there."""
        return None

    async def fetch(self, ref: MessageRef) -> Message | None:
        """Read the files again until it comes."""
        async for message in self.history(ref.place, after=""):
            if message.ref == ref:
                return message
        return None

    async def called(self, _space: SpaceRef, _ids: Collection[str]) -> Mapping[str, str]:
        """Give none: nobody chooses anything in the past."""
        return {}

    async def inspect(self, _space: SpaceRef, _needs: Sequence[Need]) -> tuple[Found, ...]:
        """Find nothing: the past lacks nothing that could be mended."""
        return ()

    async def standing(self, _who: AccountRef, _space: SpaceRef) -> Standing:
        """Nobody stands in a file."""
        return Standing(is_member=False, is_reachable=False)

    def shows(self, _place: Place, _to: AccountRef) -> bool:
        """Nobody looks at a file."""
        return False

    async def history(self, place: Place, *, after: str | None) -> AsyncIterator[Message]:
        """Read the files again. What is wrong with them is said once, by `run`."""
        replay = Replay(self._window)
        found, newest = find(self._paths, replay), None
        messages = messages_after(found, replay, place, after or "")
        for number, message in enumerate(messages, start=1):
            if after is None:
                newest = message
            else:
                yield message
            if number % _TURN == 0:
                await asyncio.sleep(0)
        if newest is not None:
            yield newest

    async def _read(self, feed: Feed, inbox: Inbox) -> None:
        """Open the place again after what could not be read: once mended, it is not known yet."""
        problems, gaps = feed.problems, feed.problems.gaps
        window, is_bounded = self._window, self._window.is_bounded
        for number, message in enumerate(feed.messages, start=1):
            if problems.gaps != gaps:
                gaps = problems.gaps
                await inbox.take(Opened(feed.place))
            if is_bounded and not window.admits(message.sent_at):
                self.outside_window += 1
            else:
                await inbox.take(Posted(message))
            if number % _TURN == 0:
                await asyncio.sleep(0)

    def _feeds(self) -> Iterator[Feed]:
        for source in self._sources:
            meter = Meter(source.size, self._on_bytes)
            yield from source.feeds(self._replay, meter.step)
            meter.close()

    @cached_property
    def _sources(self) -> list[Source]:
        """Looked for when first needed: a platform is built before files are opened."""
        return find(self._paths, self._replay)
