"""What Discord refuses to take: each rule with the page that states it."""

import re
from collections.abc import Iterator
from typing import Any, Final

from tests.support.fake_discord.state import Json

# https://docs.discord.com/developers/resources/message#create-message
MOST_CONTENT, MOST_EMBEDS, MOST_NONCE = 2000, 10, 25
# https://docs.discord.com/developers/resources/message#embed-object-embed-limits
EMBED_LIMITS: Final = {"title": 256, "description": 4096}
MOST_FIELDS, MOST_FIELD_NAME, MOST_FIELD, MOST_FOOTER, MOST_IN_EMBEDS = 25, 256, 1024, 2048, 6000
# https://docs.discord.com/developers/components/reference
ACTION_ROW, BUTTON, STRING_SELECT, TEXT_INPUT, LABEL = 1, 2, 3, 4, 18
MOST_ROWS, MOST_BUTTONS, MOST_LABEL, MOST_CUSTOM_ID, MOST_URL = 5, 5, 80, 100, 512
MOST_SELECT, MOST_TITLE, MOST_FORM_LABEL, MOST_DESCRIPTION, MOST_INPUT = 25, 45, 45, 100, 4000
LINK_STYLE = 5
PICKED: Final = {5: "user", 6: "role", 8: "channel"}
# https://docs.discord.com/developers/interactions/application-commands#application-command-object
_NAME = re.compile(r"^[-_'\w]{1,32}$")
MOST_COMMANDS, MOST_MENUS, MOST_OPTIONS, MOST_CHOICES, MOST_CHARACTERS = 100, 5, 25, 25, 8000
SUB_COMMAND, GROUP, STRING, INTEGER, USER, CHANNEL = 1, 2, 3, 4, 6, 7


def message(body: Json) -> list[str]:
    """Say what is wrong with a message that is to be made or changed."""
    return list(_message(body))


def _message(body: Json) -> Iterator[str]:
    content, embeds = body.get("content") or "", body.get("embeds") or []
    rows = body.get("components") or []
    if len(content) > MOST_CONTENT:
        yield "content: Must be 2000 or fewer in length."
    if len(embeds) > MOST_EMBEDS:
        yield "embeds: Must be 10 or fewer in length."
    if len(str(body.get("nonce") or "")) > MOST_NONCE:
        yield "nonce: Must be 25 or fewer in length."
    yield from (wrong for embed in embeds for wrong in _embed(embed))
    if sum(_length(embed) for embed in embeds) > MOST_IN_EMBEDS:
        yield "embeds: Embed size exceeds maximum size of 6000"
    yield from _rows(rows)


def is_empty(body: Json) -> bool:
    """https://docs.discord.com/developers/resources/message#create-message, code 50006."""
    return not any(body.get(part) for part in ("content", "embeds", "components", "sticker_ids"))


def _embed(embed: Json) -> Iterator[str]:
    for part, most in EMBED_LIMITS.items():
        if len(embed.get(part) or "") > most:
            yield f"embeds.{part}: Must be {most} or fewer in length."
    fields = embed.get("fields") or []
    if len(fields) > MOST_FIELDS:
        yield "embeds.fields: Must be 25 or fewer in length."
    for field in fields:
        for part, most in (("name", MOST_FIELD_NAME), ("value", MOST_FIELD)):
            if not 1 <= len(field.get(part) or "") <= most:
                yield f"embeds.fields.{part}: Must be between 1 and {most} in length."
    footer = embed.get("footer")
    if footer is not None and not 1 <= len(footer.get("text") or "") <= MOST_FOOTER:
        yield "embeds.footer.text: Must be between 1 and 2048 in length."


def _length(embed: Json) -> int:
    fields = embed.get("fields") or []
    parts = [embed.get("title"), embed.get("description"), (embed.get("footer") or {}).get("text")]
    parts += [text for field in fields for text in (field.get("name"), field.get("value"))]
    return sum(len(part or "") for part in parts)


def _rows(rows: list[Json]) -> Iterator[str]:
    if len(rows) > MOST_ROWS:
        yield "components: Must be 5 or fewer in length."
    ids = []
    for row in rows:
        inside = row.get("components") or []
        if row.get("type") != ACTION_ROW or not 1 <= len(inside) <= MOST_BUTTONS:
            yield "components: An action row holds 1 to 5 buttons."
        for button in inside:
            ids.append(button.get("custom_id") or button.get("url"))
            yield from _button(button)
    if len(ids) != len(set(ids)):
        yield "components: Component custom id cannot be duplicated"


def _button(button: Json) -> Iterator[str]:
    if button.get("type") != BUTTON:
        yield "components: not a button"
    if not 1 <= len(button.get("label") or "") <= MOST_LABEL:
        yield "components.label: Must be between 1 and 80 in length."
    if button.get("style") == LINK_STYLE:
        url = button.get("url") or ""
        if "custom_id" in button or len(url) > MOST_URL or not re.match("(https?|discord)://", url):
            yield "components.url: Not a well formed URL."
    elif not 1 <= len(button.get("custom_id") or "") <= MOST_CUSTOM_ID:
        yield "components.custom_id: Must be between 1 and 100 in length."


def modal(body: Json) -> list[str]:
    """https://docs.discord.com/developers/interactions/receiving-and-responding, "Modal"."""
    return list(_modal(body))


