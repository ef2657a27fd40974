"""Slack's text to plain text, and plain text to what Slack shows as it was typed.

https://docs.slack.dev/messaging/formatting-message-text
"""

import re
from collections.abc import Mapping

from adapters.wording.text import link, moment, tidy

_ANGLE = re.compile(r"<([^<>\s][^<>]*)>")
_MENTION = re.compile(r"<@([A-Z0-9]{1,32})(?:\|([^<>]*))?>")


def plain(
    text: str, names: Mapping[str, str], channels: Mapping[str, str], *, own_names: bool = False
) -> str:
    """Read escapes and mentions. `names` of members and of `channels` are by id.

    Whoever is not among `names` is "member", whatever the mention itself says: names from outside
    the workspace (Slack Connect) are not ours to keep. In an organisation's own export they are
    its `own_names`, and hold.
    """
    if "<" in text:
        text = _ANGLE.sub(lambda found: _word(found[1], names, channels, own_names=own_names), text)
    if "&" in text:  # last, so that a typed "<@U1>" stays what was typed; "&amp;lt;" is "&lt;"
        text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return tidy(text)


def mentions(text: str, names: Mapping[str, str], *, own_names: bool = False) -> tuple[str, ...]:
    """Name those who are mentioned, each once."""
    if "<@" not in text:
        return ()
    found = _MENTION.findall(text)
    return tuple(
        dict.fromkeys(tidy(_name(id_, said if own_names else "", names)) for id_, said in found)
    )


def escaped(text: str) -> str:
    """Escape the three characters by which Slack knows mentions, links and commands."""
    return tidy(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _word(
    token: str, names: Mapping[str, str], channels: Mapping[str, str], *, own_names: bool
) -> str:
    target, _, label = token.partition("|")
    match target[:1]:
        case "@":
            said = label.removeprefix("@") if own_names else ""
            return "@" + _name(target[1:], said, names)
        case "#":
            said, known = label.removeprefix("#"), channels.get(target[1:], "")
            return "#" + ((said or known if own_names else known or said) or "channel")
        case "!":
            return _command(target[1:], label)
        case _:
            return link(label, target.removeprefix("mailto:").removeprefix("tel:"))


def _command(command: str, label: str) -> str:
    """Read `<!here>`, `<!subteam^S1|@team>`, `<!date^1392734382^{date}|18 February 2014>`."""
    if label:
        return label
    name, _, rest = command.partition("^")
    if name == "date":
        return moment(rest.partition("^")[0])
    return "@group" if name == "subteam" else f"@{name}"


def _name(id_: str, said: str, names: Mapping[str, str]) -> str:
    """Take the name that the mention says, if any, or else the one that is known."""
    return said or names.get(id_, "member")
