"""Training: a scenario that plays while the real desk works, and a summary when it is over."""

import asyncio
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Final, assert_never

from adapters.local.people import LOCAL, Channel, Person
from adapters.local.platform import LocalPlatform
from adapters.local.said import Record, Said
from adapters.local.state import Training
from adapters.local.translate import Practise, message
from adapters.local.view import Trainer
from bot.cards.scenario import WAYS, Debrief
from bot.domain.message import AccountRef
from bot.domain.scenario import Line, Run, Saying, Scenario
from bot.domain.space import Role

# How much faster than life: the desk's clock runs as fast as the scenario.
SPEEDS: Final = (1, 4, 10)
USUAL_SPEED: Final = 4
TICK: Final = 1.0  # seconds between two looks at the clock
# How long a training goes on after the last message, by the desk's clock.
AFTERWARDS: Final = timedelta(minutes=15)
_NO_TIME: Final = timedelta()
_NOT_YOURS: Final = "Training is for practitioners. Choose at the top who you are."
_UNKNOWN: Final = "There is no such scenario here."


def player(scenario: Scenario, part: str) -> str:
    """Name the person who plays a part."""
    return f"scene-{scenario.id}-{part}"


def players(scenario: Scenario) -> Iterator[Person]:
    for part in scenario.parts:
        yield Person(player(scenario, part.id), part.name, plays=True)


def channels(scenario: Scenario) -> Iterator[Channel]:
    for room in scenario.rooms:
        yield Channel(room.id, room.about)


