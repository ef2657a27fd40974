"""What was said before reaches the reading alone: not the store, and not of who opted out."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from bot.domain.event import Opened, Posted
from bot.domain.message import Message
from bot.triage.read import First, Said, Triage
from tests.support.build import DISCORD, account, desk, message, place
from tests.support.cues_only import cues_only, triage
from tests.support.waymark import waymark


class Listening(Triage):
    """Reads by the cues, and writes down what it was told of the messages before."""

    heard: dict[str, tuple[str, ...]]

    def first(self, text: str, *, sent_at: datetime, before: Sequence[str] = ()) -> First:
        self.heard = {**getattr(self, "heard", {}), text: tuple(before)}
        return super().first(text, sent_at=sent_at, before=before)

    def firsts(self, said: Sequence[Said]) -> list[First]:
        return [self.first(one.text, sent_at=one.sent_at, before=one.before) for one in said]


def says(number: int, text: str, by: str = "8") -> Message:
    return replace(message(number, text), author=account(by))


async def test_who_opted_out_is_never_context(upgraded_sqlite_url: str) -> None:
    reads = triage(Listening)
    assert isinstance(reads, Listening)
    chosen = replace(desk(), opted_out=frozenset({f"{DISCORD}:9"}))
    silent = says(2, "heliotrope marmalade", "9")
    replied = replace(says(3, "nothing works", "7"), reply_to="2")
    async with cues_only(upgraded_sqlite_url, chosen, reads=reads) as here:
        await here.hears(
            Opened(place()), *map(Posted, (says(1, "third rejection", "7"), silent, replied))
        )

    assert reads.heard == {"third rejection": (), "nothing works": ("me: third rejection",)}


def contents(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())


async def test_nothing_of_the_conversation_reaches_the_store(
    upgraded_sqlite_url: str, tmp_path: Path
) -> None:
    reads = triage(Listening)
    assert isinstance(reads, Listening)
    grave = says(2, "i want to kill myself", "7")
    async with cues_only(upgraded_sqlite_url, reads=reads) as here:
        await here.hears(Opened(place()), *map(Posted, (says(1, "heliotrope marmalade"), grave)))
        kept = await here.recorded()

    assert reads.heard[grave.text] == ("x: heliotrope marmalade",)
    assert set(kept) == {"2"}
    files = contents(tmp_path)
    assert grave.ref.key.encode() in files
    assert b"heliotrope" not in files
    assert b"marmalade" not in files


def test_read_shows_what_was_said_before() -> None:
    ran = waymark(
        "read", "yeah done with it", "--before", "x: third rejection?", "--before", "me:  yes",
        WAYMARK_WEIGHTS="no-such-folder",
    )  # fmt: skip

    assert ran.code == 0
    assert ran.out.splitlines()[:2] == ["After: x: third rejection?", "After: me: yes"]
    assert "Without the encoder what was said before makes no difference." in ran.err


@pytest.mark.parametrize("line", ["no name", "you: hello", "x:", "me:   "])
def test_read_says_how_to_write_what_was_said_before(line: str) -> None:
    ran = waymark("read", "hello", "--before", line)

    assert ran.code == 2
    assert 'write "me: ..." for the same person' in ran.err
