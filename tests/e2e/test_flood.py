"""A flood: what comes together is sorted elsewhere, and nothing of it is lost or read otherwise."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.domain.event import Event
from bot.domain.ledger import Count
from bot.domain.reading import Reading
from bot.knowledge import Knowledge
from bot.settings import Settings
from bot.triage.head import Head
from bot.triage.read import First, Triage
from bot.workers.sorter import Sorter, Told
from bot.workers.turns import MANY_FRESH
from tests.support.models import LOUD, models
from tests.support.network import Words, encoder
from tests.support.world import GRAVE, World, reading_with, said, world

CALM, DOUBTFUL, HIDDEN = "hello all", "zorp today", "blick today"
QUICK: Words = {"zorp": {Head.SELF_HARM: LOUD}}
FULL: Words = {"zorp": {Head.SELF_HARM: 9.0}, "blick": {Head.SELF_HARM: 9.0}}
FLOOD = [CALM, HIDDEN, GRAVE, CALM, DOUBTFUL, *[CALM] * MANY_FRESH, GRAVE, HIDDEN]
FOUND = ["2", "3", "5", str(len(FLOOD) - 1), str(len(FLOOD))]


class ByHand(Sorter):
    """Sorts when a test says so, or refuses."""

    def __init__(self, knows: Knowledge) -> None:
        super().__init__(Settings(), knows.versions)
        self.elsewhere = reading()
        self.asked: deque[tuple[Sequence[str], Told]] = deque()
        self.room = True

    @property
    def has_room(self) -> bool:
        return self.room

    def sort(self, texts: Sequence[str], told: Told) -> None:
        self.asked.append((texts, told))

    def answer(self, *, refuse: bool = False) -> None:
        texts, told = self.asked.popleft()
        told(None if refuse else self.elsewhere.triage.urgencies(texts))


def reading() -> Knowledge:
    return reading_with(models(QUICK, encoder(FULL)))


@pytest.fixture
def knows() -> Knowledge:
    return reading()


@asynccontextmanager
async def flooded(
    path: Path, knows: Knowledge, events: Sequence[Event]
) -> AsyncIterator[tuple[World, ByHand]]:
    """Open a world that has just heard `events`, all at once."""
    sorter = ByHand(knows)
    async with world(path, knows=knows, sorter=sorter) as here:
        for event in events:
            await here.app.intake.take(event)
        here.app.intake._turns.begin()  # noqa: SLF001 - one step of what `run` does
        yield here, sorter


async def ids(here: World) -> list[str]:
    return sorted([one.ref.id for one in await here.recorded()], key=int)


async def sees_all(here: World) -> bool:
    counted = await here.counted()
    return counted == {Count.SEEN: len(FLOOD), Count.READ: len(FLOOD)}


@pytest.mark.parametrize("refuse", [False, True])
async def test_whoever_sorts_a_flood_the_same_is_decided(
    tmp_path: Path,
    knows: Knowledge,
    refuse: bool,  # noqa: FBT001 - a table's column
) -> None:
    async with flooded(tmp_path, knows, said(*FLOOD)) as (here, sorter):
        assert (here.app.intake.fresh, here.app.intake.waiting) == (len(FLOOD), len(FLOOD))
        sorter.answer(refuse=refuse)
        await here.app.intake._turns.landed()  # noqa: SLF001 - as `run` does
        assert here.app.intake.fresh == 0
        await here.app.intake.clear()
        at_once = [one.ref.id for one in await here.on_disk()]
        await here.app.intake.settle()

        assert sorted(at_once, key=int) == [FOUND[1], FOUND[2], FOUND[3]]
        assert await ids(here) == FOUND
        assert await sees_all(here)


async def test_to_settle_waits_for_what_is_away(tmp_path: Path, knows: Knowledge) -> None:
    async with flooded(tmp_path, knows, said(*FLOOD)) as (here, sorter):
        settling = asyncio.ensure_future(here.app.intake.settle())
        await here.on_disk()
        early = settling.done()
        sorter.answer()
        await settling

        assert not early
        assert await ids(here) == FOUND
        assert await sees_all(here)


async def test_what_comes_behind_a_flood_stays_behind_it_unless_there_is_no_room(
    tmp_path: Path, knows: Knowledge
) -> None:
    async with flooded(tmp_path, knows, said(*FLOOD)) as (here, sorter):
        last = len(FLOOD) + 1
        behind, on_top = said(CALM, first=last)[1:], said(GRAVE, first=last + 1)[1:]
        await here.app.intake.take(*behind)
        here.app.intake._turns.begin()  # noqa: SLF001 - as above
        away = [len(texts) for texts, _ in sorter.asked]
        sorter.room = False
        await here.app.intake.take(*on_top)
        here.app.intake._turns.begin()  # noqa: SLF001 - as above
        here.app.intake._writing.urge()  # noqa: SLF001 - as above
        await here.app.intake._writing.write(here.desk.id)  # noqa: SLF001 - as above

        assert away == [len(FLOOD), 1]
        assert [one.ref.id for one in await here.on_disk()] == [str(last + 1)]
        sorter.answer()
        sorter.answer()
        await here.app.intake.settle()
        assert await ids(here) == [*FOUND, str(last + 1)]


async def test_a_few_messages_are_read_here(tmp_path: Path, knows: Knowledge) -> None:
    few = [CALM] * (MANY_FRESH - 2) + [GRAVE]
    async with flooded(tmp_path, knows, said(*few)) as (here, sorter):
        assert not sorter.asked
        assert here.app.intake.fresh == 0


async def test_without_an_encoder_all_are_read_here(tmp_path: Path) -> None:
    knows = reading_with(models(QUICK, None))
    async with flooded(tmp_path, knows, said(*FLOOD)) as (here, sorter):
        assert not sorter.asked
        assert here.app.intake.fresh == 0


async def test_what_the_reading_chokes_on_here_alone_is_counted_and_stops_nothing(
    tmp_path: Path, knows: Knowledge, capsys: pytest.CaptureFixture[str]
) -> None:
    async with flooded(tmp_path, knows, said(*FLOOD, "quixote")) as (here, sorter):
        sorter.answer()
        # As where memory is short: what was sorted elsewhere is read again here.
        reader = here.app.intake.decider.triage._reader  # noqa: SLF001 - there is no other way in
        reader._spelling["quixote"] = None  # type: ignore[assignment] # noqa: SLF001 - as above
        await here.app.intake.settle()

        counted = await here.counted()
        assert counted == {
            Count.SEEN: len(FLOOD) + 1, Count.READ: len(FLOOD) + 1, Count.UNASSESSED: 1,
        }  # fmt: skip
        assert await ids(here) == FOUND
    assert "triage is broken" in capsys.readouterr().out


@dataclass(eq=False)
class Chokes:
    """Stands for what cues found of a message, and breaks where its urgency is worked out."""

    inner: Triage
    on: str

    def __call__(self, first: First) -> Reading:
        if first.plain.original == self.on:
            raise ValueError(f"choked on {self.on}")
        return Triage.cued_reading(self.inner, first)


@pytest.mark.parametrize("sorted_by", ["nobody", "sorter", "refused"])
async def test_one_whose_urgency_cannot_be_told_costs_no_other_its_reading(
    tmp_path: Path, knows: Knowledge, capsys: pytest.CaptureFixture[str], sorted_by: str
) -> None:
    poison = f"{GRAVE} quixote"
    triage = knows.triage
    triage.cued_reading = Chokes(triage, poison)  # type: ignore[method-assign]
    few = [poison, GRAVE] if sorted_by == "nobody" else [*FLOOD, poison, GRAVE]
    async with flooded(tmp_path, knows, said(*few)) as (here, sorter):
        if sorter.asked:
            sorter.answer(refuse=sorted_by == "refused")
        await here.app.intake.settle()

        counted = await here.counted()
        assert counted == {Count.SEEN: len(few), Count.READ: len(few), Count.UNASSESSED: 1}
        assert str(len(few)) in await ids(here)
        assert str(len(few) - 1) not in await ids(here)
    told = capsys.readouterr().out
    assert "triage is broken" in told
    assert "quixote" not in told
