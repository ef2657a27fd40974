"""What people press, choose, type and send, to what the bot knows. Pure.

https://docs.slack.dev/reference/interaction-payloads. An asking's id names where it was asked and
by whom, so that it can be answered there even after a restart.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from adapters.slack.form import Origin, values
from adapters.slack.installed import SLACK, Installed, Raw
from adapters.slack.translate import message_of
from adapters.slack.typed import channel_names
from bot.domain.event import Chosen, Commanded, Pressed, Submitted, Typing
from bot.domain.message import AccountRef, Message


@dataclass(frozen=True, slots=True)
class Where:
    """Where and by whom something was asked, as its id says. `channel` "" is the App Home."""

    team: str
    channel: str
    user: str

    @classmethod
    def of(cls, asking: str) -> "Where | None":
        """Read the id of an asking; None when it is not one of ours."""
        parts = asking.split("/", 3)
        return cls(*parts[:3]) if len(parts) == 4 else None  # noqa: PLR2004 - as `_id` writes it


def team_of(body: Raw) -> tuple[str, ...]:
    """Name the workspaces that a payload may be of, the surest first.

    Of a shared channel `team_id` may be the other side's; of an organisation's installation
    `team` may be null. https://docs.slack.dev/apis/events-api#callback-field
    """
    team, user, view = body.get("team"), body.get("user"), body.get("view")
    event: object = body.get("event")
    authorized: Sequence[Raw] = body.get("authorizations") or ({},)
    found = (
        body.get("context_team_id"),
        view.get("app_installed_team_id") if isinstance(view, dict) else None,
        authorized[0].get("team_id"),
        body.get("team_id"),
        team.get("id") if isinstance(team, dict) else team,
        user.get("team_id") if isinstance(user, dict) else None,
        event.get("team") if isinstance(event, dict) else None,
    )
    return tuple(one for one in found if isinstance(one, str))


def external_id(team: str, channel: str, ts: str) -> str:
    """Name a message outside: what a receipt holds."""
    return f"{team}/{channel}/{ts}"


def pressed(body: Raw, where: Installed) -> Pressed:
    """Read block_actions. The button itself says what it is on when its message has no name.

    A direct message and the App Home are no place of the workspace.
    """
    action, container = body["actions"][0], body.get("container") or {}
    user, channel = body["user"]["id"], container.get("channel_id", "")
    button: str = action["action_id"]
    if container.get("type") == "view":
        button = button.partition(":")[2]
    on = action.get("value") or (
        external_id(where.team, channel, container["message_ts"]) if channel else ""
    )
    id_ = _id(where, channel, user, action["action_ts"])
    thread, is_place = container.get("thread_ts"), channel in where.channels
    place = where.place(channel, thread) if is_place else None
    return Pressed(id_, AccountRef(SLACK, user), button, on, place)


def chosen(body: Raw, where: Installed) -> Chosen | None:
    """Read message_action (a message shortcut); None when the message cannot be read."""
    user, channel = body["user"]["id"], body["channel"]["id"]
    message = message_of(body["message"], channel, where)
    if message is None:
        return None
    id_ = _id(where, channel, user, body["action_ts"])
    return Chosen(id_, AccountRef(SLACK, user), body["callback_id"], message)


def commanded(
    body: Raw, where: Installed, noun: str, verb: str, options: Mapping[str, str]
) -> Commanded:
    """Read a slash command. A trigger is one asking's own, so it serves as the id of this one."""
    user, channel = body["user_id"], body["channel_id"]
    id_ = _id(where, channel, user, body["trigger_id"])
    by, names = AccountRef(SLACK, user), channel_names(body.get("text") or "")
    return Commanded(id_, by, where.place(channel), noun, verb, options, names)


def submitted(body: Raw, where: Installed, about: Message | None) -> Submitted | Commanded | None:
    """Read view_submission; None when the modal is none of ours."""
    view, user = body["view"], body["user"]["id"]
    kind, _, name = view["callback_id"].partition("/")
    origin = Origin.read(view.get("private_metadata", ""))
    id_ = _id(where, origin.channel, user, view["id"])
    by, place, written = AccountRef(SLACK, user), where.place(origin.channel), values(view)
    if kind == "ask":
        noun, _, verb = name.partition("/")
        return Commanded(id_, by, place, noun, verb, written)
    if kind != "form":
        return None
    return Submitted(id_, by, place, name, written, origin.source, origin.on, about)


def typing(body: Raw, where: Installed) -> Typing | None:
    """Read block_suggestion: somebody fills in an option of a command."""
    view = body.get("view") or {}
    kind, _, name = view.get("callback_id", "").partition("/")
    if kind != "ask":
        return None
    noun, _, verb = name.partition("/")
    place = where.place(Origin.read(view.get("private_metadata", "")).channel)
    by = AccountRef(SLACK, body["user"]["id"])
    return Typing(by, place, noun, verb, body["action_id"], body.get("value") or "")


def _id(where: Installed, channel: str, user: str, own: str) -> str:
    return f"{where.team}/{channel}/{user}/{own}"
