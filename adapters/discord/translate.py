"""Discord's payloads to the domain. Pure.

A thread's place has its channel and its own id: Discord keeps a history for each.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from adapters.discord.payload import MessageObject, Raw, Reference, UserObject, message_object
from adapters.wording.discord import plain
from adapters.wording.text import tidy
from bot.domain.command import Form, Table
from bot.domain.event import Chosen, Commanded, Pressed, Submitted, Typing
from bot.domain.message import AccountRef, Message, MessageRef, Origin, Place, PlatformName
from bot.domain.space import Standing

DISCORD: Final = PlatformName("discord")
UNREADABLE: Final = (KeyError, TypeError, ValueError, AttributeError, OverflowError)

# https://docs.discord.com/developers/resources/message#message-object-message-types
_SPOKEN: Final = frozenset({0, 19})  # default, reply
_COMMANDS: Final = frozenset({20, 23})  # an application's answer to a command
_DELETED_ID: Final = "456226577798135808"  # the account that has what deleted ones said
_FORWARDED: Final = (
    1  # https://docs.discord.com/developers/resources/message#message-reference-types
)
_SNOWFLAKE: Final = 20  # digits of the largest 64-bit number
_EPOCH: Final = 1_420_070_400_000  # milliseconds: the first moment of 2015

# https://docs.discord.com/developers/resources/channel#channel-object-channel-types
THREADS: Final = frozenset({10, 11, 12})
SPOKEN_IN: Final = frozenset({0, 2, 5, 13, *THREADS})  # text, voice, announcements, stage
THREADED: Final = frozenset({0, 5, 15, 16})  # text, announcements, forum, media
FORUMS: Final = frozenset({15, 16})  # in which there are posts alone
# https://docs.discord.com/developers/topics/permissions#permissions-bitwise-permission-flags
ADMINISTRATOR, MANAGE_CHANNELS, MANAGE_GUILD = 1 << 3, 1 << 4, 1 << 5

# https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-object
COMMAND, COMPONENT, AUTOCOMPLETE, SUBMIT = 2, 3, 4, 5
_MESSAGE_MENU: Final = 3
_SUB_COMMAND: Final = 1
TAG: Final = "#"  # what stands behind it in a button's id tells a delivery, not a button
PART: Final = "|"  # between the parts of a form's id


def message(raw: Raw | MessageObject, place: Place) -> Message:
    """Read a message object. Raises one of UNREADABLE."""
    said = raw if isinstance(raw, MessageObject) else message_object(raw)
    id_, author, edited, mentions = said.id, said.author, said.edited_timestamp, said.mentions
    names = {user.id: _name(user) for user in mentions} if mentions else {}
    return Message(
        ref=MessageRef(place, id_),
        author=AccountRef(DISCORD, author.id),
        origin=_origin(said, author),
        text=plain(said.content, names),
        sent_at=_utc(said.timestamp),
        position=position(id_),
        reply_to=_replied_to(said.message_reference),
        edited_at=None if edited is None else _utc(edited),
        attachments=len(said.attachments or ()),
        mentions=tuple(names.values()),
        link=link(place, id_),
    )


def _origin(said: MessageObject, author: UserObject) -> Origin:
    if author.bot or said.webhook_id is not None or said.type in _COMMANDS:
        return Origin.BOT
    if said.type not in _SPOKEN:
        return Origin.SYSTEM
    return Origin.DELETED_MEMBER if author.id == _DELETED_ID else Origin.MEMBER


def _name(user: UserObject) -> str:
    """Take the name that is the same live and in history: nicknames come live only."""
    return tidy(user.global_name or user.username or "member")


def _replied_to(reference: Reference | None) -> str | None:
    if reference is None or reference.type == _FORWARDED:
        return None
    return reference.message_id


def position(id_: str) -> str:
    """Pad an id so that text sorts as the ids do in time. Raises ValueError."""
    if not (id_.isdecimal() and id_.isascii()):
        raise ValueError(id_)
    return id_.rjust(_SNOWFLAKE, "0")


def first_id(at: datetime) -> str:
    """Give the least id that anything made at a moment can have.

    https://docs.discord.com/developers/reference#snowflakes
    """
    return str(max(0, int(at.timestamp() * 1_000) - _EPOCH) << 22)


def moment(text: str) -> datetime:
    return _utc(datetime.fromisoformat(text))


def _utc(at: datetime) -> datetime:
    if at.tzinfo is UTC:
        return at
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def link(place: Place, id_: str) -> str:
    return (
        f"https://discord.com/channels/{place.space or '@me'}/{place.thread or place.channel}/{id_}"
    )


def place(channel: Raw, parent_name: str = "", space: str = "") -> Place:
    """Read a channel object; `parent_name` is its channel's when it is a thread."""
    space = channel.get("guild_id") or space
    name = f"#{tidy(channel.get('name') or '')}"
    if channel["type"] in THREADS:
        full = f"#{tidy(parent_name)} > {name.removeprefix('#')}"
        return Place(DISCORD, space, channel["parent_id"], channel["id"], full)
    return Place(DISCORD, space, channel["id"], None, name)


def archived_since(threads: Iterable[Raw], since: datetime) -> list[Raw]:
    """Give the threads that were archived lately; reading them does not wake them."""
    return [t for t in threads if moment(t["thread_metadata"]["archive_timestamp"]) >= since]


def channel_of(where: Place) -> str:
    """Give the id under which Discord keeps what is said there."""
    return where.thread or where.channel


