"""What the name of a DiscordChatExporter file says: all that a CSV tells about its channel."""

import re
from dataclasses import dataclass
from pathlib import Path

DIRECT_SPACE = "Direct Messages"  # what stands there instead of a server's name

_NAME = re.compile(
    r"(?:(?P<space>.+?) - )?(?P<rest>.+) \[(?P<id>\d{1,20})\]"
    r"(?: \((?:after|before|\d).*\))?(?: \[part \d+\])?",
)
_PART = re.compile(r" \[part \d+\]$")


@dataclass(frozen=True, slots=True)
class NamedChannel:
    """`space` is the server's name, not its id, which no file name holds."""

    space: str
    name: str
    id: str


def channel_in(path: Path) -> NamedChannel:
    """Read "Server - Category - channel [id].csv"; another name is the channel's own."""
    found = _NAME.fullmatch(path.stem)
    if found is None:
        own = _PART.sub("", path.stem)
        return NamedChannel("", own, own)
    name = found["rest"].rpartition(" - ")[2]
    return NamedChannel(found["space"] or "", name, found["id"])
