"""How often each method may be asked: https://docs.slack.dev/apis/web-api/rate-limits.

Tiers are the least that Slack promises a minute, for each method and workspace; a message a second
and channel for chat.postMessage ("special"). Whoever asks more often is answered 429 with
Retry-After. Apps that are sold outside the Marketplace read histories once a minute, 15 messages
at a time: https://docs.slack.dev/changelog/2025/05/29/rate-limit-changes-for-non-marketplace-apps.
"""

from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

MINUTE = timedelta(minutes=1)
A_MINUTE = {1: 1, 2: 20, 3: 50, 4: 100}
HISTORIES = ("conversations.history", "conversations.replies")
MOST_OF_A_SOLD_APP = 15


@dataclass(slots=True)
class Limits:
    """Counts requests by the clock that a test turns. `is_on` False: nothing is refused."""

    clock: Callable[[], datetime]
    is_on: bool = False
    is_sold: bool = False
    _asked: dict[tuple[str, ...], deque[datetime]] = field(
        default_factory=lambda: defaultdict(deque)
    )

    def wait(self, method: str, tier: int, team: str, channel: str) -> int:
        """Count a request; give for how many seconds it is refused. Tier 0 never is."""
        if method == "chat.postMessage":
            return self._wait((method, team, channel), 1, timedelta(seconds=1))
        if not tier:
            return 0
        most = 1 if self.is_sold and method in HISTORIES else A_MINUTE[tier]
        return self._wait((method, team), most, MINUTE)

    def page(self, method: str, asked: int) -> int:
        """Give how many messages a page holds at most."""
        return min(asked, MOST_OF_A_SOLD_APP) if self.is_sold and method in HISTORIES else asked

    def _wait(self, key: tuple[str, ...], most: int, span: timedelta) -> int:
        if not self.is_on:
            return 0
        now, asked = self.clock(), self._asked[key]
        while asked and asked[0] <= now - span:
            asked.popleft()
        if len(asked) < most:
            asked.append(now)
            return 0
        return max(1, round((asked[0] + span - now).total_seconds()))
