"""Interactions: their tokens, deadlines and answers.

https://docs.discord.com/developers/interactions/receiving-and-responding
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from aiohttp import web

from tests.support.fake_discord import validate
from tests.support.fake_discord.limits import reply
from tests.support.fake_discord.state import Channel, Json, State

# "you must send an initial response within 3 seconds"; "tokens are valid for 15 minutes".
FIRST, TOKEN = timedelta(seconds=3), timedelta(minutes=15)
# Interaction types, and the types of answers to them.
COMMAND, COMPONENT, AUTOCOMPLETE, SUBMIT = 2, 3, 4, 5
MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9
EPHEMERAL: Final = 1 << 6
_MAY: Final = {
    COMMAND: {MESSAGE, DEFERRED, MODAL},
    COMPONENT: {MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, MODAL},
    AUTOCOMPLETE: {CHOICES},
    SUBMIT: {MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE},
}
Failure = tuple[int, int, str]


@dataclass(slots=True, eq=False)
class Interaction:
    """`shown` is what its person sees in answer; `answers` the first answer's type and content."""

    id: str
    token: str
    kind: int
    by: str
    channel: Channel
    made_at: datetime
    message: Json | None = None
    answer: Json | None = None
    shown: list[Json] = field(default_factory=list)

    @property
    def modal(self) -> Json:
        assert self.answer is not None
        assert self.answer["type"] == MODAL
        modal: Json = self.answer["data"]
        return modal


@dataclass(slots=True, eq=False)
class Interactions:
    state: State
    clock: Callable[[], datetime]
    made: dict[str, Interaction] = field(default_factory=dict)
    late: int = 0
    slow: timedelta = timedelta()  # how long an interaction is under way to the bot

    def begin(
        self,
        kind: int,
        by: str,
        channel: Channel,
        data: Json,
        **more: Any,  # noqa: ANN401 - any field
    ) -> tuple[Interaction, Json]:
        """https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-object."""
        id_ = self.state.snowflake()
        made_at = self.clock() - self.slow
        one = Interaction(id_, f"token-{id_}", kind, by, channel, made_at, more.get("message"))
        self.made[one.token] = one
        user = self.state.users[by]
        guild = self.state.guilds.get(channel.guild or "")
        who: Json = {"user": user}
        if guild is not None:
            permissions = str(self.state.permissions(by, channel))
            who = {"member": {**guild.members[by], "permissions": permissions}}
            who["guild_id"] = guild.id
        return one, {
            "id": id_,
            "application_id": self.state.bot,
            "type": kind,
            "data": data,
            "channel_id": channel.id,
            "channel": channel.raw,
            "token": one.token,
            "version": 1,
            "locale": "en-US",
            "entitlements": [],
            "authorizing_integration_owners": {},
            "context": 0 if guild else 1,
            "attachment_size_limit": 10485760,
            **who,
            **more,
        }

    def respond(self, id_: str, token: str, body: Json) -> Failure | None:
        one = self.made.get(token)
        if one is None or one.id != id_ or self.clock() - one.made_at > FIRST:
            self.late += 1
            return 404, 10062, "Unknown interaction"
        if one.answer is not None:
            return 400, 40060, "Interaction has already been acknowledged."
        data = body.get("data") or {}
        wrong = self._wrong(one, body["type"], data)
        if wrong:
            return 400, 50035, "\n".join(wrong)
        one.answer = body
        if body["type"] == MESSAGE:
            one.shown.append(self._message(one, data))
        return None

    def _wrong(self, one: Interaction, kind: int, data: Json) -> list[str]:
        if kind not in _MAY[one.kind] or (kind == MODAL and one.kind == SUBMIT):
            return [f"type: {kind} is no answer to an interaction of type {one.kind}"]
        if kind == MODAL:
            return validate.modal(data)
        if kind == CHOICES:
            many = len(data["choices"]) > validate.MOST_CHOICES
            long_ = any(not 1 <= len(c["name"]) <= 100 for c in data["choices"])
            return ["choices: too many or too long"] if many or long_ else []
        return validate.message(data)

    def find(self, token: str) -> Interaction | Failure:
        one = self.made.get(token)
        if one is None:
            return 404, 10015, "Unknown Webhook"
        if self.clock() - one.made_at > TOKEN:
            return 401, 50027, "Invalid Webhook Token"
        return one

    def follow_up(self, one: Interaction, body: Json) -> Json:
        """Show one more answer; the first one to a deferred answer takes its place."""
        flags = (one.answer or {}).get("data", {}).get("flags", 0)
        if one.answer is not None and one.answer["type"] == DEFERRED and not one.shown:
            body = {**body, "flags": flags}
        made = self._message(one, body)
        one.shown.append(made)
        return made

    def edit(self, one: Interaction, message: str, body: Json) -> Json | None:
        if message == "@original":
            if one.answer is not None and one.answer["type"] == DEFERRED_UPDATE:
                if one.message is not None:
                    one.message.update(body)
                return one.message
            if not one.shown:
                return self.follow_up(one, body)
            one.shown[0].update(body)
            return one.shown[0]
        for shown in one.shown:
            if shown["id"] == message:
                shown.update(body)
                return shown
        return None

    def _message(self, one: Interaction, body: Json) -> Json:
        apart = Channel(dict(one.channel.raw))
        public = not body.get("flags", 0) & EPHEMERAL
        where = one.channel if public else apart
        kept = {k: body[k] for k in ("embeds", "components", "flags") if k in body}
        return self.state.message(
            where, self.state.bot, body.get("content") or "", webhook_id=self.state.bot, **kept
        )


def error(failure: Failure) -> web.Response:
    """https://docs.discord.com/developers/reference#error-messages."""
    status, code, words = failure
    return reply({"code": code, "message": words}, status=status)
