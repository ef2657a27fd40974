"""A clock that can be put forward, so that what takes an hour at a desk can be seen now."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.ports import Clock


@dataclass(slots=True)
class PracticeClock:
    """`ahead` only grows: nothing that has happened lies in the future.

    `on_skip` are told at once: nobody stood still in a time that was left out.
    """

    real: Clock
    ahead: timedelta = timedelta(0)
    on_skip: list[Callable[[], None]] = field(default_factory=list)

    def __call__(self) -> datetime:
        return self.real() + self.ahead

    def skip(self, by: timedelta) -> None:
        self.ahead += by
        for tell in self.on_skip:
            tell()
