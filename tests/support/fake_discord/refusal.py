"""How a route says no, and how it reads what it was sent."""

import json
from typing import Any

from aiohttp import web

from tests.support.fake_discord.interactions import error


class Refused(Exception):  # noqa: N818 - an answer, raised to end a route early
    def __init__(self, status: int, code: int, words: str) -> None:
        super().__init__(words)
        self.answer = error((status, code, words))


async def body_of(request: web.Request) -> Any:  # noqa: ANN401 - what the client sent
    return json.loads(await request.text())
