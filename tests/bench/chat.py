"""Exports of any length, made of the sample community's messages in a new order."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random

from tests.support.exports import START, discord_author, discord_json, discord_message
from tests.support.waymark import COMMUNITY

# In ordinary chat about three messages in a hundred call for anything (`shared/data/README.md`).
_SHARE_THAT_MATTERS = 0.03
_AUTHORS = 400


def texts(count: int, seed: int = 1, *, share: float = _SHARE_THAT_MATTERS) -> Iterator[str]:
    """Give `count` messages; from a `share` of them something should follow."""
    chance = Random(seed)  # noqa: S311 - a mix of messages, no secret
    ordinary, grave = _community()
    for _ in range(count):
        text = chance.choice(grave if chance.random() < share else ordinary)
        # A number now and then, so that the vocabulary grows as it does in a real community.
        yield f"{text} {chance.randrange(100_000)}" if chance.random() < 0.1 else text


def write_export(path: Path, count: int) -> None:
    """Write a Discord export of `count` messages without holding them."""
    head, tail = discord_json([{}]).split(b"{}")
    with path.open("wb") as file:
        file.write(head)
        for number, text in enumerate(texts(count)):
            message = discord_message(
                number,
                content=text,
                timestamp=(START + timedelta(seconds=9 * number)).isoformat(),
                author=discord_author(f"90000000000000{number * 7919 % _AUTHORS + 1000}"),
            )
            file.write(b",\n" if number else b"")
            file.write(json.dumps(message, indent=2, ensure_ascii=False).encode())
        file.write(tail)


def _community() -> tuple[list[str], list[str]]:
    expected = map(json.loads, (COMMUNITY / "expected.jsonl").read_text("utf-8").splitlines())
    grave_ids = {line["message"] for line in expected if line["priority"] is not None}
    ordinary: list[str] = []
    grave: list[str] = []
    for path in sorted((COMMUNITY / "discord").glob("*.json")):
        for message in json.loads(path.read_text("utf-8"))["messages"]:
            if message["type"] in ("Default", "Reply") and message["content"]:
                (grave if message["id"] in grave_ids else ordinary).append(message["content"])
    return ordinary, grave
