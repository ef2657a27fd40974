"""What the app lacks in a workspace: a scope, or a channel that it is not in, or that is gone."""

from collections.abc import Sequence

from adapters.slack.client import Client
from adapters.slack.groups import SCOPE
from adapters.slack.installed import Installed, Raw
from adapters.slack.joining import teams
from adapters.slack.manifest import PUBLIC
from adapters.slack.wire import Refused, call, introduced
from bot.domain.message import Place
from bot.domain.setup import Found, Need, Trouble, Use
from bot.domain.space import SpaceRef


async def inspected(where: Installed, needs: Sequence[Need]) -> tuple[Found, ...]:
    """Name what is missing. Raises Temporary or Permanent."""
    _, where.scopes = await introduced(where.client)
    wanted = {*PUBLIC, *((SCOPE,) if any(need.use is Use.ROLES for need in needs) else ())}
    lacking = wanted - where.scopes if where.scopes is not None else set()
    found = {Found(Trouble.SCOPE, detail=scope): None for scope in sorted(lacking)}
    uses: dict[Place, set[Use]] = {}
    for need in needs:
        if need.use is not Use.ROLES:
            uses.setdefault(need.place, set()).add(need.use)
    for place, wished in uses.items():
        found |= dict.fromkeys(await _of_place(where, place, wished))
    return tuple(found)


async def channel_name(where: Installed, id_: str) -> str:
    """Give what a channel is called; "" where there is none that the app may see."""
    if where.channels.get(id_):
        return f"#{where.channels[id_]}"
    try:
        raw: Raw = (await call(where.client, "conversations.info", channel=id_))["channel"]
    except Refused:
        return ""
    return f"#{raw['name']}" if raw.get("name") else ""


async def absent(organisations: Sequence[Client], space: SpaceRef) -> tuple[Found, ...]:
    """Ask the organisations about a workspace that the app was in. Raises Temporary or Permanent.

    https://docs.slack.dev/reference/methods/auth.teams.list
    """
    for client in organisations:
        if any(team["id"] == space.id for team in await teams(client)):
            return (Found(Trouble.UNKNOWN, "This workspace"),)
    return (Found(Trouble.NOT_IN, "this workspace"),)


async def _of_place(where: Installed, place: Place, uses: set[Use]) -> list[Found]:
    """Ask about a channel, unless the app is known to be in it: Slack takes 50 a minute."""
    if place.channel in where.channels and Use.STAFF not in uses:
        return []
    name = place.name or f"The channel {place.channel}"
    try:
        raw: Raw = (await call(where.client, "conversations.info", channel=place.channel))[
            "channel"
        ]
    except Refused as refused:
        if refused.error == "channel_not_found":
            return [Found(Trouble.GONE, name)]
        if refused.error == "missing_scope":
            return [Found(Trouble.SCOPE, detail="groups:read")]
        raise
    name = f"#{raw['name']}" if raw.get("name") else name
    if raw.get("is_archived"):
        return [Found(Trouble.ARCHIVED, name)]
    found = [] if raw.get("is_member") else [Found(Trouble.NOT_IN, name)]
    if Use.STAFF in uses and not raw.get("is_private"):
        found.append(Found(Trouble.PUBLIC, name))
    return found
