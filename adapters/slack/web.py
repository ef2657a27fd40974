"""The Events API over HTTP, for organisations that want no open socket.

https://docs.slack.dev/apis/events-api#receiving-events. Signatures and times are checked, and
`url_verification` is answered, by bolt; here are the route and the limit on what is read.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.middleware.request_verification.async_request_verification import (
    AsyncRequestVerification,
)
from slack_sdk.signature import Clock as SdkClock
from slack_sdk.signature import SignatureVerifier

from bot.ports import Clock

PATH = "/slack/events"
# A message has at most 40,000 characters, its blocks and the message before it come along: 1 MiB
# is many times what Slack sends, and what is larger is not read to its end.
MOST_BODY = 1024 * 1024


class _Now(SdkClock):
    """Our clock, as slack_sdk asks for one."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def now(self) -> float:
        return self._clock().timestamp()


class _Verification(AsyncRequestVerification):
    """Bolt's own, with a verifier that goes by our clock."""

    def __init__(self, secret: str, verifier: SignatureVerifier) -> None:
        super().__init__(secret)
        self._ours = verifier

    @property
    def verifier(self) -> SignatureVerifier:
        return self._ours


def verification(secret: str, clock: Clock) -> AsyncRequestVerification:
    """Refuse what is not signed with the secret, or was signed over five minutes ago.

    https://docs.slack.dev/authentication/verifying-requests-from-slack
    """
    return _Verification(secret, SignatureVerifier(secret, _Now(clock)))


@asynccontextmanager
async def served(app: AsyncApp, host: str, port: int) -> AsyncIterator[int]:
    """Hold the route; give the port it is on."""

    async def answer(request: web.Request) -> web.StreamResponse:
        return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

    application = web.Application(client_max_size=MOST_BODY)
    application.router.add_post(PATH, answer)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        await site.start()
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()
