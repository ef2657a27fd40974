"""A card or a form as Discord draws it. Pure: payloads as in Discord's documentation.

Every string is inert (I12): no markup, mention, invite or link comes out of what people typed. Only
`Link`s lead anywhere.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from hashlib import blake2b
from typing import Any, Final, TypeAlias

from adapters.discord.translate import PART, TAG
from adapters.wording.text import tidy
from bot.domain.card import Button, Card, Field, Link
from bot.domain.command import Choice, Form, Kind, Line

Payload: TypeAlias = dict[str, Any]

# https://docs.discord.com/developers/resources/message#create-message
CONTENT: Final = 2_000
# https://docs.discord.com/developers/resources/message#embed-object-embed-limits
_DESCRIPTION, _FIELD_NAME, _FIELD, _FOOTER, _FIELDS, _EMBEDS = 4_096, 256, 1_024, 2_048, 25, 6_000
# https://docs.discord.com/developers/components/reference
_ROW, _BUTTON, _SELECT, _INPUT, _LABEL = 1, 2, 3, 4, 18
_IN_A_ROW, _ROWS, _BUTTON_LABEL, _CUSTOM_ID, _URL = 5, 5, 80, 100, 512
_FORM_TITLE, _FORM_LABEL, _HELP, _OPTIONS, _OPTION = 45, 45, 100, 25, 100
_TYPED, _LINES = 4_000, 5
_PRIMARY, _SECONDARY, _LINK_STYLE = 1, 2, 5
_PICKERS: Final = {Kind.PERSON: (5, "user"), Kind.ROLE: (6, "role"), Kind.CHANNEL: (8, "channel")}
EPHEMERAL: Final = 1 << 6
NONE: Final[Payload] = {"parse": [], "replied_user": False}

# Behind a backslash each of these is only itself.
_MARKS = re.compile(r"([\\*_~|`\[\]])")
_LINE_MARKS = re.compile(r"^(\s*)(#{1,3}|-#|>|[-+]|\d+\.)(?=\s|>)", re.MULTILINE)
# What Discord would make a mention, an emoji, a time, a command or a link of: a space without
# width after its first sign takes it apart.
_SIGNS = re.compile(
    r"<(?=[@#:/a-zA-Z])|@(?=everyone|here)|://|(?<=discord)\.(?=gg|com|new)", re.IGNORECASE
)
_BREAK: Final = "\N{ZERO WIDTH SPACE}"


def drawn(card: Card, *, key: str = "", as_text: bool = False) -> Payload:
    """Draw a card as a message.

    Its title stands outside the embed, so that notifications, screen readers and those who switched
    embeds off have it; `as_text` draws all of it so.
    `key` is the delivery's: a trace of it in the buttons' ids tells later that it was sent.
    """
    tag = trace(key) if key else ""
    rows = _rows(card.links, card.buttons, tag)
    if as_text:
        content = cut(inert(replace(card, links=()).text), CONTENT)
        return {"content": content, "embeds": [], "components": rows, "allowed_mentions": NONE}
    return {
        "content": cut(inert(card.title), CONTENT),
        "embeds": _embeds(card),
        "components": rows,
        "allowed_mentions": NONE,
    }


def trace(key: str) -> str:
    """Give a short name of a delivery that stands in what was delivered."""
    return blake2b(key.encode(), digest_size=9).hexdigest()


def nonce(key: str) -> str:
    """Name a delivery for Discord, in at most 25 characters."""
    return blake2b(key.encode(), digest_size=12).hexdigest()


def inert(text: str) -> str:
    """Take away all meaning but the words."""
    text = _MARKS.sub(r"\\\1", tidy(text))
    text = _LINE_MARKS.sub(r"\1\\\2", text)
    return _SIGNS.sub(lambda found: found[0][0] + _BREAK + found[0][1:], text)


def cut(text: str, most: int) -> str:
    """Shorten a text, and never in the middle of an escaped sign."""
    return text if len(text) <= most else text[: most - 1].rstrip("\\") + "…"


def unmarked(text: str, most: int) -> str:
    """Give a text for where Discord knows no markup: footers, buttons, forms."""
    return cut(_SIGNS.sub(lambda f: f[0][0] + _BREAK + f[0][1:], tidy(text)), most)


def _embeds(card: Card) -> list[Payload]:
    fields = [_field(field) for field in card.fields[:_FIELDS] if field.value]
    embed: Payload = {"fields": fields} if fields else {}
    if card.footer:
        embed["footer"] = {"text": unmarked(card.footer, _FOOTER)}
    used = sum(len(f["name"]) + len(f["value"]) for f in fields)
    left = _EMBEDS - used - len(card.footer[:_FOOTER]) - 1
    while left < 1 and fields:  # more fields than one embed can hold: the last give way
        gone = fields.pop()
        left += len(gone["name"]) + len(gone["value"])
    text = inert("\n\n".join(card.paragraphs))
    if text:
        embed["description"] = cut(text, min(_DESCRIPTION, max(1, left)))
    return [embed] if embed else []


def _field(field: Field) -> Payload:
    name, value = inert(field.name) or _BREAK, inert(field.value)
    return {"name": cut(name, _FIELD_NAME), "value": cut(value, _FIELD), "inline": False}


def _rows(links: Sequence[Link], buttons: Sequence[Button], tag: str) -> list[Payload]:
    """Put buttons in rows, then links; what is too long to be one is left out by the cards."""
    pressed = [_button(button, tag, is_first=not n) for n, button in enumerate(buttons)]
    opened = [_link(link) for link in _apart(links)]
    rows = [*_in_rows(pressed), *_in_rows(opened)][:_ROWS]
    return [{"type": _ROW, "components": row} for row in rows]


def _apart(links: Sequence[Link]) -> list[Link]:
    """Take each address once: Discord refuses two of the same, and what is no web address."""
    by_url = {link.url: link for link in reversed(links)}
    held = [link for link in links if by_url.get(link.url) is link]
    return [link for link in held if _is_web(link.url)]


def _is_web(url: str) -> bool:
    return url.startswith(("https://", "http://")) and len(url) <= _URL and url.isprintable()


def _in_rows(components: list[Payload]) -> list[list[Payload]]:
    return [components[n : n + _IN_A_ROW] for n in range(0, len(components), _IN_A_ROW)]


def _button(button: Button, tag: str, *, is_first: bool) -> Payload:
    id_ = f"{button.id}{TAG}{tag}" if tag else button.id
    if len(id_) > _CUSTOM_ID:
        raise ValueError(f"the button {button.id[:40]} has too long an id for Discord")
    label = unmarked(button.label, _BUTTON_LABEL) or _BREAK
    style = _PRIMARY if is_first else _SECONDARY
    return {"type": _BUTTON, "style": style, "label": label, "custom_id": id_}


def _link(link: Link) -> Payload:
    label = unmarked(link.label, _BUTTON_LABEL) or "Open"
    return {"type": _BUTTON, "style": _LINK_STYLE, "label": label, "url": link.url}


def form_id(form: Form, source: str = "", about: str = "") -> str:
    """Join what a form must remember while it is filled in, perhaps over a restart."""
    id_ = PART.join((form.id, source, about)).rstrip(PART)
    if len(id_) > _CUSTOM_ID:
        raise ValueError(f"the form {form.id[:40]} has too long an id for Discord")
    return id_


def modal(form: Form, source: str = "", about: str = "") -> Payload:
    """Draw a form. Discord has no name of ours for its button: `send` is not shown."""
    return {
        "title": unmarked(form.title, _FORM_TITLE),
        "custom_id": form_id(form, source, about),
        "components": [_line(line) for line in form.lines[:_LINES]],
    }


def _line(line: Line) -> Payload:
    """https://docs.discord.com/developers/components/reference#label."""
    drawn_: Payload = {
        "type": _LABEL,
        "label": unmarked(line.label, _FORM_LABEL),
        "component": _inside(line),
    }
    if line.help:
        drawn_["description"] = unmarked(line.help, _HELP)
    return drawn_


