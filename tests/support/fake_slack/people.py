"""What people do in the workspace, and what Slack tells the app of it.

The shapes of the payloads: https://docs.slack.dev/reference/events and
https://docs.slack.dev/reference/interaction-payloads.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.support.fake_slack.server import BOT_TOKEN, FakeSlack, Token
from tests.support.fake_slack.sockets import Envelope
from tests.support.fake_slack.workspace import Channel, Raw, User, Workspace

BOT = "UBOT"


@dataclass(slots=True)
class Town:
    """One workspace of the server, and its people."""

    slack: FakeSlack
    space: Workspace

    def user(self, id_: str, name: str = "", **more: Any) -> User:  # noqa: ANN401 - User's own fields
        user = User(id_, name or id_.lower(), more.pop("team", self.space.id), **more)
        self.space.users[id_] = user
        return user

    def channel(self, id_: str, name: str = "", *members: str, **more: Any) -> Channel:  # noqa: ANN401 - as above
        channel = Channel(id_, name or id_, self.space.id, {BOT, *members}, **more)
        self.space.channels[id_] = channel
        return channel

    def write(self, channel: Channel, by: str, text: str, **more: object) -> Raw:
        """Write without telling the app, as while its connection is cut."""
        ts = self.slack.stamp()
        message = {
            "type": "message",
            "ts": ts,
            "user": by,
            "text": text,
            "team": self.space.id,
            "client_msg_id": f"client-{ts}",
            **more,
        }
        channel.messages[ts] = message
        return message

    async def say(self, channel: Channel, by: str, text: str, **more: object) -> Envelope:
        """https://docs.slack.dev/reference/events/message.channels."""
        return await self.tell(self.event(channel, self.write(channel, by, text, **more)))

    def event(self, channel: Channel, message: Raw) -> Raw:
        kind = "group" if channel.is_private else "channel"
        return {**message, "channel": channel.id, "channel_type": kind, "event_ts": message["ts"]}

    async def edit(self, channel: Channel, ts: str, text: str) -> Envelope:
        """https://docs.slack.dev/reference/events/message/message_changed."""
        before = dict(channel.messages[ts])
        stamp = self.slack.stamp()
        edited = {"user": before["user"], "ts": stamp}
        channel.messages[ts] |= {"text": text, "edited": edited}
        return await self.tell(
            self._about(channel, "message_changed", message=channel.messages[ts], was=before)
        )

    async def delete(self, channel: Channel, ts: str) -> Envelope:
        """https://docs.slack.dev/reference/events/message/message_deleted."""
        before = channel.messages.pop(ts)
        return await self.tell(self._about(channel, "message_deleted", deleted_ts=ts, was=before))

    def _about(self, channel: Channel, subtype: str, *, was: Raw, **more: object) -> Raw:
        return {
            "type": "message",
            "subtype": subtype,
            "hidden": True,
            "channel": channel.id,
            "ts": self.slack.stamp(),
            "previous_message": was,
            **more,
        }

    def callback(self, event: Raw, **more: object) -> Raw:
        """Wrap an event: https://docs.slack.dev/apis/events-api#callback-field."""
        return {
            "type": "event_callback",
            "token": "old",
            "api_app_id": "A1",
            "team_id": self.space.id,
            "event_id": f"Ev{self.slack.number():08}",
            "event_time": int(self.slack.clock().timestamp()),
            "event": event,
            "authorizations": [{"team_id": self.space.id, "user_id": BOT, "is_bot": True}],
            **more,
        }

    async def tell(self, event: Raw, **more: object) -> Envelope:
        return await self.slack.sockets.send("events_api", self.callback(event, **more))

    async def hears_of(self, type_: str, **fields: object) -> Envelope:
        """Any other event: channel_archive, app_uninstalled, ..."""
        return await self.tell({"type": type_, **fields})

    def press(
        self, channel: Channel, ts: str, by: str, action_id: str, thread: str | None = None
    ) -> Raw:
        """https://docs.slack.dev/reference/interaction-payloads/block_actions-payload."""
        message = channel.messages[ts]
        return self._pressed(by, _button(message, action_id)) | {
            "container": {
                "type": "message",
                "message_ts": ts,
                "channel_id": channel.id,
                "is_ephemeral": False,
                **({"thread_ts": thread} if thread else {}),
            },
            "channel": {"id": channel.id, "name": channel.name},
            "message": message,
        }

    def press_ephemeral(self, message: Raw, channel: str, by: str, action_id: str) -> Raw:
        return self._pressed(by, _button(message, action_id)) | {
            "container": {
                "type": "message",
                "message_ts": self.slack.stamp(),
                "channel_id": channel,
                "is_ephemeral": True,
            },
            "channel": {"id": channel, "name": "directmessage"},
        }

    def press_home(self, by: str, action_id: str) -> Raw:
        button = _button(self.space.homes[by], action_id)
        return self._pressed(by, button) | {
            "container": {"type": "view", "view_id": "VHOME"},
            "view": {"id": "VHOME", "type": "home"},
        }

    def _pressed(self, by: str, button: Raw) -> Raw:
        user = self.space.users[by]
        return {
            "type": "block_actions",
            "team": {"id": self.space.id, "domain": "town"},
            "user": {"id": by, "username": user.name, "team_id": user.team},
            "trigger_id": self.slack.trigger(),
            "response_url": self.slack.response_url(self.space, user),
            "actions": [{**button, "action_ts": self.slack.stamp()}],
        }

    def command(self, channel: Channel, by: str, text: str) -> Raw:
        """https://docs.slack.dev/interactivity/implementing-slash-commands#app_command_handling."""
        user = self.space.users[by]
        return {
            "command": "/waymark",
            "text": text,
            "team_id": self.space.id,
            "channel_id": channel.id,
            "channel_name": channel.name,
            "user_id": by,
            "user_name": user.name,
            "trigger_id": self.slack.trigger(),
            "response_url": self.slack.response_url(self.space, user),
            "is_enterprise_install": "false",
        }

    def shortcut(self, channel: Channel, ts: str, by: str, callback_id: str) -> Raw:
        """https://docs.slack.dev/reference/interaction-payloads/shortcuts-interaction-payload."""
        user = self.space.users[by]
        return {
            "type": "message_action",
            "callback_id": callback_id,
            "team": {"id": self.space.id},
            "user": {"id": by, "team_id": user.team},
            "channel": {"id": channel.id, "name": channel.name},
            "message": channel.messages[ts],
            "message_ts": ts,
            "action_ts": self.slack.stamp(),
            "trigger_id": self.slack.trigger(),
            "response_url": self.slack.response_url(self.space, user),
        }

    def submit(self, by: str, values: Mapping[str, str], view: Raw | None = None) -> Raw:
        """https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload."""
        whole = view or list(self.slack.views.values())[-1]
        state: dict[str, dict[str, Raw]] = {}
        for block in whole["blocks"]:
            if block["type"] == "input":
                element, name = block["element"], block["block_id"]
                state[name] = {element["action_id"]: _filled(element, values.get(name))}
        return {
            "type": "view_submission",
            "team": {"id": self.space.id},
            "user": {"id": by, "team_id": self.space.users[by].team},
            "trigger_id": self.slack.trigger(),
            "view": {**whole, "state": {"values": state}},
        }

    def typing(self, by: str, block: str, typed: str) -> Raw:
        """https://docs.slack.dev/reference/interaction-payloads/block_suggestion-payload."""
        view = list(self.slack.views.values())[-1]
        return {
            "type": "block_suggestion",
            "team": {"id": self.space.id},
            "user": {"id": by},
            "block_id": block,
            "action_id": block,
            "value": typed,
            "view": view,
        }

    async def interacts(self, payload: Raw) -> Envelope:
        type_ = "slash_commands" if "command" in payload else "interactive"
        return await self.slack.sockets.send(type_, payload)


def _button(message: Raw, action_id: str) -> Raw:
    return next(
        element
        for block in message["blocks"]
        for element in block.get("elements", ())
        if element.get("action_id") == action_id
    )


def _filled(element: Raw, value: str | None) -> Raw:
    """https://docs.slack.dev/reference/views#state."""
    match element["type"]:
        case "static_select" | "external_select":
            chosen = None if value is None else {"value": value, "text": {"text": value}}
            return {"type": element["type"], "selected_option": chosen}
        case "users_select":
            return {"type": element["type"], "selected_user": value}
        case "conversations_select":
            return {"type": element["type"], "selected_conversation": value}
        case _:
            return {"type": element["type"], "value": value}


def settle_in(slack: FakeSlack, id_: str = "T1", *, token: str = BOT_TOKEN) -> Town:
    """Give the server a workspace with the app installed."""
    space = Workspace(id_, f"https://{id_.lower()}.slack.example/", BOT, "B1")
    slack.spaces[id_] = space
    slack.tokens[token] = Token((id_,))
    town = Town(slack, space)
    town.user(BOT, "waymark", is_bot=True)
    return town
