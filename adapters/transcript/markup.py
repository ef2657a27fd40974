"""Discord's and Slack's markup to plain text, and a card to plain text. Pure.

Quotes and code stay as they are: triage reads them as what somebody else wrote.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from bot.domain.card import Card

# Cc but newline and tab, and lone surrogates, which no file and no database can hold.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")

# Each begins with a letter of its own, so that the search jumps from one such letter to the next.
_CODE = re.compile(r"(```.*?```|`[^`\n]+`)", re.DOTALL)
_SPOILER = re.compile(r"\|\|(.+?)\|\|", re.DOTALL)
_DISCORD = re.compile(r"<([@#:a-zA-Z/][^<>\n]*)>")
# No "[" inside, and bounded: "[[[[..." would cost the square of its length.
_MASKED = re.compile(r"\[([^\[\]\n]{1,1000})\]\(<?(https?://[^\s)>\[]{1,2000})>?\)")
_ANGLE = re.compile(r"<([^<>\s][^<>]*)>")
_MENTION = re.compile(r"<@([A-Z0-9]{1,32})(?:\|([^<>]*))?>")


def discord_plain(text: str, names: Mapping[str, str]) -> str:
    """`names` are the mentioned members' by id; a mention that is not among them stays unnamed."""
    if "<" in text or "||" in text or "](" in text:
        parts = _CODE.split(text) if "`" in text else [text]
        # Every second part is code.
        parts[::2] = [_discord_words(part, names) for part in parts[::2]]
        text = "".join(parts)
    return tidy(text)


def slack_plain(text: str, names: Mapping[str, str], channels: Mapping[str, str]) -> str:
    """`names` of members and `channels` by id, for the mentions that carry no name."""
    if "<" in text:
        text = _ANGLE.sub(lambda found: _slack_word(found[1], names, channels), text)
    if "&" in text:  # last, so that a typed "<@U1>" stays what was typed; "&amp;lt;" is "&lt;"
        text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return tidy(text)


def slack_mentions(text: str, names: Mapping[str, str]) -> tuple[str, ...]:
    if "<@" not in text:
        return ()
    found = _MENTION.findall(text)
    return tuple(dict.fromkeys(tidy(name or names.get(id_, "member")) for id_, name in found))


def tidy(text: str) -> str:
    """Take out control characters but newline and tab, and lone surrogates."""
    if text.isprintable() or text.replace("\n", "").replace("\t", "").isprintable():
        return text
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROL.sub(_instead, text)


def draw(card: Card) -> str:
    """Draw it without buttons: what they do has to be said in the card's words."""
    return tidy(card.text)


def _instead(found: re.Match[str]) -> str:
    return "\N{REPLACEMENT CHARACTER}" if found[0] >= "\ud800" else " "


def _discord_words(text: str, names: Mapping[str, str]) -> str:
    """Read what stands between code."""
    if "||" in text:
        text = _SPOILER.sub(r"\1", text)
    if "](" in text:
        text = _MASKED.sub(lambda found: _link(found[1], found[2]), text)
    if "<" in text:
        text = _DISCORD.sub(lambda found: _discord_word(found, names), text)
    return text


def _discord_word(found: re.Match[str], names: Mapping[str, str]) -> str:
    token: str = found[1]
    kind, _, rest = token.partition(":")
    last = rest.rpartition(":")[0]
    match kind:
        case "" | "a" if last:
            return f":{last}:"
        case "t":
            return _moment(rest.partition(":")[0])
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


def _slack_word(token: str, names: Mapping[str, str], channels: Mapping[str, str]) -> str:
    target, _, label = token.partition("|")
    match target[:1]:
        case "@":
            return "@" + (label.removeprefix("@") or names.get(target[1:], "member"))
        case "#":
            return "#" + (label.removeprefix("#") or channels.get(target[1:], "channel"))
        case "!":
            return _slack_command(target[1:], label)
        case _:
            return _link(label, target.removeprefix("mailto:").removeprefix("tel:"))


def _slack_command(command: str, label: str) -> str:
    """Read `<!here>`, `<!subteam^S1|@team>`, `<!date^1392734382^{date}|18 February 2014>`."""
    if label:
        return label
    name, _, rest = command.partition("^")
    if name == "date":
        return _moment(rest.partition("^")[0])
    return "@group" if name == "subteam" else f"@{name}"


def _link(label: str, url: str) -> str:
    """Show both, but once when a typed "example.org" was made a link by itself."""
    short = url.partition("://")[2].rstrip("/")
    return url if label in {"", url, short} else f"{label} ({url})"


def _moment(seconds: str) -> str:
    try:
        moment = datetime.fromtimestamp(int(seconds), UTC)
    except (ValueError, OverflowError, OSError):
        return "a time"
    return f"{moment:%Y-%m-%d %H:%M} UTC"
