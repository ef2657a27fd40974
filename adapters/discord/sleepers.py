"""Threads that were archived lately: Discord names only the active ones.

Perhaps somebody wrote in one while nobody listened.
https://docs.discord.com/developers/resources/channel#list-public-archived-threads
"""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Final

import discord

from adapters.discord import translate
from adapters.discord.calls import call
from adapters.discord.payload import Raw
from adapters.discord.places import can

# How long a thread may sleep and still be looked into at a start: longer than any likely outage.
SLEEPERS: Final = timedelta(days=7)
_ARCHIVED: Final = "/channels/{channel_id}/threads/archived/public"
_PARAMS: Final = {"limit": 50}
_NEEDED: Final = ("view_channel", "read_message_history")


async def sleepers(client: discord.Client, guild: Raw, now: datetime) -> AsyncIterator[Raw]:
    """Give them, of all channels that the bot may read. Raises Temporary, Permanent, UNREADABLE."""
    for channel in guild.get("channels", ()):
        is_parent = channel["type"] in translate.THREADED
        if is_parent and can(client, guild["id"], channel["id"], *_NEEDED) is True:
            ids = {"channel_id": channel["id"]}
            found = await call(client, "GET", _ARCHIVED, params=_PARAMS, **ids)
            for thread in translate.archived_since(found["threads"], now - SLEEPERS):
                yield thread
