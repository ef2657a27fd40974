"""Posts of forums and media channels.

https://docs.discord.com/developers/topics/threads#forums
"""

from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web

from tests.support.fake_discord import validate
from tests.support.fake_discord.gateway import Gateway
from tests.support.fake_discord.limits import reply
from tests.support.fake_discord.refusal import Refused, body_of
from tests.support.fake_discord.state import (
    FORUMS,
    MANAGE_THREADS,
    PINNED,
    PUBLIC_THREAD,
    REQUIRE_TAG,
    SEND_MESSAGES,
    Channel,
    Json,
    State,
)


@dataclass(slots=True, eq=False)
class Posts:
    """`visible` finds a request's channel, `valid` refuses a message, `bodies` is what came."""

    state: State
    gateway: Gateway
    visible: Callable[[web.Request], Channel]
    valid: Callable[[Json], None]
    bodies: list[Json]

    async def modify(self, request: web.Request) -> web.Response:
        """Set the flags of a post: channel#modify-channel, "Thread". One is pinned in a forum."""
        thread, flags = self.visible(request), int((await body_of(request))["flags"])
        if not thread.is_thread:
            raise Refused(400, 50024, "Cannot execute action on this channel type")
        if not self.state.permissions(self.state.bot, thread) & MANAGE_THREADS:
            raise Refused(403, 50013, "You lack permissions to perform that action")
        if thread.raw["thread_metadata"]["archived"]:
            raise Refused(400, 50083, "Thread is archived")
        others = [
            one
            for one in self.state.threads(thread.guild or "")
            if one.raw["parent_id"] == thread.raw["parent_id"] and one is not thread
        ]
        if flags & PINNED and any(one.raw["flags"] & PINNED for one in others):
            raise Refused(400, 30047, "Maximum number of pinned threads in a forum channel")
        thread.raw["flags"] = flags
        await self.gateway.dispatch("THREAD_UPDATE", thread.raw, guild=thread.guild)
        return reply(thread.raw)

    async def start(self, request: web.Request) -> web.Response:
        """Needs SEND_MESSAGES alone: channel#start-thread-in-forum-or-media-channel."""
        forum, body = self.visible(request), await body_of(request)
        self.bodies.append(body)
        if forum.raw["type"] not in FORUMS:
            raise Refused(400, 50024, "Cannot execute action on this channel type")
        if not self.state.permissions(self.state.bot, forum) & SEND_MESSAGES:
            raise Refused(403, 50013, "Missing Permissions")
        self._allow_tags(forum, body.get("applied_tags") or [])
        said = body["message"]
        self.valid(said)
        if not 1 <= len(body["name"]) <= 100 or validate.is_empty(said) or "nonce" in said:
            raise Refused(400, 50035, "Invalid Form Body")
        id_ = self.state.snowflake()
        guild = forum.guild or ""
        thread = self.state.add_channel(
            id_, body["name"], guild=guild, kind=PUBLIC_THREAD, parent=forum.id
        )
        thread.raw |= {"owner_id": self.state.bot, "applied_tags": body.get("applied_tags") or []}
        more = {k: said[k] for k in ("embeds", "components", "flags") if k in said}
        # "a message is created that has the same ID as the thread": topics/threads#forums
        first = self.state.message(
            thread, self.state.bot, said.get("content") or "", id=id_, **more
        )
        await self.gateway.dispatch(
            "THREAD_CREATE", {**thread.raw, "newly_created": True}, guild=guild
        )
        event = {**first, "guild_id": guild}
        await self.gateway.dispatch("MESSAGE_CREATE", event, guild=guild)
        return reply({**thread.raw, "message": first})

    def _allow_tags(self, forum: Channel, applied: list[str]) -> None:
        """https://docs.discord.com/developers/resources/channel#forum-tag-object."""
        tags = {tag["id"]: tag["moderated"] for tag in forum.raw["available_tags"]}
        moderates = self.state.permissions(self.state.bot, forum) & MANAGE_THREADS
        if any(id_ not in tags for id_ in applied):
            raise Refused(400, 50035, "applied_tags: Unknown tag")
        if any(tags[id_] for id_ in applied) and not moderates:
            raise Refused(403, 50013, "Missing Permissions")
        if forum.raw["flags"] & REQUIRE_TAG and not applied:
            free = [id_ for id_, moderated in tags.items() if not moderated]
            if not free and not moderates:
                raise Refused(400, 40066, "There are no tags available that can be set by others")
            raise Refused(400, 40067, "A tag is required to create a forum post in this channel")

    async def active(self, request: web.Request) -> web.Response:
        """https://docs.discord.com/developers/resources/guild#list-active-guild-threads."""
        found = self.state.threads(request.match_info["guild"])
        return reply({"threads": [one.raw for one in found], "members": []})
