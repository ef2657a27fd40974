"""A card and a form to Block Kit. Pure, and inert (I12).

What anybody typed goes into plain_text and rich_text alone: there Slack reads no mention, no link
and no formatting. The top-level text, which notifications and screen readers use, is escaped.
Limits: https://docs.slack.dev/reference/block-kit/blocks and the pages below it.
"""

from collections.abc import Iterator, Sequence

from adapters.slack.installed import Raw
from adapters.wording.slack import escaped
from adapters.wording.text import tidy
from bot.domain.card import Button, Card, Field, Link

MOST_BLOCKS, MOST_HOME_BLOCKS = 50, 100
MOST_TEXT = 4_000  # /reference/methods/chat.postMessage#truncating: best kept below
_HEADER, _SECTION, _FIELD, _FIELDS, _LABEL, _VALUE, _ID = 150, 3_000, 2_000, 10, 75, 2_000, 255
_BUTTONS, _LINK = 25, 3_000
# Slack refuses a message over about 13,000 characters of blocks (msg_blocks_too_long, seen; not
# documented). What a card says is cut here, well below; what surrounds it fits into the rest.
MOST_SAID = 9_000
_CUT = "\N{HORIZONTAL ELLIPSIS}"


def drawn(card: Card, *, on: str = "") -> Raw:
    """Give `text` and `blocks` of a message. `on` is what its buttons say they are on."""
    return {"text": cut(escaped(card.text), MOST_TEXT), "blocks": blocks(card, on=on)}


def home(cards: Sequence[Card]) -> Raw:
    """Draw somebody's App Home; what does not fit is said to be left out."""
    drawn_blocks: list[Raw] = []
    for number, card in enumerate(cards):
        more = [*blocks(card, prefix=f"{number}:"), {"type": "divider"}]
        if len(drawn_blocks) + len(more) >= MOST_HOME_BLOCKS:
            drawn_blocks.append(_section("There is more than fits on this page."))
            break
        drawn_blocks += more
    return {"type": "home", "blocks": drawn_blocks}


def blocks(card: Card, *, on: str = "", prefix: str = "") -> list[Raw]:
    """Draw a card: at most a header, and what it says in few sections."""
    drawn_blocks = list(_blocks(card, on, prefix))
    if len(drawn_blocks) <= MOST_BLOCKS:
        return drawn_blocks
    last = [block for block in drawn_blocks[MOST_BLOCKS - 1 :] if block["type"] == "actions"]
    return [*drawn_blocks[: MOST_BLOCKS - len(last)], *last]


def cut(text: str, most: int) -> str:
    """Shorten to `most` characters and say so; an escape is not cut in two."""
    if len(text) <= most:
        return text
    kept = text[: most - 1]
    start = kept.rfind("&", -5)
    if start >= 0 and ";" not in kept[start:]:
        kept = kept[:start]
    return kept + _CUT


def plain_text(text: str, most: int) -> Raw:
    """Make a text object in which Slack reads nothing; an empty one is refused, so it is a dash."""
    said = cut(tidy(text).strip(), most) or "-"
    return {"type": "plain_text", "text": said, "emoji": False}


def _blocks(card: Card, on: str, prefix: str) -> Iterator[Raw]:
    yield {"type": "header", "text": plain_text(card.title.replace("\n", " "), _HEADER)}
    if len(card.title) > _HEADER:
        yield _section(card.title)
    for piece in _pieces("\n\n".join(filter(None, map(str.strip, card.paragraphs)))):
        yield _section(piece)
    for start in range(0, len(card.fields), _FIELDS):
        yield _fields(card.fields[start : start + _FIELDS])
    if card.links:
        yield _links(card.links)
    for start in range(0, len(card.buttons), _BUTTONS):
        yield _actions(card.buttons[start : start + _BUTTONS], on, prefix)
    if card.footer.strip():
        yield {"type": "context", "elements": [plain_text(card.footer, _FIELD)]}


def _pieces(text: str) -> Iterator[str]:
    """Part what is too long for a section where a paragraph or a word ends."""
    left = cut(tidy(text), MOST_SAID)
    while len(left) > _SECTION:
        end = max(left.rfind("\n\n", 1, _SECTION), left.rfind(" ", _SECTION // 2, _SECTION))
        end = end if end > 0 else _SECTION
        yield left[:end]
        left = left[end:].lstrip()
    if left:
        yield left


def _section(text: str) -> Raw:
    return {"type": "section", "text": plain_text(text, _SECTION)}


def _fields(fields: Sequence[Field]) -> Raw:
    most = min(_FIELD, MOST_SAID // (4 * len(fields)))
    said = [plain_text(f"{field.name}\n{field.value}", most) for field in fields]
    return {"type": "section", "fields": said}


def _links(links: Sequence[Link]) -> Raw:
    """Write links as rich text: the label cannot end one and begin another."""
    elements: list[Raw] = []
    for link in links:
        label = cut(tidy(link.label).strip(), _FIELD) or link.url
        if link.url.startswith(("https://", "http://")) and len(link.url) <= _LINK:
            elements.append({"type": "link", "url": link.url, "text": label})
        else:
            elements.append({"type": "text", "text": f"{label}: {cut(tidy(link.url), _FIELD)}"})
        elements.append({"type": "text", "text": "\n"})
    section = {"type": "rich_text_section", "elements": elements[:-1]}
    return {"type": "rich_text", "elements": [section]}


def _actions(buttons: Sequence[Button], on: str, prefix: str) -> Raw:
    """Draw buttons. A page of several cards has the same button more than once: `prefix` parts
    them, and whoever hears of the press takes it off again.
    """  # noqa: D205 - one sentence more than a line
    elements = [
        {
            "type": "button",
            "action_id": cut(f"{prefix}{button.id}", _ID),
            "text": plain_text(button.label, _LABEL),
            **({"value": on[:_VALUE]} if on else {}),
        }
        for button in buttons
    ]
    return {"type": "actions", "elements": elements}
