"""The Events API over HTTP, as Slack signs it.

https://docs.slack.dev/authentication/verifying-requests-from-slack
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from urllib.parse import urlencode

import aiohttp

from tests.support.fake_slack.workspace import Raw


@dataclass(frozen=True, slots=True)
class Answered:
    status: int
    body: str


@dataclass(frozen=True, slots=True)
class Signed:
    """Sends to `url`, signed with `secret`, at a time in seconds since 1970."""

    url: str
    secret: str
    http: aiohttp.ClientSession = field(repr=False)

    async def event(self, payload: Raw, now: float, **headers: str) -> Answered:
        """Send what comes as JSON. A retry has x-slack-retry-num and x-slack-retry-reason."""
        return await self._post(json.dumps(payload), "application/json", now, headers)

    async def interaction(self, payload: Raw, now: float) -> Answered:
        """Send what comes as a form: /interactivity/handling-user-interaction#payloads."""
        is_command = "command" in payload
        form = urlencode(payload if is_command else {"payload": json.dumps(payload)})
        return await self._post(form, "application/x-www-form-urlencoded", now, {})

    async def _post(
        self, body: str, content_type: str, now: float, headers: Mapping[str, str]
    ) -> Answered:
        stamp = str(int(now))
        signed = hmac.new(self.secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256)
        own = {
            "content-type": content_type,
            "x-slack-request-timestamp": stamp,
            "x-slack-signature": f"v0={signed.hexdigest()}",
        }
        async with self.http.post(
            self.url, data=BytesIO(body.encode()), headers={**own, **headers}
        ) as response:
            return Answered(response.status, await response.text())
