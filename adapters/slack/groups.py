"""User groups of a workspace: Slack's own word for what Discord calls roles.

https://docs.slack.dev/reference/methods/usergroups.list. Asked for once a minute at most, and only
where the app has the scope: a role is checked at the moment of use (I7), and Slack takes about 20
such calls a minute.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from adapters.slack.form import NOTHING
from adapters.slack.installed import Installed
from adapters.slack.wire import Refused, call
from bot.domain.command import Choice, Form, Kind, Line
from bot.ports import Clock

SCOPE: Final = "usergroups:read"
KEPT: Final = timedelta(minutes=1)
_BY_ID: Final = f"The id of a user group, such as S0123. To choose by name, add {SCOPE}."


@dataclass(frozen=True, slots=True)
class Group:
    id: str
    name: str
    users: frozenset[str]


@dataclass(slots=True)
class Groups:
    clock: Clock
    _known: dict[str, tuple[datetime, tuple[Group, ...]]] = field(default_factory=dict)

    async def of(self, where: Installed, user: str) -> frozenset[str]:
        """Give the ids of the groups that somebody is in. Raises Temporary or Permanent."""
        return frozenset(one.id for one in await self.all(where) if user in one.users)

    async def all(self, where: Installed) -> tuple[Group, ...]:
        """Give the groups of a workspace; none where the app may not see them."""
        if where.scopes is None or SCOPE not in where.scopes:
            return ()
        asked_at, groups = self._known.get(where.team, (None, ()))
        if asked_at is not None and self.clock() - asked_at < KEPT:
            return groups
        try:
            found = await call(
                where.client, "usergroups.list", include_users=True, team_id=where.team
            )
        except Refused as refused:
            if refused.error != "missing_scope":  # it was taken away
                raise
            found = {}
        groups = tuple(
            Group(str(raw["id"]), str(raw.get("name") or ""), frozenset(raw.get("users") or ()))
            for raw in found.get("usergroups", ())
        )
        self._known[where.team] = self.clock(), groups
        return groups

    def forget(self, team: str) -> None:
        """Ask anew at the next use: somebody was put in a group, or taken out of one."""
        self._known.pop(team, None)

    async def offered(self, form: Form, where: Installed) -> Form:
        """Let the lines of a form that ask for a role offer the groups that there are."""
        if all(line.kind is not Kind.ROLE for line in form.lines):
            return form
        named = tuple(Choice(one.id, one.name) for one in await self.all(where))
        return replace(form, lines=tuple(_offered(line, named) for line in form.lines))


def _offered(line: Line, named: tuple[Choice, ...]) -> Line:
    if line.kind is not Kind.ROLE:
        return line
    if not named:
        return replace(line, kind=Kind.TEXT, help=_BY_ID)
    none = () if line.required else (Choice(NOTHING, "None"),)
    return replace(line, kind=Kind.TEXT, choices=(*none, *named), value=line.value or NOTHING)
