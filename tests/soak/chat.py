"""The chat that outlives the bot: it keeps all that was said and done, and makes trouble.

It loses requests, does a thing and breaks the connection before it says so, asks to wait, refuses
for good, is slow, repeats messages and presses, and mixes up the order of its channels. In one
channel it keeps the order of messages, as the port promises.
"""

import asyncio
from collections import Counter, deque
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from bot.domain.action import Action, DirectMessage, Receipt
from bot.domain.event import Event, Opened, Posted, Pressed
from bot.domain.message import AccountRef, Message, MessageRef, Origin, Place
from bot.ports import Clock
from tests.soak import wire
from tests.soak.remote import PAGE, Ask
from tests.support.build import DISCORD

CHANNELS = tuple(Place(DISCORD, "10", str(n), name=f"#{n}") for n in (20, 21, 22))
# How often what goes wrong, while it is not calm.
LOST, BROKEN, BUSY, REFUSED, TWICE = 0.1, 0.12, 0.1, 0.05, 0.1
SLOWEST = 0.03  # seconds


@dataclass(slots=True)
class Chat:
    """`done` is what was done, by key; `asked` how often each key was asked for.

    People take what they are sent, most of them, after a while: `presses` are those that the bot
    has not acknowledged.
    """

    chance: Random
    clock: Clock
    calm: bool = False
    said: list[Message] = field(default_factory=list)
    done: dict[str, Action] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)
    presses: dict[str, Pressed] = field(default_factory=dict)
    troubles: Counter[str] = field(default_factory=Counter)
    listeners: int = 0
    _waiting: deque[Event] = field(default_factory=deque)
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _over: bool = False

    def say(self, text: str, by: AccountRef) -> Message:
        """Write a message; whoever listens hears of it, in the order of its channel."""
        number, place = len(self.said) + 1, self.chance.choice(CHANNELS)
        message = Message(
            ref=MessageRef(place, str(number)),
            author=by,
            origin=Origin.MEMBER,
            text=text,
            sent_at=self.clock(),
            position=f"{number:020}",
            link=f"https://discord.com/channels/10/{place.channel}/{number}",
        )
        self.said.append(message)
        self._tell(Posted(message))
        return message

    def press(self, by: AccountRef, on: str) -> None:
        pressed = Pressed(f"press {len(self.presses)} {on}", by, "alert.take", on)
        self.presses[pressed.id] = pressed
        self._tell(pressed)

    def end(self) -> None:
        """Say goodbye to whoever listens."""
        self._over = True
        self._news.set()

    async def has_listener(self) -> bool:
        return self.listeners > 0

    def go_on(self) -> None:
        """Begin to make trouble."""
        self.calm, self._over = False, False

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one connection."""
        try:
            ask = await wire.read(reader)
            if ask.what == "listen":
                await self._talk(reader, writer)
            else:
                await self._answer(ask, writer)
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    def _tell(self, event: Event) -> None:
        self._waiting.append(event)
        self._news.set()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Tell what happens from now on; what happened before, history knows."""
        self._waiting.clear()
        self._waiting.extend(map(Opened, CHANNELS))
        self._waiting.extend(self.presses.values())
        self.listeners += 1
        async with asyncio.TaskGroup() as tasks:
            hearing = tasks.create_task(self._hear(reader))
            try:
                with suppress(OSError):  # it was killed while we spoke
                    while not hearing.done() and (not self._over or self._waiting):
                        await self._speak(writer)
                    if not hearing.done():
                        await wire.write(writer, None)
            finally:
                hearing.cancel()
                self.listeners -= 1

    async def _speak(self, writer: asyncio.StreamWriter) -> None:
        if not self._waiting:
            self._news.clear()
            try:
                async with asyncio.timeout(0.05):
                    await self._news.wait()
            except TimeoutError:
                return
        if not self.calm:  # so that more than one is there to change places
            await asyncio.sleep(self.chance.random() * SLOWEST * 2)
        for event in self._mixed():
            await wire.write(writer, event)
            if not self.calm and self.chance.random() < TWICE:
                self.troubles["said twice"] += 1
                await wire.write(writer, event)

    def _mixed(self) -> list[Event]:
        """Take what waits; two channels may change places, one channel's messages may not."""
        events = [self._waiting.popleft() for _ in range(len(self._waiting))]
        if self.calm:
            return events
        for n in range(len(events) - 1):
            one, two = events[n : n + 2]
            if isinstance(one, Posted) and isinstance(two, Posted):
                apart = one.message.ref.place != two.message.ref.place
                if apart and self.chance.random() < 0.5:
                    self.troubles["order of channels mixed"] += 1
                    events[n : n + 2] = [two, one]
        return events

    async def _hear(self, reader: asyncio.StreamReader) -> None:
        """Hear which presses were taken; ends when the bot is gone."""
        try:
            while True:
                self.presses.pop(await wire.read(reader), None)
        except (OSError, asyncio.IncompleteReadError):
            self._news.set()

    async def _answer(self, ask: Ask, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(self.chance.random() * SLOWEST)
        if self._goes_wrong("request lost", LOST):
            return
        if ask.what == "history":
            place, after = ask.details
            await wire.write(writer, self._history(place, after))
            return
        if ask.what == "find":
            (key,) = ask.details
            there = key in self.done
            await wire.write(writer, Receipt(f"receipt of {key}") if there else "nothing")
            return
        key, action = ask.details
        await self._perform(str(key), action, writer)  # type: ignore[arg-type] # as the bot sent it

    async def _perform(self, key: str, action: Action, writer: asyncio.StreamWriter) -> None:
        self.asked[key] += 1
        if self._goes_wrong("asked to wait", BUSY):
            await wire.write(writer, ("temporary", 2.0))
        elif isinstance(action, DirectMessage) and self._goes_wrong("refused", REFUSED):
            await wire.write(writer, "permanent")
        else:
            if key not in self.done:
                self.done[key] = action
                self._read_by(key, action)
            if not self._goes_wrong("done, but not said", BROKEN):
                await wire.write(writer, Receipt(f"receipt of {key}"))

    def _read_by(self, key: str, action: Action) -> None:
        """Let whoever gets a page take it, now or later, or never."""
        is_page = isinstance(action, DirectMessage) and action.card.buttons
        if (
            is_page
            and isinstance(action, DirectMessage)
            and (self.calm or self.chance.random() < 0.7)
        ):
            self.press(action.to, f"receipt of {key}")

    def _goes_wrong(self, what: str, how_often: float) -> bool:
        wrong = not self.calm and self.chance.random() < how_often
        self.troubles[what] += wrong
        return wrong

    def _history(self, place: object, after: object) -> list[Message]:
        held = [one for one in self.said if one.ref.place == place]
        if after is None:
            return held[-1:]
        return [one for one in held if one.position > str(after)][:PAGE]


def at_speed(start: datetime, speed: float, began: float, now: float) -> datetime:
    """Give the time on a clock that goes `speed` times as fast since `began` (in seconds)."""
    return start + timedelta(seconds=(now - began) * speed)
