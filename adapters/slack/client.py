"""Slack's client of one workspace, which remembers what it is refused for more than a moment.

https://docs.slack.dev/reference/methods/auth.test#errors; the errors of each method's page are the
same. https://docs.slack.dev/authentication/using-token-rotation says why a token expires, and
https://docs.slack.dev/reference/methods/auth.revoke says that a revoked token is no removed
app: whoever resets a token gets another one.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.setup import Found, Trouble
from bot.domain.space import SpaceRef

_NEW: Final = "install it again, and put the new token into WAYMARK_SLACK_BOT_TOKENS"
_ANEW: Final = "Make the app anew from the manifest, with its token in WAYMARK_SLACK_BOT_TOKENS"
_AGAIN: Final = "copy it again from the app's page into WAYMARK_SLACK_BOT_TOKENS"
_ADMINISTRATORS: Final = (
    "Administrators have suspended what the app does (Enterprise Key Management)"
)
BARRED: Final[Mapping[str, tuple[Trouble, str]]] = {
    "token_expired": (
        Trouble.TOKEN,
        f"The token has expired: token rotation is on, and cannot be undone. {_ANEW}",
    ),
    "token_revoked": (
        Trouble.REMOVED,
        f"The token was revoked, or the app was removed from the workspace: {_NEW}",
    ),
    "account_inactive": (Trouble.REMOVED, f"The app was removed from the workspace: {_NEW}"),
    "invalid_auth": (
        Trouble.TOKEN,
        f"Slack does not accept the token: {_AGAIN}",
    ),
    "not_authed": (Trouble.TOKEN, "No token was given: put it into WAYMARK_SLACK_BOT_TOKENS"),
    "team_access_not_granted": (
        Trouble.TOKEN,
        "The organisation does not let the app into the workspace: ask who runs it to add the app",
    ),
    "org_login_required": (Trouble.SUSPENDED, "The workspace is being moved into an organisation"),
    "ekm_access_denied": (Trouble.SUSPENDED, _ADMINISTRATORS),
}
DEAF: Final = "Slack does not accept the app token: make a new one, into WAYMARK_SLACK_APP_TOKEN"
# Only the method that was refused can tell that this is over; all others go by who is let in.
_OF_A_METHOD: Final = frozenset({"ekm_access_denied", "missing_scope"})


@dataclass(slots=True)
class Refusals:
    """What a workspace refuses now: the token, by Slack's word for why, or single methods.

    `wanted` are the scopes that the app is no use without. Others are asked for where they may be.
    """

    wanted: frozenset[str] = frozenset()
    token: str = ""
    by_method: dict[str, tuple[str, str]] = field(default_factory=dict)
    on_change: Callable[[], None] = lambda: None

    def refused(self, method: str, error: str, needed: str) -> None:
        """Remember a refusal, unless it is of the moment."""
        if error in BARRED and error not in _OF_A_METHOD:
            is_new, self.token = self.token != error, error
        else:
            scope = self._wanted(needed)
            if error not in _OF_A_METHOD or (error == "missing_scope" and not scope):
                return
            is_new = self.by_method.get(method) != (error, scope)
            self.by_method[method] = (error, scope)
        if is_new:
            self.on_change()

    def answered(self, method: str) -> None:
        if self.by_method.pop(method, None) is not None:
            self.on_change()

    @property
    def bars(self) -> bool:
        """Tell whether the token itself is refused."""
        return bool(self.token)

    def found(self, name: str) -> tuple[Found, ...]:
        """Say what is wrong in the workspace of that name, each once."""
        words = list(self.by_method.values())
        if self.token:
            words.insert(0, (self.token, ""))
        return tuple(dict.fromkeys(_found(error, scope, name) for error, scope in words))

    def _wanted(self, needed: str) -> str:
        """Any one of the scopes that are named would do."""
        return next((one for one in needed.split(",") if one in self.wanted), "")


class Client(AsyncWebClient):
    """Slack's own, with what it was refused. `space` is known once it has said who it is."""

    def __init__(self, token: str | None, **more: Any) -> None:  # noqa: ANN401 - slack_sdk's own
        super().__init__(token, **more)
        self.refusals = Refusals()
        self.space: SpaceRef | None = None


def refused_tokens(errors: Iterable[str]) -> tuple[Found, ...]:
    """Say what is wrong with tokens of which it is not known where they belong."""
    return tuple(_found(error, "", "A workspace") for error in errors)


def _found(error: str, scope: str, name: str) -> Found:
    if scope:
        return Found(Trouble.SCOPE, detail=scope)  # as `inspected` names it
    trouble, why = BARRED[error]
    return Found(trouble, name, why)
