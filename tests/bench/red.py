"""A moderation bot of the usual make, to compare with: commands, and a filter of 500 words.

It does what Red's filter does with each message (one case-insensitive alternation of whole words,
kept compiled) and nothing else of Red: no settings are read, no other cogs listen. So it is the
least that such a bot costs, not what Red costs: see `redbot.py`.
"""

import re
from random import Random

import discord

from tests.bench.chat import texts

WORDS = 500


class Red(discord.AutoShardedClient):
    """Counts what it was given, and what its filter found."""

    def __init__(self, *, intents: discord.Intents) -> None:
        super().__init__(intents=intents)
        self.got = self.found = 0
        self.filter = _filter(WORDS)

    async def on_message(self, message: discord.Message) -> None:
        self.got += 1
        self.found += bool(set(self.filter.findall(message.content)))


def words(size: int) -> list[str]:
    """Make words of the chat's own letters: they begin like what is said, and are not said."""
    chance = Random(4)  # noqa: S311 - made-up words, no secret
    said = sorted(
        {word for text in texts(3_000) for word in text.lower().split() if word.isalpha()}
    )
    made = {chance.choice(said) + chance.choice("aeiouxyz") for _ in range(size * 3)} - {*said}
    return sorted(made)[:size]


def _filter(size: int) -> re.Pattern[str]:
    return re.compile("|".join(rf"\b{re.escape(word)}\b" for word in words(size)), re.IGNORECASE)
