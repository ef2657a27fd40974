"""A form to a modal, and what was written in a modal back. Pure.

https://docs.slack.dev/reference/views and /reference/views#state.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from adapters.slack.installed import Raw
from adapters.slack.markup import plain_text
from adapters.slack.typed import in_words
from bot.domain.command import Choice, Command, Form, Kind, Line, Option

_TITLE, _LABEL, _HINT, _OPTION, _VALUE = 24, 2_000, 2_000, 75, 150
MOST_OPTIONS = 100
_MOST_INPUT = 3_000
# Slack takes no empty value, and nothing that was chosen can be chosen away.
NOTHING = "-"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a modal was opened: what travels with it and comes back when it is sent.

    `channel` may be empty (App Home). `about` is the ts of the message whose menu it was.
    """

    channel: str = ""
    source: str = ""
    on: str | None = None
    about: str | None = None
    thread: str | None = None

    @classmethod
    def read(cls, written: str) -> "Origin":
        """Read private_metadata; what cannot be read is as good as nothing."""
        try:
            return cls(**json.loads(written))
        except (ValueError, TypeError):
            return cls()


def modal(form: Form, origin: Origin) -> Raw:
    """Draw a form."""
    return _view(f"form/{form.id}", form.title, form.send, map(_line, form.lines), origin)


def asking(command: Command, given: Mapping[str, str], origin: Origin) -> Raw:
    """Draw a modal that asks for the options of a command that were not given."""
    inputs = [_option(option, given.get(option.name, ""), command) for option in command.options]
    return _view(f"ask/{command.noun}/{command.verb}", command.name, "Send", inputs, origin)


def values(view: Mapping[str, Any]) -> dict[str, str]:
    """Read what was written, by the line's name; what was left empty is left out."""
    found: dict[str, str] = {}
    for name, elements in ((view.get("state") or {}).get("values") or {}).items():
        for element in elements.values():
            written = _value(element)
            if written:
                found[name] = written
    return found


def options(choices: Sequence[Choice]) -> list[Raw]:
    """Draw choices for a list, as many as Slack takes."""
    return [
        {"text": plain_text(choice.label, _OPTION), "value": choice.value[:_VALUE] or NOTHING}
        for choice in choices[:MOST_OPTIONS]
    ]


def _view(callback: str, title: str, send: str, inputs: Any, origin: Origin) -> Raw:  # noqa: ANN401 - any iterable of blocks
    return {
        "type": "modal",
        "callback_id": callback,
        "title": plain_text(title, _TITLE),
        "submit": plain_text(send, _TITLE),
        "close": plain_text("Cancel", _TITLE),
        "private_metadata": json.dumps(asdict(origin)),
        "blocks": list(inputs),
    }


def _line(line: Line) -> Raw:
    element = _select(line) if line.choices else _picked(line.kind, line.value) or _written(line)
    return _input(line.name, line.label, line.help, element, is_required=line.required)


def _select(line: Line) -> Raw:
    drawn = options(line.choices)
    chosen = [option for option in drawn if option["value"] == line.value]
    return {
        "type": "static_select",
        "options": drawn,
        **({"initial_option": chosen[0]} if chosen else {}),
    }


def _written(line: Line) -> Raw:
    most = min(line.most, _MOST_INPUT)
    element: Raw = {"type": "plain_text_input", "multiline": line.is_long, "max_length": most}
    return {**element, "initial_value": line.value[:most]} if line.value else element


def _input(name: str, label: str, hint: str, element: Raw, *, is_required: bool) -> Raw:
    return {
        "type": "input",
        "block_id": name,
        "optional": not is_required,
        "label": plain_text(label, _LABEL),
        "element": {**element, "action_id": name},
        **({"hint": plain_text(hint, _HINT)} if hint else {}),
    }


def _option(option: Option, given: str, of: Command) -> Raw:
    element = _element(option, given)
    label = option.name.replace("_", " ").replace("-", " ").capitalize()
    hint = in_words(option.help, (of.noun,))
    return _input(option.name, label, hint, element, is_required=option.required)


def _element(option: Option, given: str) -> Raw:
    if option.suggests:
        return {"type": "external_select", "min_query_length": 0}
    if option.choices:
        return _select(Line(option.name, option.name, value=given, choices=option.choices))
    line = Line(option.name, option.name, value=given)
    return _picked(option.kind, given) or _written(line)


def _picked(kind: Kind, given: str) -> Raw | None:
    """Let one be picked of those that Slack has; None where something is written instead."""
    match kind:
        case Kind.PERSON:
            return {"type": "users_select", **({"initial_user": given} if given else {})}
        case Kind.CHANNEL:
            more = {"initial_conversation": given} if given else {}
            return {"type": "conversations_select", **more}
        case Kind.TEXT | Kind.NUMBER | Kind.ROLE:
            return None


def _value(element: Mapping[str, Any]) -> str:
    chosen = element.get("selected_option")
    if isinstance(chosen, dict):
        written = str(chosen.get("value") or "")
        return "" if written == NOTHING else written
    for name in ("value", "selected_user", "selected_conversation"):
        if element.get(name):
            return str(element[name])
    return ""
