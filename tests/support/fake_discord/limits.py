"""Rate limits as Discord keeps them, and failures that a test orders.

https://docs.discord.com/developers/topics/rate-limits
"""

import asyncio
import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from aiohttp import web

_SECOND = 1  # a window starts with its first request


def reply(body: Any, *, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:  # noqa: ANN401 - any JSON
    """Answer with JSON; Discord names no charset, and discord.py looks for exactly that."""
    sent = json.dumps(body).encode()
    return web.Response(body=sent, status=status, headers=headers, content_type="application/json")


@dataclass(slots=True)
class Window:
    started: float = float("-inf")
    used: int = 0


@dataclass(slots=True)
class Fault:
    """The next `times` requests that match fail: `status` 0 cuts the connection.

    `after` lets the work be done first, so that only the answer is lost.
    """

    method: str
    path: str
    status: int
    times: int = 1
    after: bool = False
    code: int = 0
    wait: asyncio.Event | None = None  # a slow answer: not before this is set


@dataclass(slots=True)
class Limits:
    """`bucket` requests per `seconds` in one bucket, `overall` a second over all.

    The figures are the test's: Discord says not to rely on any. `invalid` counts the answers that
    get an address banned (10,000 in 10 minutes: 401, 403, and 429 but for shared ones).
    """

    now: Callable[[], float]
    bucket: int = 1_000_000
    seconds: float = 1.0
    overall: int = 1_000_000
    windows: dict[str, Window] = field(default_factory=lambda: defaultdict(Window))
    all: Window = field(default_factory=Window)
    faults: list[Fault] = field(default_factory=list)
    shared: int = 0  # so many of the next requests for messages find somebody else's limit used up
    met: int = 0
    invalid: int = 0

    def admit(self, route: str, major: str) -> tuple[dict[str, str], web.Response | None]:
        """Count a request; give the headers, and the 429 if it is one too many."""
        now, name = self.now(), blake2b(route.encode(), digest_size=8).hexdigest()
        refusal = self._overall(now)
        if refusal is not None:
            return {}, refusal
        window = self.windows[f"{name}:{major}"]
        if now >= window.started + self.seconds:
            window.started, window.used = now, 0
        window.used += 1
        left, wait = self.bucket - window.used, window.started + self.seconds - now
        headers = {
            "X-RateLimit-Limit": str(self.bucket),
            "X-RateLimit-Remaining": str(max(0, left)),
            "X-RateLimit-Reset": f"{now + wait:.3f}",
            "X-RateLimit-Reset-After": f"{wait:.3f}",
            "X-RateLimit-Bucket": name,
        }
        if self.shared and "messages" in route:
            self.shared -= 1
            return headers, self._refuse(self.seconds, "shared", headers)
        return headers, self._refuse(wait, "user", headers) if left < 0 else None

    def _overall(self, now: float) -> web.Response | None:
        window = self.all
        if now >= window.started + _SECOND:
            window.started, window.used = now, 0
        window.used += 1
        if window.used <= self.overall:
            return None
        wait = window.started + _SECOND - now
        return self._refuse(wait, "global", {"X-RateLimit-Global": "true"})

    def _refuse(self, wait: float, scope: str, headers: dict[str, str]) -> web.Response:
        """Answer 429. `Via` is there because the answer passes a proxy, as Discord's do."""
        self.met += 1
        self.invalid += scope != "shared"
        body = {
            "message": "You are being rate limited.",
            "retry_after": round(wait, 3),
            "global": scope == "global",
        }
        more = {"Retry-After": f"{wait:.3f}", "X-RateLimit-Scope": scope, "Via": "1.1 google"}
        return reply(body, status=429, headers={**headers, **more})

    def fault(self, method: str, path: str) -> Fault | None:
        """Take the first fault ordered for such a request."""
        for fault in self.faults:
            if fault.method == method and fault.path in path and fault.times > 0:
                fault.times -= 1
                return fault
        return None