@dataclass(slots=True)
class Practice:
    """`state.training` of the platform is the training: it survives a restart, then at a stop.

    The desk's clock goes on while it is stopped, as it would; only no new message comes.
    """

    platform: LocalPlatform
    trainer: Trainer
    is_playing: bool = False
    speed: int = USUAL_SPEED
    _elapsed: timedelta = _NO_TIME
    _since: datetime | None = None
    _debrief: Debrief | None = None
    _go: asyncio.Event = field(default_factory=asyncio.Event)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def open(self) -> None:
        """Take up a training that was going on, or was over, when the bot was stopped."""
        training, scenario = self.training, self.scenario
        if training is None or scenario is None:
            return
        if training.is_over:
            self._debrief = await self._summed_up(training, scenario)
        else:
            said = (line.at for line in scenario.lines if line.id in training.said)
            self._elapsed = max(said, default=_NO_TIME)

    async def run(self) -> None:
        """Play, whenever it is playing, until cancelled."""
        while True:
            await self._go.wait()
            await asyncio.sleep(TICK)
            await self.tick()

    async def tick(self) -> None:
        """Let the desk's clock run as fast as the scenario, and say what is due by now."""
        async with self._turn:
            if self.is_playing and self.speed > 1:
                await self.platform.skip(timedelta(seconds=TICK * (self.speed - 1)))
            await self._catch_up()
        self._tell()

    async def ask(self, ask: Practise, person: Person) -> str:
        """Do what somebody asks of the training; say why not, if it may not be."""
        async with self._turn:
            refused = await self._do(ask, person)
        self._tell()
        return refused

    @property
    def training(self) -> Training | None:
        return self.platform.state.training

    @property
    def scenario(self) -> Scenario | None:
        """The scenario of the training that is going on or was the last."""
        return None if self.training is None else self._named(self.training.scenario)

    def drawn(self) -> Record:
        return {
            "speeds": SPEEDS,
            "scenarios": [_offered(one) for one in self.trainer.scenarios],
            "now": self._now(),
            "debrief": None if self._debrief is None else asdict(self._debrief),
        }

    def page(self) -> str | None:
        """Give the summary as a file; None while there is none."""
        if self.training is None or self._debrief is None:
            return None
        day = f"{self.platform.clock():%A %d %B %Y}"
        return self.trainer.renders(self._debrief, self._name(self.training.by), day)

    async def _do(self, ask: Practise, person: Person) -> str:
        match ask.move:
            case "start":
                return await self._start(ask, person)
            case "play":
                self._count()
                self._play(on=self._is_on)
            case "pause":
                self._count()
                self._play(on=False)
            case "next":
                await self._next()
            case "speed":
                self.speed = ask.to if ask.to in SPEEDS else self.speed
            case "end":
                await self._end()
            case _:
                assert_never(ask.move)
        return ""

    @property
    def _is_on(self) -> bool:
        return self.training is not None and not self.training.is_over and self.scenario is not None

    async def _start(self, ask: Practise, person: Person) -> str:
        if not person.may(Role.PRACTITIONER):
            return _NOT_YOURS
        if self._named(ask.scenario) is None:
            return _UNKNOWN
        await self.trainer.clears()
        await self.platform.write({"training": ask.scenario, "by": person.id})
        self.speed = ask.to if ask.to in SPEEDS else self.speed
        self._elapsed, self._since, self._debrief = _NO_TIME, self.platform.clock(), None
        self._play(on=True)
        await self._catch_up()
        return ""

    async def _next(self) -> None:
        """Go to the next message at once; the desk's clock goes with it."""
        line = self._next_line()
        if line is None:
            return
        self._count()
        gap = line.at - self._elapsed
        if gap > _NO_TIME:
            await self.platform.skip(gap)
            self._elapsed, self._since = line.at, self.platform.clock()
        await self._catch_up()

    async def _catch_up(self) -> None:
        """Say what is due by now; end when all was said and there was time for it."""
        self._count()
        scenario = self.scenario
        while (line := self._next_line()) is not None and line.at <= self._elapsed:
            assert scenario is not None  # noqa: S101 - it has the line
            await self._say(line, scenario)
        if scenario is not None and self._elapsed >= scenario.length + AFTERWARDS:
            await self._end()

    async def _say(self, line: Line, scenario: Scenario) -> None:
        training = self.training
        first = training.said.get(line.answers or "") if training else None
        thread = None if first is None else first.id
        await self.platform.say(
            player(scenario, line.who), line.room, line.text, thread, line=line.id
        )

    async def _end(self) -> None:
        training, scenario = self.training, self.scenario
        if training is None or scenario is None or training.is_over:
            return
        self._play(on=False)
        await self.platform.write({"trained": scenario.id})
        self._debrief = await self._summed_up(training, scenario)

    async def _summed_up(self, training: Training, scenario: Scenario) -> Debrief:
        sayings = (
            self._saying(line, said, training.replied.get(said.id))
            for line, said in training.said.items()
        )
        run = Run(scenario.id, AccountRef(LOCAL, training.by), tuple(sayings))
        return await self.trainer.sums_up(scenario, run)

    def _saying(self, line: str, said: Said, replied_at: datetime | None) -> Saying:
        return Saying(line, message(said, self.platform.community).ref, said.at, replied_at)

    def _next_line(self) -> Line | None:
        training, scenario = self.training, self.scenario
        if training is None or scenario is None or training.is_over:
            return None
        return next((line for line in scenario.lines if line.id not in training.said), None)

    def _count(self) -> None:
        """Count the time that went by while it played."""
        now = self.platform.clock()
        if self.is_playing and self._since is not None:
            self._elapsed += now - self._since
        self._since = now

    def _now(self) -> Record | None:
        training, scenario = self.training, self.scenario
        if training is None or scenario is None:
            return None
        return {
            "id": scenario.id,
            "title": scenario.title,
            "goal": scenario.goal,
            "by": training.by,
            "name": self._name(training.by),
            "said": len(training.said),
            "length": len(scenario.lines),
            "minute": int(self._elapsed.total_seconds() // 60),
            "minutes": _minutes(scenario),
            "playing": self.is_playing,
            "speed": self.speed,
            "over": training.is_over,
        }

    def _name(self, who: str) -> str:
        person = self.platform.community.person(who)
        return who if person is None else person.name

    def _named(self, id_: str) -> Scenario | None:
        return next((one for one in self.trainer.scenarios if one.id == id_), None)

    def _play(self, *, on: bool) -> None:
        self.is_playing = on
        if on:
            self._go.set()
        else:
            self._go.clear()

    def _tell(self) -> None:
        self.platform.tell({"training": self.drawn()})


def _offered(scenario: Scenario) -> Record:
    return {
        "id": scenario.id,
        "title": scenario.title,
        "way": WAYS[scenario.way],
        "goal": scenario.goal,
        "minutes": _minutes(scenario),
        "messages": len(scenario.lines),
    }


def _minutes(scenario: Scenario) -> int:
    return max(1, round(scenario.length.total_seconds() / 60))