def _modal(body: Json) -> Iterator[str]:
    if not 1 <= len(body.get("title") or "") <= MOST_TITLE:
        yield "title: Must be between 1 and 45 in length."
    if not 1 <= len(body.get("custom_id") or "") <= MOST_CUSTOM_ID:
        yield "custom_id: Must be between 1 and 100 in length."
    lines = body.get("components") or []
    if not 1 <= len(lines) <= MOST_ROWS:
        yield "components: Must be between 1 and 5 in length."
    for line in lines:
        yield from _line(line)


def _line(line: Json) -> Iterator[str]:  # noqa: C901 - one rule after another
    """https://docs.discord.com/developers/components/reference#label."""
    inside = line.get("component") or {}
    if line.get("type") != LABEL or not 1 <= len(line.get("label") or "") <= MOST_FORM_LABEL:
        yield "components.label: Must be between 1 and 45 in length."
    if len(line.get("description") or "") > MOST_DESCRIPTION:
        yield "components.description: Must be 100 or fewer in length."
    if inside.get("type") == TEXT_INPUT:
        if not 1 <= int(inside.get("max_length", MOST_INPUT)) <= MOST_INPUT:
            yield "components.max_length: Must be between 1 and 4000."
        if len(inside.get("value") or "") > int(inside.get("max_length", MOST_INPUT)):
            yield "components.value: longer than max_length"
    elif inside.get("type") == STRING_SELECT:
        options = inside.get("options") or []
        if not 1 <= len(options) <= MOST_SELECT:
            yield "components.options: Must be between 1 and 25 in length."
        if any(not 1 <= len(one["label"]) <= MOST_DESCRIPTION for one in options):
            yield "components.options.label: Must be between 1 and 100 in length."
    elif inside.get("type") in PICKED:
        yield from _picker(inside)
    else:
        yield "components.component: unknown"


def _picker(inside: Json) -> Iterator[str]:
    """https://docs.discord.com/developers/components/reference#user-select and the next ones."""
    named, least = PICKED[inside["type"]], inside.get("min_values", 1)
    most = inside.get("max_values", 1)
    if not 0 <= least <= most <= MOST_SELECT or most < 1:
        yield "components.max_values: Must be between 1 and 25, and not less than min_values."
    if inside.get("required", True) and least == 0:
        yield "components.min_values: Must be 1 or more when required."
    defaults = inside.get("default_values") or []
    if defaults and not least <= len(defaults) <= most:
        yield "components.default_values: as many as may be chosen"
    if any(one.get("type") != named or not one.get("id", "").isdecimal() for one in defaults):
        yield "components.default_values: of another kind"


def commands(rows: list[Json]) -> list[str]:
    return list(_commands(rows))


def _commands(rows: list[Json]) -> Iterator[str]:
    """https://docs.discord.com/developers/interactions/application-commands#registering-a-command."""
    slashes = [row for row in rows if row.get("type", 1) == 1]
    menus = [row for row in rows if row.get("type") in {2, 3}]
    if len(slashes) > MOST_COMMANDS or len(menus) > MOST_MENUS:
        yield "Max number of application commands reached"
    names = [(row.get("type", 1), row["name"]) for row in rows]
    if len(names) != len(set(names)):
        yield "Application command names must be unique"
    for menu in menus:
        if not 1 <= len(menu["name"]) <= 32 or menu.get("description"):
            yield f"{menu['name']}: a menu has a name of 1 to 32 characters and no description"
    for row in slashes:
        yield from _command(row)
        if _characters(row) > MOST_CHARACTERS:
            yield f"{row['name']}: exceeds maximum size of 8000"


def _command(row: Json) -> Iterator[str]:  # noqa: C901 - as above
    name = row.get("name") or ""
    if not _NAME.match(name) or name != name.lower():
        yield f"{name}: Command name is invalid"
    if not 1 <= len(row.get("description") or "") <= MOST_DESCRIPTION:
        yield f"{name}: description must be between 1 and 100 in length."
    options = row.get("options") or []
    if len(options) > MOST_OPTIONS:
        yield f"{name}: options must be 25 or fewer in length."
    required = [bool(option.get("required")) for option in options]
    if required != sorted(required, reverse=True):
        yield f"{name}: Required options must be placed before non-required options"
    kinds = {option["type"] in {SUB_COMMAND, GROUP} for option in options}
    if len(kinds) > 1:
        yield f"{name}: sub-commands and parameters cannot stand together"
    for option in options:
        yield from _command(option)
        choices = option.get("choices") or []
        if len(choices) > MOST_CHOICES or (choices and option.get("autocomplete")):
            yield f"{name}: 25 choices at most, and none with autocomplete"
        if any(not 1 <= len(one["name"]) <= MOST_DESCRIPTION for one in choices):
            yield f"{name}: a choice's name is 1 to 100 in length"


def _characters(row: Json) -> int:
    """Count names, descriptions and values, with those of all that is inside."""
    inside = [*(row.get("options") or []), *(row.get("choices") or [])]
    own: list[Any] = [row.get("name"), row.get("description"), row.get("value")]
    return sum(len(str(one or "")) for one in own) + sum(_characters(one) for one in inside)
