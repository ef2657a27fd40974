"""Discord's markup to plain text.

Quotes and code stay as they are: triage reads them as what somebody else wrote.
"""

import re
from collections.abc import Mapping

from adapters.wording.text import link, moment, tidy

# Each begins with a letter of its own, so that the search jumps from one such letter to the next.
_CODE = re.compile(r"(```.*?```|`[^`\n]+`)", re.DOTALL)
_SPOILER = re.compile(r"\|\|(.+?)\|\|", re.DOTALL)
_TOKEN = re.compile(r"<([@#:a-zA-Z/][^<>\n]*)>")
# No "[" inside, and bounded: "[[[[..." would cost the square of its length.
_MASKED = re.compile(r"\[([^\[\]\n]{1,1000})\]\(<?(https?://[^\s)>\[]{1,2000})>?\)")


def plain(text: str, names: Mapping[str, str]) -> str:
    """`names` are the mentioned members' by id; a mention that is not among them stays unnamed."""
    if "<" in text or "||" in text or "](" in text:
        parts = _CODE.split(text) if "`" in text else [text]
        # Every second part is code.
        parts[::2] = [_words(part, names) for part in parts[::2]]
        text = "".join(parts)
    return tidy(text)


def _words(text: str, names: Mapping[str, str]) -> str:
    """Read what stands between code."""
    if "||" in text:
        text = _SPOILER.sub(r"\1", text)
    if "](" in text:
        text = _MASKED.sub(lambda found: link(found[1], found[2]), text)
    if "<" in text:
        text = _TOKEN.sub(lambda found: _word(found, names), text)
    return text


def _word(found: re.Match[str], names: Mapping[str, str]) -> str:
    """https://docs.discord.com/developers/reference#message-formatting."""
    token: str = found[1]
    kind, _, rest = token.partition(":")
    last = rest.rpartition(":")[0]
    match kind:
        case "" | "a" if last:
            return f":{last}:"
        case "t":
            return moment(rest.partition(":")[0])
        case "http" | "https" if rest.startswith("//"):
            return token
    if kind.startswith("/") and rest.isdecimal():
        return kind
    return _mention(token, names) or found[0]


def _mention(token: str, names: Mapping[str, str]) -> str:
    """Read `@17`, `@!17`, `@&17` and `#17`; anything else is nothing."""
    id_ = token.lstrip("@!&#")
    if not id_.isdecimal():
        return ""
    match token.removesuffix(id_):
        case "@" | "@!":
            return "@" + names.get(id_, "member")
        case "@&":
            return "@role"
        case "#":
            return "#channel"
        case _:
            return ""
