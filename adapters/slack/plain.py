"""Slack's text to plain text, and plain text to what Slack shows as it was typed. Pure.

https://docs.slack.dev/messaging/formatting-message-text
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

# Cc but newline and tab, and lone surrogates, which no file and no database can hold.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_ANGLE = re.compile(r"<([^<>\s][^<>]*)>")
_MENTION = re.compile(r"<@([A-Z0-9]{1,32})(?:\|[^<>]*)?>")


def plain(text: str, names: Mapping[str, str], channels: Mapping[str, str]) -> str:
    """Read escapes and mentions. `names` of members and of `channels` are by id.

    Whoever is not among `names` is "member", whatever the mention itself says: names from outside
    the workspace (Slack Connect) are not ours to keep.
    """
    if "<" in text:
        text = _ANGLE.sub(lambda found: _word(found[1], names, channels), text)
    if "&" in text:  # last, so that a typed "<@U1>" stays what was typed; "&amp;lt;" is "&lt;"
        text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return tidy(text)


def mentions(text: str, names: Mapping[str, str]) -> tuple[str, ...]:
    """Name those who are mentioned, each once."""
    if "<@" not in text:
        return ()
    return tuple(dict.fromkeys(names.get(id_, "member") for id_ in _MENTION.findall(text)))


def tidy(text: str) -> str:
    """Take out control characters but newline and tab, and lone surrogates."""
    if text.isprintable() or text.replace("\n", "").replace("\t", "").isprintable():
        return text
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROL.sub(
        lambda one: "\N{REPLACEMENT CHARACTER}" if one[0] >= "\ud800" else " ", text
    )


def escaped(text: str) -> str:
    """Escape the three characters by which Slack knows mentions, links and commands."""
    return tidy(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _word(token: str, names: Mapping[str, str], channels: Mapping[str, str]) -> str:
    target, _, label = token.partition("|")
    match target[:1]:
        case "@":
            return "@" + names.get(target[1:], "member")
        case "#":
            return "#" + (channels.get(target[1:]) or label.removeprefix("#") or "channel")
        case "!":
            return _command(target[1:], label)
        case _:
            return _link(label, target.removeprefix("mailto:").removeprefix("tel:"))


def _command(command: str, label: str) -> str:
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
