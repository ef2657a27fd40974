"""Cards, forms and the table of commands, as the page draws them. Pure.

The page puts every string on the screen as text, never as markup; here goes what could still
deceive: characters that hide or turn text round, and addresses that are no web page.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final
from urllib.parse import urlsplit

from adapters.local.people import Community, Person
from adapters.local.view import Explained
from bot.domain.card import Card, Link
from bot.domain.command import Choice, Command, Form, Kind, Line, Menu, Option, Table
from bot.domain.message import MessageRef
from bot.domain.space import Role

Drawn = dict[str, Any]

# A place of this community: it opens in the page itself.
HERE: Final = "waymark-local:"
# Newline and tab are kept; the joiners as well, which emoji and several scripts need.
_KEPT: Final = "\n\t\u200c\u200d"
_HARMFUL: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def inert(text: str) -> str:
    """Take out what cannot be seen and changes how the rest looks."""
    return "".join(c for c in text if c in _KEPT or unicodedata.category(c) not in _HARMFUL)


def link_to(ref: MessageRef) -> str:
    thread = f"/{ref.place.thread}" if ref.place.thread else ""
    return f"{HERE}{ref.place.channel}{thread}#{ref.id}"


def person(person: Person) -> Drawn:
    return {"id": person.id, "name": inert(person.name), "role": person.role}


def card(card: Card) -> Drawn:
    return {
        "title": inert(card.title),
        "paragraphs": [inert(one) for one in card.paragraphs],
        "fields": [[inert(one.name), inert(one.value)] for one in card.fields],
        "links": [_link(one) for one in card.links],
        "buttons": [{"id": one.id, "label": inert(one.label)} for one in card.buttons],
        "footer": inert(card.footer),
    }


def form(form: Form) -> Drawn:
    return {
        "title": inert(form.title),
        "send": inert(form.send),
        "lines": [_line(one) for one in form.lines],
    }


def table(table: Table, person: Person) -> Drawn:
    """Show what `person` may ask for."""
    return {
        "commands": [_command(one) for one in table.commands if person.may(one.role)],
        "menus": [_menu(one) for one in table.menus if person.may(one.role)],
    }


def explained(explained: Explained) -> Drawn:
    return {
        "headline": inert(explained.headline),
        "because": [inert(one) for one in explained.because],
        "follows": inert(explained.follows),
        "details": [inert(one) for one in explained.details],
        "calls": explained.calls,
    }


def wanting(form: Form, values: dict[str, str]) -> str:
    """Say what is wrong with a filled-in form, or nothing."""
    for line in form.lines:
        value = values.get(line.name, "").strip()
        if line.required and not value:
            return f"{line.label}: please fill this in."
        if len(value) > line.most:
            return f"{line.label}: please use at most {line.most} characters."
        if value and line.choices and value not in {one.value for one in line.choices}:
            return f"{line.label}: please choose from the list."
    return ""


def _link(link: Link) -> Drawn:
    """Give a jump inside the page, an address of the web, or words alone."""
    label = inert(link.label)
    if link.url.startswith(HERE):
        place, _, message = link.url.removeprefix(HERE).partition("#")
        channel, _, thread = place.partition("/")
        return {"label": label, "where": channel, "thread": thread or None, "message": message}
    return {"label": label, "url": link.url} if _is_web(link.url) else {"label": label}


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc) and inert(url) == url


def _line(line: Line) -> Drawn:
    return {
        "name": line.name,
        "label": inert(line.label),
        "help": inert(line.help),
        "value": inert(line.value),
        "required": line.required,
        "long": line.is_long,
        "most": line.most,
        "choices": [[one.value, inert(one.label)] for one in line.choices],
    }


def _command(command: Command) -> Drawn:
    return {
        "name": command.name,
        "help": inert(command.help),
        "form": command.form is not None,
        "options": _options(command.options),
    }


def _options(options: Sequence[Option]) -> list[Drawn]:
    return [
        {
            "name": one.name,
            "help": inert(one.help),
            "kind": one.kind,
            "required": one.required,
            "choices": [[each.value, inert(each.label)] for each in one.choices],
            "suggests": one.suggests,
        }
        for one in options
    ]


def _menu(menu: Menu) -> Drawn:
    return {"id": menu.id, "label": inert(menu.label)}


def offered(form: Form, community: Community) -> Form:
    """Let the lines that ask for a person, a channel or a role offer those that there are."""
    given = {
        Kind.PERSON: tuple(Choice(one.id, one.name) for one in community.people),
        Kind.CHANNEL: tuple(Choice(one.id, f"#{one.id}") for one in community.channels),
        Kind.ROLE: tuple(Choice(one.value, one.value) for one in Role),
    }
    lines = (replace(line, choices=given.get(line.kind, line.choices)) for line in form.lines)
    return replace(form, lines=tuple(lines))
