"""The link by which a server's owner adds the bot, with no more permissions than it needs. Pure.

https://docs.discord.com/developers/topics/oauth2#bot-authorization-flow
"""

import re
from base64 import urlsafe_b64decode
from binascii import Error
from typing import Final
from urllib.parse import urlencode

# https://docs.discord.com/developers/topics/permissions#permissions-bitwise-permission-flags
READING: Final = {"View Channels": 1 << 10, "Read Message History": 1 << 16}
POSTING: Final = {
    "Send Messages": 1 << 11,
    "Embed Links": 1 << 14,
    "Send Messages in Threads": 1 << 38,
    "Pin Messages": 1 << 51,
}

# Three parts, the first of which is the application's id. Quotes around them are none of it: base64
# passes over what it does not know.
_TOKEN: Final = re.compile(r"([\w-]+)=*\.[\w-]+\.[\w-]+", re.ASCII)


def link(application: str, *, posts: bool) -> str:
    """Give the link. Without `posts` the bot reads, and writes direct messages alone."""
    wanted = {**READING, **POSTING} if posts else READING
    query = {
        "client_id": application,
        "scope": "bot applications.commands",
        "permissions": str(sum(wanted.values())),
        "integration_type": "0",
    }
    return f"https://discord.com/oauth2/authorize?{urlencode(query)}"


def application_of(token: str) -> str | None:
    """Read the application's id out of a bot token: its first part. None when it is no token."""
    found = _TOKEN.fullmatch(token.strip())
    if found is None:
        return None
    first = found[1]
    try:
        id_ = urlsafe_b64decode(first + "=" * (-len(first) % 4)).decode("ascii")
    except (Error, ValueError):
        return None
    return id_ if id_.isdecimal() else None
