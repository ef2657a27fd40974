"""The table of what can be asked, as Discord's slash commands and menus. Pure.

https://docs.discord.com/developers/interactions/application-commands
"""

from collections.abc import Sequence
from typing import Any, Final, TypeAlias

from bot.domain.command import Command, Kind, Menu, Option, Table
from bot.domain.space import Role

Payload: TypeAlias = dict[str, Any]

_SLASH, _MESSAGE_MENU, _SUB_COMMAND = 1, 3, 1
_KINDS: Final = {Kind.TEXT: 3, Kind.NUMBER: 4, Kind.PERSON: 6, Kind.CHANNEL: 7, Kind.ROLE: 8}
_HELP, _CHOICE, _CHOICES = 100, 100, 25
_GUILD, _BOT_DM = 0, 1  # interaction contexts
# Who sees a command by default. Discord knows nothing of a desk's practitioners and supervisors:
# theirs are seen by all, and the role is checked when they are used (I7).
_SEEN_WITH: Final = {Role.MODERATOR: 1 << 4, Role.OWNER: 1 << 5}  # manage channels, manage server
_RANK: Final = {role: rank for rank, role in enumerate(Role)}
# What Discord adds by itself to a command that leaves it out.
_DEFAULTS: Final[Payload] = {
    "type": _SLASH,
    "description": "",
    "required": False,
    "autocomplete": False,
    "default_member_permissions": None,
    "options": [],
    "choices": [],
    "contexts": None,
}


def drawn(table: Table) -> list[Payload]:
    """Draw the whole table, one command a noun. Raises ValueError when Discord cannot have it."""
    nouns: dict[str, list[Command]] = {}
    for command in table.commands:
        nouns.setdefault(command.noun, []).append(command)
    slashes = [_noun(noun, table.nouns.get(noun, ""), rows) for noun, rows in nouns.items()]
    return [*slashes, *map(_menu, table.menus)]


def is_same(wanted: Sequence[Payload], held: Sequence[Payload]) -> bool:
    """Tell whether what Discord holds is what we want, whatever it has added."""
    return {_key(row): _bare(row) for row in wanted} == {_key(row): _bare(row) for row in held}


def _key(row: Payload) -> tuple[int, str]:
    return row.get("type", _SLASH), row["name"]


def _bare(row: Payload) -> Payload:
    """Keep what we set, in one form."""
    bare = {name: row.get(name) or default for name, default in _DEFAULTS.items()}
    bare["options"] = [_bare(option) for option in bare["options"]]
    bare["choices"] = [(one["name"], one["value"]) for one in bare["choices"]]
    return {"name": row["name"], **bare}


def _noun(noun: str, about: str, rows: Sequence[Command]) -> Payload:
    least = min((row.role for row in rows), key=_RANK.__getitem__)
    common = {"name": noun, "type": _SLASH, **_seen_by(least)}
    if len(rows) == 1 and not rows[0].verb:
        (only,) = rows
        return {**common, "description": _help(only.help), "options": _options(only)}
    if any(not row.verb for row in rows):
        raise ValueError(f"/{noun} has commands with a verb and one without: Discord cannot")
    verbs = [
        {
            "type": _SUB_COMMAND,
            "name": row.verb,
            "description": _help(row.help),
            "options": _options(row),
        }
        for row in rows
    ]
    return {**common, "description": _help(about or noun), "options": verbs}


def _options(command: Command) -> list[Payload]:
    """Discord wants what is required first."""
    ordered = sorted(command.options, key=lambda option: not option.required)
    return [_option(option) for option in ordered]


def _option(option: Option) -> Payload:
    drawn_: Payload = {
        "type": _KINDS[option.kind],
        "name": option.name,
        "description": _help(option.help),
        "required": option.required,
    }
    if option.choices:
        is_number = option.kind is Kind.NUMBER
        drawn_["choices"] = [
            {"name": one.label[:_CHOICE], "value": int(one.value) if is_number else one.value}
            for one in option.choices[:_CHOICES]
        ]
    elif option.suggests:
        drawn_["autocomplete"] = True
    return drawn_


def _menu(menu: Menu) -> Payload:
    return {"name": menu.label, "type": _MESSAGE_MENU, **_seen_by(menu.role)}


def _seen_by(role: Role) -> Payload:
    """Say who sees it, and where: outside a server nobody moderates."""
    needed = _SEEN_WITH.get(role)
    contexts = [_GUILD] if needed else [_GUILD, _BOT_DM]
    return {
        "default_member_permissions": str(needed) if needed else None,
        "contexts": contexts,
    }


def _help(text: str) -> str:
    return text if len(text) <= _HELP else text[: _HELP - 1] + "…"
