"""Whether messages come with what was written in them: Discord leaves it out without an intent.

https://docs.discord.com/developers/events/gateway#message-content-intent
"""

from collections import Counter
from dataclasses import dataclass
from typing import Final

import structlog

from adapters.discord.payload import MessageObject

log = structlog.get_logger(__name__)

# So many messages of members without any content at all, and none with: the intent is off.
_SUSPICIOUS: Final = 20
_EMPTY: Final = "empty"
_WITH_CONTENT: Final = "with content"


@dataclass(slots=True)
class Content:
    """Counts in `counts` the empty messages, until one is not: from then on it `is_sure`."""

    counts: Counter[str]
    is_sure: bool = False

    @property
    def is_missing(self) -> bool:
        return not self.is_sure and self.counts[_EMPTY] >= _SUSPICIOUS

    def hear(self, said: MessageObject) -> None:
        """Count a message, and say so once when all of them are empty."""
        if said.author.bot or said.type != 0:
            return
        if not said.is_empty:
            self.counts[_WITH_CONTENT] += 1
            self.is_sure = True
            return
        self.counts[_EMPTY] += 1
        if self.counts[_EMPTY] == _SUSPICIOUS:
            log.error(
                "every message comes without content: switch on Message Content Intent"
                " (Developer Portal, Bot, Privileged Gateway Intents) and start again"
            )
