"""Calls to Discord's REST API, and what their failures mean."""

from datetime import timedelta
from typing import Any, Final

import aiohttp
import discord
from discord.http import Route

from bot.ports import Permanent, Temporary

# https://docs.discord.com/developers/topics/opcodes-and-status-codes#json
NO_DM, NO_MUTUAL_GUILD, EXPIRED_TOKEN = 50007, 50278, 50027
_WORDS: Final = {
    10003: "the channel is gone",
    10004: "the server is gone, or the bot is not in it",
    10007: "not a member",
    10008: "the message is gone",
    10015: "that answer can no longer be given",
    10062: "it was answered too late",
    40060: "it was answered already",
    50001: "the bot cannot see the channel",
    NO_DM: "takes no direct messages from the bot",
    50013: "the bot lacks a permission there",
    EXPIRED_TOKEN: "that answer can no longer be given",
    NO_MUTUAL_GUILD: "shares no server with the bot",
}
_UNAUTHORISED, _FORBIDDEN, _GONE, _TOO_MANY, _SERVER = 401, 403, 404, 429, 500
# A refused token is seen by the gateway too, which ends the bot; until then nothing is hammered:
# 10,000 such answers in 10 minutes get the address banned.
_AFTER_REFUSAL: Final = timedelta(minutes=1)


class TokenRefused(Temporary):
    """The token is no longer good. Who connects makes an end of it; who delivers can only wait."""

    def __init__(self) -> None:
        super().__init__("Discord refuses the token", retry_after=_AFTER_REFUSAL)


class Refused(Permanent):
    """Discord will not do it. `code` is its own number of the reason, 0 if there is none."""

    def __init__(self, status: int, code: int) -> None:
        super().__init__(_WORDS.get(code, f"Discord refused it ({status}, code {code})"))
        self.status = status
        self.code = code

    @property
    def is_gone(self) -> bool:
        return self.status == _GONE or self.code == EXPIRED_TOKEN

    @property
    def is_forbidden(self) -> bool:
        return self.status == _FORBIDDEN


async def call(client: discord.Client, method: str, path: str, **more: Any) -> Any:  # noqa: ANN401 - what the route answers
    """Ask for `path`, in which {names} stand for those of `more` that are not json or params.

    Raises Temporary, or Refused (a Permanent).
    """
    sent = {name: more.pop(name) for name in ("json", "params") if name in more}
    try:
        return await client.http.request(Route(method, path, **more), **sent)
    except discord.RateLimited as limited:
        wait = timedelta(seconds=limited.retry_after)
        raise Temporary("Discord asks to wait", retry_after=wait) from None
    except discord.HTTPException as failure:
        raise meaning(failure) from None
    except (OSError, TimeoutError, aiohttp.ClientError) as failure:
        raise Temporary(f"Discord cannot be reached: {type(failure).__name__}") from None
    except (RuntimeError, AttributeError) as closed:  # discord.py's, of a session that is not open
        raise Temporary("not connected to Discord") from closed


def meaning(failure: discord.HTTPException) -> Temporary | Refused:
    """Say what a failure means, without Discord's words: they may quote what was sent (I4)."""
    if failure.status == _TOO_MANY:
        wait = failure.response.headers.get("Retry-After", "")
        seconds = float(wait) if wait.replace(".", "", 1).isdecimal() else 0.0
        return Temporary("Discord asks to wait", retry_after=timedelta(seconds=seconds))
    if failure.status >= _SERVER:
        return Temporary(f"Discord is broken ({failure.status})")
    if failure.status == _UNAUTHORISED and failure.code != EXPIRED_TOKEN:
        return TokenRefused()
    return Refused(failure.status, failure.code)
