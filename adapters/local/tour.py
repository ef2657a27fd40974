"""The guided tour: a script, played line by line, with what Waymark makes of each line."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from adapters.local import markup
from adapters.local.platform import LocalPlatform
from adapters.local.said import Record
from adapters.local.translate import message
from adapters.local.view import Explaining

SPEEDS = (1, 4, 20)
# How long a line stands for at speed 1: a short one takes some four seconds to read.
SECONDS = 4.0


@dataclass(frozen=True, slots=True)
class ScriptLine:
    """What an invented person says, in a channel of the community. `at` is when, in the script."""

    who: str
    channel: str
    text: str
    at: str = ""


@dataclass(slots=True)
class Tour:
    """`state.told` of the platform is the number of lines that were said: it survives a restart.

    While it `is_searching` it goes on without a rest to the next line that calls for a person.
    """

    platform: LocalPlatform
    script: Sequence[ScriptLine]
    why: Explaining
    is_playing: bool = False
    is_searching: bool = False
    speed: int = SPEEDS[0]
    _last: Record | None = None
    _go: asyncio.Event = field(default_factory=asyncio.Event)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def run(self) -> None:
        """Play, whenever it is playing, until cancelled."""
        while True:
            await self._go.wait()
            calls = await self.step()
            is_over = self.platform.state.told >= len(self.script)
            if is_over or (self.is_searching and calls):
                self._play(on=False)
                self._tell()
            await asyncio.sleep(0 if self.is_searching else SECONDS / self.speed)

    async def ask(self, move: str, to: int) -> None:
        """Do what somebody asks of the tour."""
        match move:
            case "play":
                self._play(on=True)
            case "pause":
                self._play(on=False)
            case "next":
                self._play(on=True)
                self.is_searching = True
            case "step":
                self._play(on=False)
                await self.step()
            case "speed" if to in SPEEDS:
                self.speed = to
            case "jump":
                self._play(on=False)
                await self._jump(min(to, len(self.script)))
            case _:
                pass
        self._tell()

    async def step(self) -> bool:
        """Say the next line, and explain it; tell whether it calls for a person."""
        async with self._turn:
            number = self.platform.state.told
            if number >= len(self.script):
                return False
            line = self.script[number]
            await self.platform.write({"told": number + 1})
            said = await self.platform.say(line.who, line.channel, line.text)
            person = self.platform.community.person(line.who)
            explained = self.why(message(said, self.platform.community))
            self._last = {
                "id": said.id,
                "where": said.where,
                "name": markup.inert(person.name if person else line.who),
                "text": markup.inert(line.text),
                "at": line.at,
                "explained": markup.explained(explained),
            }
        self._tell()
        return explained.calls

    async def _jump(self, to: int) -> None:
        """Leave out what lies between, so that the next line is number `to`."""
        if to > self.platform.state.told:
            await self.platform.write({"told": to})

    def drawn(self) -> Record:
        return {
            "length": len(self.script),
            "told": self.platform.state.told,
            "playing": self.is_playing,
            "speed": self.speed,
            "last": self._last,
        }

    def _play(self, *, on: bool) -> None:
        self.is_playing, self.is_searching = on, self.is_searching and on
        if on:
            self._go.set()
        else:
            self._go.clear()

    def _tell(self) -> None:
        self.platform.tell({"tour": self.drawn()})
