"""Messages sorted in a process of its own: the same urgencies, and it may die at any time."""

import asyncio
import os
import signal
from collections.abc import Sequence
from dataclasses import replace
from multiprocessing import active_children

import pytest

from bot.domain.reading import Versions
from bot.settings import Settings
from bot.triage.read import Urgency
from bot.workers.sorter import MOST_AWAY, Sorter
from tests.support.stillness import stand_still
from tests.support.world import GRAVE, knowledge

DOUBTFUL = "i feel so empty and tired of everything"
TEXTS = [
    "the bakery is hiring again", GRAVE, DOUBTFUL, "", "two\nlines\r\nand \x00 a \ud800 half",
    "caf\u00e9 \u2028 \U0001f600", "i want to kill myself\n\n\n",
]  # fmt: skip
PATIENT = 60.0  # seconds, on a busy machine


def sorter(versions: Versions | None = None, patience: float = PATIENT, again: float = 0) -> Sorter:
    return Sorter(Settings(), versions or knowledge().versions, patience, again)


async def answers(sorter: Sorter, *texts: Sequence[str]) -> list[Sequence[Urgency] | None]:
    """Ask for each, and give what was told, in the order in which it was."""
    told: list[Sequence[Urgency] | None] = []
    all_told = asyncio.Event()

    def hear(found: Sequence[Urgency] | None) -> None:
        told.append(found)
        if len(told) == len(texts):
            all_told.set()

    for one in texts:
        sorter.sort(one, hear)
    await all_told.wait()
    return told


def process() -> int:
    (one,) = active_children()
    assert one.pid is not None
    return one.pid


async def test_what_is_sorted_apart_is_as_urgent_as_here() -> None:
    here = knowledge().triage.urgencies
    async with sorter() as apart:
        is_early = apart.has_room
        await apart.ready()

        assert not is_early
        assert set(here(TEXTS)) == set(Urgency)
        assert await answers(apart, TEXTS, TEXTS[2:4], TEXTS[:2]) == [
            here(TEXTS), here(TEXTS[2:4]), here(TEXTS[:2]),
        ]  # fmt: skip
        assert apart.has_room
    assert active_children() == []


async def test_only_so_much_is_away_at_once() -> None:
    async with sorter() as apart:
        await apart.ready()
        asked = asyncio.ensure_future(answers(apart, ["hello"] * MOST_AWAY))
        await asyncio.sleep(0)
        had_room = apart.has_room

        assert await asked == [[Urgency.WAITS] * MOST_AWAY]
        assert (had_room, apart.has_room) == (False, True)


async def test_when_its_process_dies_who_asks_hears_of_it_and_the_next_one_comes(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with sorter() as apart:
        await apart.ready()
        stand_still(dead := process())
        asked = asyncio.ensure_future(answers(apart, [GRAVE], [DOUBTFUL]))
        await asyncio.sleep(0)
        os.kill(dead, signal.SIGKILL)

        assert await asked == [None, None]
        await apart.ready()
        assert [child.pid for child in active_children()] != [dead]
        assert await answers(apart, [GRAVE]) == [[Urgency.URGENT]]
    assert "sorted here for a while" in capsys.readouterr().out


async def test_one_that_stands_still_is_not_waited_for() -> None:
    async with sorter(patience=0.01, again=PATIENT) as apart:
        await apart.ready()
        stand_still(process())

        assert await answers(apart, [GRAVE], [DOUBTFUL]) == [None, None]
        assert not apart.has_room
        with pytest.raises(RuntimeError, match="has_room"):
            apart.sort([GRAVE], lambda _: None)


@pytest.mark.parametrize("other", [{"ruleset": "rules-0"}, {"model": "linear-0+encoder+fusion"}])
async def test_one_that_reads_otherwise_is_not_asked(
    other: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    async with sorter(replace(knowledge().versions, **other)) as apart:
        assert not await apart.ready()
        assert not apart.has_room
    assert "files have changed" in capsys.readouterr().out