def standing(member: Raw, guild: Raw) -> Standing:
    """Read what somebody may do in a whole guild. Overwrites of single channels are left out."""
    granted, held = 0, {guild["id"], *member["roles"]}
    for role in guild["roles"]:
        if role["id"] in held:
            granted |= int(role["permissions"])
    user = member["user"]
    owns = user["id"] == guild["owner_id"] or bool(granted & (ADMINISTRATOR | MANAGE_GUILD))
    return Standing(
        is_member=True,
        roles=frozenset(member["roles"]),
        moderates=owns or bool(granted & MANAGE_CHANNELS),
        owns=owns,
        is_bot=bool(user.get("bot")),
        name=tidy(member.get("nick") or user.get("global_name") or user.get("username") or ""),
    )


def asker(raw: Raw) -> AccountRef:
    """Name who made an interaction: a member in a guild, a user in a DM."""
    user = raw["member"]["user"] if "member" in raw else raw["user"]
    return AccountRef(DISCORD, user["id"])


def external_id(raw: Raw) -> str:
    """Name a message that was delivered, so that it can be found with nothing else known."""
    return f"{raw['channel_id']}:{raw['id']}"


def button_id(custom_id: str) -> str:
    return custom_id.partition(TAG)[0]


def opened_at_once(raw: Raw, table: Table) -> Form | None:
    """Give the form that is opened without asking the bot."""
    content = raw["data"]
    if raw["type"] == COMPONENT:
        return table.opens.get(_first_part(content))
    if content.get("type") == _MESSAGE_MENU:
        return next((m.form for m in table.menus if m.label == content["name"]), None)
    if raw["type"] == COMMAND:
        name = " ".join(part for part in _words(content) if part)
        return next((c.form for c in table.commands if c.name == name), None)
    return None


def asks_back(raw: Raw, table: Table) -> bool:
    """Tell whether the bot answers this with a form of the moment (`Table.asks`)."""
    content = raw["data"]
    if raw["type"] == COMPONENT:
        return _first_part(content) in table.asks
    if content.get("type") == _MESSAGE_MENU:
        return any(m.id in table.asks for m in table.menus if m.label == content["name"])
    return raw["type"] == COMMAND and " ".join(p for p in _words(content) if p) in table.asks


def _first_part(content: Raw) -> str:
    return button_id(content["custom_id"]).partition("/")[0]


def _words(content: Raw) -> tuple[str, str]:
    """Give noun and verb of a slash command."""
    options = content.get("options") or ()
    verbs = (option["name"] for option in options if option["type"] == _SUB_COMMAND)
    return content["name"], next(verbs, "")


def _given(content: Raw) -> list[Raw]:
    options = content.get("options") or []
    if options and options[0]["type"] == _SUB_COMMAND:
        return list(options[0].get("options") or [])
    return list(options)


def pressed(raw: Raw, where: Place | None) -> Pressed:
    button = button_id(raw["data"]["custom_id"])
    return Pressed(raw["id"], asker(raw), button, external_id(raw["message"]), where)


def commanded(raw: Raw, where: Place) -> Commanded:
    noun, verb = _words(raw["data"])
    options = {option["name"]: _text(option["value"]) for option in _given(raw["data"])}
    channels = (raw["data"].get("resolved") or {}).get("channels") or {}
    names = {id_: f"#{tidy(one.get('name') or '')}" for id_, one in channels.items()}
    return Commanded(raw["id"], asker(raw), where, noun, verb, options, names)


def typing(raw: Raw, where: Place) -> Typing | None:
    """Read what is being typed; None when no option has the cursor."""
    noun, verb = _words(raw["data"])
    focused = next((option for option in _given(raw["data"]) if option.get("focused")), None)
    if focused is None:
        return None
    return Typing(asker(raw), where, noun, verb, focused["name"], _text(focused["value"]))


def _text(value: object) -> str:
    return tidy(str(value))


def chosen(raw: Raw, where: Place, table: Table) -> Chosen | None:
    """Read a choice in a message's menu; None when the table has no such entry any more."""
    menu = next((m.id for m in table.menus if m.label == raw["data"]["name"]), None)
    return None if menu is None else Chosen(raw["id"], asker(raw), menu, target(raw, where))


def is_menu(raw: Raw) -> bool:
    return bool(raw["type"] == COMMAND and raw["data"].get("type") == _MESSAGE_MENU)


def target(raw: Raw, where: Place) -> Message:
    """Read the message whose menu was opened."""
    content = raw["data"]
    return message(content["resolved"]["messages"][content["target_id"]], where)


def submitted(raw: Raw, where: Place, about: Message | None) -> Submitted:
    form, source, _ = form_parts(raw["data"]["custom_id"])
    return Submitted(
        id=raw["id"],
        by=asker(raw),
        place=where,
        form=form,
        values=dict(_lines(raw["data"]["components"])),
        source=source,
        on=external_id(raw["message"]) if source and "message" in raw else None,
        about=about,
    )


def form_parts(custom_id: str) -> tuple[str, str, str]:
    """Take apart what `markup.form_id` joined: form, button, and the message it is about."""
    form, source, about = (*custom_id.split(PART, 2), "", "")[:3]
    return form, source, about


def _lines(components: list[Raw]) -> list[tuple[str, str]]:
    """Read labels with a line in each, and the older rows with one."""
    found = []
    for one in components:
        for line in one.get("components") or [one.get("component") or {}]:
            if "custom_id" in line:
                values = line.get("values") or []
                found.append((line["custom_id"], _text(line.get("value", ",".join(values)))))
    return found
