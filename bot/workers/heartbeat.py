"""When each worker last came round: what a worker that hangs cannot say of itself."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from bot.domain.audit import Heartbeat
from bot.ports import Clock


@dataclass(frozen=True, slots=True)
class Pulse:
    """What a worker is given: call `beat` after each completed cycle."""

    beat: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Pulses:
    """Of the intake: its reading and its writing go round apart, and may stop apart."""

    reading: Pulse
    writing: Pulse


@dataclass(slots=True)
class Heartbeats:
    """One for each worker of the app. A worker counts as alive from the moment it is expected."""

    clock: Clock
    _beats: dict[str, Heartbeat] = field(default_factory=dict)

    def expect(self, worker: str, *, every: timedelta) -> Pulse:
        """Expect `worker` to come round about `every` so often."""

        def beat() -> None:
            self._beats[worker] = Heartbeat(worker, every, self.clock())

        beat()
        return Pulse(beat)

    @property
    def all(self) -> tuple[Heartbeat, ...]:
        return tuple(self._beats.values())
