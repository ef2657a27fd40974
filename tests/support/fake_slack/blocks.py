"""What Slack refuses to show: https://docs.slack.dev/reference/block-kit/blocks and below it."""

from collections.abc import Mapping, Sequence
from typing import Any

from tests.support.fake_slack.workspace import Refused

MOST = {"message": 50, "modal": 100, "home": 100}  # /reference/block-kit/blocks
MOST_OVER_ALL = 13_200  # characters; undocumented, seen as msg_blocks_too_long
MOST_TEXT = 40_000  # /reference/methods/chat.postMessage#truncating: beyond, it is cut
SECTION, FIELD, HEADER, LABEL, VALUE, ID = 3_000, 2_000, 150, 75, 2_000, 255
TITLE, SUBMIT, PRIVATE, CALLBACK = 24, 24, 3_000, 255  # /reference/views/modal-views
INPUT_LABEL, HINT, PLACEHOLDER = 2_000, 2_000, 150  # /reference/block-kit/blocks/input-block
OPTIONS, OPTION_TEXT, OPTION_VALUE = 100, 75, 150  # /reference/block-kit/composition-objects
MOST_INPUT = 3_000  # /reference/block-kit/block-elements/plain-text-input-element


def check(blocks: Sequence[Mapping[str, Any]], where: str) -> None:
    """Raise Refused with the error that Slack would give."""
    if len(blocks) > MOST[where]:
        raise Refused("invalid_blocks", why=f"more than {MOST[where]} blocks")
    if where == "message" and len(str(blocks)) > MOST_OVER_ALL:
        raise Refused("msg_blocks_too_long")
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    _must(len(ids) == len(set(ids)), "block_id twice")
    for block in blocks:
        _must(len(block.get("block_id", "")) <= ID, "block_id too long")
        _CHECKS.get(block["type"], _unknown)(block)
    actions = [
        element["action_id"]
        for block in blocks
        for element in block.get("elements", ())
        if "action_id" in element
    ]
    _must(len(actions) == len(set(actions)), "action_id twice")


def check_view(view: Mapping[str, Any]) -> None:
    """https://docs.slack.dev/reference/views."""
    where = view["type"]
    check(view["blocks"], where)
    _must(len(view.get("private_metadata", "")) <= PRIVATE, "private_metadata too long")
    _must(len(view.get("callback_id", "")) <= CALLBACK, "callback_id too long")
    if where == "modal":
        _text(view["title"], TITLE, plain=True)
        has_input = any(block["type"] == "input" for block in view["blocks"])
        _must("submit" in view or not has_input, "an input needs a submit")
        if "submit" in view:
            _text(view["submit"], SUBMIT, plain=True)


def _must(is_so: bool, why: str) -> None:  # noqa: FBT001 - what is so is the point
    if not is_so:
        raise Refused("invalid_blocks", why=why)


def _unknown(block: Mapping[str, Any]) -> None:
    raise Refused("invalid_blocks", why=f"unknown {block['type']}")


def _text(text: Mapping[str, Any], most: int, *, plain: bool = False) -> None:
    _must(text["type"] == "plain_text" or not plain, "must be plain_text")
    _must(1 <= len(text["text"]) <= most, f"{len(text['text'])} characters, not 1 to {most}")


def _section(block: Mapping[str, Any]) -> None:
    _must("text" in block or bool(block.get("fields")), "a section needs text or fields")
    if "text" in block:
        _text(block["text"], SECTION)
    _must(len(block.get("fields", ())) <= 10, "more than 10 fields")
    for field in block.get("fields", ()):
        _text(field, FIELD)


def _header(block: Mapping[str, Any]) -> None:
    _text(block["text"], HEADER, plain=True)


def _context(block: Mapping[str, Any]) -> None:
    _must(1 <= len(block["elements"]) <= 10, "1 to 10 elements")
    for element in block["elements"]:
        _text(element, FIELD)


def _actions(block: Mapping[str, Any]) -> None:
    _must(1 <= len(block["elements"]) <= 25, "1 to 25 elements")
    for element in block["elements"]:
        _must(len(element["action_id"]) <= ID, "action_id too long")
        if element["type"] == "button":
            _text(element["text"], LABEL, plain=True)
            _must(len(element.get("value", "")) <= VALUE, "value too long")


def _input(block: Mapping[str, Any]) -> None:
    _text(block["label"], INPUT_LABEL, plain=True)
    if "hint" in block:
        _text(block["hint"], HINT, plain=True)
    element = block["element"]
    if element["type"] == "plain_text_input":
        most = element.get("max_length", MOST_INPUT)
        _must(1 <= most <= MOST_INPUT, "max_length")
        _must(len(element.get("initial_value", "")) <= most, "initial_value too long")
    if element["type"] == "static_select":
        _must(1 <= len(element["options"]) <= OPTIONS, "1 to 100 options")
        for option in element["options"]:
            check_option(option)
        chosen = element.get("initial_option")
        _must(chosen is None or chosen in element["options"], "initial_option is no option")


def check_option(option: Mapping[str, Any]) -> None:
    _text(option["text"], OPTION_TEXT)
    _must(1 <= len(option["value"]) <= OPTION_VALUE, "value of an option")


def _rich_text(block: Mapping[str, Any]) -> None:
    for section in block["elements"]:
        _must(section["type"] == "rich_text_section", "rich_text_section")
        for element in section["elements"]:
            _must(element["type"] in ("text", "link"), "text or link")
            is_link = element["type"] == "link"
            _must(not is_link or element["url"].startswith(("http://", "https://")), "url")
            _must(is_link or bool(element["text"]), "empty text")


def _divider(_: Mapping[str, Any]) -> None:
    return


_CHECKS = {
    "section": _section,
    "header": _header,
    "context": _context,
    "actions": _actions,
    "input": _input,
    "rich_text": _rich_text,
    "divider": _divider,
}