def _inside(line: Line) -> Payload:
    if line.choices:
        return _chooser(line)
    return _picker(line) if line.kind in _PICKERS else _typed(line)


def _picker(line: Line) -> Payload:
    """Let one person, role or channel be picked of those that the server has."""
    type_, named = _PICKERS[line.kind]
    drawn_: Payload = {
        "type": type_,
        "custom_id": line.name,
        "required": line.required,
        "min_values": int(line.required),
        "max_values": 1,
    }
    if line.value.isdecimal():
        drawn_["default_values"] = [{"id": line.value, "type": named}]
    if line.kind is Kind.CHANNEL:
        drawn_["channel_types"] = [0]  # text
    return drawn_


def _typed(line: Line) -> Payload:
    most = max(1, min(line.most, _TYPED))
    inside: Payload = {
        "type": _INPUT,
        "custom_id": line.name,
        "style": 2 if line.is_long else 1,
        "required": line.required,
        "max_length": most,
    }
    if line.value:
        inside["value"] = line.value[:most]
    return inside


def _chooser(line: Line) -> Payload:
    return {
        "type": _SELECT,
        "custom_id": line.name,
        "required": line.required,
        "min_values": int(line.required),
        "max_values": 1,
        "options": [
            {
                "label": unmarked(choice.label, _OPTION),
                "value": choice.value[:_OPTION],
                "default": choice.value == line.value,
            }
            for choice in line.choices[:_OPTIONS]
        ],
    }


def choices(given: Sequence[Choice]) -> list[Payload]:
    """Draw what is suggested while somebody types."""
    return [
        {"name": unmarked(choice.label, _OPTION) or _BREAK, "value": choice.value[:_OPTION]}
        for choice in given[:_OPTIONS]
    ]
