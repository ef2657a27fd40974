"""Finding out where the app is installed, which channels it is in, and who is there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import structlog
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize

from adapters.slack.client import Client
from adapters.slack.installed import SLACK, Installed, Raw
from adapters.slack.manifest import PUBLIC
from adapters.slack.wire import Refused, call, introduced
from bot.domain.space import SpaceRef
from bot.ports import Permanent

# Names are for reading alone: of larger workspaces those of the first so many are known.
MOST_PAGES_OF_PEOPLE = 5
_PAGE = 1_000  # https://docs.slack.dev/reference/methods/users.list: at most so many a page
log = structlog.get_logger(__name__)

_CHANNELS = "public_channel,private_channel"


@dataclass(frozen=True, slots=True)
class Known(AsyncAuthorize):
    """Answers bolt from memory: under a flood it would ask Slack thousands of times."""

    spaces: Mapping[str, Installed]

    async def __call__(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        **_: object,
    ) -> AuthorizeResult | None:
        """Give the workspace's own token, or any of its organisation's."""
        if team_id is not None and team_id in self.spaces:
            return self.spaces[team_id].authorized
        for one in self.spaces.values():
            if enterprise_id and one.enterprise == enterprise_id:
                return one.authorized
        log.warning("the app is not installed there", team=team_id)
        return None


@dataclass(frozen=True, slots=True)
class Entry:
    """What one token is good for. `account` is the organisation's, or the app's in one workspace.

    Ids of people are one workspace's own, so the workspace is named with it.
    """

    account: str
    spaces: tuple[Installed, ...]
    client: Client
    is_of_organisation: bool = False


async def joined(make: Callable[[], Client]) -> Entry:
    """Ask who we are, and look round in each workspace that the token is good for.

    An organisation's token is good for several, each of which may refuse it for itself, so each
    has a client: https://docs.slack.dev/enterprise/organization-ready-apps
    """
    client = make()
    me, scopes = await introduced(client)
    if not me.get("is_enterprise_install"):
        team, name = me["team_id"], str(me.get("team") or "")
        where = await _looked_round(client, me, scopes, team, name)
        return Entry(f"{team}/{where.bot_user}", (where,), client)
    found = [
        await _looked_round(make(), me, scopes, team["id"], team.get("name", ""))
        for team in await teams(client)
    ]
    return Entry(str(me.get("enterprise_id")), tuple(found), client, is_of_organisation=True)


async def teams(client: Client) -> list[Raw]:
    """Give the workspaces of an organisation that the app is in.

    https://docs.slack.dev/reference/methods/auth.teams.list
    """
    return await _all(client, "auth.teams.list", "teams", {"limit": 200}, 50)


async def _looked_round(
    client: Client, me: Raw, scopes: frozenset[str] | None, team: str, name: str
) -> Installed:
    client.space = SpaceRef(SLACK, team)
    client.refusals.wanted = frozenset(PUBLIC) | (scopes or frozenset())
    where = Installed(
        team=team,
        url=str(me["url"]),
        bot_user=me["user_id"],
        bot_id=str(me.get("bot_id") or ""),
        client=client,
        name=name,
        scopes=scopes,
        enterprise=me.get("enterprise_id"),
        authorized=AuthorizeResult(
            enterprise_id=me.get("enterprise_id"),
            team_id=team,
            bot_token=client.token,
            bot_id=me.get("bot_id"),
            bot_user_id=me["user_id"],
        ),
    )
    for channel in await _channels(client, team):
        where.enter(channel["id"], channel)
    people = {"limit": _PAGE, "team_id": team}
    try:
        found = await _all(client, "users.list", "members", people, MOST_PAGES_OF_PEOPLE)
    except Permanent:
        found = []  # without users:read nobody has a name, and all else works
    for user in found:
        where.learn(user)
    return where


async def _channels(client: Client, team: str) -> list[Raw]:
    """Give the channels that the app is in: private ones only where it has the scope for them."""
    asked = {"types": _CHANNELS, "exclude_archived": True, "limit": 200, "team_id": team}
    try:
        return await _all(client, "users.conversations", "channels", asked, 50)
    except Refused as refused:
        if refused.error != "missing_scope":
            raise
    asked["types"] = "public_channel"
    return await _all(client, "users.conversations", "channels", asked, 50)


async def _all(client: Client, method: str, name: str, asked: Raw, most_pages: int) -> list[Raw]:
    """https://docs.slack.dev/apis/web-api/pagination."""
    found: list[Raw] = []
    cursor = None
    for _ in range(most_pages):
        page = await call(client, method, cursor=cursor, **asked)
        found += page.get(name, [])
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or None
        if cursor is None:
            break
    return found
