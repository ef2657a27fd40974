"""Calls to Discord's REST API, and what their failures mean."""

from datetime import timedelta
from typing import Any, Final

import aiohttp
import discord
from discord.http import Route

from bot.ports import Permanent, Temporary

# https://docs.discord.com/developers/topics/opcodes-and-status-codes#json
NO_DM, NO_MUTUAL_GUILD, EXPIRED_TOKEN, MISSING = 50007, 50278, 50027, 50013
_SLOW: Final = frozenset({20016, 20028})  # a channel's slow mode, and its limit on writing
_TOO_SLOW: Final = timedelta(minutes=1)
# Each with its mend, where somebody can mend it. They stand behind "I could not ...: ".
_WORDS: Final = {
    10003: "the channel is gone",
    10004: "the server is gone, or the bot is not in it",
    10007: "not a member",
    10008: "the message is gone",
    10015: "that answer can no longer be given",
    10062: "it was answered too late",
    40060: "it was answered already",
    30003: "as many messages are pinned there as Discord allows: take one pin away first",
    30046: "too many old messages were changed just now: try again in an hour",
    30047: "another post is pinned in this forum, and Discord allows one: take its pin away first",
    40004: "Discord has switched off writing for now: try again later",
    40058: "nothing can be written in a forum but in a post",
    40066: "the forum asks for a tag and has none that everybody may use: add one in its settings",
    40067: "the forum asks for a tag: add one that everybody may use in its settings",
    # Also said of a channel in a server from which the bot was removed.
    50001: "the bot cannot see the channel: give its role View Channel there, or add the bot again"
    " if it is not in the server any more",
    50005: "that message was written by somebody else",
    50008: "nothing can be written in a channel of that kind: choose a text channel or a forum",
    50009: "the channel asks members to be verified: let the bot's role write there",
    50019: "a message can be pinned only where it stands",
    50024: "that cannot be done in a channel of that kind: choose a text channel or a forum",
    50035: "Discord does not take it in this form: please tell the people who make this bot",
    50083: "the post or thread was put away: open it again first",
    60003: "the server asks for two-factor login: the bot's owner must switch it on for themselves",
    160005: "the thread is locked: a moderator must open it",
    160006: "as many threads are open in the server as Discord allows: close some first",
    160007: "as many threads of announcements are open as Discord allows: close some first",
    200000: "the server's AutoMod blocked the text: let the bot's role past that rule",
    200001: "the server's AutoMod blocked the title: let the bot's role past that rule",
    NO_DM: "takes no direct messages from the bot",
    MISSING: "the bot lacks a permission there",
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
        super().__init__(
            _WORDS.get(code, f"Discord refused it ({status}, {code}): type /setup check")
        )
        self.status = status
        self.code = code

    @property
    def is_gone(self) -> bool:
        return self.status == _GONE or self.code == EXPIRED_TOKEN

    @property
    def is_forbidden(self) -> bool:
        return self.status == _FORBIDDEN


class _Once:
    """Stands among the files of a request: discord.py winds them back before it tries again."""

    def reset(self, *, seek: int | bool = True) -> None:
        if seek:
            raise Temporary("Discord's answer was lost")


async def call(client: discord.Client, method: str, path: str, **more: Any) -> Any:  # noqa: ANN401 - what the route answers
    """Ask for `path`, in which {names} stand for those of `more` that are not json or params.

    Raises Temporary, or Refused (a Permanent).
    """
    return await _asked(client, method, path, more)


async def call_once(client: discord.Client, method: str, path: str, **more: Any) -> Any:  # noqa: ANN401 - as above
    """Ask as `call` does, and let nothing be tried again: Discord may have done it."""
    return await _asked(client, method, path, {**more, "files": [_Once()]})


async def _asked(client: discord.Client, method: str, path: str, more: dict[str, Any]) -> Any:  # noqa: ANN401 - as above
    sent = {name: more.pop(name) for name in ("json", "params", "files") if name in more}
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
    if failure.code in _SLOW:
        return Temporary("the channel is in slow mode", retry_after=_TOO_SLOW)
    if failure.status >= _SERVER:
        return Temporary(f"Discord is broken ({failure.status})")
    if failure.status == _UNAUTHORISED and failure.code != EXPIRED_TOKEN:
        return TokenRefused()
    return Refused(failure.status, failure.code)
