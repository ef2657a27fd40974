"""What waits for the encoder: nothing of it is dropped, and all of it is said."""

import threading
from collections.abc import Sequence

import pytest

from bot.domain.event import Event, Opened, Posted
from bot.domain.ledger import Count
from bot.triage.encoder import Encoded
from bot.triage.read import First, Triage
from bot.workers import backlog
from bot.workers.backlog import Backlog
from bot.workers.turns import Pace
from tests.support.build import message, place
from tests.support.cues_only import CuesOnly, cues_only, triage

GRAVE = "i want to kill myself"


class Held(Triage):
    """Reads by the cues, and keeps its encoder waiting until the test lets it go."""

    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type] # passed on as they came
        self.has_encoder = True
        self.free = threading.Event()

    def encode(self, firsts: Sequence[First]) -> Sequence[Encoded | None]:
        self.free.wait()
        return super().encode(firsts)


class Broken(Held):
    def encode(self, firsts: Sequence[First]) -> Sequence[Encoded | None]:
        raise ValueError(firsts[0].plain.original)


def held() -> Held:
    made = triage(Held)
    assert isinstance(made, Held)
    return made


def said(*texts: str, first: int = 1) -> Sequence[Event]:
    return [Opened(place()), *(Posted(message(n, t)) for n, t in enumerate(texts, start=first))]


async def take(here: CuesOnly, *events: Event) -> None:
    for event in events:
        await here.app.intake.take(event)


async def check_the_sum(here: CuesOnly, *, earlier: int = 0) -> None:
    """Every message that came in and was new is either in the ledger or waits."""
    intake = here.app.intake
    await intake.settle(unread=False)
    seen = (await here.counted()).get(Count.SEEN, 0)
    assert seen - earlier + intake.waiting == intake.taken - intake.known


async def test_seen_and_waiting_are_all_that_was_taken_and_new(upgraded_sqlite_url: str) -> None:
    async with cues_only(upgraded_sqlite_url) as before:
        await before.hears(*said("hello", "good morning"))
    reads = held()
    async with cues_only(upgraded_sqlite_url, reads=reads) as here:
        await take(here, *said("hello", "good morning", "any news", "", GRAVE, "bye"))

        assert here.app.intake.waiting == 4
        await check_the_sum(here, earlier=2)
        reads.free.set()
        await here.app.intake.settle()
        assert here.app.intake.waiting == 0
        await check_the_sum(here, earlier=2)
        assert (await here.counted())[Count.SEEN] == 6


async def test_what_cannot_wait_is_decided_while_the_rest_waits(upgraded_sqlite_url: str) -> None:
    reads = held()
    async with cues_only(upgraded_sqlite_url, reads=reads) as here:
        await take(here, *said("hello", "good morning", GRAVE))

        await check_the_sum(here)
        assert here.app.intake.waiting == 3
        assert set(await here.recorded()) == {"3"}
        reads.free.set()


async def test_what_was_left_waiting_is_read_by_the_next_run(upgraded_sqlite_url: str) -> None:
    events = said("hello", "how do i get a job in a bakery?", GRAVE, "bye")
    reads = held()
    async with cues_only(upgraded_sqlite_url, reads=reads, pace=Pace.THOROUGH) as stopped:
        await take(stopped, *events)
        await check_the_sum(stopped)
        assert await stopped.counted() == {}
        reads.free.set()
    async with cues_only(upgraded_sqlite_url) as here:
        await here.hears(*events)

        assert set(await here.recorded()) == {"2", "3"}
        assert (await here.counted())[Count.SEEN] == 4


async def test_read_without_the_encoder_is_counted_as_unassessed(upgraded_sqlite_url: str) -> None:
    async with cues_only(upgraded_sqlite_url, reads=triage(Broken)) as here:
        await here.hears(*said("hello", "", GRAVE))

        # Decided by the cues at once, as it is by design, the grave one did not miss the encoder.
        assert (await here.counted())[Count.UNASSESSED] == 1
    async with cues_only(upgraded_sqlite_url) as here:
        await here.hears(*said("good morning", first=7))

        assert (await here.counted())[Count.UNASSESSED] == 2


async def test_a_long_backlog_is_told_of_once_without_a_word_of_it(
    upgraded_sqlite_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    reads = held()
    async with cues_only(upgraded_sqlite_url, reads=reads) as here:
        await take(here, *said(*["heliotrope"] * backlog.LONG))
        assert "backlog" not in capsys.readouterr().out
        await take(here, Posted(message(5_001)))
        await here.app.intake.clear()
        grown = capsys.readouterr().out
        reads.free.set()
        await here.app.intake.settle()
        emptied = capsys.readouterr().out

    assert grown.count("backlog is long") == 1
    assert "1001" in grown
    assert emptied.count("backlog is empty again") == 1
    assert "heliotrope" not in grown + emptied


def test_an_empty_backlog_has_nothing_to_tell(capsys: pytest.CaptureFixture[str]) -> None:
    Backlog().tell()

    assert capsys.readouterr().out == ""
