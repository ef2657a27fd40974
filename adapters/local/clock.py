"""A clock that can be put forward, so that what takes an hour at a desk can be seen now."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.ports import Clock


@dataclass(slots=True)
class PracticeClock:
    """`ahead` only grows: nothing that has happened lies in the future."""

    real: Clock
    ahead: timedelta = timedelta(0)

    def __call__(self) -> datetime:
        return self.real() + self.ahead

    def skip(self, by: timedelta) -> None:
        self.ahead += by
