"""Who was paged lately: loaded once, then kept up by those who page.

One process pages for a desk, so what it remembers is what there is. A page counts from the moment
it is decided: two alerts in one second must not both be the second of two.
"""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.desk import Desk
from bot.domain.message import AccountRef
from bot.domain.page import Fate, Page
from bot.policy.budget import WINDOW, spared
from bot.store.engine import Store


@dataclass(slots=True)
class Budget:
    desk: Desk
    _sent: deque[Page] = field(default_factory=deque)

    def note(self, pages: Iterable[Page]) -> None:
        """Count those that are sent."""
        self._sent.extend(page for page in pages if page.fate is Fate.SENT)

    def forget(self, pages: Iterable[Page]) -> None:
        """Take back what was counted and then not written."""
        for page in pages:
            if page in self._sent:
                self._sent.remove(page)

    def spared(self, now: datetime) -> Mapping[AccountRef, Fate]:
        """Say whom no P1 should call now, and why."""
        while self._sent and self._sent[0].at <= now - WINDOW:
            self._sent.popleft()
        return spared(self.desk, self._sent, now)


async def open_budget(desk: Desk, store: Store, now: datetime) -> Budget:
    """Begin with what was paged before a restart."""
    budget = Budget(desk)
    budget.note(await store.pages.sent_since(desk.id, now - WINDOW))
    return budget
