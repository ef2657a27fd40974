"""One call of the Web API, and what its failure means: Temporary or Permanent.

https://docs.slack.dev/apis/web-api/slack-api-errors and each method's page.
"""

import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack.client import BARRED, Client
from adapters.slack.installed import Raw
from bot.domain.space import SpaceRef
from bot.ports import Permanent, Shut, Temporary

# Nothing below a warning: at lower levels the SDK logs what people wrote (I4).
LOG = logging.getLogger("waymark.slack")
LOG.setLevel(logging.WARNING)

AGAIN: Final = "Slack cannot be reached; trying again"
BASE = "https://slack.com/api/"
SECONDS = 15
_SCOPES = "x-oauth-scopes"
_WRITES = frozenset(
    ["chat.postMessage", "chat.postEphemeral", "chat.update", "views.open", "views.publish"]
)
# Slack's own trouble: it may or may not have been done.
_UNSURE = frozenset(["fatal_error", "internal_error", "service_unavailable", "request_timeout"])
_LATER = frozenset({"ratelimited", "rate_limited", "team_added_to_org"})
_WORDS: Final[Mapping[str, str]] = {
    "not_in_channel": "the app is not in this channel: type /invite @Waymark there",
    "channel_not_found": "Slack knows no such channel, or the app is not in it",
    "is_archived": "the channel is archived: unarchive it first, or choose another one",
    "restricted_action": "the workspace lets only some people do that there: let the app as well",
    "restricted_action_read_only_channel": "only some people may post there: let the app as well",
    "restricted_action_thread_only_channel": "there one may only answer in threads: choose another",
    "restricted_action_non_threadable_channel": "there is no answering in threads: choose another",
    "method_not_supported_for_channel_type": "Slack cannot do that in a channel of that kind",
    "permission_denied": "the workspace's settings do not allow it: ask its admin",
    "not_pinnable": "Slack cannot pin that message",
    "invalid_auth": "Slack does not accept the token: copy it again from the app's page",
    "not_authed": "no token was given",
    "account_inactive": "the app was removed from the workspace: install it again",
    "token_revoked": "the token was revoked: install the app again",
    "token_expired": "the token has expired: make the app anew, without token rotation",
    "not_allowed_token_type": "this is the wrong kind of token: see the README",
    "cannot_dm_bot": "a bot takes no direct messages",
    "user_disabled": "the account is deactivated",
    "user_not_found": "there is no such person in the workspace",
    "messages_tab_disabled": "this person takes no direct messages from the app",
    "expired_trigger_id": "it took longer than Slack waits for a form (3 seconds)",
}


class Unsure(Temporary):
    """It may have happened: whoever sends must look before trying again."""


class Refused(Permanent):
    """Slack's `ok: false`; `error` is its word for why, `needed` are the scopes that it names."""

    def __init__(self, error: str, why: str, needed: str = "") -> None:
        Permanent.__init__(self, why)
        self.error = error
        self.needed = needed


class TurnedAway(Refused, Shut):
    """The workspace refuses the token, whatever is asked."""

    def __init__(self, error: str, why: str, space: SpaceRef | None) -> None:
        Refused.__init__(self, error, why)
        self.space = space


def rest_after(why: Temporary, wait: float) -> float:
    """Give the seconds to rest before the next try: what Slack asks for is never shortened."""
    return max(wait, why.retry_after.total_seconds() if why.retry_after else 0)


async def call(client: AsyncWebClient, method: str, **args: object) -> Raw:
    """Call a method once. Raises Unsure, Temporary or Refused."""
    found = (await _answered(client, method, args)).data
    return found if isinstance(found, dict) else {}


async def introduced(client: AsyncWebClient) -> tuple[Raw, frozenset[str] | None]:
    """Ask who we are, and which scopes the token has; None when Slack does not say.

    https://docs.slack.dev/reference/methods/auth.test; the scopes stand in a header of each answer.
    """
    response = await _answered(client, "auth.test", {})
    held = next((v for k, v in response.headers.items() if k.lower() == _SCOPES), None)
    found = response.data if isinstance(response.data, dict) else {}
    return found, None if held is None else frozenset(one.strip() for one in held.split(","))


async def _answered(
    client: AsyncWebClient, method: str, args: Mapping[str, object]
) -> AsyncSlackResponse:
    given = {name: value for name, value in args.items() if value is not None}
    # methods that read take no JSON
    sent: Raw = {"json": given} if method in _WRITES else {"data": _form(given)}
    try:
        response = await client.api_call(method, **sent)
    except SlackApiError as error:
        failed = failure(method, error.response)
        if isinstance(client, Client) and isinstance(failed, Refused):
            client.refusals.refused(method, failed.error, failed.needed)
            failed = _turned_away(failed, client.space)
        raise failed from None  # its text may quote ours (I4)
    except (aiohttp.ClientError, TimeoutError, OSError, SlackClientError) as error:
        raise Unsure(f"{method}: no answer ({type(error).__name__})") from None
    if isinstance(client, Client):
        client.refusals.answered(method)
    return response


def _turned_away(refused: Refused, space: SpaceRef | None) -> Refused:
    if refused.error not in BARRED:
        return refused
    return TurnedAway(refused.error, str(refused), space)


def failure(method: str, response: Any) -> Temporary | Permanent:  # noqa: ANN401 - several kinds, by slack_sdk
    """Say what an answer without `ok` means."""
    data = getattr(response, "data", None)
    answer: Mapping[str, Any] = data if isinstance(data, dict) else {}
    status = getattr(response, "status_code", 200)
    error = str(answer.get("error", ""))
    if status == 429 or error in _LATER:  # noqa: PLR2004 - https://docs.slack.dev/apis/web-api/rate-limits
        headers = getattr(response, "headers", None) or {}
        wait = str(headers.get("Retry-After", "30"))
        seconds = int(wait) if wait.isdecimal() else 30
        return Temporary(f"{method}: Slack asks to wait", retry_after=timedelta(seconds=seconds))
    if not error or error in _UNSURE:
        return Unsure(f"{method}: Slack is in trouble ({error or status})")
    needed = str(answer.get("needed") or "")
    if error == "missing_scope":
        scope = needed or "a scope"
        why = f"the app lacks the scope {scope}: add it on the app's page, and install it again"
    else:
        why = _WORDS.get(error, f"Slack says {error} to {method}")
    return Refused(error, why, needed)


def _form(args: Mapping[str, object]) -> dict[str, str]:
    return {
        name: str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in args.items()
    }
